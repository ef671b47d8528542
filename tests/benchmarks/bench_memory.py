"""A home with 10,000 exercises and 1,000,000 reviews, against what is to be reached.

Prints rows of ``name  ours  aim  ratio``: reads are the best of fifteen, after one call of each, commits are
medians.  Run it as a script.
"""

from __future__ import annotations

import statistics
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from bench_commit import bare_database, bare_row, commit_bare, make_review, timed
from big_log import DAY, NOW, fill
from measure import header, milliseconds, row

from tutor.schedule.memory import Scheduler
from tutor.store import Store, open_store

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

EXERCISES, REVIEWS = 10_000, 1_000_000
RULE = Scheduler()


def reads(store: Store) -> dict[str, tuple[Callable[[], object], float]]:
    """What the queue, the count of what is due and the home screen read: with the aim in seconds."""
    today = NOW // DAY

    def counts() -> None:
        store.due_memories(NOW)
        store.reviewed_ids()
        store.begun_since(NOW - DAY)
        store.marks()

    return {
        "what is due, and how much is new": (counts, 0.010),
        "every memory, when nothing changed": (store.memories, 0.001),
        "half a year of days (heat map)": (lambda: store.daily(4, today - 182), 0.010),
        "number of reviews": (store.review_count, 0.010),
        "the reviews of one exercise": (
            lambda: list(store.reviews("deck.exercise-00007")),
            0.010,
        ),
        "the last review of today": (lambda: store.last_review(NOW - DAY), 0.001),
    }


def records(store: Store, bare: sqlite3.Connection) -> tuple[float, float]:
    """A review recorded at the end of a million, and a bare commit: medians in seconds."""
    ours: list[float] = []
    floor: list[float] = []
    for number in range(100):
        review = make_review(store.device_id, 2_000_000 + number)
        ours.append(timed(store.record, review, RULE))
        floor.append(timed(commit_bare, bare, bare_row(review)))
    return statistics.median(ours), statistics.median(floor)


def main() -> None:
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        home = Path(folder, "big")
        fill(home, exercises=EXERCISES, reviews=REVIEWS)
        header()
        with open_store(home) as store, closing(bare_database(Path(folder, "bare.db"))) as bare:
            for name, (read, aim) in reads(store).items():
                read()
                # The best: reads this short are otherwise as long as what else the machine does.
                ours = min(timed(read) for _ in range(15))
                row(name, milliseconds(ours), milliseconds(aim), ours / aim, "<= 1.00x")
            ours, floor = records(store, bare)
            row(
                "record a review", milliseconds(ours), milliseconds(floor), ours / floor, "<= 1.30x"
            )


if __name__ == "__main__":
    main()
