"""What is counted over the whole log is what reading every review of it gives."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from store_helpers import DAY, MINUTE, RULE, START, make_review

from tutor.schedule.days import day_number
from tutor.store import Rating, Store, open_store
from tutor.store.records import Attempt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Ten days of two exercises; one review was taken back, two were rated lower afterwards."""
    with open_store(tmp_path) as store:
        for n in range(10):
            rating = Rating(1 + n % 4)
            wrong = Attempt({"a": '"verdict":"wrong"'}, "wrong", ("near",), START + n * DAY, 1.0)
            right = replace(wrong, verdict="correct", near=())
            review = make_review(
                store,
                START + n * DAY,
                exercise_id="ab"[n % 2],
                rating=rating,
                attempts=(wrong, right) if n % 3 == 0 else (right,),
            )
            store.record(review, RULE)
            if n == 2:
                store.undo(review.uuid, review.at + MINUTE, RULE)
            if n in (3, 6):
                store.lower(review.uuid, Rating(n // 3), review.at + MINUTE, RULE)
        yield store


def test_days_are_counted_by_the_ratings_that_count(store: Store) -> None:
    right: Counter[int] = Counter()
    at_once: Counter[int] = Counter()
    for review in store.reviews():
        day = day_number(review.at, review.utc_offset, 4)
        right[day] += review.rating > Rating.AGAIN
        at_once[day] += review.rating > Rating.HARD
    days = store.daily(4)
    assert {day: count.right for day, count in days.items()} == right
    assert {day: count.at_once for day, count in days.items()} == at_once
    some = sorted(days)[4]
    assert store.daily(4, some) == {day: count for day, count in days.items() if day >= some}


def test_exercises_are_counted_under_the_name_that_counts(store: Store) -> None:
    for _ in range(2):
        reviews = list(store.reviews())
        assert store.by_exercise() == {
            id_: (
                sum(one.exercise_id == id_ for one in reviews),
                sum(one.exercise_id == id_ and one.rating > Rating.AGAIN for one in reviews),
            )
            for id_ in {one.exercise_id for one in reviews}
        }
        store.adopt("a", "b", START + 20 * DAY, RULE)


def test_misses_are_those_answered_wrong_and_the_latest_comes_first(store: Store) -> None:
    missed = [r for r in store.reviews() if any(a.verdict == "wrong" for a in r.attempts)]
    assert len(missed) == 4
    assert list(store.misses()) == missed[::-1]
