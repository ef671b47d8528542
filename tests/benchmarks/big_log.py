"""A home with very much in it, made in seconds: the log is written by SQLite itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.schedule.memory import Scheduler
from tutor.store import open_store, tally

if TYPE_CHECKING:
    from pathlib import Path

DAY = 86_400_000
#: Three years of reviews end here.
NOW = 1_800_000_000_000
YEARS_MS = 3 * 365 * DAY

_REVIEWS = """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :reviews)
INSERT INTO review
SELECT i + 1,
    printf('%08x-0000-7000-8000-%012x', i, i * 7919),
    'device', :start + i * :step, 60,
    printf('deck.exercise-%05d', (i * 7919) % :exercises), 1, 'c0ffee', i % 100,
    '{"c":3,"v":[2,4,5]}', 'en',
    '[{"answers":{"grad":"[2.0, 4.0, 6.0]"},"verdict":"correct","near":[],"at":0,"seconds":21.5}]',
    0, 0, 21.5, 1 + (i * 31) % 4, 1.0, '2.13.0', '0.1.0'
FROM n
"""
#: Rests are spread over 400 days around now, so that about one in twelve exercises is due.
_MEMORY = """
INSERT INTO memory
SELECT exercise_id, 5.0 + id % 300, 5.0, min(at), max(at), max(at) / 86400000, count(*), 0,
    max(at) + (1 + (id * 7919) % 400) * 86400000, 1, 'c0ffee'
FROM review GROUP BY exercise_id
"""


def fill(home: Path, *, exercises: int, reviews: int) -> None:
    """Fill a new home.  The memories are plausible, but not what FSRS would give."""
    with open_store(home) as store:
        db = store._db
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA cache_size = -500000")
        db.execute("BEGIN")
        values = {
            "reviews": reviews,
            "exercises": exercises,
            "start": NOW - YEARS_MS,
            "step": YEARS_MS // reviews,
        }
        db.execute(_REVIEWS, values)
        db.execute(_MEMORY)
        tally.rebuild(db)
        db.execute("UPDATE meta SET value = ? WHERE name = 'basis'", [Scheduler().basis])
        db.execute("COMMIT")
