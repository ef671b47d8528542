"""The questions in progress: saved at every step, dropped with their reviews.

What writes runs inside a transaction of the caller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tutor.store.rows import PENDING_COLUMNS, pending_row, placeholders, read_pending

if TYPE_CHECKING:
    import sqlite3

    from tutor.store.records import Pending

_INSERT: Final = (
    f"INSERT OR REPLACE INTO pending ({PENDING_COLUMNS}) "  # noqa: S608
    f"VALUES ({placeholders(PENDING_COLUMNS)})"
)


def save(db: sqlite3.Connection, pending: Pending) -> None:
    """Keep it in place of what was saved of it before."""
    db.execute(_INSERT, pending_row(pending))


def read_all(db: sqlite3.Connection) -> list[Pending]:
    """The one saved last first."""
    query = f"SELECT {PENDING_COLUMNS} FROM pending ORDER BY id DESC"  # noqa: S608
    return [read_pending(row) for row in db.execute(query).fetchall()]


def drop(db: sqlite3.Connection, review_uuid: str | None = None) -> None:
    """Drop one, or all of them."""
    query = "DELETE FROM pending WHERE review_uuid = coalesce(?, review_uuid)"
    db.execute(query, [review_uuid])
