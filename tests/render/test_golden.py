"""Small programs, run live: exactly what the trace, the walk and the graph say of them, in both languages.

The texts are the files in ``golden``; ``python tests/render/test_golden.py`` writes them anew: then read
what has changed.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tutor import i18n
from tutor.render.graph import graph_blocks
from tutor.render.spans import plain
from tutor.render.trace import trace_blocks
from tutor.render.walk import walk_blocks
from tutor.runner.client import Runner
from tutor.runner.job import ExplainRun, Job, Section

if TYPE_CHECKING:
    from tutor.runner.explained import Explained

GOLDEN = Path(__file__).parent / "golden"
PROGRAMS = {
    "sum-and-mean": """\
x = torch.tensor([1.0, 2.0], requires_grad=True)
(x.sum() + x.mean()).backward()
""",
    "transpose": """\
A = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
x = torch.tensor([1.0, -1.0], requires_grad=True)
y = A.T @ x
y.backward(torch.tensor([1.0, 2.0]))
""",
    "in-place": """\
x = torch.tensor([1.0, 2.0], requires_grad=True)
h = x.exp()
h += 1
h.sum().backward()
""",
    "hook-and-grad": """\
x = torch.tensor(3.0, requires_grad=True)
h = x * x
h.register_hook(lambda g: 10 * g)
(g,) = torch.autograd.grad(2 * h, x)
with torch.no_grad():
    x -= g
""",
}


async def explain(runner: Runner, name: str) -> Explained:
    run = ExplainRun((Section("program", PROGRAMS[name]),), 0)
    return (await runner.run(Job((run,)))).explained(0)


def shown(found: Explained, language: str) -> str:
    i18n.use(language)
    try:
        parts = [trace_blocks(found, 80), walk_blocks(found, 80), graph_blocks(found, 80, 40)]
        return "\n----\n\n".join(map(plain, parts))
    finally:
        i18n.use("en")


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("name", PROGRAMS)
async def test_a_small_program_is_told_like_this(runner: Runner, name: str) -> None:
    found = await explain(runner, name)
    for language in i18n.LANGUAGES:
        file = GOLDEN / f"{name}.{language}.txt"
        assert shown(found, language) == file.read_text(encoding="utf-8")


async def write() -> None:
    async with Runner() as runner:
        for name in PROGRAMS:
            found = await explain(runner, name)
            for language in i18n.LANGUAGES:
                file = GOLDEN / f"{name}.{language}.txt"
                file.write_text(shown(found, language), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(write())
