"""The rule from what happened at a question to a grade."""

from __future__ import annotations

import pytest

from tutor.schedule.rating import Habit, Outcome, habit, rate
from tutor.store.records import Rating, Review

PRACTISED = Habit(right_draws=2, usual_seconds=30)


def outcome(
    attempts: int = 1,
    correct: bool = True,
    hints: int = 0,
    gave_up: bool = False,
    seconds: float = 30,
) -> Outcome:
    return Outcome(attempts, correct, hints, gave_up, seconds)


@pytest.mark.parametrize(
    ("happened", "grade"),
    [
        (outcome(), Rating.GOOD),
        (outcome(seconds=0.1), Rating.GOOD),
        (outcome(attempts=2), Rating.HARD),
        (outcome(attempts=3), Rating.HARD),
        (outcome(hints=1), Rating.HARD),
        (outcome(attempts=4), Rating.AGAIN),
        (outcome(attempts=3, correct=False), Rating.AGAIN),
        (outcome(attempts=0, correct=False, gave_up=True), Rating.AGAIN),
        (outcome(gave_up=True), Rating.AGAIN),  # right, but with the solution in view
    ],
)
def test_the_first_time(happened: Outcome, grade: Rating) -> None:
    assert happened.is_final
    assert rate(happened, Habit()) is grade


@pytest.mark.parametrize(
    ("seconds", "before", "grade"),
    [
        (15, PRACTISED, Rating.EASY),
        (16, PRACTISED, Rating.GOOD),
        (1, Habit(right_draws=1, usual_seconds=30), Rating.GOOD),
        (1, Habit(right_draws=2, usual_seconds=0), Rating.GOOD),  # never right at once
    ],
)
def test_easy_is_for_the_practised_and_quick(seconds: float, before: Habit, grade: Rating) -> None:
    assert rate(outcome(seconds=seconds), before) is grade


def test_easy_is_not_for_hints_or_later_attempts() -> None:
    assert rate(outcome(hints=1, seconds=1), PRACTISED) is Rating.HARD
    assert rate(outcome(attempts=2, seconds=1), PRACTISED) is Rating.HARD


def test_a_question_that_goes_on_has_no_grade() -> None:
    for attempts in (0, 1, 2):
        unfinished = outcome(attempts=attempts, correct=False)
        assert not unfinished.is_final
        with pytest.raises(ValueError, match="attempts left"):
            rate(unfinished, PRACTISED)


def past(rating: Rating, params: dict[str, object], seconds: float) -> Review:
    return Review(
        uuid="u",
        device="d",
        at=0,
        utc_offset=0,
        exercise_id="e",
        revision=1,
        content_hash="",
        seed=0,
        params=params,
        language="en",
        attempts=(),
        hints_used=0,
        gave_up=False,
        seconds=seconds,
        rating=rating,
        score=1,
        torch_version="",
        app_version="",
    )


def test_a_habit_counts_draws_that_differ_and_times_right_at_once() -> None:
    reviews = [
        past(Rating.GOOD, {"c": 1, "v": [1, 2]}, 40),
        past(Rating.GOOD, {"v": [1, 2], "c": 1}, 20),  # the same draw
        past(Rating.HARD, {"c": 2}, 500),  # right, though not at once
        past(Rating.AGAIN, {"c": 3}, 900),
        past(Rating.EASY, {"c": 4}, 30),
    ]
    assert habit(reviews, {"c": 9}) == Habit(3, 30)
    assert habit(reviews, {"c": 4}) == Habit(2, 30)
    assert habit([], {}) == Habit(0, 0)
