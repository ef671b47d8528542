"""Opening the database of a home: create it, bring it up to date, or say what is wrong with it."""

from __future__ import annotations

import os
import sqlite3
import time
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from tutor.clock import utc_now_ms
from tutor.i18n import _
from tutor.store import errors

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME: Final = "progress.sqlite3"
#: ``user_version`` after the last migration in ``migrations.py``.
SCHEMA_VERSION: Final = 3
#: Marks a SQLite file as ours ("AGTu"), so that another program's database is never written to.
APPLICATION_ID: Final = 0x41475475
OLDEST_SQLITE: Final = (3, 37, 0)  # the first with STRICT tables


def open_for_writing(home: Path, timeout_s: float) -> sqlite3.Connection:
    """A connection to the up-to-date database of ``home``, which is created where missing.

    Every commit on it is on the disk when it returns (WAL, synchronous=FULL).  Raises StoreError.
    """
    _check_sqlite()
    path = home / FILE_NAME
    _make_home(home)
    _check_file(path)
    if path.exists() and not os.access(path, os.W_OK):
        raise errors.read_only(path)
    with errors.translated(path):
        connection = _connect(path, "rwc", timeout_s)
        try:
            version = check_schema(connection, path)
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(
                "PRAGMA fullfsync = ON"
            )  # macOS: fsync alone stops at the drive's cache
            if version < SCHEMA_VERSION:
                if version:
                    _back_up(home, version)
                _migrate(connection, timeout_s)
            # sqlite-utils turns them on, and with them REPLACE would meet the log's own triggers.
            connection.execute("PRAGMA recursive_triggers = OFF")
        except BaseException:
            connection.close()
            raise
    return connection


def open_for_reading(home: Path, timeout_s: float) -> sqlite3.Connection:
    """A connection that cannot write.  A home without progress gives an empty database in memory.

    Raises StoreError, also for a database of an older version: bringing it up to date is a write.
    """
    _check_sqlite()
    path = home / FILE_NAME
    if home.exists() and not home.is_dir():
        raise errors.home_not_usable(home, _("it is a file, not a folder"))
    if not _exists(path):
        return _empty()
    _check_file(path)
    with errors.translated(path):
        connection = connect_read_only(path, timeout_s)
        try:
            version = check_schema(connection, path)
        except BaseException:
            connection.close()
            raise
    if version == 0:
        connection.close()
        return _empty()
    if version < SCHEMA_VERSION:
        connection.close()
        raise errors.older(path)
    return connection


def _check_sqlite() -> None:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise errors.OldSQLiteError(
            _(
                "This Python comes with SQLite {version}; progress needs 3.37 or newer. Use a newer "
                "Python build."
            ).format(version=sqlite3.sqlite_version)
        )


def _make_home(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except FileExistsError:
        raise errors.home_not_usable(home, _("there is a file of that name")) from None
    except OSError as error:
        raise errors.home_not_usable(home, _reason(error)) from error
    if not os.access(home, os.W_OK | os.X_OK):
        raise errors.home_not_usable(home, _("it may not be written"))


def _exists(path: Path) -> bool:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise errors.home_not_usable(path.parent, _reason(error)) from error
    return True


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def _check_file(path: Path) -> None:
    """Refuse what SQLite would silently take for a new database, and with it drop a WAL."""
    try:
        if not path.exists():
            return
        if not path.is_file():
            raise errors.corrupt(path, _("it is not a file"))
        wal = path.with_name(path.name + "-wal")
        if path.stat().st_size == 0 and wal.exists() and wal.stat().st_size > 0:
            raise errors.corrupt(path, _("it is empty, although its -wal file is not"))
    except OSError as error:
        raise errors.home_not_usable(path.parent, _reason(error)) from error


def _connect(path: Path, mode: str, timeout_s: float, options: str = "") -> sqlite3.Connection:
    # isolation_level=None: transactions are begun by hand, so that none is open by accident.
    return sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}{options}",
        uri=True,
        timeout=timeout_s,
        isolation_level=None,
    )


def connect_read_only(path: Path, timeout_s: float) -> sqlite3.Connection:
    """A connection that cannot write, also where the folder may not be written.  Raises sqlite3.Error."""
    connection = _connect(path, "ro", timeout_s)
    try:
        connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        # In a folder that may not be written, SQLite cannot make the shared memory of the WAL.
        # Without a WAL there is nothing to share, and the file is complete by itself.
        wal = path.with_name(path.name + "-wal")
        lonely = not wal.exists() or wal.stat().st_size == 0
        if error.sqlite_errorcode & 0xFF not in (
            sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_READONLY,
        ) or (not lonely):
            raise
        return _connect(path, "ro", timeout_s, "&immutable=1")
    except BaseException:
        connection.close()
        raise
    return connection


def check_schema(connection: sqlite3.Connection, path: Path) -> int:
    """The schema version, 0 for an empty database.  Refuses others' and newer databases."""
    # One statement, so that another process cannot create the schema between two of these answers.
    objects, application, version = connection.execute(
        "SELECT (SELECT count(*) FROM sqlite_schema), a.application_id, u.user_version "
        "FROM pragma_application_id AS a, pragma_user_version AS u"
    ).fetchone()
    if application != APPLICATION_ID and (objects or application or version):
        raise errors.foreign(path)
    if version > SCHEMA_VERSION:
        raise errors.newer(path, version, SCHEMA_VERSION)
    return int(version)


def _back_up(home: Path, version: int) -> None:
    """Keep a copy of the database as it is before it is brought up to date."""
    from tutor.store import backup

    backup.make(home, f"schema-{version}", utc_now_ms())


def _migrate(connection: sqlite3.Connection, timeout_s: float) -> None:
    """Apply what is missing, all of it in one transaction, of which two processes do only one."""
    from sqlite_utils import Database

    from tutor.store.migrations import migrations

    _switch_to_wal(connection, timeout_s)
    db = Database(connection, execute_plugins=False)
    connection.execute("BEGIN IMMEDIATE")
    try:
        migrations.apply(db)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _switch_to_wal(connection: sqlite3.Connection, timeout_s: float) -> None:
    """Set WAL for good; SQLite's own timeout does not cover two processes that do so at once."""
    end = time.monotonic() + timeout_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


def _empty() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    from sqlite_utils import Database

    from tutor.store.migrations import migrations

    migrations.apply(Database(connection, execute_plugins=False))
    connection.execute("PRAGMA query_only = ON")
    return connection
