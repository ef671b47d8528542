"""What the queue and the home screen read stays indexed, however long the log is."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from store_helpers import DAY, RULE, START, hurried, make_review

from tutor.store import Rating, Store, open_store

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))
from big_log import NOW, fill

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    home = tmp_path_factory.mktemp("big")
    fill(home, exercises=2_000, reviews=40_000)
    with open_store(home) as store:
        yield store


def steps(store: Store, call: object) -> int:
    """How many thousands of SQLite's virtual machine instructions a call takes."""
    count = 0

    def tick() -> int:
        nonlocal count
        count += 1
        return 0

    store._db.set_progress_handler(tick, 1_000)
    try:
        call()  # type: ignore[operator]
    finally:
        store._db.set_progress_handler(None, 0)
    return count


def test_reads_of_every_question_do_not_grow_with_the_log(big: Store) -> None:
    """By SQLite's own count of instructions: a scan of 40,000 reviews takes hundreds of thousands."""
    assert steps(big, lambda: sum(1 for _ in big.reviews())) > 400  # this is what a scan takes
    assert steps(big, lambda: list(big.reviews("deck.exercise-00007"))) < 5
    assert steps(big, lambda: big.last_review(NOW - DAY)) < 5
    assert steps(big, lambda: big.latest(20)) < 5
    assert steps(big, big.marks) < 2
    assert steps(big, lambda: big.begun_since(NOW - DAY)) < 30
    assert steps(big, lambda: big.due_memories(NOW)) < 40
    assert steps(big, lambda: big.daily(4, NOW // DAY - 30)) < 40
    big.memories()
    assert steps(big, big.memories) == 0


def test_what_is_read_for_the_count_is_what_the_memories_say(big: Store) -> None:
    memories = big.memories()
    assert big.reviewed_ids() == set(memories)
    due = {id_: memory for id_, memory in memories.items() if memory.due < NOW}
    assert 0 < len(due) < 500
    assert big.due_memories(NOW) == due
    begun = sum(memory.first_review >= NOW - 700 * DAY for memory in memories.values())
    assert big.begun_since(NOW - 700 * DAY) == begun


def test_days_are_counted_by_the_learner_s_clock(tmp_path: Path) -> None:
    with open_store(tmp_path) as opened:
        store = hurried(opened)
        assert store.reviewed_ids() == set()
        assert store.daily(4) == {}
        midnight = START - START % DAY
        for hour, offset, rating in (
            (3, 0, Rating.AGAIN),
            (5, 0, Rating.GOOD),
            (1, 180, Rating.HARD),
            (5, -120, Rating.EASY),
        ):
            at = midnight + hour * 3_600_000 + 1
            review = make_review(store, at, utc_offset=offset, rating=rating, seconds=1.5)
            store.record(review, RULE)
        today = midnight // DAY
        counts = {d: (c.reviews, c.right, c.at_once, c.seconds) for d, c in store.daily(4).items()}
        assert counts == {today - 1: (2, 1, 1, 3.0), today: (2, 2, 1, 3.0)}
        assert store.daily(0).keys() == {today}
        assert store.daily(4, today).keys() == {today}
