"""How much was done in each hour of the learner's clock: kept in step with the log, rebuilt from it.

By hours, because a learner's day may begin at any of them.  These functions run inside a transaction
of the caller; rows of reviews are in the order of REVIEW_COLUMNS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tutor.store.log import ACTIVE

if TYPE_CHECKING:
    import sqlite3

_HOUR_MS: Final = 3_600_000
_COUNTS: Final = ("reviews", "again", "hard", "good", "easy", "milliseconds")
#: SQLite divides towards zero, Python downwards; both here do the latter.
_LOCAL: Final = "(at + utc_offset * 60000)"
_HOUR: Final = f"(({_LOCAL} - (({_LOCAL} % {_HOUR_MS}) + {_HOUR_MS}) % {_HOUR_MS}) / {_HOUR_MS})"
_FROM_LOG: Final = (
    f"SELECT {_HOUR} AS hour, count(*), sum(rating = 1), sum(rating = 2), sum(rating = 3), "  # noqa: S608
    f"sum(rating = 4), sum(CAST(seconds * 1000 AS INTEGER)) FROM review WHERE {ACTIVE} "
    "GROUP BY hour"
)
_CHANGE: Final = (
    "INSERT INTO tally VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hour) DO UPDATE SET "  # noqa: S608
    + ", ".join(f"{name} = {name} + excluded.{name}" for name in _COUNTS)
)


def hour_of(at: int, utc_offset: int) -> int:
    """The hour of the learner's clock, counted from 1970-01-01, in which ``at`` (UTC ms) lies."""
    return (at + utc_offset * 60_000) // _HOUR_MS


def add(db: sqlite3.Connection, row: tuple[Any, ...], times: int = 1) -> None:
    """Count a review that has become active; with ``times=-1``, one that is active no longer."""
    at, utc_offset, seconds, rating = row[2], row[3], row[13], row[14]
    hour = hour_of(at, utc_offset)
    ratings = [times * (rating == each) for each in (1, 2, 3, 4)]
    db.execute(_CHANGE, [hour, times, *ratings, times * int(seconds * 1000)])


def rebuild(db: sqlite3.Connection) -> None:
    """Count the whole log anew."""
    db.execute("DELETE FROM tally")
    db.execute(f"INSERT INTO tally {_FROM_LOG}")


def is_right(db: sqlite3.Connection) -> bool:
    """Whether the tally is what the whole log gives."""
    stored = "SELECT * FROM tally WHERE reviews <> 0 ORDER BY hour"
    return db.execute(stored).fetchall() == db.execute(f"{_FROM_LOG} ORDER BY hour").fetchall()


def count(db: sqlite3.Connection) -> int:
    """How many reviews are active."""
    (total,) = db.execute("SELECT coalesce(sum(reviews), 0) FROM tally").fetchone()
    return int(total)
