"""Copies of the database: made while it is in use, looked through before they count, rotated, put back.

They are plain databases in ``HOME/backups``, named by the moment they were made; each can be opened with any
SQLite browser.  Daily ones are thinned out with age; those made before something dangerous are kept apart.
"""

from __future__ import annotations

import os
import re
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import TYPE_CHECKING, Final

from tutor.i18n import _
from tutor.store import errors, opening
from tutor.store.files import put_in_place

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

TIMEOUT_S: Final = 5.0
FOLDER: Final = "backups"
DAILY: Final = "daily"
#: How many of the daily ones are kept: the last so many days, weeks and months that have one.
KEPT: Final = {"days": 7, "weeks": 4, "months": 6}
#: How many are kept of those made before an import, a restore, a migration.
KEPT_OTHERS: Final = 5

_NAME: Final = re.compile(r"progress-(\d{8}T\d{6})(\d{3})Z-([a-z0-9-]+)\.sqlite3")


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup in its folder: when it was made (UTC), and why: ``daily``, ``before-restore`` …"""

    path: Path
    at: datetime
    why: str

    @property
    def day(self) -> date:
        """The day on this machine's calendar."""
        return self.at.astimezone().date()


def all_backups(home: Path) -> list[Backup]:
    """Those in the home's folder, the newest first."""
    found = []
    with suppress(OSError):
        for path in (home / FOLDER).iterdir():
            match = _NAME.fullmatch(path.name)
            if match is not None:
                stamp, ms, why = match.groups()
                at = datetime.strptime(f"{stamp}{ms}000", "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
                found.append(Backup(path, at, why))
    return sorted(found, key=lambda each: (each.at, each.path.name), reverse=True)


def daily(home: Path, at_ms: int) -> Path | None:
    """Today's backup, if there is none yet and something has changed since the last; its path.

    Opens the database itself, so that it can be called on any thread.  Raises StoreError.
    """
    path = home / opening.FILE_NAME
    if not path.exists():
        return None
    made = [each for each in all_backups(home) if each.why == DAILY]
    today = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone().date()
    if made and (made[0].day >= today or made[0].path.stat().st_mtime >= _last_change(path)):
        return None
    new = make(home, DAILY, at_ms)
    for backup in superfluous([each for each in all_backups(home) if each.why == DAILY]):
        with suppress(OSError):
            backup.path.unlink()
    return new


def make(home: Path, why: str, at_ms: int) -> Path:
    """A backup of the home's database into its folder of backups; ``why`` becomes part of its name.

    Raises StoreError; nothing is left behind then.
    """
    moment = datetime.fromtimestamp(at_ms / 1000, UTC)
    name = f"progress-{moment:%Y%m%dT%H%M%S}{at_ms % 1000:03}Z-{why}.sqlite3"
    path = home / FOLDER / name
    copy(home / opening.FILE_NAME, path)
    if why != DAILY:
        others = [each for each in all_backups(home) if each.why == why]
        for backup in others[KEPT_OTHERS:]:
            with suppress(OSError):
                backup.path.unlink()
    return path


def superfluous(made: Iterable[Backup]) -> list[Backup]:
    """Those that are not the newest of one of the last seven days, four weeks, six months."""
    made = sorted(made, key=lambda each: each.at, reverse=True)
    kept = set()
    for period, number in KEPT.items():
        newest: dict[object, Backup] = {}
        for backup in made:
            newest.setdefault(_period(backup.day, period), backup)
        kept |= {each.path for each in list(newest.values())[:number]}
    return [each for each in made if each.path not in kept]


def _period(day: date, period: str) -> object:
    if period == "weeks":
        return day.isocalendar()[:2]
    return day if period == "days" else (day.year, day.month)


def copy(source: Path, target: Path) -> None:
    """Copy a database that may be in use to ``target``, and look through the copy; on the disk on return.

    ``target`` is replaced only by a whole and sound copy.  Raises StoreError.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise _not_written(target, error) from error
    beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with errors.translated(source), closing(_open(source)) as db:
            _copy_into(db, beside)
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        put_in_place(beside, target)
    except OSError as error:
        raise _not_written(target, error) from error
    finally:
        for rest in ("", "-wal", "-shm", "-journal"):
            with suppress(OSError):
                beside.with_name(beside.name + rest).unlink()


def _copy_into(db: sqlite3.Connection, beside: Path) -> None:
    with errors.translated(beside), closing(sqlite3.connect(beside, isolation_level=None)) as new:
        db.backup(new)
        new.execute("PRAGMA journal_mode = DELETE")  # one file, that needs no others beside it
        findings = [finding for (finding,) in new.execute("PRAGMA integrity_check")]
    if findings != ["ok"]:
        raise errors.corrupt(beside, findings[0])


def _open(path: Path) -> sqlite3.Connection:
    if path.exists() and path.stat().st_size == 0:
        # SQLite would take it for a new database, and drop the WAL that belongs to it.
        raise errors.corrupt(path, _("it is empty"))
    return opening.connect_read_only(path, TIMEOUT_S)


def _last_change(path: Path) -> float:
    wal = path.with_name(path.name + "-wal")
    return max(each.stat().st_mtime for each in (path, wal) if each.exists())


def _not_written(path: Path, error: OSError) -> errors.StoreError:
    return errors.FolderError(
        _("{path} cannot be written: {why}. Your progress itself is as it was.").format(
            path=path, why=(error.strerror or type(error).__name__).lower()
        )
    )


# Putting back


def put_back(backup: Path, home: Path, at_ms: int) -> Path | None:
    """Make ``backup``, a sound database, the home's progress; give where the present one is kept.

    A sound present database is first backed up, then overwritten in one transaction that other windows
    see as such; a damaged one is moved aside, with what belongs to it.  Raises StoreError, and the
    present state is then as it was, or in the folder ``damaged-N``.
    """
    path = home / opening.FILE_NAME
    if not path.exists():
        copy(backup, path)
        return None
    try:
        kept = make(home, "before-restore", at_ms)
    except errors.CorruptError:
        kept = _move_aside(path)
        copy(backup, path)
        return kept
    with (
        errors.translated(path),
        closing(_open(backup)) as source,
        closing(sqlite3.connect(path, timeout=TIMEOUT_S, isolation_level=None)) as db,
    ):
        _overwrite(source, db, path)
    return kept


def _overwrite(source: sqlite3.Connection, db: sqlite3.Connection, path: Path) -> None:
    left, end = -1, 0.0

    def not_for_ever(_status: int, remaining: int, _total: int) -> None:
        # Python itself tries again without end while another program holds the lock.
        nonlocal left, end
        if remaining != left:
            left, end = remaining, time.monotonic() + TIMEOUT_S
        elif time.monotonic() > end:
            raise errors.locked(path)

    source.backup(db, pages=1_000, progress=not_for_ever, sleep=0.05)
    db.execute("PRAGMA journal_mode = WAL")


def _move_aside(path: Path) -> Path:
    """Move a damaged database and its WAL into a new folder beside it, and give that folder."""
    try:
        folder = _new_folder(path.parent)
        for end in ("-wal", "-shm", ""):  # the database last: until then all can be tried again
            part = path.with_name(path.name + end)
            if part.exists():
                part.rename(folder / part.name)
    except OSError as error:
        raise _not_written(path.parent, error) from error
    return folder


def _new_folder(home: Path) -> Path:
    for number in count(1):
        folder = home / f"damaged-{number}"
        with suppress(FileExistsError):
            folder.mkdir()
            return folder
    raise AssertionError  # there is always another number
