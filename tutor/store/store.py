"""The learner's progress in one SQLite file: the log, the derived memory, the open question.

Every write is one transaction that is on the disk when the call returns. Transactions take the
write lock at their beginning, so two processes on one home wait for each other and derive
memory from what the other has committed.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Final, Literal, overload

from tutor.i18n import _
from tutor.store import derived, log, merge, opening, pending, place, rows, tally
from tutor.store.errors import (
    AdoptionError,
    AlreadyRecordedError,
    UnknownMarkError,
    UnknownReviewError,
    translated,
)
from tutor.store.marks import MarkKind, renamed
from tutor.store.reader import StoreReader
from tutor.store.transactions import writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from tutor.store.entries import Entry
    from tutor.store.marks import Mark
    from tutor.store.records import Derivation, Derived, Memory, Pending, Rating, Review

TIMEOUT_S: Final = 5.0


@overload
def open_store(home: Path, *, timeout_s: float = TIMEOUT_S) -> Store: ...


@overload
def open_store(
    home: Path, *, read_only: Literal[True], timeout_s: float = TIMEOUT_S
) -> StoreReader: ...


def open_store(
    home: Path, *, read_only: bool = False, timeout_s: float = TIMEOUT_S
) -> Store | StoreReader:
    """The store of ``home``, created where missing.

    ``read_only`` never creates or changes a file; a home without progress is then simply empty.
    ``timeout_s`` is how long to wait for another program's write.  Raises StoreError.
    """
    home = home.expanduser().absolute()
    path = home / opening.FILE_NAME
    if read_only:
        return StoreReader(path, opening.open_for_reading(home, timeout_s))
    connection = opening.open_for_writing(home, timeout_s)
    try:
        with translated(path):
            place.settle(connection, home)
        return Store(path, connection)
    except BaseException:
        connection.close()
        raise


class Store(StoreReader):
    """An open store that is written to.  Use it on the thread that opened it; all may raise StoreError."""

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
                log.add_review(db, row)
            except sqlite3.IntegrityError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_UNIQUE:
                    raise
                if log.stored_row(db, review.uuid) != row:
                    raise _already_recorded(review.exercise_id) from None
                return derived.read_one(db, exercise_id)
            tally.add(db, row)
            pending.drop(db, review.uuid)
            memory = derived.advance(db, review, derivation, adopted)
        self._kept.remember(exercise_id, memory)
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
        self._kept.remember(exercise_id, memory)
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

    # Other logs

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
                self._kept.forget()
                if derived.is_current(db, derivation):
                    adopted = self._adopted()
                    for exercise_id, added in merged.by_exercise(adopted).items():
                        derived.extend(db, exercise_id, added, derivation, adopted)
        return merged

    def renew_device(self) -> str:
        """Go by a new device id from now on: somebody else goes by the present one."""
        with self._transaction() as db:
            self.device_id = place.renew(db, self.path.parent)
        return self.device_id

    # What is derived from the log

    def rederive(self, derivation: Derivation) -> bool:
        """Bring the memories onto this derivation, where they are not; say whether they were not.

        For the start of a session, after a change of settings or of the program.  Others can write
        meanwhile: the write lock is held only at the end, when the memories are stored.
        """
        if self.is_current(derivation):
            return False
        while not self.install(self.derive(derivation)):
            pass
        return True

    def install(self, found: Derived) -> bool:
        """Store what :meth:`derive` found, here or over another connection, and what was added since.

        False, and nothing is stored, if the log has changed in another way meanwhile.
        """
        with self._transaction() as db:
            done = derived.install(db, found, self._adopted())
            self._kept.forget_memories()
        return done

    def rebuild(self, derivation: Derivation) -> None:
        """Derive all that is derived from the log anew, whatever it is now."""
        with self._transaction() as db:
            self._rederive_all(db, derivation)
            tally.rebuild(db)

    # The question in progress, and what is told once

    def save_pending(self, question: Pending) -> None:
        """Commit the question in progress, in place of what was saved of it before.

        Raises AlreadyRecordedError if it has meanwhile been finished, in another window.
        """
        with self._transaction() as db:
            if log.stored_row(db, question.review_uuid) is not None:
                raise _already_recorded(question.exercise_id)
            pending.save(db, question)

    def clear_pending(self, review_uuid: str | None = None) -> None:
        """Drop one question in progress, or all of them."""
        with self._transaction() as db:
            pending.drop(db, review_uuid)

    def first_time(self, what: str) -> bool:
        """Whether this is asked for the first time in this file; what is told once asks it."""
        with self._transaction() as db:
            made = db.execute("INSERT OR IGNORE INTO meta VALUES (?, 'done')", [what])
            return made.rowcount == 1

    # Transactions

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """A write: from the lock at its beginning to the disk at its end, or not at all."""
        with translated(self.path):
            try:
                with writing(self._db):
                    yield self._db
            except BaseException:
                self._kept.forget()  # perhaps read from what is now undone
                raise

    def _add_mark(
        self,
        db: sqlite3.Connection,
        kind: MarkKind,
        subject: str,
        at: int,
        body: Mapping[str, Any],
    ) -> Mark:
        mark = log.add_mark(db, self.device_id, kind, subject, at, body)
        self._kept.forget_marks()
        return mark

    def _add_undo(self, db: sqlite3.Connection, subject: str, at: int) -> None:
        log.add_undo(db, self.device_id, subject, at)
        self._kept.forget_marks()

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
            for exercise_id in renamed(before, after):
                derived.rederive_one(db, exercise_id, derivation, after)
                self._kept.forget_memories()

    def _rederive(self, db: sqlite3.Connection, exercise_id: str, derivation: Derivation) -> None:
        """Bring the memory of the exercise with that id in the log in step with the log."""
        adopted = self._adopted()
        if derived.is_current(db, derivation):
            name = adopted.get(exercise_id, exercise_id)
            derived.rederive_one(db, name, derivation, adopted)
        else:
            self._rederive_all(db, derivation)
        self._kept.forget_memories()

    def _rederive_all(self, db: sqlite3.Connection, derivation: Derivation) -> None:
        derived.rederive_all(db, derivation, self._adopted())
        self._kept.forget_memories()


def _already_recorded(exercise_id: str) -> AlreadyRecordedError:
    return AlreadyRecordedError(
        _(
            "This question of {exercise_id} has been answered already, in another window; that review "
            "counts. Go on with the next question."
        ).format(exercise_id=exercise_id)
    )
