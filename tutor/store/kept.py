"""What is kept of the file between two reads of it: the marks and the memories."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from tutor.store import derived, log, marks
from tutor.store.records import New

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from tutor.store.marks import Marks
    from tutor.store.records import Memory, Remembered


class Kept:
    """Each with the state of the file that it was read in: read again once others have committed.

    Whoever writes over this connection says what is no longer so.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._marks: tuple[int, Marks] | None = None
        #: The dictionary is never changed, only replaced.
        self._memories: tuple[int, Mapping[str, Remembered]] | None = None

    def marks(self) -> Marks:
        version = self._version()
        if self._marks is None or self._marks[0] != version:
            self._marks = (version, marks.replay(log.active_marks(self._db)))
        return self._marks[1]

    def memories(self) -> Mapping[str, Remembered]:
        version = self._version()
        if self._memories is None or self._memories[0] != version:
            self._memories = (version, MappingProxyType(derived.read_all(self._db)))
        return self._memories[1]

    def remember(self, exercise_id: str, memory: Memory) -> None:
        """One memory has been committed."""
        if self._memories is None:
            return
        version, memories = self._memories
        after = dict(memories)
        if isinstance(memory, New):
            after.pop(exercise_id, None)
        else:
            after[exercise_id] = memory
        self._memories = (version, MappingProxyType(after))

    def forget_marks(self) -> None:
        self._marks = None

    def forget_memories(self) -> None:
        self._memories = None

    def forget(self) -> None:
        self._marks = self._memories = None

    def _version(self) -> int:
        """A number that is another one after others' commits; our own mend what is kept here."""
        (version,) = self._db.execute("PRAGMA data_version").fetchone()
        return int(version)
