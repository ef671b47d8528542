"""Counts over the whole log, made by SQLite: a million reviews are not read one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tutor.store.rows import REVIEW_COLUMNS, read_review

if TYPE_CHECKING:
    import sqlite3

    from tutor.store.records import Review

_ACTIVE: Final = "NOT EXISTS (SELECT 1 FROM event WHERE subject = review.uuid AND kind = 'undo')"
_DAY_MS: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class DayCount:
    """One of the learner's days: its ``reviews``, those ``right`` in the end, ``seconds`` on questions."""

    reviews: int = 0
    right: int = 0
    seconds: float = 0.0


def daily(db: sqlite3.Connection, rollover_hour: int) -> dict[int, DayCount]:
    """Every day with a review, by its number (days since 1970-01-01 on the learner's calendar)."""
    # SQLite divides towards zero; the days before 1970 are nobody's.
    rows = db.execute(
        f"SELECT (at + utc_offset * 60000 - ? * 3600000) / {_DAY_MS} AS day, "  # noqa: S608
        f"count(*), sum(rating > 1), sum(seconds) FROM review WHERE {_ACTIVE} GROUP BY day",
        [rollover_hour],
    )
    return {day: DayCount(n, right, seconds) for day, n, right, seconds in rows}


def latest(db: sqlite3.Connection, limit: int) -> list[Review]:
    """The last ``limit`` active reviews, the newest first."""
    rows = db.execute(
        f"SELECT {REVIEW_COLUMNS} FROM review WHERE {_ACTIVE} "  # noqa: S608
        "ORDER BY at DESC, uuid DESC LIMIT ?",
        [limit],
    )
    return [read_review(row) for row in rows.fetchall()]
