"""FSRS-6: the equations against the library's on whole days, and the policy around them."""

from __future__ import annotations

import itertools
import math

import fsrs_rs_python as library
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.schedule import fsrs6
from tutor.schedule.days import DAY_MS, HOUR_MS, MINUTE_MS
from tutor.schedule.memory import Scheduler, replay, retrievability, review
from tutor.schedule.settings import DEFAULT_PARAMETERS, Settings
from tutor.store.records import NEW, Memory, Rating, Remembered, Review

NOON = 20_000 * DAY_MS + 12 * HOUR_MS
UTC = Settings(zone="UTC")
#: The library's numbers have 24 bits; through a chain of reviews their errors add up.
SINGLE = 1e-4


def library_states(ratings: list[int], gaps: list[int]) -> list[tuple[float, float, float]]:
    """(stability, difficulty, interval) after each review, as the library has them."""
    model = library.FSRS(library.DEFAULT_PARAMETERS)
    memory, states = None, []
    for rating, gap in zip(ratings, gaps, strict=True):
        following = model.next_states(memory, 0.9, gap)
        chosen = (following.again, following.hard, following.good, following.easy)[rating - 1]
        memory = chosen.memory
        states.append((memory.stability, memory.difficulty, chosen.interval))
    return states


def our_states(ratings: list[int], gaps: list[int]) -> list[tuple[float, float, float]]:
    w, states = DEFAULT_PARAMETERS, []
    stability, difficulty = fsrs6.first(w, ratings[0])
    states.append((stability, difficulty, fsrs6.interval(w, stability, 0.9)))
    for rating, gap in zip(ratings[1:], gaps[1:], strict=True):
        stability, difficulty = fsrs6.following(w, stability, difficulty, rating, gap, gap == 0)
        states.append((stability, difficulty, fsrs6.interval(w, stability, 0.9)))
    return states


def same(ours: list[tuple[float, float, float]], theirs: list[tuple[float, float, float]]) -> bool:
    flat = zip(itertools.chain(*ours), itertools.chain(*theirs), strict=True)
    return all(math.isclose(a, b, rel_tol=SINGLE) for a, b in flat)


def test_the_default_parameters_are_the_librarys() -> None:
    assert pytest.approx(library.DEFAULT_PARAMETERS, rel=1e-6) == list(DEFAULT_PARAMETERS)


def test_every_short_history_agrees_with_the_library() -> None:
    for ratings in itertools.product((1, 2, 3, 4), repeat=4):
        for gaps in ([0, 0, 1, 3], [0, 2, 0, 30], [0, 1, 400, 7]):
            assert same(our_states([*ratings], gaps), library_states([*ratings], gaps))


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 2_000)), min_size=1, max_size=12))
def test_any_history_agrees_with_the_library(history: list[tuple[int, int]]) -> None:
    ratings, gaps = [each[0] for each in history], [each[1] for each in history]
    assert same(our_states(ratings, gaps), library_states(ratings, gaps))


def test_forgetting_passes_through_the_wanted_retention() -> None:
    w = DEFAULT_PARAMETERS
    assert fsrs6.retrievability(w, 0, 5) == 1
    assert fsrs6.retrievability(w, 5, 5) == pytest.approx(0.9)
    for wanted in (0.7, 0.9, 0.97):
        days = fsrs6.interval(w, 5, wanted)
        assert fsrs6.retrievability(w, days, 5) == pytest.approx(wanted)


def test_the_expected_intervals_of_an_ordinary_learner() -> None:
    memory: Memory = NEW
    at, intervals = NOON, []
    for rating in (3, 3, 3, 1, 3, 3, 3):
        memory = review(memory, Rating(rating), at, settings=UTC)
        intervals.append(round((memory.due - at) / DAY_MS, 2))
        at = memory.due
    # Ten minutes (0.01 days) after the lapse; otherwise within a tenth of the library's whole-day
    # 2.31, 10.96, 48.52, -, 3.0, 7.88, 18.93.
    assert intervals == [2.31, 11.91, 49.65, 0.01, 3.02, 7.92, 18.9]


def test_again_comes_back_in_minutes_and_right_at_the_earliest_next_day() -> None:
    memory = review(NEW, Rating.AGAIN, NOON, settings=UTC)
    assert memory.due - NOON == 10 * MINUTE_MS
    assert (memory.reps, memory.lapses) == (1, 0)  # nothing was known yet that could lapse
    later = review(memory, Rating.GOOD, memory.due, settings=UTC)
    assert later.due - memory.due == DAY_MS
    lapsed = review(later, Rating.AGAIN, later.due, settings=UTC)
    assert (lapsed.reps, lapsed.lapses) == (3, 1)
    assert lapsed.first_review == NOON


