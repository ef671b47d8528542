"""Counts over the whole log: a million reviews are not read one by one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from tutor.store.log import ACTIVE, as_it_counts, lowered_ratings, under_its_name
from tutor.store.records import Rated, Rating
from tutor.store.rows import REVIEW_COLUMNS, read_review
from tutor.store.tally import hour_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping

    from tutor.store.records import Review

_PAGE: Final = 10_000
_RATED: Final = ", ".join(Rated._fields)


@dataclass(frozen=True, slots=True)
class DayCount:
    """One of the learner's days: its ``reviews``, those ``right`` in the end, ``seconds`` on questions.

    ``at_once`` were right on the first attempt and without a hint.
    """

    reviews: int = 0
    right: int = 0
    seconds: float = 0.0
    at_once: int = 0


def summed(days: Iterable[DayCount]) -> DayCount:
    """All the days together."""
    days = tuple(days)
    return DayCount(
        sum(day.reviews for day in days),
        sum(day.right for day in days),
        sum(day.seconds for day in days),
        sum(day.at_once for day in days),
    )


class Count(NamedTuple):
    """The reviews of one exercise, and how many of them were right in the end."""

    reviews: int
    right: int


def daily(db: sqlite3.Connection, rollover_hour: int, since_day: int) -> dict[int, DayCount]:
    """Every day with a review from ``since_day`` on, by its number (see :meth:`Store.daily`)."""
    rows = db.execute(
        "SELECT (hour - :rollover) / 24 AS day, sum(reviews), sum(reviews - again), "
        "sum(good + easy), sum(milliseconds) FROM tally "
        "WHERE hour >= :since * 24 + :rollover GROUP BY day HAVING sum(reviews) > 0 ORDER BY day",
        {"rollover": rollover_hour, "since": since_day},
    )
    days = {day: DayCount(n, right, ms / 1000, at_once) for day, n, right, at_once, ms in rows}
    # The tally counts reviews as they were rated; the few that were lowered are put right here.
    for one, lowered in _lowered(db):
        day = (hour_of(one.at, one.utc_offset) - rollover_hour) // 24
        if day >= since_day:
            found = days[day]
            days[day] = replace(
                found,
                right=found.right - (one.rating > Rating.AGAIN) + (lowered > Rating.AGAIN),
                at_once=found.at_once - (one.rating > Rating.HARD) + (lowered > Rating.HARD),
            )
    return days


def by_exercise(db: sqlite3.Connection, adopted: Mapping[str, str]) -> dict[str, Count]:
    """The reviews of every exercise that has any, counted by SQLite."""
    rows = db.execute(
        "SELECT exercise_id, count(*), sum(rating > 1) FROM review "  # noqa: S608
        f"WHERE {ACTIVE} GROUP BY exercise_id ORDER BY exercise_id"
    )
    counts = {id_: Count(n, right) for id_, n, right in rows.fetchall()}
    for one, lowered in _lowered(db):
        n, right = counts[one.exercise_id]
        counts[one.exercise_id] = Count(
            n, right - (one.rating > Rating.AGAIN) + (lowered > Rating.AGAIN)
        )
    for old in [id_ for id_ in counts if id_ in adopted]:
        more, count = counts.pop(old), counts.get(adopted[old], Count(0, 0))
        counts[adopted[old]] = Count(count.reviews + more.reviews, count.right + more.right)
    return counts


def _lowered(db: sqlite3.Connection) -> Iterator[tuple[Rated, Rating]]:
    """The active reviews whose rating the learner has lowered, as they were rated; and to what."""
    query = f"SELECT {_RATED} FROM review WHERE uuid = ? AND {ACTIVE}"  # noqa: S608
    for uuid, rating in lowered_ratings(db).items():
        row = db.execute(query, [uuid]).fetchone()
        if row is not None and rating < row[3]:
            yield Rated._make(row), rating


def misses(db: sqlite3.Connection, adopted: Mapping[str, str]) -> Iterator[Review]:
    """Every active review with a wrong attempt, the newest first."""
    # Attempts are stored as JSON of one form, in which no text of the learner's can look like this.
    query = (
        f"SELECT {REVIEW_COLUMNS} FROM review WHERE (at, uuid) < (?, ?) AND {ACTIVE} "  # noqa: S608
        """AND instr(attempts, '"verdict":"wrong"') ORDER BY at DESC, uuid DESC LIMIT 1000"""
    )
    at, uuid, lower = 2**63 - 1, "", lowered_ratings(db)
    # By pages: a cursor held open between would pin an old snapshot of the database.
    while page := [read_review(row) for row in db.execute(query, [at, uuid]).fetchall()]:
        at, uuid = page[-1].at, page[-1].uuid
        for review in page:
            yield as_it_counts(under_its_name(review, adopted), lower)


def latest(db: sqlite3.Connection, limit: int, adopted: Mapping[str, str]) -> list[Review]:
    """The last ``limit`` active reviews, the newest first."""
    rows = db.execute(
        f"SELECT {REVIEW_COLUMNS} FROM review WHERE {ACTIVE} "  # noqa: S608
        "ORDER BY at DESC, uuid DESC LIMIT ?",
        [limit],
    )
    reviews = [under_its_name(read_review(row), adopted) for row in rows.fetchall()]
    ratings = lowered_ratings(db)
    return [as_it_counts(review, ratings) for review in reviews]


def ratings(db: sqlite3.Connection, adopted: Mapping[str, str]) -> Iterator[Rated]:
    """Every active review in the log's order, without what was typed: ten times as fast to read."""
    query = (
        f"SELECT {_RATED} FROM review "  # noqa: S608
        f"WHERE (at, uuid) > (?, ?) AND {ACTIVE} ORDER BY at, uuid LIMIT {_PAGE}"
    )
    at, uuid, lower = -1, "", lowered_ratings(db)
    # By pages: a cursor held open between would pin an old snapshot of the database.
    while page := list(map(Rated._make, db.execute(query, [at, uuid]).fetchall())):
        at, uuid = page[-1].at, page[-1].uuid
        if adopted or lower:
            page = [_as_it_counts(one, adopted, lower) for one in page]
        yield from page


def _as_it_counts(one: Rated, adopted: Mapping[str, str], lower: Mapping[str, Rating]) -> Rated:
    rating = min(one.rating, lower.get(one.uuid, one.rating))
    return one._replace(exercise_id=adopted.get(one.exercise_id, one.exercise_id), rating=rating)
