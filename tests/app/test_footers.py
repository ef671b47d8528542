"""The footer has room for what it says: F1, which lists every key, is seen at 80 columns too.

In English: the Chinese words are shorter.
"""

from __future__ import annotations

import pytest
from app_steps import asked, go_on, over, shown

pytestmark = pytest.mark.asyncio(loop_scope="module")

KINDS = ("choice", "code", "flags", "formula", "order", "raises", "value")


def footer(pilot) -> str:
    return shown(pilot).rstrip().split("\n")[-1].rstrip()


async def test_every_kind_of_answer_and_every_tab(desk):
    app = desk.app(*KINDS)
    seen = {}
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in KINDS:
            await asked(pilot)
            name = desk.session.turn.question.exercise.id
            await pilot.pause(0.05)
            seen[name] = footer(pilot)
            if name == "app.value":
                await pilot.press("ctrl+g")
                seen["grid"] = footer(pilot)
            await pilot.press("f4", "f4")
            await over(pilot)
            for tab in "123456" if name in ("app.value", "app.code") else "":
                await pilot.press(tab)
                await pilot.pause(0.05)
                seen[name + tab] = footer(pilot)
            await go_on(pilot)
    assert not {name: one for name, one in seen.items() if "F1 Help" not in one}