def test_intervals_end_at_the_maximum() -> None:
    bounded = Settings(maximum_interval_days=30)
    memory: Memory = NEW
    at = NOON
    for _ in range(6):
        memory = review(memory, Rating.EASY, at, settings=bounded)
        at = memory.due
    assert memory.due - memory.last_review == 30 * DAY_MS


def test_more_is_wanted_sooner() -> None:
    dues = [
        review(NEW, Rating.GOOD, NOON, settings=Settings(retention=wanted)).due
        for wanted in (0.8, 0.9, 0.92)
    ]
    assert dues == sorted(dues, reverse=True)
    assert len(set(dues)) == 3


def test_fractions_of_a_day_count() -> None:
    first = review(NEW, Rating.GOOD, NOON, settings=UTC)
    stabilities = [
        review(first, Rating.GOOD, NOON + hours * HOUR_MS, settings=UTC).stability
        for hours in (24, 30, 36, 48)
    ]
    assert stabilities == sorted(stabilities)
    assert len(set(stabilities)) == 4


def test_the_learners_day_decides_what_a_same_day_review_is() -> None:
    evening = 20_000 * DAY_MS + 22 * HOUR_MS
    first = review(NEW, Rating.GOOD, evening, settings=UTC, offset_minutes=0)
    at_night = review(first, Rating.GOOD, evening + 5 * HOUR_MS, settings=UTC, offset_minutes=0)
    next_morning = review(first, Rating.GOOD, evening + 9 * HOUR_MS, settings=UTC, offset_minutes=0)
    assert at_night.stability == first.stability  # 3 o'clock: still the same evening
    assert next_morning.stability > first.stability
    assert next_morning.last_day == first.last_day + 1


@given(
    st.lists(
        st.tuples(
            st.sampled_from(list(Rating)),
            st.integers(-DAY_MS, 10_000 * DAY_MS),
            st.integers(-720, 840),
        ),
        max_size=60,
    )
)
def test_no_history_leads_outside_the_models_bounds(
    history: list[tuple[Rating, int, int]],
) -> None:
    memory: Memory = NEW
    at = NOON
    for rating, gap, offset in history:
        at = min(at + gap, 2**53)
        memory = review(memory, rating, at, settings=UTC, offset_minutes=offset)
        assert 0.001 <= memory.stability <= 36_500
        assert 1 <= memory.difficulty <= 10
        assert MINUTE_MS <= memory.due - at <= UTC.maximum_interval_days * DAY_MS
        assert 0 < retrievability(memory, at + 10**12, UTC) <= 1


def test_retrievability_falls_with_time_and_is_nothing_for_a_new_one() -> None:
    memory = review(NEW, Rating.GOOD, NOON, settings=UTC)
    recalls = [retrievability(memory, NOON + n * DAY_MS, UTC) for n in range(30)]
    assert recalls == sorted(recalls, reverse=True)
    assert recalls[0] == 1
    assert retrievability(memory, NOON - DAY_MS, UTC) == 1  # the clock was set back
    assert retrievability(NEW, NOON, UTC) == 0


def test_a_replay_uses_the_logged_clock_not_todays_zone() -> None:
    log = [
        Review(
            uuid=str(n),
            device="d",
            at=NOON + n * 7 * HOUR_MS,
            utc_offset=offset,
            exercise_id="e",
            revision=1,
            content_hash="",
            seed=n,
            params={},
            language="en",
            attempts=(),
            hints_used=0,
            gave_up=False,
            seconds=1,
            rating=Rating.GOOD,
            score=1,
            torch_version="",
            app_version="",
        )
        for n, offset in enumerate((0, 540, -480, 120))
    ]
    zones = ("UTC", "Asia/Tokyo", "America/Los_Angeles", "")
    replays = {replay(log, Settings(zone=zone)) for zone in zones}
    assert len(replays) == 1
    assert isinstance(replays.pop(), Remembered)
    assert replay([], UTC) == NEW


def test_the_basis_names_just_what_memory_depends_on() -> None:
    basis = Scheduler(Settings()).basis
    assert basis == Scheduler(Settings(zone="Asia/Tokyo", new_per_day=3)).basis
    others = [
        Settings(retention=0.85),
        Settings(parameters=(*DEFAULT_PARAMETERS[:-1], 0.2)),
        Settings(maximum_interval_days=100),
        Settings(again_minutes=5),
        Settings(rollover_hour=0),
    ]
    assert len({basis, *(Scheduler(each).basis for each in others)}) == 6


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"parameters": (1.0,)}, "21 parameters"),
        ({"retention": 1.0}, "retention"),
        ({"maximum_interval_days": 0}, "maximum interval"),
        ({"again_minutes": 0}, "minutes"),
        ({"new_per_day": -1}, "new exercises"),
        ({"rollover_hour": 24}, "hour 24"),
    ],
)
def test_settings_out_of_bounds_are_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Settings(**wrong)  # type: ignore[arg-type]
