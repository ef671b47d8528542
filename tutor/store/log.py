"""Reading the log.  A review is active unless an undo event names it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tutor.store.rows import REVIEW_COLUMNS, read_review

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from tutor.store.records import Review

UNDO: Final = "undo"

_ACTIVE: Final = "NOT EXISTS (SELECT 1 FROM event WHERE subject = review.uuid AND kind = 'undo')"

#: Rows read at a time.  A cursor held open between would pin an old snapshot of the database.
_PAGE: Final = 1_000


def active_reviews(
    db: sqlite3.Connection, exercise_id: str | None, since: int, *, undone: bool = False
) -> Iterator[Review]:
    """Active reviews from ``since`` (UTC ms) on, oldest first; equal times by uuid.

    That order is the same on every device that holds the same reviews.  With ``undone``, the undone
    ones are among them.
    """
    conditions = ["(at, uuid) > (?, ?)"] + ([] if undone else [_ACTIVE])
    fixed: list[Any] = []
    if exercise_id is not None:
        conditions.append("exercise_id = ?")
        fixed = [exercise_id]
    query = (
        f"SELECT {REVIEW_COLUMNS} FROM review WHERE {' AND '.join(conditions)} "  # noqa: S608
        f"ORDER BY at, uuid LIMIT {_PAGE}"
    )
    at, uuid = since, ""
    while page := db.execute(query, [at, uuid, *fixed]).fetchall():
        yield from map(read_review, page)
        uuid, at = page[-1][0], page[-1][2]


def last_active(db: sqlite3.Connection, device: str) -> Review | None:
    """The review that arrived last of those made on ``device`` and not undone."""
    row = db.execute(
        f"SELECT {REVIEW_COLUMNS} FROM review WHERE device = ? AND {_ACTIVE} "  # noqa: S608
        "ORDER BY id DESC LIMIT 1",
        [device],
    ).fetchone()
    return read_review(row) if row else None


def stored_row(db: sqlite3.Connection, uuid: str) -> tuple[Any, ...] | None:
    """The row of one review, undone or not, in the order of REVIEW_COLUMNS."""
    query = f"SELECT {REVIEW_COLUMNS} FROM review WHERE uuid = ?"  # noqa: S608
    row: tuple[Any, ...] | None = db.execute(query, [uuid]).fetchone()
    return row


def active_exercise(db: sqlite3.Connection, uuid: str) -> str | None:
    """The exercise of an active review, None if there is no such review or it is undone."""
    row = db.execute(
        f"SELECT exercise_id FROM review WHERE uuid = ? AND {_ACTIVE}",  # noqa: S608
        [uuid],
    ).fetchone()
    return row[0] if row else None


def count_active(db: sqlite3.Connection) -> int:
    """How many reviews are active."""
    query = f"SELECT count(*) FROM review WHERE {_ACTIVE}"  # noqa: S608
    (count,) = db.execute(query).fetchone()
    return int(count)
