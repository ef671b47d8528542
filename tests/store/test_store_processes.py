"""Several real processes on one home, and processes that are killed."""

from __future__ import annotations

import contextlib
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from typing import IO, TYPE_CHECKING

import pytest
from store_helpers import RECORD_LOOP, RULE, START, make_review

from tutor.store import open_store

if TYPE_CHECKING:
    from pathlib import Path


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
        assert store.check_consistency(RULE) == []
        assert store.check_integrity() == []
        assert store.pending() is None


def test_a_process_sees_what_another_recorded(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.record(make_review(store, exercise_id="exercise-0"), RULE)
        loop = start_loop(tmp_path, "other", 3)
        loop.communicate(timeout=60)
        assert store.review_count() == 4
        later = make_review(store, START + 9 * 86_400_000, exercise_id="exercise-0")
        store.record(later, RULE)
        assert store.check_consistency(RULE) == []


def acknowledged_until_killed(home: Path, rng: random.Random) -> set[str]:
    """Let a process record, kill it at a random moment, and give what it had acknowledged."""
    loop = start_loop(home, "killed", 100_000)
    lines: list[str] = []
    started = threading.Event()

    def read(stream: IO[str]) -> None:
        for line in stream:
            started.set()
            lines.append(line)
        started.set()

    assert loop.stdout is not None
    reader = threading.Thread(target=read, args=[loop.stdout])
    reader.start()
    assert started.wait(30)
    time.sleep(rng.uniform(0, 0.06))
    loop.kill()
    reader.join(30)
    _, errors = loop.communicate(timeout=30)
    assert errors == ""
    # A line that was cut off by the kill was not acknowledged.
    return {line.strip() for line in lines if line.endswith("\n") and len(line) == 37}


@pytest.mark.slow
def test_a_kill_at_any_moment_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    rng = random.Random(60)
    acknowledged: set[str] = set()
    undone = 0
    for _ in range(60):
        acknowledged |= acknowledged_until_killed(tmp_path, rng)
        with open_store(tmp_path) as store:
            recorded = Counter(each.uuid for each in store.reviews(undone=True))
            undone = recorded.total() - store.review_count()
            assert acknowledged <= recorded.keys()
            assert set(recorded.values()) <= {1}
            assert store.check_integrity() == []
            assert store.check_consistency(RULE) == []
            pending = store.pending()
            if pending is not None:  # killed between the question and its review
                assert pending.review_uuid not in recorded
    assert len(acknowledged) > 60
    assert undone > 0


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
