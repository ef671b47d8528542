"""The memory table: derived from the log, kept in step with it, rebuilt from it.

These functions run inside a transaction of the caller.  ``adopted`` says which exercises' reviews
count for another one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tutor.store.aggregates import ratings
from tutor.store.log import active_reviews
from tutor.store.records import (
    NEW,
    Derivation,
    Derived,
    Difference,
    Memory,
    New,
    Remembered,
    Review,
)
from tutor.store.rows import MEMORY_COLUMNS, memory_row, placeholders, read_memory

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

_WRITE: Final = (
    f"INSERT OR REPLACE INTO memory ({MEMORY_COLUMNS}) "  # noqa: S608
    f"VALUES ({placeholders(MEMORY_COLUMNS)})"
)


def read_one(db: sqlite3.Connection, exercise_id: str) -> Memory:
    row = db.execute(
        f"SELECT {MEMORY_COLUMNS} FROM memory WHERE exercise_id = ?",  # noqa: S608
        [exercise_id],
    ).fetchone()
    return read_memory(row)[1] if row else NEW


def read_all(db: sqlite3.Connection) -> dict[str, Remembered]:
    query = f"SELECT {MEMORY_COLUMNS} FROM memory ORDER BY exercise_id"  # noqa: S608
    make = Remembered._make
    return {row[0]: make(row[1:]) for row in db.execute(query).fetchall()}


def read_due(db: sqlite3.Connection, until: int) -> dict[str, Remembered]:
    query = f"SELECT {MEMORY_COLUMNS} FROM memory WHERE due < ? ORDER BY due, exercise_id"  # noqa: S608
    return dict(map(read_memory, db.execute(query, [until]).fetchall()))


def read_ids(db: sqlite3.Connection) -> set[str]:
    """Every exercise that has a memory."""
    # One row instead of ten thousand: four times as fast.  No id holds a NUL.
    query = "SELECT group_concat(exercise_id, char(0)) FROM memory"
    (ids,) = db.execute(query).fetchone()
    return set(ids.split("\0")) if ids else set()


def begun_since(db: sqlite3.Connection, since: int) -> int:
    """How many exercises had their first review at ``since`` (UTC ms) or later."""
    query = "SELECT count(*) FROM memory WHERE first_review >= ?"
    (count,) = db.execute(query, [since]).fetchone()
    return int(count)


def advance(
    db: sqlite3.Connection, review: Review, derivation: Derivation, adopted: Mapping[str, str]
) -> Memory:
    """Take the review, which has just been added to the log, into its exercise's memory."""
    exercise_id = adopted.get(review.exercise_id, review.exercise_id)
    before = read_one(db, exercise_id)
    if isinstance(before, Remembered) and review.at <= before.last_review:
        # The clock went back, or the exercise was meanwhile reviewed elsewhere: its order changes.
        return rederive_one(db, exercise_id, derivation, adopted)
    after = derivation.advance(before, review)
    db.execute(_WRITE, memory_row(exercise_id, after))
    return after


def extend(
    db: sqlite3.Connection,
    exercise_id: str,
    added: list[Review] | None,
    derivation: Derivation,
    adopted: Mapping[str, str],
) -> None:
    """Bring a memory up to date after reviews were ``added``; ``None``: after any other change."""
    memory = read_one(db, exercise_id)
    last = memory.last_review if isinstance(memory, Remembered) else None
    if not added or (last is not None and min(each.at for each in added) <= last):
        rederive_one(db, exercise_id, derivation, adopted)
        return
    for review in sorted(added, key=lambda each: (each.at, each.uuid)):
        memory = derivation.advance(memory, review)
    assert isinstance(memory, Remembered)  # noqa: S101 - there was at least one review
    db.execute(_WRITE, memory_row(exercise_id, memory))


def rederive_one(
    db: sqlite3.Connection, exercise_id: str, derivation: Derivation, adopted: Mapping[str, str]
) -> Memory:
    """Derive the memory of one exercise anew from its log."""
    memory: Memory = NEW
    for review in active_reviews(db, exercise_id, 0, adopted):
        memory = derivation.advance(memory, review)
    if isinstance(memory, New):
        db.execute("DELETE FROM memory WHERE exercise_id = ?", [exercise_id])
    else:
        db.execute(_WRITE, memory_row(exercise_id, memory))
    return memory


def rederive_all(
    db: sqlite3.Connection, derivation: Derivation, adopted: Mapping[str, str]
) -> None:
    """Derive every memory anew and note the basis."""
    replace_all(db, derive(db, derivation, adopted))


def derive(db: sqlite3.Connection, derivation: Derivation, adopted: Mapping[str, str]) -> Derived:
    """What the whole log gives; reads only."""
    return Derived(derivation, replayed(db, derivation, adopted), *_ends(db))


def replace_all(db: sqlite3.Connection, found: Derived) -> None:
    """Have the memories found stored in place of all others, and their basis noted."""
    db.execute("DELETE FROM memory")
    db.executemany(_WRITE, (memory_row(*each) for each in sorted(found.memories.items())))
    db.execute("UPDATE meta SET value = ? WHERE name = 'basis'", [found.derivation.basis])


def install(db: sqlite3.Connection, found: Derived, adopted: Mapping[str, str]) -> bool:
    """:func:`replace_all`, with the reviews that have been added since.

    Nothing is stored if anything else was added since (a review taken back, another id adopted):
    what was found does not hold then.
    """
    last_review, last_event = _ends(db)
    if last_event != found.last_event:
        return False
    replace_all(db, found)
    if last_review != found.last_review:
        query = "SELECT DISTINCT exercise_id FROM review WHERE id > ?"
        for (id_,) in db.execute(query, [found.last_review]).fetchall():
            rederive_one(db, adopted.get(id_, id_), found.derivation, adopted)
    return True


def _ends(db: sqlite3.Connection) -> tuple[int, int]:
    query = (
        "SELECT (SELECT coalesce(max(id), 0) FROM review), (SELECT coalesce(max(id), 0) FROM event)"
    )
    last_review, last_event = db.execute(query).fetchone()
    return last_review, last_event


def is_current(db: sqlite3.Connection, derivation: Derivation) -> bool:
    """Whether the stored memories were derived by this very rule and settings."""
    (basis,) = db.execute("SELECT value FROM meta WHERE name = 'basis'").fetchone()
    return bool(basis == derivation.basis)


def replayed(
    db: sqlite3.Connection, derivation: Derivation, adopted: Mapping[str, str]
) -> dict[str, Remembered]:
    """What the whole log gives, whatever the memory table says."""
    memories: dict[str, Remembered] = {}
    for review in ratings(db, adopted):
        before = memories.get(review.exercise_id, NEW)
        memories[review.exercise_id] = derivation.advance(before, review)
    return memories


def differences(
    db: sqlite3.Connection, derivation: Derivation, adopted: Mapping[str, str]
) -> list[Difference]:
    """Every exercise whose stored memory is not, bit for bit, what its log gives."""
    stored, rebuilt = read_all(db), replayed(db, derivation, adopted)
    return [
        Difference(each, stored.get(each, NEW), rebuilt.get(each, NEW))
        for each in sorted(stored.keys() | rebuilt.keys())
        if stored.get(each) != rebuilt.get(each)
    ]
