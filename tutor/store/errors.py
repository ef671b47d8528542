"""What can go wrong with the store, each in words for the learner and with the remedy."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tutor.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class StoreError(Exception):
    """The progress could not be read or written.  ``str()`` is one message with its remedy."""

    @property
    def message(self) -> str:
        return str(self)


class HomeError(StoreError):
    """The home cannot be created, entered or written."""


class ReadOnlyError(StoreError):
    """The database file may not be written."""


class NewerError(StoreError):
    """The database was written by a newer version of the program."""


class LockedError(StoreError):
    """Another program held the database for longer than the timeout."""


class CorruptError(StoreError):
    """The file is damaged, or is no database at all."""


class ForeignError(StoreError):
    """The file is a sound database, but of another program."""


class DiskFullError(StoreError):
    """There is no room left for the write."""


class DiskFaultError(StoreError):
    """The operating system refused or failed a read or a write."""


class OldSQLiteError(StoreError):
    """Python's SQLite is too old."""


class AlreadyRecordedError(StoreError):
    """Another review of the very same question is in the log."""


class UnknownReviewError(StoreError):
    """There is no such review in the log, or it is undone."""


class UnknownMarkError(StoreError):
    """There is no such mark in the log, or it is undone."""


class AdoptionError(StoreError):
    """An exercise cannot be adopted so."""


def home_not_usable(home: Path, why: str) -> HomeError:
    return HomeError(
        _(
            "The folder for your progress, {home}, cannot be used: {why}. "
            "Make it writable, or choose another one with --home DIR or TUTOR_HOME."
        ).format(home=home, why=why)
    )


def read_only(path: Path) -> ReadOnlyError:
    return ReadOnlyError(
        _(
            "{path} may only be read, so nothing can be recorded. Make the file and its folder "
            "writable, or choose another folder with --home DIR or TUTOR_HOME."
        ).format(path=path)
    )


def newer(path: Path, found: object, known: object) -> NewerError:
    return NewerError(
        _(
            "{path} was written by a newer version of autograd-tutor (schema {found}, this program "
            "knows up to {known}). Upgrade the program; the file has not been touched."
        ).format(path=path, found=found, known=known)
    )


def older(path: Path) -> ReadOnlyError:
    return ReadOnlyError(
        _(
            "{path} was written by an older version of autograd-tutor and has to be brought up to "
            "date. Make the file and its folder writable and start tutor once."
        ).format(path=path)
    )


def corrupt(path: Path, why: str) -> CorruptError:
    return CorruptError(
        _(
            "{path} is damaged ({why}). It has been left as it is: move it aside together with its "
            "-wal and -shm files and put a backup copy in its place, or start afresh with --home DIR."
        ).format(path=path, why=why)
    )


def foreign(path: Path) -> ForeignError:
    return ForeignError(
        _(
            "{path} is a database of another program; it has been left as it is. Move it aside, or "
            "choose another folder with --home DIR or TUTOR_HOME."
        ).format(path=path)
    )


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file at ``path`` into :class:`StoreError`."""
    try:
        yield
    except sqlite3.Error as error:
        translation = _translate(error, path)
        if translation is None:
            raise
        raise translation from error


def _translate(error: sqlite3.Error, path: Path) -> StoreError | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None  # a misuse of the connection, not a fault of the file
    if code in _EXACT:
        return _EXACT[code](path, str(error))
    # The low byte of an extended code is the kind of fault.
    make = _BY_KIND.get(code & 0xFF)
    return make(path, str(error)) if make else None


def _locked(path: Path, _why: str) -> StoreError:
    return LockedError(
        _(
            "{path} is locked by another program. Nothing was recorded. Close the other program "
            "(another tutor, a backup, a database browser), then try again."
        ).format(path=path)
    )


def _full(path: Path, _why: str) -> StoreError:
    return DiskFullError(
        _(
            "There is no room left to write {path}. Nothing was recorded and nothing is lost. Free "
            "some disk space, then try again."
        ).format(path=path)
    )


def _fault(path: Path, why: str) -> StoreError:
    return DiskFaultError(
        _(
            "The system failed to read or write {path} ({why}). Nothing was recorded. Check the disk, "
            "its free space and your quota, then try again."
        ).format(path=path, why=why)
    )


def _directory_refused(path: Path, _why: str) -> StoreError:
    return home_not_usable(path.parent, f"{path.name} cannot be opened or created in it")


_EXACT = {sqlite3.SQLITE_READONLY_DIRECTORY: _directory_refused}
_BY_KIND = {
    sqlite3.SQLITE_BUSY: _locked,
    sqlite3.SQLITE_LOCKED: _locked,
    sqlite3.SQLITE_FULL: _full,
    sqlite3.SQLITE_IOERR: _fault,
    sqlite3.SQLITE_CANTOPEN: _directory_refused,
    sqlite3.SQLITE_PERM: lambda path, _why: read_only(path),
    sqlite3.SQLITE_READONLY: lambda path, _why: read_only(path),
    sqlite3.SQLITE_CORRUPT: corrupt,
    sqlite3.SQLITE_NOTADB: corrupt,
}
