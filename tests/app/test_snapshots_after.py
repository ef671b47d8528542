"""Pictures of the tabs after the answer: the cases that people get wrong, each in one of them.

Each is seen in both languages at both sizes, of one app per exercise and language: the terminal is resized.
After a change that is meant: look at the pictures in the report, then run with ``--snapshot-update``.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from app_steps import asked, at_rest, over, shown, type_into, until
from pytest_textual_snapshot import SVGImageExtension

pytestmark = pytest.mark.asyncio(loop_scope="module")

SIZES = [(80, 24), (120, 40)]


@dataclass(frozen=True)
class Tab:
    """``keys`` are pressed once the question is over; the first opens the tab.

    ``has`` is waited for, ``seen`` says what the picture should show, in both languages and sizes.
    """

    keys: tuple[str, ...]
    has: tuple[str, str]
    seen: str


#: By the exercise; what is typed, or nothing to give it up; and the tabs.
CASES = {
    "detach": ("", (
        Tab(
            ("3", "down", "down"), ("▸4", "▸4"),
            "the product's node is looked at: its rule, its numbers, the factor u cut off by detach; "
            "line 4 is marked in the program above or beside",
        ),
        Tab(
            ("4",), ("detach", "detach"),
            "the graph, at the larger size beside the program: the cut edges with scissors, the leaf in "
            "a heavy frame, what the signs mean under it",
        ),
    )),
    "accumulation": ("", (
        Tab(
            ("2", "down", "down"), ("▸3", "▸3"),
            "every line with what it did; the second backward adds its gradient to the first one's",
        ),
    )),
    "value": ("[[0.5, 1], [1.5, 2]]", (
        Tab(
            ("5", "p", *"2 4; 6 8", "escape", "space"), ("as you expected", "与你的预期一致"),
            "the mean became a sum in the editor, the edit is ticked, both gradients stand side by "
            "side, the prediction came true",
        ),
        Tab(
            ("6",), ("What other answers", "其他答案"),
            "the explanation, the right answer, what another answer would mean, the hints",
        ),
    )),
    "transpose": ("", (
        Tab(
            ("3", "down"), ("▸3", "▸3"),
            "the matrix product's rule with the transpose in it, and this draw's numbers",
        ),
    )),
    "in-place": ("", (
        Tab(
            ("3", "end"), ("▸4", "▸4"),
            "the walk up to the node that fails, and why: changed in place, with both version numbers",
        ),
    )),
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", CASES)
async def test_after_the_answer(desk, snapshot, name, language):
    pictures = snapshot.use_extension(SVGImageExtension)
    await desk.runner.wait_ready()
    typed, tabs = CASES[name]
    app = desk.app(name, language=language)
    async with app.run_test(size=SIZES[0]) as pilot:
        await asked(pilot)
        if typed:
            await type_into(pilot, typed)
            await pilot.press("enter")
        else:
            await pilot.press("f4", "f4")
        await over(pilot)
        for tab in tabs:
            has = tab.has[language == "zh"]
            await pilot.resize_terminal(*SIZES[0])
            await pilot.press(tab.keys[0])
            await until(pilot, lambda has=has: "▸" in shown(pilot) or has in shown(pilot))
            await pilot.press(*tab.keys[1:])
            await until(pilot, lambda has=has: has in shown(pilot))
            for width, height in SIZES:
                await pilot.resize_terminal(width, height)
                picture = f"{tab.keys[0]}-{width}x{height}"
                assert await at_rest(pilot) == pictures(name=picture)
