"""Backups: whole, sound, thinned out with age, and put back also over a damaged file."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_helpers import DAY, RULE, START, hurried, make_review

from tutor.store import MarkKind, Store, backup, errors, open_store
from tutor.store.backup import Backup, all_backups, superfluous
from tutor.store.contents import contents, read_backup, without
from tutor.store.opening import FILE_NAME, SCHEMA_VERSION
from tutor.store.salvage import salvage


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with twenty reviews and a mark, closed."""
    with open_store(tmp_path / "home") as store:
        hurried(store)
        work(store, 0, 20)
        store.mark(MarkKind.SUSPEND, "e1", START)
    return tmp_path / "home"


def work(store: Store, start: int, count: int) -> None:
    for n in range(start, start + count):
        store.record(make_review(store, START + n * DAY, exercise_id=f"e{n % 3}"), RULE)


def count(path: Path) -> int:
    return contents(read_backup(path)).reviews


def test_a_backup_is_a_sound_database_by_itself(home: Path) -> None:
    with open_store(home) as store:  # in use, with the last reviews still in the WAL
        work(store, 20, 2)
        path = backup.make(home, "by-hand", START)
    assert [each.name for each in (home / "backups").iterdir()] == [path.name]
    assert count(path) == 22
    (made,) = all_backups(home)
    assert (made.path, made.why, made.at.timestamp() * 1000) == (path, "by-hand", START)
    elsewhere = path.parent.parent.parent / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(path, elsewhere / FILE_NAME)
    with open_store(elsewhere) as store:
        assert store.marks().suspended.keys() == {"e1"}
        assert store.check_consistency(RULE) == []


