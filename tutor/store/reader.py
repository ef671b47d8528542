"""An open store, as far as it is read: the log, what is derived from it, the open question, and proofs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tutor.store import aggregates, derived, log, pending, tally
from tutor.store.entries import read_all, read_one
from tutor.store.errors import CorruptError, corrupt, translated
from tutor.store.kept import Kept
from tutor.store.transactions import snapshot

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from tutor.store.entries import Entry, Kind
    from tutor.store.marks import Marks
    from tutor.store.records import (
        Derivation,
        Derived,
        Difference,
        Memory,
        Pending,
        Rated,
        Remembered,
        Review,
    )  # fmt: skip


class StoreReader:
    """Use it on the thread that opened it; every method may raise StoreError."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path: Final = path
        self._db: Final = connection
        with translated(path):
            row = connection.execute("SELECT value FROM meta WHERE name = 'device'").fetchone()
        if row is None:
            raise corrupt(path, "it has lost its device id")
        #: Names this home on this machine in the log.
        self.device_id: str = row[0]
        self._kept: Final = Kept(connection)

    def __enter__(self) -> Self:
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

    # The log

    def entries(self) -> Iterator[Entry]:
        """The whole log as it is, for other devices: undone reviews and all events too."""
        with translated(self.path):
            yield from read_all(self._db)

    def entry(self, kind: Kind, uuid: str) -> Entry | None:
        """One entry of the log, ``None`` if there is none."""
        with translated(self.path):
            return read_one(self._db, kind, uuid)

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

    def by_exercise(self) -> dict[str, aggregates.Count]:
        """How many reviews each exercise has that has any, and how many of them were right."""
        with translated(self.path):
            return aggregates.by_exercise(self._db, self._adopted())

    def misses(self) -> Iterator[Review]:
        """Every review with a wrong attempt, without the undone ones, the newest first."""
        with translated(self.path):
            yield from aggregates.misses(self._db, self._adopted())

    def ratings(self) -> Iterator[Rated]:
        """Every review without the undone ones, oldest first, as far as memory follows from it."""
        with translated(self.path):
            yield from aggregates.ratings(self._db, self._adopted())

    # What is derived from it

    def marks(self) -> Marks:
        """All that holds now: suspended, buried, flags, notes, opened skills, adoptions.

        Cheap when nothing has changed since the last call.
        """
        with translated(self.path):
            return self._kept.marks()

    def memory(self, exercise_id: str) -> Memory:
        """The memory of one exercise, New if it has no review."""
        with translated(self.path):
            return derived.read_one(self._db, exercise_id)

    def memories(self) -> Mapping[str, Remembered]:
        """The memory of every exercise that has a review, also of those whose file is gone.

        Cheap when nothing has changed since the last call, but for this store's own reviews.
        """
        with translated(self.path):
            return self._kept.memories()

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
            return derived.read_ids(self._db)

    def begun_since(self, since: int) -> int:
        """How many exercises had their first review at ``since`` (UTC ms) or later."""
        with translated(self.path):
            return derived.begun_since(self._db, since)

    def is_current(self, derivation: Derivation) -> bool:
        """Whether the memories were derived by this very rule and settings."""
        with translated(self.path):
            return derived.is_current(self._db, derivation)

    # The question in progress

    def pending(self) -> Pending | None:
        """The question in progress that was saved last."""
        return next(iter(self.all_pending()), None)

    def all_pending(self) -> list[Pending]:
        """Every question in progress, the one saved last first."""
        with translated(self.path):
            return pending.read_all(self._db)

    # Proofs

    def derive(self, derivation: Derivation) -> Derived:
        """The memories that the whole log gives: seconds for a million reviews, so for a thread.

        They are stored by :meth:`tutor.store.store.Store.install`, on any connection.
        """
        with translated(self.path), snapshot(self._db):
            return derived.derive(self._db, derivation, self._adopted())

    def check_tally(self) -> bool:
        """Whether the counts by day are what the log gives."""
        with translated(self.path), snapshot(self._db):
            return tally.is_right(self._db)

    def check_consistency(self, derivation: Derivation) -> list[Difference]:
        """Every exercise whose stored memory is not, bit for bit, what its log gives."""
        with translated(self.path), snapshot(self._db):
            return derived.differences(self._db, derivation, self._adopted())

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

    def _adopted(self) -> Mapping[str, str]:
        return self.marks().adopted
