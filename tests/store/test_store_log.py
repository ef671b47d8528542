"""Recording, undoing and reading back on real files."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import uuid as uuids
from typing import TYPE_CHECKING

import pytest
from store_helpers import DAY, MINUTE, RULE, START, make_pending, make_review

from tutor.schedule.memory import Scheduler, replay
from tutor.schedule.settings import Settings
from tutor.store import NEW, Rating, Remembered, Store, new_uuid, open_store
from tutor.store.errors import AlreadyRecordedError, UnknownReviewError
from tutor.store.opening import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "home") as opened:
        yield opened


def reopened(store: Store) -> Store:
    store.close()
    return open_store(store.path.parent)


def test_a_review_comes_back_as_it_went_in(store: Store) -> None:
    review = make_review(store)
    memory = store.record(review, RULE)
    with reopened(store) as again:
        assert list(again.reviews()) == [review]
        assert again.memory(review.exercise_id) == memory
        assert again.memories() == {review.exercise_id: memory}
        assert again.last_review() == review
        assert again.review_count() == 1


def test_an_exercise_without_reviews_is_new(store: Store) -> None:
    assert store.memory("never.asked") == NEW
    assert store.memories() == {}
    assert store.last_review() is None
    assert list(store.reviews()) == []


def test_memory_is_that_of_a_replay(store: Store) -> None:
    reviews = [make_review(store, START + n * DAY, rating=Rating(1 + n % 4)) for n in range(9)]
    for review in reviews:
        memory = store.record(review, RULE)
    assert memory == replay(reviews, Settings())
    assert store.check_consistency(RULE) == []


def test_recording_twice_changes_nothing(store: Store) -> None:
    review = make_review(store)
    assert store.record(review, RULE) == store.record(review, RULE)
    assert store.review_count() == 1


def test_the_same_question_answered_in_two_windows_is_one_review(store: Store) -> None:
    first = make_review(store, rating=Rating.GOOD)
    store.record(first, RULE)
    with pytest.raises(AlreadyRecordedError, match="another window"):
        store.record(make_review(store, uuid=first.uuid, rating=Rating.AGAIN), RULE)
    assert list(store.reviews()) == [first]
    assert store.check_consistency(RULE) == []


def test_a_review_from_a_clock_that_went_back_is_put_in_its_place(store: Store) -> None:
    late = make_review(store, START + DAY, rating=Rating.GOOD)
    early = make_review(store, START, rating=Rating.AGAIN)
    store.record(late, RULE)
    assert store.record(early, RULE) == replay([early, late], Settings())
    assert list(store.reviews()) == [early, late]
    assert store.last_review() == early  # what was done last, whatever the clock said
    assert store.check_consistency(RULE) == []


def test_undo_gives_back_the_memory_before_and_keeps_the_review(store: Store) -> None:
    first, second = make_review(store), make_review(store, START + DAY)
    before = store.record(first, RULE)
    store.record(second, RULE)
    assert store.undo(second.uuid, START + DAY + MINUTE, RULE) == before
    assert list(store.reviews()) == [first]
    assert list(store.reviews(undone=True)) == [first, second]
    assert store.last_review() == first
    assert store.undo(first.uuid, START + DAY + MINUTE, RULE) == NEW
    assert store.memories() == {}
    assert store.review_count() == 0


def test_only_what_is_in_the_log_can_be_undone_and_only_once(store: Store) -> None:
    review = make_review(store)
    store.record(review, RULE)
    store.undo(review.uuid, START, RULE)
    for unknown in (review.uuid, "no-such-review"):
        with pytest.raises(UnknownReviewError, match="cannot be taken back"):
            store.undo(unknown, START, RULE)


def test_the_log_can_only_be_added_to(store: Store) -> None:
    review = make_review(store)
    store.record(review, RULE)
    store.undo(review.uuid, START, RULE)
    store.close()
    with sqlite3.connect(store.path) as bare:
        for change in (
            "UPDATE review SET at = 0",
            "DELETE FROM review",
            "UPDATE event SET at = 0",
            "DELETE FROM event",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                bare.execute(change)
    bare.close()


def test_reviews_of_one_exercise_or_of_late(store: Store) -> None:
    a = make_review(store, START, exercise_id="a")
    b = make_review(store, START + DAY, exercise_id="b")
    late_a = make_review(store, START + 2 * DAY, exercise_id="a")
    for each in (a, b, late_a):
        store.record(each, RULE)
    assert list(store.reviews("a")) == [a, late_a]
    assert list(store.reviews(since=START + DAY)) == [b, late_a]
    assert list(store.reviews("a", since=START + 1)) == [late_a]
    store.undo(late_a.uuid, START, RULE)
    assert list(store.reviews("a")) == [a]
    assert list(store.reviews("a", undone=True)) == [a, late_a]


def test_reading_goes_on_across_pages_and_writes(store: Store) -> None:
    store._db.execute("PRAGMA synchronous = OFF")
    reviews = [make_review(store, START + n // 4, exercise_id=f"e{n % 7}") for n in range(2_100)]
    for each in reviews:
        store.record(each, RULE)
    reader = store.reviews()
    seen = [next(reader)]
    late = make_review(store, START + DAY)
    store.record(late, RULE)  # the half-read iterator neither blocks it nor misses it
    seen += reader
    assert {each.uuid for each in seen} == {each.uuid for each in [*reviews, late]}
    assert [(each.at, each.uuid) for each in seen] == sorted((e.at, e.uuid) for e in seen)
    assert store.check_consistency(RULE) == []


def test_other_settings_derive_every_memory_anew(store: Store) -> None:
    reviews = [make_review(store, START + n * DAY, exercise_id=f"e{n}") for n in range(3)]
    for each in reviews:
        store.record(each, RULE)
    strict = Scheduler(Settings(retention=0.95))
    assert [d.exercise_id for d in store.check_consistency(strict)] == ["e0", "e1", "e2"]
    assert store.rederive(strict) is True
    assert store.rederive(strict) is False
    assert store.check_consistency(strict) == []
    # The next writes do the same by themselves, for a process that was started with other settings.
    store.record(make_review(store, START + 9 * DAY, exercise_id="e0"), RULE)
    assert store.check_consistency(RULE) == []
    store.undo(reviews[1].uuid, START, strict)
    assert store.check_consistency(strict) == []


def test_answers_are_recorded_while_memories_are_derived_anew(store: Store) -> None:
    other = Scheduler(Settings(retention=0.8))
    first, new = make_review(store), make_review(store, at=START + DAY)
    store.record(first, RULE)
    found = store.derive(other)
    store.record(new, RULE)  # nothing is locked, and the rule before still holds
    again = make_review(store, at=START + 2 * DAY, exercise_id=first.exercise_id)
    store.record(again, RULE)
    assert store.install(found)
    assert store.check_consistency(other) == []
    assert store.memory(new.exercise_id) != NEW


def test_what_does_not_hold_any_more_is_not_stored(store: Store) -> None:
    other = Scheduler(Settings(retention=0.8))
    review = make_review(store)
    store.record(review, RULE)
    found = store.derive(other)
    store.undo(review.uuid, START + DAY, RULE)
    assert not store.install(found)
    assert store.check_consistency(RULE) == []
    assert store.rederive(other)
    assert store.check_consistency(other) == []


def test_a_meddled_memory_is_listed(store: Store) -> None:
    review = make_review(store)
    memory = store.record(review, RULE)
    assert isinstance(memory, Remembered)
    store._db.execute("UPDATE memory SET stability = stability + 1e-12")
    store._db.execute("INSERT INTO memory VALUES ('ghost', 1, 5, 0, 0, 0, 1, 0, 0, 1, '')")
    by_id = {each.exercise_id: each for each in store.check_consistency(RULE)}
    assert by_id[review.exercise_id].rebuilt == memory
    assert by_id["ghost"].rebuilt == NEW
    assert store.check_integrity() == []


def test_a_question_in_progress_survives_closing(store: Store) -> None:
    assert store.pending() is None
    pending = make_pending()
    store.save_pending(pending)
    with reopened(store) as again:
        assert again.pending() == pending
        further = make_pending(review_uuid=pending.review_uuid, hints_used=3, attempts=())
        again.save_pending(further)
        assert again.pending() == further
        again.clear_pending()
        assert again.pending() is None


def test_recording_ends_the_question_in_the_same_commit(store: Store) -> None:
    pending, other = make_pending(), make_pending()
    store.save_pending(other)
    store.save_pending(pending)
    store.record(make_review(store, uuid=pending.review_uuid), RULE)
    assert store.pending() == other  # a question left open in another window stays
    with pytest.raises(AlreadyRecordedError):
        store.save_pending(pending)
    store.clear_pending(other.review_uuid)
    assert store.pending() is None


def test_a_failing_derivation_leaves_nothing_behind(store: Store) -> None:
    class Broken(Scheduler):
        def advance(self, memory: object, reviewed: object) -> Remembered:
            raise ZeroDivisionError

    pending = make_pending()
    store.save_pending(pending)
    with pytest.raises(ZeroDivisionError):
        store.record(make_review(store, uuid=pending.review_uuid), Broken())
    assert store.pending() == pending
    assert store.review_count() == 0
    assert store.record(make_review(store), RULE)


def test_seeds_beyond_64_bits_are_refused_at_once(store: Store) -> None:
    for seed in (-1, 2**63):
        with pytest.raises(ValueError, match="outside"):
            make_review(store, seed=seed)
        with pytest.raises(ValueError, match="outside"):
            make_pending(seed=seed)


def test_each_home_is_a_device_of_its_own_and_stays_it(tmp_path: Path) -> None:
    with open_store(tmp_path / "a") as a, open_store(tmp_path / "b") as b:
        assert a.device_id != b.device_id
        device = a.device_id
    with open_store(tmp_path / "a") as again:
        assert again.device_id == device


def test_commits_wait_for_the_disk(store: Store) -> None:
    assert store._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert store._db.execute("PRAGMA synchronous").fetchone() == (2,)
    strict = {name: flag for _, name, _, _, _, flag in store._db.execute("PRAGMA table_list")}
    assert all(strict[name] for name in ("review", "event", "memory", "pending", "meta"))


def test_reading_only_creates_nothing_and_reads_what_is_there(tmp_path: Path) -> None:
    home = tmp_path / "none" / "yet"
    with open_store(home, read_only=True) as empty:
        assert empty.memories() == {}
        assert empty.pending() is None
    assert not home.parent.exists()
    with open_store(home) as store:
        review = make_review(store)
        memory = store.record(review, RULE)
        with open_store(home, read_only=True) as reader:
            assert reader.memories() == {review.exercise_id: memory}
            assert reader.device_id == store.device_id
            assert reader.check_consistency(RULE) == []


def test_uuids_sort_by_time_and_are_valid() -> None:
    made = [new_uuid(START + n) for n in range(100)]
    assert made == sorted(made)
    assert {(uuids.UUID(each).version, uuids.UUID(each).variant) for each in made} == {
        (7, uuids.RFC_4122)
    }
    assert len({new_uuid(START) for _ in range(1_000)}) == 1_000
    assert uuids.UUID(new_uuid(-5)).version == 7


def test_an_existing_home_opens_without_sqlite_utils(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    code = (
        "import sys, pathlib; from tutor.store import open_store; from tutor.schedule import due;"
        "open_store(pathlib.Path(sys.argv[1])).memories();"
        "print(sorted({'sqlite_utils', 'fsrs_rs_python', 'pydantic', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    assert (tmp_path / FILE_NAME).exists()
