"""Logs of several devices become one: in any order, any number of times, whatever is in them."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_helpers import DAY, MINUTE, RULE, START, hurried, make_pending, make_review

from tutor.store import MarkKind, Rating, Store, new_uuid, open_store, rows, tally
from tutor.store.entries import (
    Entry,
    NewerFormat,
    NotAnEntry,
    check_head,
    head,
    identity,
    line,
    parse,
)
from tutor.store.opening import FILE_NAME


@pytest.fixture(scope="module")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home to be copied: making one anew takes longer than all that is done with it here."""
    home = tmp_path_factory.mktemp("empty")
    open_store(home).close()
    return home


def contents(store: Store) -> tuple[Any, ...]:
    """All that two devices must agree on."""
    assert store.check_consistency(RULE) == []
    assert tally.is_right(store._db)
    return (
        sorted(line(each) for each in store.entries()),
        dict(store.memories()),
        store.marks(),
        store.daily(4),
    )


def review(uuid: int, exercise: str, day: int, rating: Rating, device: str) -> Entry:
    made = make_review(
        Anybody(device),  # type: ignore[arg-type]
        START + day * DAY,
        uuid=f"00000000-{uuid}",
        exercise_id=exercise,
        rating=rating,
    )
    return Entry("review", rows.review_row(made))


class Anybody:
    """What make_review needs of a store."""

    def __init__(self, device_id: str) -> None:
        self.device_id = device_id


def event(uuid: int, day: int, kind: str, subject: str, body: dict[str, Any], device: str) -> Entry:
    row = (f"11111111-{uuid}", device, START + day * DAY, kind, subject, rows.canonical(body))
    return Entry("event", row)


_DEVICES = st.sampled_from(["phone", "desk"])
_EXERCISES = st.sampled_from(["a", "b", "c"])
_DAYS = st.integers(-1, 5)
#: Few uuids: the same one will come with other contents, as from a home that was copied.
_REVIEWS = st.builds(
    review, st.integers(0, 9), _EXERCISES, _DAYS, st.sampled_from(list(Rating)), _DEVICES
)
_UNDOS = st.builds(
    event,
    st.integers(0, 4),
    _DAYS,
    st.just("undo"),
    st.integers(0, 9).map(lambda n: f"00000000-{n}")
    | st.sampled_from(["11111111-7", "11111111-21"]),
    st.just({}),
    _DEVICES,
)
_MARKS = st.builds(
    event,
    st.integers(5, 9),
    _DAYS,
    st.sampled_from(["suspend", "unsuspend", "flag", "adopt", "disown", "of-a-later-version"]),
    _EXERCISES,
    st.fixed_dictionaries({"to": _EXERCISES}),
    _DEVICES,
)
_LOWERINGS = st.builds(
    event,
    st.integers(20, 24),
    _DAYS,
    st.just("lower"),
    st.integers(0, 9).map(lambda n: f"00000000-{n}"),
    st.fixed_dictionaries({"rating": st.integers(1, 3)}),
    _DEVICES,
)
_LOGS = st.lists(
    st.lists(st.one_of(_REVIEWS, _REVIEWS, _UNDOS, _MARKS, _LOWERINGS), max_size=8),
    min_size=2,
    max_size=4,
)


