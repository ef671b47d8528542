"""Counts over the whole log: a million reviews are not read one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tutor.store.log import under_its_name
from tutor.store.rows import REVIEW_COLUMNS, read_review

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from tutor.store.records import Review

_ACTIVE: Final = "NOT EXISTS (SELECT 1 FROM event WHERE subject = review.uuid AND kind = 'undo')"


@dataclass(frozen=True, slots=True)
class DayCount:
    """One of the learner's days: its ``reviews``, those ``right`` in the end, ``seconds`` on questions.

    ``at_once`` were right on the first attempt and without a hint.
    """

    reviews: int = 0
    right: int = 0
    seconds: float = 0.0
    at_once: int = 0


def daily(db: sqlite3.Connection, rollover_hour: int, since_day: int) -> dict[int, DayCount]:
    """Every day with a review from ``since_day`` on, by its number (see :meth:`Store.daily`)."""
    rows = db.execute(
        "SELECT (hour - :rollover) / 24 AS day, sum(reviews), sum(reviews - again), "
        "sum(good + easy), sum(milliseconds) FROM tally "
        "WHERE hour >= :since * 24 + :rollover GROUP BY day HAVING sum(reviews) > 0 ORDER BY day",
        {"rollover": rollover_hour, "since": since_day},
    )
    return {day: DayCount(n, right, ms / 1000, at_once) for day, n, right, at_once, ms in rows}


def latest(db: sqlite3.Connection, limit: int, adopted: Mapping[str, str]) -> list[Review]:
    """The last ``limit`` active reviews, the newest first."""
    rows = db.execute(
        f"SELECT {REVIEW_COLUMNS} FROM review WHERE {_ACTIVE} "  # noqa: S608
        "ORDER BY at DESC, uuid DESC LIMIT ?",
        [limit],
    )
    return [under_its_name(read_review(row), adopted) for row in rows.fetchall()]
