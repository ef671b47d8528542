"""The learner's progress in one SQLite file: the log, the derived memory, the open question.

Every write is one transaction that is on the disk when the call returns. Transactions take the
write lock at their beginning, so two processes on one home wait for each other and derive
memory from what the other has committed.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from tutor.i18n import _
from tutor.store import aggregates, derived, log, marks, merge, opening, place, rows, tally
from tutor.store.entries import Entry, read_all, read_one
from tutor.store.errors import (
    AdoptionError,
    AlreadyRecordedError,
    CorruptError,
    UnknownMarkError,
    UnknownReviewError,
    corrupt,
    translated,
)
from tutor.store.marks import Mark, MarkKind, Marks
from tutor.store.records import New
from tutor.store.uuids import new_uuid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Any

    from tutor.store.entries import Kind
    from tutor.store.records import (
        Derivation,
        Difference,
        Memory,
        Pending,
        Rating,
        Remembered,
        Review,
    )  # fmt: skip

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
    path = home / opening.FILE_NAME
    if read_only:
        return Store(path, opening.open_for_reading(home, timeout_s))
    connection = opening.open_for_writing(home, timeout_s)
    try:
        with translated(path):
            place.settle(connection, home)
        return Store(path, connection)
    except BaseException:
        connection.close()
        raise


class Store:
    """An open store.  Use it on the thread that opened it; every method may raise StoreError."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path: Final = path
        self._db: Final = connection
        with translated(path):
            row = connection.execute("SELECT value FROM meta WHERE name = 'device'").fetchone()
        if row is None:
            raise corrupt(path, "it has lost its device id")
        #: Names this home on this machine in the log.
        self.device_id: str = row[0]
        #: The marks, with the state of the file that they were read in (see :meth:`marks`).
        self._marks: tuple[int, Marks] | None = None
        #: The same for the memories; the dictionary is never changed, only replaced.
        self._memories: tuple[int, Mapping[str, Remembered]] | None = None

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
            adopted = self._adopted()
            exercise_id = adopted.get(review.exercise_id, review.exercise_id)
            if not derived.is_current(db, derivation):
                self._rederive_all(db, derivation)
            try:
                db.execute(_INSERT_REVIEW, row)
            except sqlite3.IntegrityError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_UNIQUE:
                    raise
                if log.stored_row(db, review.uuid) != row:
                    raise _already_recorded(review.exercise_id) from None
                return derived.read_one(db, exercise_id)
            tally.add(db, row)
            db.execute("DELETE FROM pending WHERE review_uuid = ?", [review.uuid])
            memory = derived.advance(db, review, derivation, adopted)
        self._remember(exercise_id, memory)
        return memory

    def undo(self, review_uuid: str, at: int, derivation: Derivation) -> Memory:
        """Take a review back, by an event in the log; give the memory its exercise then has.

        The memory is that which the exercise would have if the review had never been.  Raises
        UnknownReviewError if there is no such review, or it is undone already.
        """
        with self._transaction() as db:
            row = log.active_row(db, review_uuid)
            if row is None:
                raise UnknownReviewError(
                    _("This review cannot be taken back: it is not in the log, or already undone.")
                )
            self._add_undo(db, review_uuid, at)
            tally.add(db, row, -1)
            adopted = self._adopted()
            exercise_id = log.under_its_name(rows.read_review(row), adopted).exercise_id
            if not derived.is_current(db, derivation):
                self._rederive_all(db, derivation)
            memory = derived.rederive_one(db, exercise_id, derivation, adopted)
        self._remember(exercise_id, memory)
        return memory

    # Marks: suspended, buried, flagged and the like

    def mark(
        self, kind: MarkKind, subject: str, at: int, body: Mapping[str, Any] | None = None
    ) -> Mark:
        """Say something about an exercise or a skill, by an event in the log; give that event.

        What each kind means, and what its body holds, is told in :class:`MarkKind`.  ``at`` is now
        (UTC ms); the event is dated later where the log already has a later word on the subject, so
        that what was said last holds, also by a clock that was set back.  For ADOPT, DISOWN and LOWER,
        which change memories, there are :meth:`adopt`, :meth:`disown` and :meth:`lower`.
        """
        if kind in (MarkKind.ADOPT, MarkKind.DISOWN, MarkKind.LOWER):
            raise ValueError(f"{kind} changes memories: use adopt(), disown() or lower()")
        with self._transaction() as db:
            return self._add_mark(db, kind, subject, at, body or {})

    def undo_mark(self, mark_uuid: str, at: int, derivation: Derivation) -> None:
        """Take a mark back, by an event in the log: all is as if it had never been made.

        Raises UnknownMarkError if there is no such mark, or it is undone already.
        """
        with self._renaming(derivation) as db:
            if not log.active_mark(db, mark_uuid):
                raise UnknownMarkError(
                    _("This mark cannot be taken back: it is not in the log, or already undone.")
                )
            self._add_undo(db, mark_uuid, at)
            lowered = log.exercise_lowered(db, mark_uuid)
            if lowered is not None:
                self._rederive(db, lowered, derivation)

    def lower(self, review_uuid: str, rating: Rating, at: int, derivation: Derivation) -> Mark:
        """Let a review count as rated lower than it was, by an event in the log; memory follows.

        :meth:`undo_mark` takes it back.  Raises UnknownReviewError if there is no such review, or it is
        undone; ValueError if the rating is not lower than the one that counts now.
        """
        with self._transaction() as db:
            row = log.active_row(db, review_uuid)
            if row is None:
                raise UnknownReviewError(
                    _("This review cannot be rated lower: it is not in the log, or undone.")
                )
            counts = log.as_it_counts(rows.read_review(row), log.lowered_ratings(db))
            if rating >= counts.rating:
                raise ValueError(f"{rating!r} is not lower than {counts.rating!r}")
            mark = self._add_mark(db, MarkKind.LOWER, review_uuid, at, {"rating": int(rating)})
            self._rederive(db, counts.exercise_id, derivation)
            return mark

    def adopt(self, old: str, new: str, at: int, derivation: Derivation) -> Mark:
        """From now on the reviews of ``old``, whose file is gone, count as reviews of ``new``.

        Raises AdoptionError where that would go round in a circle.
        """
        with self._renaming(derivation) as db:
            mark = self._add_mark(db, MarkKind.ADOPT, old, at, {"to": new})
            if new == old or self._adopted().get(old) != self.marks().name(new):
                raise AdoptionError(
                    _("{old} cannot be adopted by {new}: that would be itself.").format(
                        old=old, new=new
                    )
                )
            return mark

    def disown(self, old: str, at: int, derivation: Derivation) -> Mark:
        """From now on the reviews of ``old`` count as its own again."""
        with self._renaming(derivation) as db:
            return self._add_mark(db, MarkKind.DISOWN, old, at, {})

    def marks(self) -> Marks:
        """All that holds now: suspended, buried, flags, notes, opened skills, adoptions.

        Cheap when nothing has changed since the last call.
        """
        with translated(self.path):
            version = self._version()
            if self._marks is None or self._marks[0] != version:
                self._marks = (version, marks.replay(log.active_marks(self._db)))
            return self._marks[1]

    def _version(self) -> int:
        """A number that is another one after others' commits; our own mend what is kept here."""
        (version,) = self._db.execute("PRAGMA data_version").fetchone()
        return int(version)

    def _forget(self) -> None:
        self._marks = self._memories = None

    def _remember(self, exercise_id: str, memory: Memory) -> None:
        """Keep :meth:`memories` in step with what has just been committed."""
        if self._memories is None:
            return
        version, memories = self._memories
        after = dict(memories)
        if isinstance(memory, New):
            after.pop(exercise_id, None)
        else:
            after[exercise_id] = memory
        self._memories = (version, MappingProxyType(after))

    def _adopted(self) -> Mapping[str, str]:
        return self.marks().adopted

    def _add_mark(
        self,
        db: sqlite3.Connection,
        kind: MarkKind,
        subject: str,
        at: int,
        body: Mapping[str, Any],
    ) -> Mark:
        before = log.latest_word(db, subject)
        if kind in (MarkKind.ADOPT, MarkKind.DISOWN):
            before = max(before, log.latest_adoption(db))  # these depend on each other
        at = max(at, before + 1)
        mark = Mark(new_uuid(at), self.device_id, at, kind, subject, body)
        log.add_event(db, rows.mark_row(mark))
        self._marks = None
        return mark

    def _add_undo(self, db: sqlite3.Connection, subject: str, at: int) -> None:
        log.add_event(db, (new_uuid(at), self.device_id, at, log.UNDO, subject, "{}"))
        self._marks = None

    @contextmanager
    def _renaming(self, derivation: Derivation) -> Iterator[sqlite3.Connection]:
        """A transaction that may change whom reviews count for; the memories follow."""
        with self._transaction() as db:
            before = self._adopted()
            yield db
            after = self._adopted()
            if not derived.is_current(db, derivation):
                self._rederive_all(db, derivation)
                return
            for exercise_id in marks.renamed(before, after):
                derived.rederive_one(db, exercise_id, derivation, after)
                self._memories = None

    # Other logs

    def entries(self) -> Iterator[Entry]:
        """The whole log as it is, for other devices: undone reviews and all events too."""
        with translated(self.path):
            yield from read_all(self._db)

    def entry(self, kind: Kind, uuid: str) -> Entry | None:
        """One entry of the log, ``None`` if there is none."""
        with translated(self.path):
            return read_one(self._db, kind, uuid)

    def take_in(
        self, found: Iterable[Entry], derivation: Derivation, *, at_a_time: int = 2_000
    ) -> merge.Merged:
        """Add the entries that the log does not have yet; the memories they touch are derived anew.

        In transactions of ``at_a_time`` entries, so that another window can record in between.
        Taking the same in again changes nothing.
        """
        merged = merge.Merged()
        # Oldest first: then most memories only have to be carried on.
        rest = iter(sorted(found, key=lambda each: each.row[2]))
        while batch := list(islice(rest, at_a_time)):
            merged.touched.clear()
            with self._renaming(derivation) as db:
                merge.take_in(db, batch, merged)
                self._forget()
                if derived.is_current(db, derivation):
                    adopted = self._adopted()
                    for exercise_id, added in _by_name(merged, adopted).items():
                        derived.extend(db, exercise_id, added, derivation, adopted)
        return merged

    def renew_device(self) -> str:
        """Go by a new device id from now on: somebody else goes by the present one."""
        with self._transaction() as db:
            self.device_id = place.renew(db, self.path.parent)
        return self.device_id

    # Reading the log

    def reviews(
        self, exercise_id: str | None = None, since: int = 0, *, undone: bool = False
    ) -> Iterator[Review]:
        """Reviews from ``since`` (UTC ms) on, oldest first; undone ones only if asked for.

        Those of an adopted exercise come with the id of the exercise that they count for.
        """
        with translated(self.path):
            yield from log.active_reviews(
                self._db, exercise_id, since, self._adopted(), undone=undone
            )

    def last_review(self, since: int = 0) -> Review | None:
        """The last review made on this device, ``since`` (UTC ms) or later, that is not undone.

        It is what undo takes back.
        """
        with translated(self.path):
            return log.last_active(self._db, self.device_id, since)

    def first_time(self, what: str) -> bool:
        """Whether this is asked for the first time in this file; what is told once asks it."""
        with self._transaction() as db:
            made = db.execute("INSERT OR IGNORE INTO meta VALUES (?, 'done')", [what])
            return made.rowcount == 1

    def review_count(self) -> int:
        """How many reviews there are, without the undone ones."""
        with translated(self.path):
            return tally.count(self._db)

    def daily(self, rollover_hour: int, since_day: int = 0) -> dict[int, aggregates.DayCount]:
        """What was done on each of the learner's days that has a review, from ``since_day`` on.

        Days begin at ``rollover_hour`` and are numbered from 1970-01-01 on the learner's calendar.
        """
        with translated(self.path):
            return aggregates.daily(self._db, rollover_hour, since_day)

    def latest(self, limit: int) -> list[Review]:
        """The last ``limit`` reviews without the undone ones, the newest first."""
        with translated(self.path):
            return aggregates.latest(self._db, limit, self._adopted())

    def ratings(self) -> Iterator[aggregates.Rated]:
        """Every review without the undone ones, oldest first, as far as memory follows from it."""
        with translated(self.path):
            yield from aggregates.ratings(self._db, self._adopted())

    # Memory

    def memory(self, exercise_id: str) -> Memory:
        """The memory of one exercise, New if it has no review."""
        with translated(self.path):
            return derived.read_one(self._db, exercise_id)

    def memories(self) -> Mapping[str, Remembered]:
        """The memory of every exercise that has a review, also of those whose file is gone.

        Cheap when nothing has changed since the last call, but for this store's own reviews.
        """
        with translated(self.path):
            version = self._version()
            if self._memories is None or self._memories[0] != version:
                self._memories = (version, MappingProxyType(derived.read_all(self._db)))
            return self._memories[1]

    def due_memories(self, until: int) -> dict[str, Remembered]:
        """The memories that are due before ``until`` (UTC ms), the earliest first.

        With the two that follow, all that a count of what is due needs, without reading the memories of
        ten thousand exercises.
        """
        with translated(self.path):
            return derived.read_due(self._db, until)

    def reviewed_ids(self) -> set[str]:
        """Every exercise that has a review."""
        with translated(self.path):
            # One row instead of ten thousand: four times as fast.  No id holds a NUL.
            query = "SELECT group_concat(exercise_id, char(0)) FROM memory"
            (ids,) = self._db.execute(query).fetchone()
        return set(ids.split("\0")) if ids else set()

    def begun_since(self, since: int) -> int:
        """How many exercises had their first review at ``since`` (UTC ms) or later."""
        query = "SELECT count(*) FROM memory WHERE first_review >= ?"
        with translated(self.path):
            (count,) = self._db.execute(query, [since]).fetchone()
        return int(count)

    def rederive(self, derivation: Derivation) -> bool:
        """Bring the memories onto this derivation, where they are not; say whether they were not.

        For the start of a session, after a change of settings or of the program.
        """
        with translated(self.path):
            if derived.is_current(self._db, derivation):
                return False
        with self._transaction() as db:
            self._rederive_all(db, derivation)
        return True

    def rebuild(self, derivation: Derivation) -> None:
        """Derive all that is derived from the log anew, whatever it is now."""
        with self._transaction() as db:
            self._rederive_all(db, derivation)
            tally.rebuild(db)

    def is_current(self, derivation: Derivation) -> bool:
        """Whether the memories were derived by this very rule and settings."""
        with translated(self.path):
            return derived.is_current(self._db, derivation)

    def check_tally(self) -> bool:
        """Whether the counts by day are what the log gives."""
        with self._snapshot() as db:
            return tally.is_right(db)

    def check_consistency(self, derivation: Derivation) -> list[Difference]:
        """Every exercise whose stored memory is not, bit for bit, what its log gives."""
        with self._snapshot() as db:
            return derived.differences(db, derivation, self._adopted())

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
        return next(iter(self.all_pending()), None)

    def all_pending(self) -> list[Pending]:
        """Every question in progress, the one saved last first."""
        with translated(self.path):
            found = self._db.execute(
                f"SELECT {rows.PENDING_COLUMNS} FROM pending ORDER BY id DESC"  # noqa: S608
            ).fetchall()
        return [rows.read_pending(row) for row in found]

    def clear_pending(self, review_uuid: str | None = None) -> None:
        """Drop one question in progress, or all of them."""
        with self._transaction() as db:
            db.execute(
                "DELETE FROM pending WHERE review_uuid = coalesce(?, review_uuid)", [review_uuid]
            )

    # Transactions

    def _rederive(self, db: sqlite3.Connection, exercise_id: str, derivation: Derivation) -> None:
        """Bring the memory of the exercise with that id in the log in step with the log."""
        adopted = self._adopted()
        if derived.is_current(db, derivation):
            name = adopted.get(exercise_id, exercise_id)
            derived.rederive_one(db, name, derivation, adopted)
        else:
            self._rederive_all(db, derivation)
        self._memories = None

    def _rederive_all(self, db: sqlite3.Connection, derivation: Derivation) -> None:
        derived.rederive_all(db, derivation, self._adopted())
        self._memories = None

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
                self._forget()  # perhaps read from what is now undone
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


def _by_name(merged: merge.Merged, adopted: Mapping[str, str]) -> dict[str, list[Review] | None]:
    """What was merged, by the exercises that it counts for."""
    found: dict[str, list[Review] | None] = {}
    for logged, added in merged.touched.items():
        name = adopted.get(logged, logged)
        before = found.setdefault(name, [])
        if added is None or before is None:
            found[name] = None
        else:
            before.extend(map(rows.read_review, added))
    return found


def _already_recorded(exercise_id: str) -> AlreadyRecordedError:
    return AlreadyRecordedError(
        _(
            "This question of {exercise_id} has been answered already, in another window; that review "
            "counts. Go on with the next question."
        ).format(exercise_id=exercise_id)
    )
