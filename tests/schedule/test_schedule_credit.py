"""Implicit credit puts a review off, within bounds, and is derived from the log alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.schedule.credit import due_after, practices
from tutor.schedule.days import DAY_MS, MINUTE_MS
from tutor.schedule.memory import review
from tutor.schedule.settings import Settings
from tutor.store.records import NEW, Rating, Remembered, Review

NOON = 20_000 * DAY_MS + DAY_MS // 2
PLAIN = Settings(zone="UTC", fuzz=False)


def learned() -> Remembered:
    first = review(NEW, Rating.GOOD, NOON - 30 * DAY_MS, settings=PLAIN)
    return review(first, Rating.GOOD, first.due, settings=PLAIN)


@given(
    st.lists(st.tuples(st.integers(-40, 90), st.floats(0.01, 1)), max_size=8),
)
def test_credit_only_puts_off_and_never_beyond_three_rests(found) -> None:
    memory = learned()
    given_ = sorted((NOON + day * DAY_MS, weight) for day, weight in found)
    rest = memory.due - memory.last_review
    due = due_after(memory, given_, PLAIN)
    assert memory.due - MINUTE_MS <= due <= memory.last_review + 3 * rest
    assert due == due_after(memory, given_, PLAIN)


def test_a_whole_practice_counts_as_an_answer_and_a_small_one_for_a_little() -> None:
    memory = learned()
    at = memory.due
    explicit = review(memory, Rating.GOOD, at, settings=PLAIN).due
    capped = memory.last_review + 3 * (memory.due - memory.last_review)
    assert due_after(memory, [(at, 1.0)], PLAIN) == pytest.approx(
        min(explicit, capped), abs=2 * MINUTE_MS
    )
    small, more = (due_after(memory, [(at, weight)], PLAIN) for weight in (0.1, 0.3))
    assert memory.due < small < more < explicit
    assert due_after(memory, [(memory.last_review, 1.0)], PLAIN) == memory.due  # before it


def test_what_was_wrong_has_to_be_right_itself() -> None:
    wrong = review(learned(), Rating.AGAIN, NOON, settings=PLAIN)
    assert due_after(wrong, [(NOON + MINUTE_MS, 1.0)], PLAIN) == wrong.due


def test_only_right_answers_to_exercises_that_practise_a_skill_count() -> None:
    def answered(id_: str, at: int, rating: Rating) -> Review:
        return Review(
            id_, "d", at, 0, id_, 1, "", 0, {}, "en", (), 0, False, 5.0, rating, 1.0, "", ""
        )

    log = [
        answered("a", 1, Rating.GOOD),
        answered("a", 2, Rating.AGAIN),
        answered("b", 3, Rating.HARD),
    ]
    log += [answered("gone", 4, Rating.GOOD)]
    weights = {"A": {"x": 0.3, "y": 0.2}, "B": {"x": 0.5}}
    found = practices(log, {"a": "A", "b": "B"}, weights)
    assert found == {"x": [(1, 0.3), (3, 0.5)], "y": [(1, 0.2)]}
