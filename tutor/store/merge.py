"""Taking the entries of other logs into this one: a union by uuid.

The result does not depend on the order in which logs are taken in, nor on how often: it is commutative,
associative and idempotent.  These functions run inside a transaction of the caller.
"""

from __future__ import annotations

import uuid as uuids
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tutor.store import log, pending, tally
from tutor.store.entries import COLUMNS, Entry, line, read_one
from tutor.store.marks import MarkKind
from tutor.store.rows import canonical, placeholders, read_review

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from tutor.store.records import Review

#: The kind of event that keeps a review whose uuid another review has, too.
DOUBLE: Final = "double"
_DOUBLES: Final = uuids.UUID("6a0f8c5c-5e1f-4b3e-9a55-3b3a5b1f6f0e")


@dataclass(slots=True)
class Merged:
    """What was new: ``reviews``, ``events``, and ``doubles``, which were other reviews of known uuids.

    ``touched`` are the ids (as logged) of the exercises whose active reviews are others now, with the
    rows that were added where nothing else has changed, else ``None``.
    """

    reviews: int = 0
    events: int = 0
    doubles: int = 0
    touched: dict[str, list[tuple[Any, ...]] | None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.reviews or self.events or self.doubles)

    def by_exercise(self, adopted: Mapping[str, str]) -> dict[str, list[Review] | None]:
        """What was ``touched``, by the exercises that it counts for."""
        found: dict[str, list[Review] | None] = {}
        for logged, added in self.touched.items():
            name = adopted.get(logged, logged)
            before = found.setdefault(name, [])
            if added is None or before is None:
                found[name] = None
            else:
                before.extend(map(read_review, added))
        return found


def take_in(db: sqlite3.Connection, entries: Iterable[Entry], merged: Merged) -> None:
    """Add what the log does not have, and note it in ``merged``; memories are the caller's."""
    for entry in entries:
        stored = read_one(db, entry.kind, entry.uuid)
        if stored is None:
            _insert(db, entry, merged)
        elif stored.row != entry.row:
            _settle(db, entry, stored, merged)


def _insert(db: sqlite3.Connection, entry: Entry, merged: Merged, *, replace: bool = False) -> None:
    # REPLACE does not meet the trigger that keeps the log append-only: recursive_triggers is off.
    columns = ", ".join(COLUMNS[entry.kind])
    verb = "INSERT OR REPLACE" if replace else "INSERT"
    if entry.kind == "event" and entry.row[3] == log.UNDO:
        _lose(db, entry.row[4], merged)  # while the undo is not there yet
    db.execute(
        f"{verb} INTO {entry.kind} ({columns}) VALUES ({placeholders(columns)})",
        entry.row,
    )
    if entry.kind == "review":
        merged.reviews += not replace
        _gain(db, entry.row, merged)
        # The same question may still be open here, in the copy of a home.
        pending.drop(db, entry.uuid)
    else:
        merged.events += 1
        _touch_lowered(db, entry, merged)


def _touch_lowered(db: sqlite3.Connection, entry: Entry, merged: Merged) -> None:
    """A lowered rating, or one that is no longer lowered, changes a memory as a review does."""
    lowering = entry.row[4] if entry.row[3] == log.UNDO else entry.uuid
    exercise_id = log.exercise_lowered(db, lowering)
    if exercise_id is not None:
        merged.touched[exercise_id] = None


def _gain(db: sqlite3.Connection, row: tuple[Any, ...], merged: Merged) -> None:
    """Count a review, if it is active, from now on."""
    about = log.kinds_about(db, row[0])
    if log.UNDO in about:
        return
    tally.add(db, row)
    gained = merged.touched.setdefault(row[4], [])
    if MarkKind.LOWER in about:
        merged.touched[row[4]] = None  # the word about it came before it
    elif gained is not None:
        gained.append(row)


def _lose(db: sqlite3.Connection, uuid: str, merged: Merged) -> None:
    """Count a review, if it is there and active, no longer."""
    row = log.active_row(db, uuid)
    if row is not None:
        tally.add(db, row, -1)
        merged.touched[row[4]] = None


def _settle(db: sqlite3.Connection, entry: Entry, stored: Entry, merged: Merged) -> None:
    """Two entries of one uuid: on every device the same one of them counts, and no review is lost.

    It takes a home that was copied with a question open, answered on both sides.
    """
    first, second = sorted((entry, stored), key=lambda each: each.row)
    if entry.kind == "review":
        _keep_aside(db, second, merged)
    if first is entry:
        if entry.kind == "review":
            _lose(db, entry.uuid, merged)
        else:
            _touch_lowered(db, stored, merged)
        _insert(db, entry, merged, replace=True)
        if entry.kind == "event" and stored.row[3] == log.UNDO:
            again = read_one(db, "review", stored.row[4])
            if again is not None:
                _gain(db, again.row, merged)  # if nothing else undoes it
                merged.touched[again.row[4]] = None


def _keep_aside(db: sqlite3.Connection, entry: Entry, merged: Merged) -> None:
    """Keep a review that does not count, as the body of an event whose uuid follows from it."""
    text = line(entry).decode("ascii")
    uuid = str(uuids.uuid5(_DOUBLES, text))
    if read_one(db, "event", uuid) is None:
        body = canonical(dict(zip(COLUMNS["review"], entry.row, strict=True)))
        log.add_event(db, (uuid, entry.row[1], entry.row[2], DOUBLE, entry.uuid, body))
        merged.doubles += 1
