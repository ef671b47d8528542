"""What can go wrong with the store, each in words for the learner and with the remedy."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tutor.i18n import _, ngettext

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


class FolderError(StoreError):
    """A folder or file beside the home cannot be read or written."""


class FileError(StoreError):
    """A file that was to be taken in cannot be, and none of it was."""


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
            "{path} is damaged ({why}). It has been left as it is. `tutor restore` lists your backups, "
            "and `tutor restore FILE` puts one in its place together with all that can still be read "
            "of the damaged file; or start afresh with --home DIR."
        ).format(path=path, why=why)
    )


def corrupt_copy(path: Path, why: str) -> FileError:
    return FileError(
        _("{path} is damaged ({why}). Nothing was taken from it; try an older backup.").format(
            path=path, why=why
        )
    )


def malformed(path: Path, bad: list[str]) -> FileError:
    """``bad`` are what is wrong with its lines, of which the first few are shown."""
    shown = "; ".join(bad[:3])
    more = len(bad) - 3
    if more > 0:
        shown += "; " + ngettext("and {n} more line", "and {n} more lines", more).format(n=more)
    return FileError(
        _("Nothing was taken from {path}, because not all of it is good: {lines}.").format(
            path=path, lines=shown
        )
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


def locked(path: Path, _why: str = "") -> LockedError:
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
    sqlite3.SQLITE_BUSY: locked,
    sqlite3.SQLITE_LOCKED: locked,
    sqlite3.SQLITE_FULL: _full,
    sqlite3.SQLITE_IOERR: _fault,
    sqlite3.SQLITE_CANTOPEN: _directory_refused,
    sqlite3.SQLITE_PERM: lambda path, _why: read_only(path),
    sqlite3.SQLITE_READONLY: lambda path, _why: read_only(path),
    sqlite3.SQLITE_CORRUPT: corrupt,
    sqlite3.SQLITE_NOTADB: corrupt,
}
