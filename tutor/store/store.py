"""The learner's progress in one SQLite file: the log, the derived memory, the open question.

Every write is one transaction that is on the disk when the call returns. Transactions take the
write lock at their beginning, so two processes on one home wait for each other and derive
memory from what the other has committed.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from tutor.i18n import _
from tutor.store import aggregates, derived, log, opening, rows
from tutor.store.errors import (
    AlreadyRecordedError,
    CorruptError,
    UnknownReviewError,
    corrupt,
    translated,
)
from tutor.store.uuids import new_uuid

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from tutor.store.records import Derivation, Difference, Memory, Pending, Remembered, Review

TIMEOUT_S: Final = 5.0

_INSERT_REVIEW: Final = (
    f"INSERT INTO review ({rows.REVIEW_COLUMNS}) "  # noqa: S608
    f"VALUES ({rows.placeholders(rows.REVIEW_COLUMNS)})"
)
_INSERT_PENDING: Final = (
    f"INSERT OR REPLACE INTO pending ({rows.PENDING_COLUMNS}) "  # noqa: S608
    f"VALUES ({rows.placeholders(rows.PENDING_COLUMNS)})"
)


def open_store(home: Path, *, read_only: bool = False, timeout_s: float = TIMEOUT_S) -> Store:
    """The store of ``home``, created where missing.

    ``read_only`` never creates or changes a file; a home without progress is then simply empty.
    ``timeout_s`` is how long to wait for another program's write.  Raises StoreError.
    """
    home = home.expanduser().absolute()
    start = opening.open_for_reading if read_only else opening.open_for_writing
    return Store(home / opening.FILE_NAME, start(home, timeout_s))


class Store:
    """An open store.  Use it on the thread that opened it; every method may raise StoreError."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path: Final = path
        self._db: Final = connection
        with translated(path):
            row = connection.execute("SELECT value FROM meta WHERE name = 'device'").fetchone()
        if row is None:
            raise corrupt(path, "it has lost its device id")
        self.device_id: Final[str] = row[0]

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file.  Harmless when repeated."""
        with translated(self.path):
            self._db.close()

    # Writing the log

    def record(self, review: Review, derivation: Derivation) -> Memory:
        """Commit a review, the memory it leads to, and the end of its question; give that memory.

        All or nothing, and on the disk on return.  Recording the same review again changes nothing.
        Raises AlreadyRecordedError if another review of the same question is in the log.
        """
        row = rows.review_row(review)
        with self._transaction() as db:
            if not derived.is_current(db, derivation):
                derived.rederive_all(db, derivation)
            try:
                db.execute(_INSERT_REVIEW, row)
            except sqlite3.IntegrityError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_UNIQUE:
                    raise
                if log.stored_row(db, review.uuid) != row:
                    raise _already_recorded(review.exercise_id) from None
                return derived.read_one(db, review.exercise_id)
            db.execute("DELETE FROM pending WHERE review_uuid = ?", [review.uuid])
            return derived.advance(db, review, derivation)

    def undo(self, review_uuid: str, at: int, derivation: Derivation) -> Memory:
        """Take a review back, by an event in the log; give the memory its exercise then has.

        The memory is that which the exercise would have if the review had never been.  Raises
        UnknownReviewError if there is no such review, or it is undone already.
        """
        with self._transaction() as db:
            exercise_id = log.active_exercise(db, review_uuid)
            if exercise_id is None:
                raise UnknownReviewError(
                    _("This review cannot be taken back: it is not in the log, or already undone.")
                )
            db.execute(
                "INSERT INTO event (uuid, device, at, kind, subject, body) "
                "VALUES (?, ?, ?, ?, ?, '{}')",
                [new_uuid(at), self.device_id, at, log.UNDO, review_uuid],
            )
            if derived.is_current(db, derivation):
                return derived.rederive_one(db, exercise_id, derivation)
            derived.rederive_all(db, derivation)
            return derived.read_one(db, exercise_id)

    # Reading the log

    def reviews(
        self, exercise_id: str | None = None, since: int = 0, *, undone: bool = False
    ) -> Iterator[Review]:
        """Reviews from ``since`` (UTC ms) on, oldest first; undone ones only if asked for."""
        with translated(self.path):
            yield from log.active_reviews(self._db, exercise_id, since, undone=undone)

    def last_review(self) -> Review | None:
        """The last review made on this device that is not undone: what undo takes back."""
        with translated(self.path):
            return log.last_active(self._db, self.device_id)

    def review_count(self) -> int:
        """How many reviews there are, without the undone ones."""
        with translated(self.path):
            return log.count_active(self._db)

    def daily(self, rollover_hour: int) -> dict[int, aggregates.DayCount]:
        """What was done on each of the learner's days, which begin at ``rollover_hour``, by number."""
        with translated(self.path):
            return aggregates.daily(self._db, rollover_hour)

    def latest(self, limit: int) -> list[Review]:
        """The last ``limit`` reviews without the undone ones, the newest first."""
        with translated(self.path):
            return aggregates.latest(self._db, limit)

    # Memory

    def memory(self, exercise_id: str) -> Memory:
        """The memory of one exercise, New if it has no review."""
        with translated(self.path):
            return derived.read_one(self._db, exercise_id)

    def memories(self) -> dict[str, Remembered]:
        """The memory of every exercise that has a review, also of those whose file is gone."""
        with translated(self.path):
            return derived.read_all(self._db)

    def rederive(self, derivation: Derivation) -> bool:
        """Bring the memories onto this derivation, where they are not; say whether they were not.

        For the start of a session, after a change of settings or of the program.
        """
        with translated(self.path):
            if derived.is_current(self._db, derivation):
                return False
        with self._transaction() as db:
            derived.rederive_all(db, derivation)
        return True

    def check_consistency(self, derivation: Derivation) -> list[Difference]:
        """Every exercise whose stored memory is not, bit for bit, what its log gives."""
        with self._snapshot() as db:
            return derived.differences(db, derivation)

    def check_integrity(self) -> list[str]:
        """SQLite's findings about damage to the file; empty for a sound one.  Reads all of it."""
        findings: list[str] = []
        try:
            with translated(self.path):
                for (finding,) in self._db.execute("PRAGMA integrity_check"):
                    findings.append(finding)
        except CorruptError as error:
            findings.append(str(error.__cause__))  # damage that ends the check itself
        return [] if findings == ["ok"] else findings

    # The question in progress

    def save_pending(self, pending: Pending) -> None:
        """Commit the question in progress, in place of what was saved of it before.

        Raises AlreadyRecordedError if it has meanwhile been finished, in another window.
        """
        with self._transaction() as db:
            if log.stored_row(db, pending.review_uuid) is not None:
                raise _already_recorded(pending.exercise_id)
            db.execute(_INSERT_PENDING, rows.pending_row(pending))

    def pending(self) -> Pending | None:
        """The question in progress that was saved last."""
        with translated(self.path):
            row = self._db.execute(
                f"SELECT {rows.PENDING_COLUMNS} FROM pending ORDER BY id DESC LIMIT 1"  # noqa: S608
            ).fetchone()
        return rows.read_pending(row) if row else None

    def clear_pending(self, review_uuid: str | None = None) -> None:
        """Drop one question in progress, or all of them."""
        with self._transaction() as db:
            db.execute(
                "DELETE FROM pending WHERE review_uuid = coalesce(?, review_uuid)", [review_uuid]
            )

    # Transactions

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """A write: from the lock at its beginning to the disk at its end, or not at all."""
        with translated(self.path):
            # IMMEDIATE: a transaction that reads first and locks later fails if another one wrote.
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                # A full disk or a damaged page may have ended the transaction already.
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _snapshot(self) -> Iterator[sqlite3.Connection]:
        """Several reads of one and the same state."""
        with translated(self.path):
            self._db.execute("BEGIN")
            try:
                yield self._db
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")


def _already_recorded(exercise_id: str) -> AlreadyRecordedError:
    return AlreadyRecordedError(
        _(
            "This question of {exercise_id} has been answered already, in another window; that review "
            "counts. Go on with the next question."
        ).format(exercise_id=exercise_id)
    )
