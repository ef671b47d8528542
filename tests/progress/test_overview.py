"""What Home tells: counted by hand here, from real logs in real files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from history import NOON, write_history
from hypothesis import given
from hypothesis import strategies as st

from tutor.agenda.agenda import Agenda
from tutor.progress.overview import (
    FORECAST_DAYS,
    forecast,
    overview,
    weak_skills,
)
from tutor.render.bars import bar
from tutor.render.calendar import LEVELS, calendar, date_of
from tutor.schedule.days import DAY_MS, day_number
from tutor.schedule.settings import Settings
from tutor.schedule.statistics import streaks
from tutor.store import open_store
from tutor.store.aggregates import DayCount
from tutor.store.records import Rating, Remembered

UTC = Settings(zone="UTC")
TODAY = day_number(NOON, 0, UTC.rollover_hour)


@pytest.fixture(scope="module")
def month(tmp_path_factory, shipped):
    """A store with a month of work in it."""
    home = tmp_path_factory.mktemp("month")
    write_history(home, shipped, 30)
    with open_store(home, read_only=True) as store:
        yield store


@pytest.fixture(scope="module")
def found(month, shipped):
    return overview(Agenda(shipped, month, UTC, lambda: NOON))


def test_days_are_counted_as_the_log_has_them(month, found):
    reviews = list(month.reviews())
    assert found.reviews == len(reviews) == month.review_count()
    for day, count in found.days.items():
        of_day = [r for r in reviews if day_number(r.at, r.utc_offset, UTC.rollover_hour) == day]
        assert count.reviews == len(of_day)
        assert count.right == sum(r.rating > Rating.AGAIN for r in of_day)
        assert count.seconds == pytest.approx(sum(r.seconds for r in of_day), abs=0.1)
    assert found.done_today == found.days[TODAY].reviews
    assert found.begun == len({r.exercise_id for r in reviews})


def test_a_review_taken_back_is_counted_no_more(tmp_path, shipped):
    write_history(tmp_path, shipped, 3)
    from tutor.schedule.memory import Scheduler

    with open_store(tmp_path) as store:
        before = sum(day.reviews for day in store.daily(4).values())
        last = store.last_review()
        store.undo(last.uuid, NOON, Scheduler(UTC))
        assert sum(day.reviews for day in store.daily(4).values()) == before - 1
        assert last.uuid not in {review.uuid for review in store.latest(5)}


def test_the_latest_reviews_are_the_end_of_the_log_backwards(month):
    assert month.latest(7) == list(month.reviews())[-7:][::-1]


def test_an_evening_after_midnight_belongs_to_the_day_it_ends(tmp_path, shipped):
    write_history(tmp_path, shipped, 0, until=NOON + 15 * 3_600_000)  # studies at midnight, UTC
    with open_store(tmp_path, read_only=True) as store:
        assert set(store.daily(4)) == {TODAY}
        assert set(store.daily(0)) == {TODAY, TODAY + 1} or set(store.daily(0)) == {TODAY + 1}


def test_the_forecast_counts_every_exercise_that_comes_due_within_it(month, shipped, found):
    memories = month.memories()
    within = [m for m in memories.values() if m.due < NOON + (FORECAST_DAYS - 1) * DAY_MS]
    assert len(within) <= sum(found.forecast) <= len(memories)
    assert found.forecast[0] >= found.count.due - 1
    assert sum(forecast(shipped.exercises, memories, NOON, UTC, 40_000)) == len(memories)


def test_what_is_overdue_stands_under_today():
    memory = Remembered(1.0, 5.0, 0, NOON - 9 * DAY_MS, TODAY - 9, 1, 0, NOON - 8 * DAY_MS)
    later = memory._replace(due=NOON + 2 * DAY_MS)
    assert forecast(["a", "b", "new"], {"a": memory, "b": later}, NOON, UTC, 4) == (1, 0, 1, 0)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], (0, 0)),
        ([TODAY], (1, 1)),
        ([TODAY - 1], (1, 1)),
        ([TODAY - 2], (0, 1)),
        ([TODAY - 9, TODAY - 8, TODAY - 7, TODAY - 1, TODAY], (2, 3)),
        ([TODAY - 3, TODAY - 2, TODAY - 1], (3, 3)),
    ],
)
def test_a_streak_lasts_until_a_day_is_left_out(days, expected):
    assert streaks({day: DayCount(1, 1, 1.0) for day in days}, TODAY) == expected


def test_a_skill_is_weak_when_its_last_questions_were_wrong(month):
    review = month.latest(1)[0]
    wrong = replace(review, exercise_id="a", rating=Rating.AGAIN)
    right = replace(wrong, rating=Rating.GOOD)
    assert weak_skills([right, wrong, right], {"a": "s"}) == ()
    (weak,) = weak_skills([right, wrong, wrong], {"a": "s"})
    assert (weak.skill, weak.wrong, weak.asked) == ("s", 2, 3)
    assert weak_skills([right] * 5 + [wrong] * 5, {"a": "s"}) == (), "that was long ago"
    assert weak_skills([wrong, wrong], {}) == (), "an exercise that is gone has no skill"


@given(
    counts=st.dictionaries(st.integers(TODAY - 400, TODAY), st.integers(0, 300)),
    weeks=st.integers(1, 60),
    today=st.integers(TODAY - 7, TODAY),
)
def test_the_calendar_has_every_day_once_and_ends_today(counts, weeks, today):
    drawn = calendar(counts, today, weeks)
    assert date_of(drawn.first).weekday() == 0
    cells = {
        drawn.day(weekday, week): level
        for weekday, levels in enumerate(drawn.levels)
        for week, level in enumerate(levels)
    }
    assert len(cells) == 7 * weeks
    shown = {day for day, level in cells.items() if level is not None}
    assert shown == set(range(drawn.first, today + 1))
    for day in shown:
        assert 0 <= cells[day] < LEVELS
        assert (cells[day] == 0) == (not counts.get(day))
    busy = sorted(shown, key=lambda day: counts.get(day, 0))
    assert [cells[day] for day in busy] == sorted(cells[day] for day in busy)


def test_a_month_stands_over_the_week_in_which_it_begins():
    drawn = calendar({}, TODAY, 26)
    for week, month in drawn.months:
        days = [date_of(drawn.day(weekday, week)) for weekday in range(7)]
        assert date(days[-1].year, month, 1) in days


@given(share=st.floats(-1, 2), width=st.integers(1, 40))
def test_a_bar_is_never_too_long_and_never_hides_something(share, width):
    drawn = bar(share, width)
    assert len(drawn) <= width
    assert bool(drawn) == (share > 0)
    assert len(bar(1.0, width)) == width
