"""The log, read and added to.  A review or a mark is active unless an undo event names it.

Active reviews come with the rating that they count as, which the learner may have lowered.

Where ``adopted`` is given, the reviews of an adopted exercise come with the id that they count for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from tutor.store.marks import Mark, MarkKind, lowered
from tutor.store.records import Rating
from tutor.store.rows import (
    EVENT_COLUMNS,
    REVIEW_COLUMNS,
    mark_row,
    placeholders,
    read_mark,
    read_review,
)
from tutor.store.uuids import new_uuid

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

    from tutor.store.records import Review

UNDO: Final = "undo"

#: Of a row of ``review``: it counts.
ACTIVE: Final = "NOT EXISTS (SELECT 1 FROM event WHERE subject = review.uuid AND kind = 'undo')"

_INSERT_REVIEW: Final = (
    f"INSERT INTO review ({REVIEW_COLUMNS}) "  # noqa: S608
    f"VALUES ({placeholders(REVIEW_COLUMNS)})"
)

#: Rows read at a time.  A cursor held open between would pin an old snapshot of the database.
_PAGE: Final = 1_000


def active_reviews(
    db: sqlite3.Connection,
    exercise_id: str | None,
    since: int,
    adopted: Mapping[str, str],
    *,
    undone: bool = False,
) -> Iterator[Review]:
    """Active reviews from ``since`` (UTC ms) on, oldest first; equal times by uuid.

    That order is the same on every device that holds the same reviews.  With ``undone``, the undone
    ones are among them.
    """
    conditions = ["(at, uuid) > (?, ?)"] + ([] if undone else [ACTIVE])
    fixed: list[Any] = []
    if exercise_id is not None:
        fixed = _names_of(exercise_id, adopted)
        conditions.append(f"exercise_id IN ({', '.join('?' * len(fixed))})")
    query = (
        f"SELECT {REVIEW_COLUMNS} FROM review WHERE {' AND '.join(conditions)} "  # noqa: S608
        f"ORDER BY at, uuid LIMIT {_PAGE}"
    )
    at, uuid = since, ""
    ratings = lowered_ratings(db)
    while page := db.execute(query, [at, uuid, *fixed]).fetchall():
        for row in page:
            yield as_it_counts(under_its_name(read_review(row), adopted), ratings)
        uuid, at = page[-1][0], page[-1][2]


def lowered_ratings(db: sqlite3.Connection) -> dict[str, Rating]:
    """By a review's uuid, the rating that the learner has lowered it to."""
    query = (
        f"SELECT {EVENT_COLUMNS} FROM event WHERE kind <> 'undo' AND kind = '{MarkKind.LOWER}' "  # noqa: S608
        "AND NOT EXISTS (SELECT 1 FROM event AS u WHERE u.subject = event.uuid AND u.kind = 'undo')"
    )
    found = lowered(map(read_mark, db.execute(query).fetchall()))
    return {uuid: Rating(rating) for uuid, rating in found.items()}


def as_it_counts(review: Review, ratings: Mapping[str, Rating]) -> Review:
    """The review with the rating that it counts as: never a higher one."""
    rating = ratings.get(review.uuid, review.rating)
    return replace(review, rating=rating) if rating < review.rating else review


def under_its_name(review: Review, adopted: Mapping[str, str]) -> Review:
    """The review with the id of the exercise that it counts for."""
    name = adopted.get(review.exercise_id)
    return review if name is None else replace(review, exercise_id=name)


def _names_of(exercise_id: str, adopted: Mapping[str, str]) -> list[str]:
    """Every id whose reviews count for ``exercise_id``: none if it was itself adopted away."""
    own = [] if exercise_id in adopted else [exercise_id]
    return own + [old for old, new in adopted.items() if new == exercise_id]


def last_active(db: sqlite3.Connection, device: str, since: int) -> Review | None:
    """The review that arrived last of those made on ``device`` from ``since`` on and not undone."""
    row = db.execute(
        f"SELECT {REVIEW_COLUMNS} FROM review "  # noqa: S608
        f"WHERE at >= ? AND device = ? AND {ACTIVE} ORDER BY id DESC LIMIT 1",
        [since, device],
    ).fetchone()
    return read_review(row) if row else None


