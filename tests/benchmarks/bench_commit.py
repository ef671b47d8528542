"""Recording a review against a bare SQLite commit of a similar row, both waiting for the disk.

Prints rows of ``name  ours  floor  ratio  aim``, of medians.  Run it as a script.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from measure import header, milliseconds, row

from tutor.schedule.memory import Scheduler
from tutor.store import Attempt, Pending, Rating, Review, new_uuid, open_store

if TYPE_CHECKING:
    from collections.abc import Callable

COMMITS = 300
START = 1_750_000_000_000
RULE = Scheduler()


def make_review(device: str, number: int) -> Review:
    at = START + number * 60_000
    answers = {"grad": "[2.0, 4.0, 6.0]", "leaf": "x yes, y no"}
    return Review(
        uuid=new_uuid(at),
        device=device,
        at=at,
        utc_offset=60,
        exercise_id=f"autograd.detach.exercise-{number % 100}",
        revision=1,
        content_hash="5" * 64,
        seed=number,
        params={"c": 3, "v": [2, 4, 5]},
        language="en",
        attempts=(Attempt(answers, "correct", (), at, 21.5),),
        hints_used=0,
        gave_up=False,
        seconds=21.5,
        rating=Rating.GOOD,
        score=1.0,
        torch_version="2.13.0",
        app_version="0.1.0",
    )


def pending_of(review: Review) -> Pending:
    return Pending(
        review_uuid=review.uuid,
        exercise_id=review.exercise_id,
        revision=review.revision,
        content_hash=review.content_hash,
        seed=review.seed,
        language=review.language,
        attempts=review.attempts,
        hints_used=0,
        shown_solution=False,
        started_at=review.at,
        seconds=3.0,
    )


def bare_database(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    columns = ", ".join(f"c{n}" for n in range(17))
    db.execute(f"CREATE TABLE review (uuid TEXT PRIMARY KEY, {columns})")
    return db


def bare_row(review: Review) -> tuple[object, ...]:
    attempts = '[{"answers":{"grad":"[2.0, 4.0, 6.0]","leaf":"x yes, y no"},"verdict":"correct"}]'
    return (
        review.uuid,
        review.device,
        review.at,
        review.utc_offset,
        review.exercise_id,
        review.revision,
        review.content_hash,
        review.seed,
        '{"c":3,"v":[2,4,5]}',
        review.language,
        attempts,
        0,
        0,
        21.5,
        3,
        1.0,
        review.torch_version,
        review.app_version,
    )


def commit_bare(db: sqlite3.Connection, row: tuple[object, ...]) -> None:
    db.execute("BEGIN")
    db.execute("INSERT INTO review VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", row)
    db.execute("COMMIT")


def timed(action: Callable[..., object], *arguments: object) -> float:
    start = time.perf_counter()
    action(*arguments)
    return time.perf_counter() - start


def measure(folder: Path) -> list[tuple[str, float, float]]:
    """(name, ours, floor) in seconds; the two alternate, so that the disk treats them alike."""
    record: list[float] = []
    pending: list[float] = []
    floor: list[float] = []
    with open_store(folder / "home") as store, closing(bare_database(folder / "bare.db")) as bare:
        for number in range(COMMITS):
            review = make_review(store.device_id, number)

            attempt = pending_of(review)
            floor.append(timed(commit_bare, bare, bare_row(review)))
            pending.append(timed(store.save_pending, attempt))
            record.append(timed(store.record, review, RULE))
    return [
        ("record a review", median(record), median(floor)),
        ("save an attempt", median(pending), median(floor)),
    ]


def main() -> None:
    # Not the temporary folder: where that is kept in memory there is no disk to wait for.
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        header()
        for name, ours, floor in measure(Path(folder)):
            row(name, milliseconds(ours), milliseconds(floor), ours / floor, "<= 1.30x")


if __name__ == "__main__":
    main()
