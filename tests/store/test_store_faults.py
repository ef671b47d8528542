"""Everything that can be wrong with a home: one clear message, nothing lost, nothing overwritten."""

from __future__ import annotations

import contextlib
import resource
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from store_helpers import (
    DAY,
    RULE,
    START,
    as_ordinary_user,
    hurried,
    in_a_child,
    make_review,
)

from tutor.store import StoreError, errors, open_store, opening
from tutor.store.opening import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with twenty reviews, closed."""
    with open_store(tmp_path / "home") as store:
        hurried(store)
        for n in range(20):
            store.record(make_review(store, START + n * DAY), RULE)
    return tmp_path / "home"


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that every user may enter; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield folder
    for each in [folder, *folder.rglob("*")]:
        each.chmod(0o777)
    shutil.rmtree(folder)


def refused(home: Path, kind: type[StoreError], *words: str, read_only: bool = False) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(home, read_only=read_only, timeout_s=0.2)
    message = str(caught.value)
    assert type(caught.value) is kind, message
    assert str(home) in message
    assert "\n" not in message
    for word in words:
        assert word in message


def test_a_file_in_place_of_the_home(tmp_path: Path) -> None:
    in_the_way = tmp_path / "home"
    in_the_way.write_text("mine")
    refused(in_the_way, errors.HomeError, "file of that name", "--home")
    refused(in_the_way / "below", errors.HomeError, "--home")
    assert in_the_way.read_text() == "mine"


def test_a_home_that_cannot_be_created_or_written(open_to_all: Path) -> None:
    closed = open_to_all / "closed"
    closed.mkdir()

    def check() -> None:
        refused(closed, errors.HomeError, "--home", "TUTOR_HOME")
        refused(closed / "below", errors.HomeError, "permission denied")

    closed.chmod(0o555)
    as_ordinary_user(check)
    assert list(closed.iterdir()) == []


def test_a_home_that_may_not_be_entered(open_to_all: Path) -> None:
    closed = open_to_all / "closed"
    closed.mkdir(mode=0o700)
    closed.chmod(0o000)

    def check() -> None:
        refused(closed, errors.HomeError)
        refused(closed, errors.HomeError, read_only=True)

    as_ordinary_user(check)


def test_a_read_only_file_refuses_writing_but_can_be_read(home: Path, open_to_all: Path) -> None:
    copy = open_to_all / "home"
    shutil.copytree(home, copy)
    (copy / FILE_NAME).chmod(0o444)
    copy.chmod(0o555)

    def check() -> None:
        refused(copy, errors.HomeError, "may not be written")
        with open_store(copy, read_only=True) as store:
            assert store.review_count() == 20
            assert store.check_consistency(RULE) == []

    as_ordinary_user(check)
    copy.chmod(0o777)

    def check_file() -> None:
        refused(copy, errors.ReadOnlyError, FILE_NAME, "may only be read")
        with open_store(copy, read_only=True) as store:
            assert store.review_count() == 20
            assert not hasattr(store, "record")
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                store._db.execute("DELETE FROM pending")

    as_ordinary_user(check_file)


def test_a_newer_database_is_left_untouched(home: Path) -> None:
    path = home / FILE_NAME
    with closing(sqlite3.connect(path)) as bare:
        bare.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    for read_only in (False, True):
        refused(home, errors.NewerError, "newer version", "99", "Upgrade", read_only=read_only)
    assert path.read_bytes() == before


def test_an_older_database_is_not_brought_up_to_date_by_reading(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "SCHEMA_VERSION", opening.SCHEMA_VERSION + 1)
    refused(home, errors.ReadOnlyError, "older version", "start tutor once", read_only=True)


def test_a_lock_held_for_longer_than_the_timeout(home: Path) -> None:
    with open_store(home, timeout_s=0.2) as store, closing(sqlite3.connect(store.path)) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        review = make_review(store, START + 30 * DAY)
        with pytest.raises(errors.LockedError, match="locked by another program"):
            store.record(review, RULE)
        assert store.review_count() == 20  # reading goes on
        other.execute("ROLLBACK")
        store.record(review, RULE)
        assert store.review_count() == 21


def test_a_lock_that_keeps_even_readers_out(home: Path) -> None:
    with closing(sqlite3.connect(home / FILE_NAME)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.isolation_level = None
        other.execute("BEGIN EXCLUSIVE")
        for read_only in (False, True):
            refused(home, errors.LockedError, "Close the other program", read_only=read_only)


def test_a_new_home_while_another_program_holds_the_file(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as other:
        other.isolation_level = None
        other.execute("BEGIN EXCLUSIVE")
        refused(tmp_path, errors.LockedError)


@pytest.mark.parametrize("content", [b"not a database at all\n" * 100, b"\0" * 8192])
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(content)
    for read_only in (False, True):
        refused(tmp_path, errors.CorruptError, "damaged", "backup", read_only=read_only)
    assert path.read_bytes() == content


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    refused(tmp_path, errors.CorruptError, "not a file")


def test_the_database_of_another_program(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE review (mine)")
    before = path.read_bytes()
    for read_only in (False, True):
        refused(tmp_path, errors.ForeignError, "another program", read_only=read_only)
    assert path.read_bytes() == before


def test_an_emptied_file_does_not_take_its_wal_along(home: Path) -> None:
    path = home / FILE_NAME
    wal = path.with_name(FILE_NAME + "-wal")
    path.write_bytes(b"")
    wal.write_bytes(b"the last reviews")
    refused(home, errors.CorruptError, "-wal")
    assert wal.read_bytes() == b"the last reviews"


def test_a_truncated_wal_gives_up_only_what_was_cut(home: Path) -> None:
    store = open_store(home)
    store.record(make_review(store, START + 30 * DAY), RULE)
    store.record(make_review(store, START + 31 * DAY), RULE)
    copy = home.with_name("copy")
    shutil.copytree(home, copy)  # as a power cut leaves it: the WAL is not yet in the database
    store.close()
    wal = copy / (FILE_NAME + "-wal")
    wal.write_bytes(wal.read_bytes()[:-100])
    with open_store(copy) as cut:
        assert cut.review_count() == 21
        assert cut.check_integrity() == []
        assert cut.check_consistency(RULE) == []


def test_a_truncated_database_is_reported(home: Path) -> None:
    path = home / FILE_NAME
    content = path.read_bytes()[:6000]
    path.write_bytes(content)
    with pytest.raises(errors.CorruptError, match="damaged"), open_store(home) as store:
        store.record(make_review(store, START + 30 * DAY), RULE)
    assert path.read_bytes()[:6000] == content


def test_corrupt_pages_are_reported_and_left_as_they_are(home: Path) -> None:
    path = home / FILE_NAME
    content = bytearray(path.read_bytes())
    content[4096 * 2 :] = b"\xa5" * (len(content) - 4096 * 2)
    path.write_bytes(content)
    with pytest.raises(errors.CorruptError, match="damaged"), open_store(home) as store:
        store.record(make_review(store, START + 30 * DAY), RULE)
    with pytest.raises(errors.CorruptError), open_store(home, read_only=True) as reader:
        list(reader.reviews())
    assert path.read_bytes() == bytes(content)


def test_a_corrupt_page_of_the_log_is_found(home: Path) -> None:
    with closing(sqlite3.connect(home / FILE_NAME)) as bare:
        (page,) = bare.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'review'"
        ).fetchone()
        (size,) = bare.execute("PRAGMA page_size").fetchone()
    with (home / FILE_NAME).open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    with open_store(home) as store:
        assert store.check_integrity() != []
        with pytest.raises(errors.CorruptError):
            list(store.reviews())


def test_a_full_database_loses_nothing_and_goes_on(home: Path) -> None:
    with open_store(home) as store:
        (pages,) = store._db.execute("PRAGMA page_count").fetchone()
        store._db.execute(f"PRAGMA max_page_count = {pages}")
        recorded = 20
        big = {"v": list(range(500))}
        with contextlib.suppress(errors.DiskFullError):
            for n in range(1_000):
                store.record(make_review(store, START + (30 + n) * DAY, params=big), RULE)
                recorded += 1
        with pytest.raises(errors.DiskFullError, match="Free some disk space"):
            store.record(make_review(store, START + 2_000 * DAY, params=big), RULE)
        assert store.review_count() == recorded < 1_020
        store._db.execute(f"PRAGMA max_page_count = {pages * 100}")
        store.record(make_review(store, START + 2_000 * DAY), RULE)
        assert store.review_count() == recorded + 1
        assert store.check_integrity() == []
        assert store.check_consistency(RULE) == []


def test_a_file_that_may_not_grow(home: Path) -> None:
    def check() -> None:
        store = open_store(home)
        resource.setrlimit(resource.RLIMIT_FSIZE, (64_000, resource.RLIM_INFINITY))
        recorded = 20
        with contextlib.suppress(errors.DiskFullError, errors.DiskFaultError):
            for recorded in range(20, 1_020):
                store.record(make_review(store, START + recorded * DAY), RULE)
        late = make_review(store, START + 2_000 * DAY)
        with pytest.raises((errors.DiskFullError, errors.DiskFaultError), match="Nothing was rec"):
            store.record(late, RULE)
        assert store.review_count() == recorded < 1_019
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        store.record(late, RULE)
        assert store.review_count() == recorded + 1
        assert store.check_integrity() == []

    in_a_child(check)


def test_an_old_sqlite_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    with pytest.raises(errors.OldSQLiteError, match=r"3\.37 or newer"):
        open_store(tmp_path)
