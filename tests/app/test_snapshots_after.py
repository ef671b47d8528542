"""Pictures of the tabs after the answer: the cases that people get wrong, each in one of them.

After a change that is meant: look at the pictures in the report, then run with ``--snapshot-update``.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from app_steps import asked, over, shown, type_into, until
from pytest_textual_snapshot import SVGImageExtension

pytestmark = pytest.mark.asyncio(loop_scope="module")

SMALL, LARGE = (80, 24), (120, 40)


@dataclass(frozen=True)
class Case:
    """``keys`` are pressed once the question is over (``typed`` first, else it is given up).

    ``has`` is waited for, ``seen`` says what the picture should show.
    """

    name: str
    size: tuple[int, int]
    language: str
    keys: tuple[str, ...]
    has: str
    seen: str
    typed: str = ""


CASES = (
    Case(
        "detach", SMALL, "en", ("3", "down", "down"), "▸4",
        "the product's node is looked at: its rule, its numbers, the factor u cut off by detach; line 4"
        " is marked in the program above",
    ),
    Case(
        "detach", LARGE, "zh", ("4",), "detach",
        "the whole graph beside the program: the cut edges with scissors, the leaf in a heavy frame, "
        "what the signs mean under it",
    ),
    Case(
        "accumulation", LARGE, "zh", ("2", "down", "down"), "▸3",
        "every line with what it did; the second backward adds its gradient to the first one's",
    ),
    Case(
        "value", SMALL, "en", ("5", "p", *"2 4; 6 8", "escape", "space"), "as you expected",
        "the mean became a sum in the editor, the edit is ticked, both gradients stand side by side, "
        "the prediction came true",
        typed="[[0.5, 1], [1.5, 2]]",
    ),
    Case(
        "transpose", LARGE, "en", ("3", "down"), "▸3",
        "the matrix product's rule with the transpose in it, and this draw's numbers",
    ),
    Case(
        "in-place", SMALL, "zh", ("3", "end"), "▸4",
        "the walk up to the node that fails, and why: changed in place, with both version numbers",
    ),
    Case(
        "value", LARGE, "zh", ("6",), "其他答案",
        "the explanation, the right answer, what another answer would mean, the hints",
        typed="[[0.5, 1], [1.5, 2]]",
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    "case", CASES, ids=lambda c: f"{c.name}-{'x'.join(map(str, c.size))}-{c.language}-{c.keys[0]}"
)
async def test_after_the_answer(desk, snapshot, case):
    await desk.runner.wait_ready()
    app = desk.app(case.name, language=case.language)
    async with app.run_test(size=case.size) as pilot:
        await asked(pilot)
        if case.typed:
            await type_into(pilot, case.typed)
            await pilot.press("enter")
        else:
            await pilot.press("f4", "f4")
        await over(pilot)
        await pilot.press(case.keys[0])
        await until(pilot, lambda: "▸" in shown(pilot) or case.has in shown(pilot))
        await pilot.press(*case.keys[1:])
        await until(pilot, lambda: case.has in shown(pilot))
        await pilot.wait_for_scheduled_animations()
        await pilot.pause()
        assert app.export_screenshot() == snapshot.use_extension(SVGImageExtension)()
