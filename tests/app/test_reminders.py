"""What is known from other times, under the verdict: the misconception that comes again, the leech's pair."""

from __future__ import annotations

import pytest
from app_exercises import EXERCISES
from app_steps import asked, go_on, graded, over, review, shown, type_into, until
from history import NOON

from tutor.exercise.load import load_library
from tutor.session import Session
from tutor.store import open_store

pytestmark = pytest.mark.asyncio(loop_scope="module")

OF_THE_SUM = "2 4; 6 8"


async def missed_before(desk, times: int) -> None:
    """The exercise was missed by the same misconception so many times."""
    path = desk.home.parent / "value.yaml"
    path.write_text(EXERCISES["value"].lstrip(), encoding="utf-8")
    now = NOON - times * 20 * 60_000
    with open_store(desk.home) as store:
        session = Session(load_library([path]), store, desk.runner, clock=lambda: now)
        for _ in range(times):
            session.next()
            await session.submit({"grad": OF_THE_SUM})
            await session.give_up()
            now += 20 * 60_000


async def miss(pilot) -> None:
    await asked(pilot)
    await type_into(pilot, OF_THE_SUM)
    await pilot.press("enter")
    await graded(pilot)


async def test_a_misconception_that_comes_again_is_counted(desk):
    await missed_before(desk, 2)
    app = desk.app("value")
    async with app.run_test(size=(80, 30)) as pilot:
        await miss(pilot)
        await until(pilot, lambda: "2 of your last 2 misses" in shown(pilot))
        await pilot.press("f4", "f4")
        await over(pilot)
        assert "of your last" not in shown(pilot), "given up says nothing of an answer"


async def test_the_first_time_is_no_habit(desk):
    app = desk.app("value")
    async with app.run_test(size=(80, 30)) as pilot:
        await miss(pilot)
        await pilot.pause(0.3)
        assert "of your last" not in shown(pilot)


async def test_a_leech_shows_two_programs_that_differ_in_one_edit(desk):
    await missed_before(desk, 4)
    app = desk.app("value", "two")
    async with app.run_test(size=(120, 40)) as pilot:
        await miss(pilot)
        assert not review(pilot).query("PairView.-shown"), "never before the answer"
        await pilot.press("f4", "f4")
        await over(pilot)
        await until(pilot, lambda: "A leech: wrong 5 of the last 5 times." in shown(pilot))
        text = shown(pilot)
        assert "as it is" in text
        assert "with one edit" in text
        assert "▸2  loss = (x ** 2).sum()" in text
        assert "tensor([[2., 4.]," in text
        await go_on(pilot)
        assert not review(pilot).query("PairView.-shown")
