"""The learner's progress: an append-only log of reviews, and what is derived from it.

Importing this package loads neither sqlite-utils nor anything else that is slow.
"""

from tutor.store.errors import StoreError
from tutor.store.marks import Mark, MarkKind, Marks
from tutor.store.reader import StoreReader
from tutor.store.records import (
    NEW,
    Attempt,
    Derivation,
    Difference,
    Memory,
    New,
    Pending,
    Rating,
    Remembered,
    Review,
)
from tutor.store.store import Store, open_store
from tutor.store.uuids import new_uuid

__all__ = [
    "NEW",
    "Attempt",
    "Derivation",
    "Difference",
    "Mark",
    "MarkKind",
    "Marks",
    "Memory",
    "New",
    "Pending",
    "Rating",
    "Remembered",
    "Review",
    "Store",
    "StoreError",
    "StoreReader",
    "new_uuid",
    "open_store",
]
