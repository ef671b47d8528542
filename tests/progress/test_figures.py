"""The statistics: retention held against the reviews themselves, days against the log."""

from __future__ import annotations

from operator import attrgetter

import pytest
from history import NOON, write_history
from hypothesis import given
from hypothesis import strategies as st

from tutor.progress.figures import Period, figures
from tutor.render.bar_columns import column, layout, ticks, top_of
from tutor.schedule.days import day_number
from tutor.schedule.memory import Scheduler, retrievability
from tutor.schedule.retention import Recalled, by_period, in_all, recalls
from tutor.schedule.settings import Settings
from tutor.store import NEW, open_store
from tutor.store.records import Rated, Rating, Remembered

UTC = Settings(zone="UTC")


@pytest.fixture(scope="module")
def store(tmp_path_factory, shipped):
    home = tmp_path_factory.mktemp("season")
    write_history(home, shipped, 80)
    with open_store(home, read_only=True) as store:
        yield store


def test_the_ratings_are_those_of_the_log_in_its_order(store):
    fields = attrgetter(*Rated._fields)
    assert [fields(review) for review in store.reviews()] == list(store.ratings())


def test_every_answer_on_a_later_day_is_held_against_what_was_expected(store):
    scheduler, memories, expected = Scheduler(UTC), {}, []
    for review in store.reviews():
        memory = memories.get(review.exercise_id, NEW)
        day = day_number(review.at, review.utc_offset, UTC.rollover_hour)
        if isinstance(memory, Remembered) and day > memory.last_day:
            expected.append(
                (day, retrievability(memory, review.at, UTC), review.rating > Rating.AGAIN)
            )
        memories[review.exercise_id] = scheduler.advance(memory, review)
    assert expected
    assert list(recalls(store.ratings(), UTC)) == expected


@given(
    st.lists(st.builds(Recalled, st.integers(0, 400), st.floats(0, 1), st.booleans()), max_size=60),
    st.integers(0, 300),
    st.integers(1, 40),
)
def test_stretches_hold_every_review_of_the_period_once(found, first, days):
    parts = by_period(found, first, days)
    within = [one for one in found if one.day >= first]
    total = in_all(parts)
    assert total.reviews == len(within)
    assert total.right == sum(one.right for one in within)
    assert total.expected == pytest.approx(sum(one.predicted for one in within))
    assert all((part.first_day - first) % days == 0 for part in parts)
    assert all(0 <= part.true <= 1 and 0 <= part.predicted <= 1 for part in parts)


@pytest.mark.parametrize("period", Period)
def test_a_period_holds_its_days_and_no_others(store, shipped, period):
    found = figures(store, shipped, NOON, UTC, period)
    days = [day_number(r.at, r.utc_offset, UTC.rollover_hour) for r in store.reviews()]
    within = [day for day in days if day >= found.first_day]
    assert found.total.reviews == len(within)
    assert found.recalled.reviews <= len(within)
    assert found.length == (period or max(days) - min(days) + 1 + (found.today - max(days)))
    shares = [skill.known for _name, skill in found.skills]
    assert shares == sorted(shares)
    assert all(skill.begun for _name, skill in found.skills)


def test_a_home_without_reviews_has_empty_figures(tmp_path, shipped):
    with open_store(tmp_path) as store:
        found = figures(store, shipped, NOON, UTC, Period.ALL)
    assert found.total.reviews == 0
    assert found.recalled.true == 0
    assert not found.skills
    assert not found.lately


@given(lower=st.integers(0, 500), upper=st.integers(0, 500), height=st.integers(1, 12))
def test_a_column_is_as_high_as_its_parts(lower, upper, height):
    top = top_of(lower + upper)
    assert top >= lower + upper
    assert top % 2 == 0
    cells = column(lower, upper, top, height)
    assert len(cells) == height
    seen = [cell for cell in cells if cell.text != " " or cell.ground]
    assert bool(seen) == bool(lower + upper)
    assert abs(len(seen) - (lower + upper) * height / top) <= 1


@given(count=st.integers(1, 60), width=st.integers(1, 120), label=st.integers(1, 12))
def test_columns_and_labels_fit(count, width, label):
    slot, gap = layout(count, width)
    assert 0 <= gap < slot
    assert slot == 1 or slot * count <= width
    shown = ticks(count, [label] * count, slot, width)
    ends = [0] + [i * slot + label for i in shown]
    assert all(i * slot >= end for i, end in zip(shown, ends, strict=False))
    assert all(end <= width for end in ends)