def stored_row(db: sqlite3.Connection, uuid: str) -> tuple[Any, ...] | None:
    """The row of one review, undone or not, in the order of REVIEW_COLUMNS."""
    query = f"SELECT {REVIEW_COLUMNS} FROM review WHERE uuid = ?"  # noqa: S608
    row: tuple[Any, ...] | None = db.execute(query, [uuid]).fetchone()
    return row


def kinds_about(db: sqlite3.Connection, uuid: str) -> set[str]:
    """The kinds of all events about a review or a mark, undone ones too."""
    query = "SELECT kind FROM event WHERE subject = ?"
    return {kind for (kind,) in db.execute(query, [uuid]).fetchall()}


def active_row(db: sqlite3.Connection, uuid: str) -> tuple[Any, ...] | None:
    """The row of an active review, None if there is no such review or it is undone."""
    query = f"SELECT {REVIEW_COLUMNS} FROM review WHERE uuid = ? AND {ACTIVE}"  # noqa: S608
    row: tuple[Any, ...] | None = db.execute(query, [uuid]).fetchone()
    return row


def active_marks(db: sqlite3.Connection) -> list[Mark]:
    """Marks of the kinds that this version knows, oldest first; equal times by uuid."""
    # The first condition is that of the partial index event_marks.
    query = (
        f"SELECT {EVENT_COLUMNS} FROM event WHERE kind <> 'undo' "  # noqa: S608
        "AND NOT EXISTS (SELECT 1 FROM event AS u WHERE u.subject = event.uuid AND u.kind = 'undo') "
        "ORDER BY at, uuid"
    )
    known = set(MarkKind)
    return [read_mark(row) for row in db.execute(query).fetchall() if row[3] in known]


def active_mark(db: sqlite3.Connection, uuid: str) -> bool:
    """Whether there is such an event, other than an undo, and it is not undone."""
    query = (
        "SELECT 1 FROM event WHERE uuid = ? AND kind <> 'undo' "
        "AND NOT EXISTS (SELECT 1 FROM event AS u WHERE u.subject = event.uuid AND u.kind = 'undo')"
    )
    return db.execute(query, [uuid]).fetchone() is not None


def exercise_lowered(db: sqlite3.Connection, uuid: str) -> str | None:
    """The exercise (as logged) whose review the LOWER mark ``uuid`` is about; None if it is no such."""
    row = db.execute(
        "SELECT review.exercise_id FROM event JOIN review ON review.uuid = event.subject "  # noqa: S608
        f"WHERE event.uuid = ? AND event.kind = '{MarkKind.LOWER}'",
        [uuid],
    ).fetchone()
    return row[0] if row else None


def add_review(db: sqlite3.Connection, row: tuple[Any, ...]) -> None:
    """Add a review, in the order of REVIEW_COLUMNS."""
    db.execute(_INSERT_REVIEW, row)


def add_event(db: sqlite3.Connection, row: tuple[Any, ...]) -> None:
    """Add an event, in the order of EVENT_COLUMNS."""
    db.execute(f"INSERT INTO event ({EVENT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", row)  # noqa: S608


def add_mark(
    db: sqlite3.Connection,
    device: str,
    kind: MarkKind,
    subject: str,
    at: int,
    body: Mapping[str, Any],
) -> Mark:
    """Add a mark made at ``at`` (UTC ms), dated later where there is a later word on the subject."""
    before = latest_word(db, subject)
    if kind in (MarkKind.ADOPT, MarkKind.DISOWN):
        before = max(before, latest_adoption(db))  # these depend on each other
    at = max(at, before + 1)
    mark = Mark(new_uuid(at), device, at, kind, subject, body)
    add_event(db, mark_row(mark))
    return mark


def add_undo(db: sqlite3.Connection, device: str, subject: str, at: int) -> None:
    """Add the event that takes a review or a mark back."""
    add_event(db, (new_uuid(at), device, at, UNDO, subject, "{}"))


def latest_word(db: sqlite3.Connection, subject: str) -> int:
    """When (UTC ms) the last event on ``subject`` was, undone or not; -1 if there is none."""
    (at,) = db.execute("SELECT max(at) FROM event WHERE subject = ?", [subject]).fetchone()
    return -1 if at is None else int(at)


def latest_adoption(db: sqlite3.Connection) -> int:
    """When (UTC ms) the last adoption was made or given up; -1 if there is none."""
    query = "SELECT max(at) FROM event WHERE kind IN ('adopt', 'disown')"
    (at,) = db.execute(query).fetchone()
    return -1 if at is None else int(at)
