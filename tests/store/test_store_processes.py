"""Several real processes on one home, and processes that are killed."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from store_helpers import KILL_LOOP, RECORD_LOOP, RULE, START, make_review

from tutor.store import open_store
from tutor.store.backup import all_backups
from tutor.store.contents import read_backup


def start_loop(home: Path, who: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(RECORD_LOOP), str(home), who, str(count)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_processes_that_create_one_home_at_once_both_work(tmp_path: Path) -> None:
    loops = [start_loop(tmp_path / "home", who, 60) for who in ("a", "b", "c")]
    outputs = [loop.communicate(timeout=60) for loop in loops]
    assert [
        (loop.returncode, errors) for loop, (_, errors) in zip(loops, outputs, strict=True)
    ] == [(0, "")] * 3
    acknowledged = [line for output, _ in outputs for line in output.split() if len(line) == 36]
    with open_store(tmp_path / "home") as store:
        recorded = Counter(each.uuid for each in store.reviews(undone=True))
        assert recorded == Counter(acknowledged)
        assert len(recorded) == 180
        assert store.review_count() == 180 - 36
        assert store.marks().notes == {f"exercise-{n}": str(57 + n) for n in range(3)}
        assert all(count(each.path) > 0 for each in all_backups(tmp_path / "home"))
        assert store.check_consistency(RULE) == []
        assert store.check_tally()
        assert store.check_integrity() == []
        assert store.pending() is None


def count(path: Path) -> int:
    """How many reviews a backup made in the middle of it all holds, undone ones too."""
    return sum(entry.kind == "review" for entry in read_backup(path))


def test_a_process_sees_what_another_recorded(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.record(make_review(store, exercise_id="exercise-0"), RULE)
        loop = start_loop(tmp_path, "other", 3)
        loop.communicate(timeout=60)
        assert store.review_count() == 4
        later = make_review(store, START + 9 * 86_400_000, exercise_id="exercise-0")
        store.record(later, RULE)
        assert store.check_consistency(RULE) == []


@pytest.mark.slow
def test_a_kill_at_any_moment_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """300 moments in the cycle from question to review to the next question."""
    # A kill leaves to the system what was written, so the disk need not be waited for: in memory the
    # moments fall into our own code and SQLite's instead.
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as folder:
        done = subprocess.run(
            [sys.executable, KILL_LOOP, folder, "300", "60"],
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["moments"] == 300
    assert found["reviews"] > 300
    assert 30 < found["left open"] < 300  # killed at all stages


def test_what_was_committed_is_there_while_the_writer_still_runs(tmp_path: Path) -> None:
    loop = start_loop(tmp_path, "writer", 5_000)
    assert loop.stdout is not None
    try:
        seen = 0
        while seen < 20:
            line = loop.stdout.readline().strip()
            if len(line) == 36:
                seen += 1
                with open_store(tmp_path, read_only=True) as reader:
                    assert line in {each.uuid for each in reader.reviews(undone=True)}
    finally:
        loop.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            loop.communicate(timeout=10)
