"""Which machine and folder a home lies in, and the device id that goes with it.

Two homes with one device id would write the same file of a shared folder, and a question that was open
when the home was copied would have one uuid and two answers.  So a home that wakes up elsewhere takes a
new device id; back where it was before, it takes the old one again.
"""

from __future__ import annotations

import hashlib
import platform
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.store.uuids import new_uuid

if TYPE_CHECKING:
    import sqlite3


def settle(db: sqlite3.Connection, home: Path) -> None:
    """See to it that the device id is this place's own."""
    here = _fingerprint(home)
    if _meta(db, "place") == here:
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        before = _meta(db, "place")
        if before is None:
            _set(db, f"device@{here}", str(_meta(db, "device")))
        elif before != here:
            known = _meta(db, f"device@{here}")
            _take_device(db, known or str(uuid.uuid4()), here)
            if known is None:
                _renew_open_questions(db)
        _set(db, "place", here)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def renew(db: sqlite3.Connection, home: Path) -> str:
    """A new device id for this place, inside a transaction of the caller."""
    device = str(uuid.uuid4())
    _take_device(db, device, _fingerprint(home))
    return device


def _take_device(db: sqlite3.Connection, device: str, here: str) -> None:
    _set(db, "device", device)
    _set(db, f"device@{here}", device)


def _renew_open_questions(db: sqlite3.Connection) -> None:
    for id_, started_at in db.execute("SELECT id, started_at FROM pending").fetchall():
        values = [new_uuid(started_at), id_]
        db.execute("UPDATE pending SET review_uuid = ? WHERE id = ?", values)


def _meta(db: sqlite3.Connection, name: str) -> str | None:
    row = db.execute("SELECT value FROM meta WHERE name = ?", [name]).fetchone()
    return None if row is None else str(row[0])


def _set(db: sqlite3.Connection, name: str, value: str) -> None:
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [name, value])


def _fingerprint(home: Path) -> str:
    # A container has a new host name at every start, but a machine id of its image, or none.
    try:
        machine = Path("/etc/machine-id").read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        linux = platform.system() == "Linux"
        machine = "" if linux else platform.node().partition(".")[0]
    return hashlib.sha256(f"{machine}\0{home.resolve()}".encode(errors="replace")).hexdigest()[:16]
