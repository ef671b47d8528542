"""Marks: what they say, that they can be taken back, and that adoption carries memory over."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest
from store_helpers import DAY, MINUTE, RULE, START, make_review

from tutor.schedule.memory import replay
from tutor.schedule.settings import Settings
from tutor.store import NEW, MarkKind, Marks, Rating, Store, open_store
from tutor.store.errors import AdoptionError, UnknownMarkError, UnknownReviewError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "home") as opened:
        yield opened


def test_a_home_without_marks(store: Store) -> None:
    marks = store.marks()
    assert marks == Marks()
    assert marks.name("a") == "a"
    assert not marks.rests("a", START)


def test_each_kind_and_its_opposite(store: Store) -> None:
    store.mark(MarkKind.SUSPEND, "a", START)
    store.mark(MarkKind.BURY, "b", START, {"until": START + DAY})
    store.mark(MarkKind.FLAG, "a", START, {"text": "wrong sign"})
    store.mark(MarkKind.NOTE, "c", START, {"text": "ask 老师"})
    store.mark(MarkKind.OPEN_SKILL, "skill", START, {"by": "test"})
    store.mark(MarkKind.PLACED, "deck", START, {"asked": 9})
    found = store.marks()
    assert found.suspended.keys() == {"a"}
    assert found.buried == {"b": START + DAY}
    assert found.flags == {"a": "wrong sign"}
    assert found.notes == {"c": "ask 老师"}
    assert found.opened == {"skill": "test"}
    assert found.placed == {"deck": {"asked": 9}}
    assert [found.rests(each, START) for each in "abc"] == [True, True, False]
    assert not found.rests("b", START + DAY)  # its day has come
    for kind, subject in (
        (MarkKind.UNSUSPEND, "a"),
        (MarkKind.UNBURY, "b"),
        (MarkKind.UNFLAG, "a"),
        (MarkKind.NOTE, "c"),
        (MarkKind.CLOSE_SKILL, "skill"),
    ):
        store.mark(kind, subject, START)  # within the same millisecond: what was said last holds
    assert store.marks() == Marks(placed={"deck": {"asked": 9}})


def test_a_mark_survives_closing_and_is_seen_by_others(store: Store) -> None:
    with open_store(store.path.parent) as other:
        assert other.marks() == Marks()
        store.mark(MarkKind.SUSPEND, "a", START)
        assert other.marks().suspended.keys() == {"a"}
        other.mark(MarkKind.UNSUSPEND, "a", START)
        assert store.marks() == Marks()
    with open_store(store.path.parent, read_only=True) as reader:
        assert reader.marks() == Marks()


def test_what_was_said_last_holds_though_the_clock_went_back(store: Store) -> None:
    store.mark(MarkKind.SUSPEND, "a", START)
    store.mark(MarkKind.UNSUSPEND, "a", START - DAY)
    assert store.marks() == Marks()


def test_a_mark_taken_back_gives_the_one_before(store: Store) -> None:
    store.mark(MarkKind.NOTE, "a", START, {"text": "first"})
    second = store.mark(MarkKind.NOTE, "a", START + 1, {"text": "second"})
    store.undo_mark(second.uuid, START + 2, RULE)
    assert store.marks().notes == {"a": "first"}
    for unknown in (second.uuid, "nothing"):
        with pytest.raises(UnknownMarkError):
            store.undo_mark(unknown, START + 3, RULE)


def test_a_kind_of_a_later_version_is_passed_over(store: Store) -> None:
    store._db.execute("INSERT INTO event VALUES (NULL, 'u', 'd', 1, 'sing', 'a', '{}')")
    store.mark(MarkKind.SUSPEND, "a", START)
    assert store.marks().suspended.keys() == {"a"}


def test_an_adopted_exercise_hands_its_reviews_and_marks_over(store: Store) -> None:
    old = [make_review(store, START + n * DAY, exercise_id="old") for n in (0, 3, 9)]
    new = [
        make_review(store, START + n * DAY, exercise_id="new", rating=Rating.AGAIN) for n in (1, 5)
    ]
    for each in (*old, *new):
        store.record(each, RULE)
    store.mark(MarkKind.NOTE, "old", START, {"text": "mind the sign"})
    before = store.memories()
    adoption = store.adopt("old", "new", START + 10 * DAY, RULE)
    merged = sorted([*old, *new], key=lambda each: each.at)
    assert store.memories() == {"new": replay(merged, Settings())}
    assert store.check_consistency(RULE) == []
    assert [each.at for each in store.reviews("new")] == [each.at for each in merged]
    assert {each.exercise_id for each in store.reviews()} == {"new"}
    assert list(store.reviews("old")) == []
    assert store.marks().notes == {"new": "mind the sign"}
    assert store.marks().rests("old", START)  # should its file come back, it is the new one
    # A review that another window still had open under the old id counts for the new one.
    late = make_review(store, START + 20 * DAY, exercise_id="old")
    assert store.record(late, RULE) == replay([*merged, late], Settings())
    store.undo(late.uuid, START + 20 * DAY + MINUTE, RULE)
    store.undo_mark(adoption.uuid, START + 21 * DAY, RULE)
    assert store.memories() == before
    assert store.check_consistency(RULE) == []


def test_adoptions_in_a_chain_and_given_up(store: Store) -> None:
    store.record(make_review(store, exercise_id="a"), RULE)
    of_a = store.memory("a")
    store.adopt("a", "b", START, RULE)
    store.adopt("b", "c", START, RULE)
    assert store.memories() == {"c": of_a}
    store.disown("b", START, RULE)
    assert store.memories() == {"b": of_a}
    store.disown("a", START, RULE)
    assert store.memories() == {"a": of_a}
    assert store.memory("b") == store.memory("c") == NEW


def test_adoptions_never_go_round(store: Store) -> None:
    store.adopt("a", "b", START, RULE)
    for old, new in (("a", "a"), ("b", "a")):
        with pytest.raises(AdoptionError, match="itself"):
            store.adopt(old, new, START, RULE)
    with pytest.raises(ValueError, match="use adopt"):
        store.mark(MarkKind.ADOPT, "b", START, {"to": "a"})
    # From two devices they may meet all the same.
    store._db.execute(
        "INSERT INTO event VALUES (NULL, 'u', 'd', ?, 'adopt', 'b', '{\"to\": \"a\"}')", [START + 9]
    )
    with open_store(store.path.parent) as again:
        assert again.marks().adopted == {"a": "b"}
        again.adopt("a", "c", START + DAY, RULE)  # a, which was b's end, ends elsewhere itself
        assert again.marks().adopted == {"a": "c"}
        again.adopt("c", "d", START + DAY, RULE)
        assert again.marks().adopted == {"a": "d", "c": "d"}


def test_a_failed_mark_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(TypeError):
        store.mark(MarkKind.NOTE, "a", START, {"text": object()})
    assert store.marks() == Marks()
    store.mark(MarkKind.NOTE, "a", START, {"text": "fine"})
    assert store.marks().notes == {"a": "fine"}


def test_marks_are_found_by_their_index(store: Store) -> None:
    plan = store._db.execute(
        "EXPLAIN QUERY PLAN SELECT uuid FROM event WHERE kind <> 'undo' ORDER BY at, uuid"
    ).fetchall()
    assert [row[3] for row in plan] == ["SCAN event USING INDEX event_marks"]


def test_marks_cannot_be_changed_or_removed(store: Store) -> None:
    store.mark(MarkKind.SUSPEND, "a", START)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        store._db.execute("DELETE FROM event")


def test_a_rating_is_lowered_and_never_raised(store: Store) -> None:
    review = make_review(store, rating=Rating.EASY)
    before = store.record(review, RULE)
    mark = store.lower(review.uuid, Rating.HARD, START + MINUTE, RULE)
    assert [each.rating for each in store.reviews()] == [Rating.HARD]
    lowered = store.memories()[review.exercise_id]
    assert lowered == replay(store.reviews(), Settings())
    assert lowered.stability < before.stability
    assert store.check_consistency(RULE) == []
    for rating in (Rating.HARD, Rating.GOOD, Rating.EASY):
        with pytest.raises(ValueError, match="not lower"):
            store.lower(review.uuid, rating, START + MINUTE, RULE)
    assert [one.rating for one in store.ratings()] == [Rating.HARD]
    again = store.lower(review.uuid, Rating.AGAIN, START + MINUTE, RULE)
    assert [each.rating for each in store.reviews()] == [Rating.AGAIN]
    store.undo_mark(again.uuid, START + MINUTE, RULE)
    assert store.memories()[review.exercise_id] == lowered
    store.undo_mark(mark.uuid, START + MINUTE, RULE)
    assert store.memories()[review.exercise_id] == before
    store.record(review, RULE)  # the review itself is as it was logged
    with pytest.raises(UnknownReviewError):
        store.lower("no such review", Rating.AGAIN, START, RULE)


def test_the_last_word_about_parameters_holds(store: Store) -> None:
    assert store.marks().parameters == ()
    for given in ([0.5] * 21, [0.25] * 21, "nonsense", [None]):
        store.mark(MarkKind.PARAMETERS, "learner", START, {"parameters": given})
    assert store.marks().parameters == (0.25,) * 21
    store.mark(MarkKind.PARAMETERS, "learner", START, {"parameters": []})
    assert store.marks().parameters == ()


def test_a_lowered_rating_comes_along_in_a_merge(tmp_path: Path) -> None:
    with open_store(tmp_path / "a") as one, open_store(tmp_path / "b") as other:
        review = make_review(one, rating=Rating.EASY)
        one.record(review, RULE)
        other.take_in(one.entries(), RULE)
        mark = one.lower(review.uuid, Rating.AGAIN, START + MINUTE, RULE)
        other.take_in(one.entries(), RULE)
        assert dict(other.memories()) == dict(one.memories())
        one.undo_mark(mark.uuid, START + MINUTE, RULE)
        other.take_in(one.entries(), RULE)
        assert dict(other.memories()) == dict(one.memories())
        assert other.check_consistency(RULE) == []
