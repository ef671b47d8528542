"""Devices that share a folder: whatever happens to its files, all end with the same log."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_helpers import DAY, MINUTE, RULE, START, as_ordinary_user, hurried, make_review

from tutor.store import MarkKind, Store, open_store
from tutor.store.entries import head, line
from tutor.store.errors import FolderError
from tutor.store.sync import Synced, sync

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = START + 400 * DAY


class Desk:
    """Two devices and a folder between them."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "shared"
        self.a = hurried(open_store(root / "a"))
        self.b = hurried(open_store(root / "b"))

    def file(self, store: Store) -> Path:
        return self.folder / f"{store.device_id}.jsonl"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.a.close()
    made.b.close()


def work(store: Store, start: int, count: int = 3) -> None:
    for n in range(count):
        at = START + (start + n) * DAY
        store.record(make_review(store, at, exercise_id=f"e{n % 2}"), RULE)


def meet(store: Store, folder: Path) -> Synced:
    return sync(store, folder, NOW, RULE)


def same(*stores: Store) -> bool:
    for store in stores:
        assert store.check_consistency(RULE) == []
        assert store.check_integrity() == []
    logs = [
        (sorted(map(line, each.entries())), dict(each.memories()), each.marks()) for each in stores
    ]
    return all(each == logs[0] for each in logs)


def test_two_devices_meet_in_a_folder(desk: Desk) -> None:
    work(desk.a, 0)
    work(desk.b, 1)
    desk.b.mark(MarkKind.SUSPEND, "e1", START)
    last = desk.b.last_review()
    assert last is not None
    desk.b.undo(last.uuid, START, RULE)
    first = meet(desk.a, desk.folder)
    assert (first.sent, first.files, first.merged.reviews) == (3, 0, 0)
    second = meet(desk.b, desk.folder)
    assert (second.sent, second.files, second.merged.reviews) == (5, 1, 3)
    third = meet(desk.a, desk.folder)
    assert (third.sent, third.merged.reviews, third.merged.events) == (0, 3, 2)
    assert same(desk.a, desk.b)
    before = {each: each.read_bytes() for each in desk.folder.iterdir()}
    assert len(before) == 2
    for store in (desk.a, desk.b, desk.a):
        again = meet(store, desk.folder)
        assert not again.merged
        assert (again.sent, again.notes, again.refused) == (0, [], [])
    assert {each: each.read_bytes() for each in desk.folder.iterdir()} == before


def test_each_device_only_ever_appends_to_its_own_file(desk: Desk) -> None:
    work(desk.a, 0)
    meet(desk.a, desk.folder)
    before = desk.file(desk.a).read_bytes()
    meet(desk.b, desk.folder)
    work(desk.a, 9)
    meet(desk.a, desk.folder)
    assert desk.file(desk.a).read_bytes().startswith(before)
    assert not desk.file(desk.b).exists()  # it has nothing to say yet


def test_what_came_over_one_folder_is_passed_on_over_another(desk: Desk, tmp_path: Path) -> None:
    work(desk.a, 0)
    meet(desk.a, desk.folder)
    meet(desk.b, desk.folder)
    stick = tmp_path / "stick"
    meet(desk.b, stick)
    with open_store(tmp_path / "c") as third:
        meet(third, stick)
        assert same(desk.a, desk.b, third)


@given(cuts=st.lists(st.floats(0, 1), min_size=1, max_size=4), garbage=st.binary(max_size=9))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_files_cut_off_anywhere_heal(cuts: list[float], garbage: bytes) -> None:
    """Whatever was half copied, or lost with a stick, the devices end with the same log."""
    with tempfile.TemporaryDirectory() as root:
        desk = Desk(Path(root))
        work(desk.a, 0)
        for n, cut in enumerate(cuts):
            work(desk.b, 10 * (n + 1), 2)
            for store in (desk.a, desk.b):
                meet(store, desk.folder)
                path = desk.file(store)
                if path.exists():
                    text = path.read_bytes()
                    path.write_bytes(text[: int(cut * len(text))] + garbage)
        for store in (desk.a, desk.b, desk.a, desk.b):
            meet(store, desk.folder)
        assert same(desk.a, desk.b)
        assert meet(desk.a, desk.folder).sent == 0
        with open_store(Path(root, "third")) as third:
            meet(third, desk.folder)
            assert same(desk.a, third)
        desk.a.close()
        desk.b.close()


def test_a_line_under_way_is_told_and_taken_later(desk: Desk) -> None:
    work(desk.a, 0)
    meet(desk.a, desk.folder)
    path, whole = desk.file(desk.a), desk.file(desk.a).read_bytes()
    path.write_bytes(whole[:-40])
    done = meet(desk.b, desk.folder)
    assert done.merged.reviews == 2
    assert any("1 line is cut off" in note for note in done.notes)
    path.write_bytes(whole)
    assert meet(desk.b, desk.folder).merged.reviews == 1
    path.write_bytes(b"")
    assert any("not complete yet" in note for note in meet(desk.b, desk.folder).notes)


def test_what_other_programs_do_to_files_does_no_harm(desk: Desk) -> None:
    work(desk.a, 0)
    meet(desk.a, desk.folder)
    path = desk.file(desk.a)
    text = path.read_bytes()
    path.write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n") + b"\r\n" + b"\0" * 40)
    shutil.copy(path, desk.folder / f"{path.stem}.sync-conflict-20260101-120000-ABCDEF7.jsonl")
    (desk.folder / ".syncthing.x.jsonl.tmp").write_bytes(b"half")
    (desk.folder / ".hidden.jsonl").write_bytes(b"half")
    (desk.folder / "notes.txt").write_text("mine")
    (desk.folder / "other.jsonl").write_text('{"some": "thing"}\n')
    done = meet(desk.b, desk.folder)
    assert done.merged.reviews == 3
    assert done.notes == ["other.jsonl was left out: it is not complete yet, or not a log."]
    work(desk.a, 7)
    meet(desk.a, desk.folder)
    meet(desk.b, desk.folder)
    assert same(desk.a, desk.b)


