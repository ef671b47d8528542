"""Reading what can still be read of a damaged database."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

from tutor.store.entries import COLUMNS, Entry, NotAnEntry, line, parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tutor.store.entries import Kind


def salvage(path: Path) -> list[Entry]:
    """Every entry of the log that is whole: read from both ends of each table up to the damage.

    An entry counts only if it would be taken from a file, so no garbage comes out of a broken page.
    """
    found: dict[tuple[str, str], Entry] = {}
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=1.0)) as db,
    ):
        db.text_factory = lambda raw: raw.decode("utf-8", "replace")
        for kind in COLUMNS:
            for order in ("ASC", "DESC"):
                for entry in _readable(db, kind, order):
                    found.setdefault((entry.kind, entry.uuid), entry)
    return list(found.values())


def _readable(db: sqlite3.Connection, kind: Kind, order: str) -> Iterator[Entry]:
    query = f"SELECT {', '.join(COLUMNS[kind])} FROM {kind} ORDER BY id {order}"  # noqa: S608
    with suppress(sqlite3.Error):
        for row in db.execute(query):
            with suppress(NotAnEntry, TypeError, ValueError):
                yield parse(line(Entry(kind, row)))
