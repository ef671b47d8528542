"""The examples of docs/reading.md are what a live run shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tutor.render.graph import graph_blocks
from tutor.render.spans import plain
from tutor.render.trace import trace_blocks
from tutor.render.walk import walk_blocks
from tutor.runner.job import ExplainRun, Job, Section

if TYPE_CHECKING:
    from tutor.runner.client import Runner

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAGE = (Path(__file__).parents[2] / "docs" / "reading.md").read_text(encoding="utf-8")


def example(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n```\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


async def test_the_example_is_what_the_run_shows(runner: Runner) -> None:
    program = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert program
    run = ExplainRun((Section("program", program[1]),), 0)
    found = (await runner.run(Job((run,)))).explained(0)
    assert plain(trace_blocks(found, 80)) == example("trace")
    assert plain(walk_blocks(found, 80)) == example("walk")
    assert plain(graph_blocks(found, 80, 100)) == example("graph")


async def test_every_sign_of_the_trace_is_explained() -> None:
    from tutor.render.changes import MARKS

    for _role, sign, _word in MARKS:
        assert f"| `{sign}` |" in PAGE