def test_a_newer_format_is_refused_with_words_and_left_alone(desk: Desk) -> None:
    work(desk.a, 0)
    meet(desk.a, desk.folder)
    path = desk.file(desk.a)
    newer = path.read_bytes().replace(b'"version":1', b'"version":2')
    path.write_bytes(newer)
    done = meet(desk.b, desk.folder)
    assert not done.merged
    (words,) = done.refused
    assert path.name in words
    assert "upgrade" in words
    work(desk.a, 5)
    assert meet(desk.a, desk.folder).sent == 0  # this program was set back: it writes nothing there
    assert path.read_bytes() == newer


def test_a_copied_home_is_found_out_and_takes_another_name(desk: Desk, tmp_path: Path) -> None:
    """As from a cloned machine, whose copy lies in the same place and has the same machine id."""
    work(desk.a, 0)
    meet(desk.a, desk.folder)
    place = dict(desk.a._db.execute("SELECT name, value FROM meta").fetchall())
    with open_store(tmp_path / "clone") as clone:
        clone.take_in(desk.a.entries(), RULE)
        clone.device_id = place["device"]
        work(clone, 20, 2)
        work(desk.a, 30, 2)
        meet(desk.a, desk.folder)
        done = meet(clone, desk.folder)
        assert clone.device_id != desk.a.device_id
        assert any("a home was copied" in note for note in done.notes)
        work(clone, 40, 1)
        meet(clone, desk.folder)
        meet(desk.a, desk.folder)
        assert desk.a.device_id == place["device"]
        assert same(desk.a, clone)
        assert desk.a.review_count() == 8
        assert meet(clone, desk.folder).notes == []


def test_a_clock_that_is_wrong_is_told(desk: Desk) -> None:
    desk.a.record(make_review(desk.a, NOW + 10 * DAY), RULE)
    desk.a.record(make_review(desk.a, START - 9_000 * DAY), RULE)
    meet(desk.a, desk.folder)
    done = meet(desk.b, desk.folder)
    assert done.notes == ["1 review is dated in the future: look at the clocks of your devices."]
    assert same(desk.a, desk.b)


def test_a_review_made_meanwhile_in_another_window_is_not_lost(desk: Desk) -> None:
    work(desk.a, 0)
    work(desk.b, 5)
    meet(desk.b, desk.folder)
    with open_store(desk.a.path.parent) as window:
        window.record(make_review(window, START + MINUTE), RULE)
        meet(desk.a, desk.folder)
        window.record(make_review(window, START + 2 * MINUTE), RULE)
        assert window.check_consistency(RULE) == []
        assert dict(window.memories()) == dict(desk.a.memories())
    meet(desk.a, desk.folder)
    meet(desk.b, desk.folder)
    assert same(desk.a, desk.b)
    assert desk.b.review_count() == 8


def test_several_syncs_and_sessions_at_once(desk: Desk) -> None:
    """Processes of one home and of another, all at it at the same time."""
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[3])\n"
        "from store_helpers import *; from tutor.store import open_store\n"
        "from tutor.store.sync import sync\n"
        "store = open_store(Path(sys.argv[1]), timeout_s=30)\n"
        "for n in range(12):\n"
        "    store.record(make_review(store, START + n * DAY, exercise_id=f'e{n % 3}'), RULE)\n"
        "    sync(store, Path(sys.argv[2]), START + 400 * DAY, RULE)\n"
    )
    homes = [desk.a.path.parent, desk.b.path.parent] * 2
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, home, desk.folder, Path(__file__).parent],
            stderr=subprocess.PIPE,
            text=True,
        )
        for home in homes
    ]
    outputs = [each.communicate(timeout=120)[1] for each in running]
    assert outputs == [""] * 4
    for store in (desk.a, desk.b, desk.a):
        meet(store, desk.folder)
    assert same(desk.a, desk.b)
    assert desk.a.review_count() == 48
    with open_store(desk.folder.parent / "third") as third:
        meet(third, desk.folder)
        assert same(desk.a, third)


def test_a_folder_that_cannot_be_used(desk: Desk, tmp_path: Path) -> None:
    work(desk.a, 0)
    in_the_way = tmp_path / "file"
    in_the_way.write_text("mine")
    with pytest.raises(FolderError, match="cannot be used"):
        meet(desk.a, in_the_way)
    closed = Path(tempfile.mkdtemp())
    home = desk.a.path.parent
    desk.a.close()
    desk.b.close()

    def check() -> None:
        with open_store(closed / "home") as store:
            work(store, 0)
            with pytest.raises(FolderError, match="permission denied"):
                meet(store, closed / "shared")

    (closed / "shared").mkdir()
    (closed / "shared").chmod(0o555)
    closed.chmod(0o777)
    as_ordinary_user(check)
    shutil.rmtree(closed)
    assert home.exists()


def test_a_full_disk_leaves_a_file_that_the_next_sync_heals(desk: Desk) -> None:
    work(desk.a, 0, 9)
    meet(desk.a, desk.folder)
    path = desk.file(desk.a)
    path.write_bytes(path.read_bytes()[:2_500])  # as a write that ran out of room leaves it
    assert meet(desk.a, desk.folder).sent > 0
    meet(desk.b, desk.folder)
    assert same(desk.a, desk.b)
    assert path.read_bytes().startswith(head())