@given(logs=_LOGS, order=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_union_of_logs_does_not_depend_on_how_it_came_about(
    empty_home: Path, logs: list[list[Entry]], order: Any
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(empty_home, Path(folder, "1"))
        shutil.copytree(empty_home, Path(folder, "2"))
        shutil.copytree(empty_home, Path(folder, "3"))
        with (
            open_store(Path(folder, "1")) as first,
            open_store(Path(folder, "2")) as second,
            open_store(Path(folder, "3")) as third,
        ):
            for store in (first, second, third):
                hurried(store)
            for log in logs:
                first.take_in(log, RULE)
            again = [*logs, order.choice(logs)]  # another order, one of them twice, one at a time
            order.shuffle(again)
            for log in again:
                order.shuffle(log)
                second.take_in(log, RULE, at_a_time=1)
            # By way of a third device, that had part of it.
            third.take_in(logs[-1], RULE)
            third.take_in(first.entries(), RULE)
            assert contents(first) == contents(second) == contents(third)
            before = contents(first)
            assert not first.take_in(second.entries(), RULE)
            assert contents(first) == before


def test_nobody_s_answer_is_lost_where_a_copied_home_answered_the_same_question(
    tmp_path: Path,
) -> None:
    with open_store(tmp_path / "a") as a, open_store(tmp_path / "b") as b:
        uuid = new_uuid(START)
        here = make_review(a, uuid=uuid, rating=Rating.AGAIN)
        there = make_review(b, START + MINUTE, uuid=uuid, rating=Rating.GOOD)
        a.record(here, RULE)
        b.record(there, RULE)
        merged = a.take_in(list(b.entries()), RULE)
        assert merged.doubles == 1
        b.take_in(list(a.entries()), RULE)
        assert contents(a) == contents(b)
        assert a.review_count() == 1
        text = b"".join(line(each) for each in a.entries()).decode()
        assert a.device_id in text
        assert b.device_id in text


# Lines


def test_every_line_is_read_as_it_was_written(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        reviewed = make_review(store, params={"x": [1e-300, -0.0], "s": '"\\\u2028'})
        store.record(reviewed, RULE)
        store.undo(reviewed.uuid, START, RULE)
        store.mark(MarkKind.NOTE, "autograd.矩阵", START, {"text": "=1+1\n\udcff"})
        found = list(store.entries())
    assert [each.kind for each in found] == ["review", "event", "event"]
    for entry in found:
        text = line(entry)
        assert text.isascii()
        assert text.count(b"\n") == 1
        assert json.loads(text)
        assert parse(text) == entry
        who = identity(text[:-1])
        assert who is not None
        assert who[1].decode() == entry.uuid
        # Spaces, another order of fields, or no checksum: still the same.
        data = json.loads(text)
        data[entry.kind] = dict(reversed(data[entry.kind].items()))
        assert parse(json.dumps(data, indent=1).encode()) == entry
        del data["crc"]
        assert parse(json.dumps(data).encode()) == entry


@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_a_line_that_was_changed_anywhere_is_no_entry(data: st.DataObject) -> None:
    text = bytearray(line(review(1, "a", 1, Rating.GOOD, "desk"))[:-1])
    at = data.draw(st.integers(0, len(text) - 1))
    change = data.draw(st.sampled_from(["cut", "flip", "drop"]))
    if change == "cut":
        del text[at:]
    elif change == "drop":
        del text[at]
    else:
        text[at] ^= data.draw(st.integers(1, 127))
    with pytest.raises(NotAnEntry):
        parse(bytes(text))


@given(text=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
@settings(max_examples=200, deadline=None)
def test_any_text_is_an_entry_or_is_told_why_not(text: bytes) -> None:
    assert identity(text) is None
    with pytest.raises(NotAnEntry):
        parse(text)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("rating", 7, "rating is 7, and should be 1 … 4"),
        ("rating", True, "should be 1 … 4"),
        ("seed", 2**63, "seed"),
        ("at", 1e99, "milliseconds since 1970"),
        ("seconds", -1, "a number of seconds"),
        ("seconds", float("nan"), "a number of seconds"),
        ("params", [], "an object"),
        ("attempts", [{"answers": {}}], "a list of attempts"),
        ("uuid", "../../etc", "an id"),
        ("exercise_id", "\ud800", "a text"),
        ("utc_offset", 99_999, "minutes"),
    ],
)
def test_a_value_that_cannot_be_is_named(field: str, value: object, says: str) -> None:
    data = json.loads(line(review(1, "a", 1, Rating.GOOD, "desk")))
    del data["crc"]
    data["review"][field] = value
    with pytest.raises(NotAnEntry, match=says):
        parse(json.dumps(data).encode())


def test_fields_that_are_missing_or_unknown_are_named() -> None:
    data = json.loads(line(review(1, "a", 1, Rating.GOOD, "desk")))
    with pytest.raises(NotAnEntry, match="it has no seed"):
        parse(
            json.dumps({"review": {**data["review"]} | {"seed": 1}})
            .encode()
            .replace(b"seed", b"sead")
        )
    with pytest.raises(NotAnEntry, match="mood is unknown"):
        parse(json.dumps({"review": data["review"] | {"mood": 1}}).encode())
    for other in (b"{}", b"[]", b'{"review":1}', b'{"song":{}}', b"[" * 100_000, b"1" * 9_999):
        with pytest.raises(NotAnEntry):
            parse(other)


def test_the_head_tells_a_newer_format_from_no_format() -> None:
    check_head(head())
    with pytest.raises(NewerFormat):
        check_head(b'{"format":"autograd-tutor-log","version":2}')
    for other in (b"", b"{}", b'{"format":"another"}', head()[:20]):
        with pytest.raises(NotAnEntry):
            check_head(other)


# Places


def test_a_copied_home_takes_a_name_of_its_own_and_an_old_place_its_old_one(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    pending = make_pending()
    with open_store(first) as store:
        name = store.device_id
        store.save_pending(pending)
    shutil.copytree(first, second)
    with open_store(second) as copy:
        other = copy.device_id
        assert other != name
        open_question = copy.pending()
        assert open_question is not None
        assert open_question.review_uuid != pending.review_uuid  # its answer will be its own
    with open_store(second) as copy, open_store(first) as store:
        assert (copy.device_id, store.device_id) == (other, name)
        assert store.pending() == pending
    (first / FILE_NAME).unlink()
    shutil.copy(second / FILE_NAME, first / FILE_NAME)
    with open_store(first) as store:
        assert store.device_id == name
