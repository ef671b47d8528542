"""A right answer that was harder than it looked: lowered by key or mouse, seen at once, taken back."""

from __future__ import annotations

import pytest
from app_steps import asked, ended, go_on, over, review, shown, type_into, until

from tutor.store import open_store
from tutor.store.records import Rating

pytestmark = pytest.mark.asyncio(loop_scope="module")

RIGHT = "[[0.5, 1], [1.5, 2]]"


async def answer(pilot, text: str = RIGHT) -> None:
    await asked(pilot)
    await type_into(pilot, text)
    await pilot.press("enter")
    await over(pilot)


def note(pilot) -> str:
    return next(row for row in shown(pilot).split("\n") if "Comes back" in row)


def counts(desk) -> Rating:
    return next(desk.session.store.reviews("app.value")).rating


async def test_harder_goes_down_to_again_and_undo_goes_back_up(desk):
    app = desk.app("value")
    async with app.run_test(size=(80, 30)) as pilot:
        await answer(pilot)
        good = note(pilot)
        assert "Rated Good. · F7: it was harder than that" in good
        assert "F7 Harder" in shown(pilot)
        await pilot.press("2", "f7", "1")
        assert counts(desk) is Rating.GOOD, "only where the rating is told"
        await pilot.press("f7")
        await until(pilot, lambda: "Rated Hard." in shown(pilot))
        assert note(pilot) != good
        assert counts(desk) is Rating.HARD
        assert "It counts as “Hard” now; F8 takes that back." in shown(pilot)
        await pilot.press("f7")
        await until(pilot, lambda: "Rated Again." in shown(pilot))
        assert "in 10 minutes" in note(pilot)
        assert "F7" not in shown(pilot), "there is nothing lower"
        await pilot.press("f7")
        assert counts(desk) is Rating.AGAIN

        await pilot.press("f8")
        await until(pilot, lambda: "Rated Hard." in shown(pilot))
        await pilot.press("f8")
        await until(pilot, lambda: note(pilot) == good)
        assert "Taken back: the question counts as it did." in shown(pilot)
        assert counts(desk) is Rating.GOOD
        await pilot.press("f8")
        await asked(pilot)
        assert desk.session.store.review_count() == 0, "then the review itself is taken back"


async def test_harder_by_mouse_shows_at_the_end_and_is_kept(desk):
    app = desk.app("value")
    async with app.run_test(size=(120, 40)) as pilot:
        await answer(pilot)
        for word in ("Good", "Hard"):
            await until(pilot, lambda word=word: f"Rated {word}." in shown(pilot))
            rows = shown(pilot).split("\n")
            y = next(i for i, row in enumerate(rows) if "F7:" in row)
            await pilot.click(offset=(rows[y].index("F7:") + 1, y))
        await until(pilot, lambda: "Rated Again." in shown(pilot))
        await go_on(pilot)
        await ended(pilot)
        row = next(row for row in shown(pilot).split("\n") if "✓ Correct" in row)
        assert "in 10 minutes" in row
        await pilot.press("f8")
        await ended(pilot)
        await until(pilot, lambda: "in 10 minutes" not in shown(pilot))
    with open_store(desk.home) as store:
        assert [one.rating for one in store.reviews()] == [Rating.HARD]


async def test_a_lowering_of_the_question_before_is_taken_back_without_leaving_the_open_one(desk):
    app = desk.app("value", "two")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        while desk.session.turn.question.exercise.id != "app.value":
            await pilot.press("f4", "f4")
            await over(pilot)
            await go_on(pilot)
        await answer(pilot)
        await pilot.press("f7")
        await until(pilot, lambda: counts(desk) is Rating.HARD)
        await go_on(pilot)
        await asked(pilot)
        await pilot.press("5", "f8")
        await until(pilot, lambda: "the question counts as it did" in shown(pilot))
        assert counts(desk) is Rating.GOOD
        assert "5" in review(pilot).query("AnswerField").first().text


async def test_what_is_rated_again_offers_nothing(desk):
    app = desk.app("value")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        assert "F7" not in shown(pilot), "nor does a question that is open"
        await pilot.press("f7", "f4", "f4")
        await over(pilot)
        assert "Comes back in 10 minutes." in shown(pilot)
        assert "F7" not in shown(pilot)


async def test_in_chinese(desk):
    app = desk.app("value", language="zh")
    async with app.run_test(size=(80, 24)) as pilot:
        await answer(pilot)
        assert "评为“良好”" in shown(pilot)
        await pilot.press("f7")
        await until(pilot, lambda: "评为“困难”" in shown(pilot))
