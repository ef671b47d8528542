"""The learner's days: rollover, time zones, the days on which the clock changes."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from tutor.schedule.days import DAY_MS, HOUR_MS, day_number, day_start, utc_offset

if TYPE_CHECKING:
    import pytest


def ms(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=UTC).timestamp()) * 1000  # type: ignore[misc]


def test_a_late_evening_belongs_to_the_day_it_ends() -> None:
    days = [day_number(ms(2026, 3, 10, hour), 0, 4) for hour in (3, 4, 23)]
    assert days == [days[1] - 1, days[1], days[1]]
    assert day_number(ms(2026, 3, 11, 3, 59), 0, 4) == days[1]


def test_offsets_follow_the_zones_summer_time() -> None:
    assert utc_offset(ms(2026, 1, 15), "Europe/Berlin") == 60
    assert utc_offset(ms(2026, 7, 15), "Europe/Berlin") == 120
    assert utc_offset(ms(2026, 7, 15), "Asia/Kathmandu") == 345
    assert utc_offset(ms(2026, 7, 15), "America/St_Johns") == -150


def test_days_of_23_and_25_hours() -> None:
    spring = day_number(ms(2026, 3, 28, 12), 60, 4)  # the clock goes forward in the night after
    autumn = day_number(ms(2026, 10, 24, 12), 120, 4)
    zone = "Europe/Berlin"
    assert day_start(spring + 1, 4, zone) - day_start(spring, 4, zone) == 23 * HOUR_MS
    assert day_start(autumn + 1, 4, zone) - day_start(autumn, 4, zone) == 25 * HOUR_MS


@given(
    st.integers(0, 4_000_000_000_000),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Shanghai", ""]),
    st.sampled_from([0, 4, 6]),
)
def test_a_moment_lies_in_its_day(at: int, zone: str, rollover: int) -> None:
    day = day_number(at, utc_offset(at, zone), rollover)
    assert day_start(day, rollover, zone) <= at + HOUR_MS  # an hour that happens twice
    assert at < day_start(day + 1, rollover, zone) + HOUR_MS
    assert day_start(day + 1, rollover, zone) - day_start(day, rollover, zone) > 22 * HOUR_MS


def test_no_zone_means_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        assert utc_offset(ms(2026, 1, 15)) == 480
        assert utc_offset(ms(2026, 1, 15), "No/Such_Zone") == 480
        assert utc_offset(ms(2026, 1, 15), "../etc/passwd") == 480
    finally:
        monkeypatch.undo()
        time.tzset()


def test_days_before_1970_are_days_too() -> None:
    assert day_number(-1, 0, 0) == -1
    assert day_start(-1, 0, "UTC") == -DAY_MS