def test_a_backup_while_another_process_writes(home: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with open_store(home) as store:
            n = 20
            while not stop.is_set():
                work(store, n, 1)
                n += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        counts = []
        for n in range(8):
            backup.copy(home / FILE_NAME, tmp_path / f"{n}.sqlite3")
            counts.append(count(tmp_path / f"{n}.sqlite3"))
    finally:
        stop.set()
        writer.join()
    assert counts == sorted(counts)


def test_one_a_day_and_only_after_a_change(home: Path) -> None:
    now = round(datetime.now(UTC).timestamp() * 1000)
    assert backup.daily(home, now) is not None
    assert backup.daily(home, now) is None
    assert backup.daily(home, now + 2 * DAY) is None  # nothing was done since
    with open_store(home) as store:
        work(store, 30, 1)
        (home / FILE_NAME).touch()
        assert backup.daily(home, now + 3 * DAY) is not None
    assert backup.daily(home / "none", now) is None
    assert len(all_backups(home)) == 2


@given(days=st.sets(st.integers(0, 900), max_size=120))
def test_what_is_kept_thins_out_with_age(days: set[int]) -> None:
    first = datetime(2026, 1, 1, 12, tzinfo=UTC)
    made = [Backup(Path(str(d)), first + timedelta(days=d), "daily") for d in days]
    gone = superfluous(made)
    kept = sorted((each for each in made if each not in gone), key=lambda each: each.at)
    assert len(kept) <= 7 + 4 + 6
    newest = sorted(made, key=lambda each: each.at)[-7:]
    assert kept[-len(newest) :] == newest if newest else kept == []
    assert set(superfluous(kept)) == set()  # thinning out again takes nothing more
    weeks = {each.day.isocalendar()[:2] for each in made}
    assert len({each.day.isocalendar()[:2] for each in kept}) >= min(4, len(weeks))
    months = {(each.day.year, each.day.month) for each in made}
    assert len({(each.day.year, each.day.month) for each in kept}) >= min(6, len(months))


def test_a_day_by_day_year_keeps_seventeen() -> None:
    made: list[Backup] = []
    for day in range(400):
        at = datetime.combine(date(2026, 1, 1), datetime.min.time(), UTC) + timedelta(days=day)
        made.append(Backup(Path(str(day)), at + timedelta(hours=12), "daily"))
        gone = superfluous(made)
        made = [each for each in made if each not in gone]
    assert 13 <= len(made) <= 17
    assert (made[-1].at - made[0].at).days > 120


def test_a_damaged_database_is_not_backed_up(home: Path) -> None:
    backup.make(home, "daily", START)
    damage(home / FILE_NAME)
    with pytest.raises(errors.CorruptError, match="tutor restore"):
        backup.make(home, "daily", START + DAY)
    assert len(all_backups(home)) == 1
    assert len(list((home / "backups").iterdir())) == 1  # nothing half-made stays


def damage(path: Path) -> None:
    """Overwrite the middle of the table of reviews, as a failing disk does."""
    with closing(sqlite3.connect(path)) as db:
        pages = (
            db.execute(
                "SELECT pageno FROM dbstat WHERE name = 'review' AND pagetype = 'leaf' ORDER BY pageno"
            ).fetchall()
            if _has_dbstat(db)
            else []
        )
        (size,) = db.execute("PRAGMA page_size").fetchone()
        (root,) = db.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_review_1'"
        ).fetchone()
    with path.open("r+b") as file:
        for page in [pages[len(pages) // 2][0]] if pages else [root]:
            file.seek((page - 1) * size)
            file.write(b"\xa5" * size)


def _has_dbstat(db: sqlite3.Connection) -> bool:
    try:
        db.execute("SELECT 1 FROM dbstat LIMIT 1")
    except sqlite3.OperationalError:
        return False
    return True


def test_what_can_be_read_of_a_damaged_file_is_read(home: Path) -> None:
    whole = read_backup(home / FILE_NAME)
    damage(home / FILE_NAME)
    with pytest.raises(errors.FileError, match="damaged"):
        read_backup(home / FILE_NAME)
    found = salvage(home / FILE_NAME)
    assert len(found) > 0
    assert without(found, whole) == []
    assert salvage(home / "backups") == []


def test_putting_back_over_a_sound_database_others_have_open(home: Path) -> None:
    old = backup.make(home, "by-hand", START)
    with open_store(home) as window:
        work(window, 30, 5)
        kept = backup.put_back(old, home, START + DAY)
        assert window.review_count() == 20  # the other window sees it at once
        assert window.check_consistency(RULE) == []
        work(window, 40, 1)
    assert kept is not None
    assert count(kept) == 25
    with open_store(home) as store:
        assert store.review_count() == 21
        assert store.check_integrity() == []


@pytest.mark.parametrize("how", ["page", "garbage", "cut", "empty", "gone"])
def test_putting_back_over_a_damaged_database(home: Path, how: str) -> None:
    path = home / FILE_NAME
    old = backup.make(home, "by-hand", START)
    match how:
        case "page":
            damage(path)
        case "garbage":
            path.write_bytes(b"not a database at all\n" * 500)
        case "cut":
            path.write_bytes(path.read_bytes()[:6_000])
        case "empty":
            path.write_bytes(b"")
        case "gone":
            path.unlink()
    before = path.read_bytes() if path.exists() else None
    kept = backup.put_back(old, home, START + DAY)
    with open_store(home) as store:
        assert store.review_count() == 20
        assert store.check_integrity() == []
        assert store.check_consistency(RULE) == []
    if before is None:
        assert kept is None
    else:
        assert kept == home / "damaged-1"
        assert (kept / FILE_NAME).read_bytes() == before


def test_a_lock_keeps_the_present_state(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "TIMEOUT_S", 0.3)
    old = backup.make(home, "by-hand", START)
    with open_store(home) as store:
        work(store, 30, 1)
    with closing(sqlite3.connect(home / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(errors.LockedError):
            backup.put_back(old, home, START + DAY)
    with open_store(home) as store:
        assert store.review_count() == 21


def test_what_is_no_backup_is_refused(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE review (mine)")
    newer = backup.make(home, "by-hand", START)
    with closing(sqlite3.connect(newer)) as db:
        db.execute("PRAGMA user_version = 99")
    text = tmp_path / "text.sqlite3"
    text.write_text("no")
    (tmp_path / "empty.sqlite3").touch()
    for path, kind in (
        (other, errors.ForeignError),
        (newer, errors.NewerError),
        (text, errors.FileError),
        (tmp_path / "empty.sqlite3", errors.FileError),
        (tmp_path / "none.sqlite3", errors.FolderError),
        (tmp_path, errors.FolderError),
    ):
        with pytest.raises(kind):
            read_backup(path)


def test_a_backup_comes_before_a_migration(home: Path) -> None:
    as_version_1(home / FILE_NAME)
    with open_store(home) as store:
        assert store.review_count() == 20
        assert store.daily(4) != {}
        store.rederive(RULE)
        assert store.check_consistency(RULE) == []
        found = {(each.revision, each.content_hash) for each in store.memories().values()}
        assert found == {(1, "c0ffee")}
    (made,) = all_backups(home)
    assert made.why == "schema-1"
    with closing(sqlite3.connect(made.path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
    assert count(made.path) == 20
    backup.put_back(made.path, home, START)  # back, and up to date again at the next start
    with open_store(home) as store:
        assert store.review_count() == 20


def as_version_1(path: Path) -> None:
    """Take back what the second migration and those after it did."""
    assert SCHEMA_VERSION == 3
    with closing(sqlite3.connect(path)) as db:
        db.execute("ALTER TABLE pending DROP COLUMN draft")
        db.execute("DROP INDEX event_marks")
        db.execute("DROP TABLE tally")
        db.execute("ALTER TABLE memory DROP COLUMN revision")
        db.execute("ALTER TABLE memory DROP COLUMN content_hash")
        db.execute("DELETE FROM _sqlite_migrations WHERE name > 'm002'")
        db.execute("PRAGMA user_version = 1")
        db.commit()


def test_a_full_disk_leaves_no_half_backup(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup.os, "fsync", no_room)
    with pytest.raises(errors.FolderError, match="no space left"):
        backup.make(home, "daily", START)
    assert list((home / "backups").iterdir()) == []
