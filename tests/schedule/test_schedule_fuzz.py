"""Rests are spread, within bounds, by nothing but the review's id; and the days come out even."""

from __future__ import annotations

import random
from collections import Counter
from statistics import pstdev
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.schedule.days import DAY_MS, HOUR_MS
from tutor.schedule.fuzz import fuzzed, lightest, window
from tutor.schedule.memory import Scheduler, replay, review
from tutor.schedule.settings import Settings
from tutor.store.records import NEW, Memory, Rating, Remembered, Review
from tutor.store.uuids import new_uuid

NOON = 20_000 * DAY_MS + 12 * HOUR_MS
UTC = Settings(zone="UTC")

days_of_rest = st.floats(1, 3650)


@pytest.mark.parametrize(
    ("days", "shortest", "longest"),
    [(1, 1, 1), (2.4, 2.4, 2.4), (2.5, 1.5, 3.5), (7, 5.325, 8.675), (100, 93.025, 106.975)],
)
def test_windows_are_ankis(days: float, shortest: float, longest: float) -> None:
    assert window(days, 3650) == pytest.approx((shortest, longest))


@given(days_of_rest, st.text(), st.integers(1, 3650))
def test_a_rest_stays_within_its_window_and_below_the_maximum(
    days: float, key: str, maximum: int
) -> None:
    days = min(days, maximum)
    shortest, longest = window(days, maximum)
    found = fuzzed(days, key, maximum)
    assert 1 <= shortest <= found <= longest <= max(maximum, days)
    assert shortest <= days <= longest
    assert found == fuzzed(days, key, maximum)


def test_ids_are_spread_over_the_whole_window() -> None:
    found = sorted(fuzzed(100, new_uuid(NOON), 3650) for _ in range(2_000))
    shortest, longest = window(100, 3650)
    quarter = (longest - shortest) / 4
    counts = Counter(int((each - shortest) / quarter) for each in found)
    assert all(400 < counts[n] < 600 for n in range(4))


def reviewed(uuid: str, at: int, rating: Rating) -> Review:
    return Review(
        uuid, "device", at, 0, "x", 1, "", 0, {}, "en", (), 0, False, 5.0, rating, 1.0, "", ""
    )


def test_the_date_follows_from_the_log_alone() -> None:
    log, at = [], NOON
    memory: Memory = NEW
    rule = Scheduler(UTC)
    for rating in (3, 3, 2, 1, 3, 4, 3):
        log.append(reviewed(new_uuid(at), at, Rating(rating)))
        memory = rule.advance(memory, log[-1])
        assert memory == replay(log, UTC)
        at = memory.due
    plain = Settings(zone="UTC", fuzz=False)
    assert replay(log, plain) != memory
    assert Scheduler(plain).basis != rule.basis


def test_minutes_are_not_spread() -> None:
    for _ in range(20):
        again = review(NEW, Rating.AGAIN, NOON, settings=UTC, key=new_uuid(NOON))
        assert again.due == NOON + 10 * 60_000


def test_lightest_takes_the_nearest_of_equal_days() -> None:
    days = {"a": 3, "b": 5, "c": 9}
    assert lightest(list(days), days.__getitem__, {3: 1}, 5) == "b"
    assert lightest(list(days), days.__getitem__, {3: 1, 5: 1}, 5) == "c"
    assert lightest(list(days), days.__getitem__, {3: 1, 5: 1, 9: 1}, 5) == "b"


def test_a_hundred_reviews_of_one_day_come_back_evenly() -> None:
    """The deviation of the days' load, with ids as they come and with ids chosen for it."""
    memory = Remembered(30, 5, NOON - 30 * DAY_MS, NOON - 30 * DAY_MS, 19_970, 4, 0, NOON)

    def day_of(uuid: str) -> int:
        return review(memory, Rating.GOOD, NOON, settings=UTC, key=uuid).due // DAY_MS

    drawn = random.Random(7)

    def fresh() -> str:
        return str(UUID(int=drawn.getrandbits(128)))

    as_it_comes = Counter(day_of(fresh()) for _ in range(100))
    chosen: Counter[int] = Counter()
    for _ in range(100):
        uuids = [fresh() for _ in range(12)]
        chosen[day_of(lightest(uuids, day_of, chosen, day_of("")))] += 1
    days = range(min(as_it_comes), max(as_it_comes) + 1)
    inner = list(days)[1:-1]  # the days at both ends lie in the window in part
    assert len(inner) > 10
    assert pstdev(chosen[day] for day in inner) < 0.6 * pstdev(as_it_comes[day] for day in inner)
