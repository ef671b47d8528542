"""The cache of loaded exercises: unchanged files are not read, and nothing else is different."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from exercise_helpers import WHOLE, answers, write

from tutor.exercise import cache as cache_module
from tutor.exercise import load as load_module
from tutor.exercise.load import Library, load_library
from tutor.exercise.problems import ExerciseErrors
from tutor.question import draw

if TYPE_CHECKING:
    from pathlib import Path

DECK = "format: 1\nid: d\ntitle: D\nlanguages: [en]\nlicence: MIT\nskills: {t: {title: T}}\n"


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    folder = tmp_path / "deck"
    write(folder, DECK, "deck.yaml")
    write(folder, WHOLE.replace("t.one", "a") + "hints: [é]\nexplain: '{{ 1 + 1 }}'\n", "a.yaml")
    write(
        folder,
        WHOLE.replace("t.one", "b") + "tests: [{answer: {a: 1}, expect: {a: wrong}}]\n",
        "b.yaml",
    )
    order = answers("o: {kind: order, lines: [a = 1, b = 2], depends: {2: [1]}}")
    write(folder, order.replace("t.one", "c"), "c.yaml")
    infinite = answers(
        "v: {kind: value, value: x, near: {n: {value: .inf, says: s}, m: {value: null, says: s}}}"
    )
    write(folder, infinite.replace("t.one", "d"), "d.yaml")
    write(folder, "{", "broken.yaml")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "caches" / "exercises.json"


def same(one: Library, other: Library) -> None:
    assert list(one.exercises) == list(other.exercises)
    assert one.problems == other.problems
    for name, first in one.exercises.items():
        second = other.exercises[name]
        assert first.exercise == second.exercise
        assert (first.id, first.skill, first.path) == (second.id, second.skill, second.path)
        assert (first.content_hash, first.warnings) == (second.content_hash, second.warnings)
        assert (first.deck and first.deck.id) == (second.deck and second.deck.id)
        assert draw(first, 3, "en") == draw(second, 3, "en")
    assert one.broken == other.broken


def unread(deck: Path) -> None:
    """Makes every exercise unreadable without changing its time and size."""
    for path in deck.glob("?.yaml"):
        stat = path.stat()
        path.write_bytes(b"#" * stat.st_size)
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def test_a_library_from_the_cache_is_the_same(deck: Path, store: Path) -> None:
    plain = load_library([deck])
    assert len(plain.exercises) == 4
    same(plain, load_library([deck], store))
    assert store.is_file()
    same(plain, load_library([deck], store))
    same(plain, load_library([deck], store))


def test_unchanged_files_are_not_read(deck: Path, store: Path) -> None:
    plain = load_library([deck], store)
    programs = {name: plain.exercises[name].exercise for name in "ab"}
    unread(deck)
    again = load_library([deck], store)
    assert {name: again.exercises[name].exercise for name in again.exercises} == programs


def test_changed_and_new_and_removed_files_are_noticed(deck: Path, store: Path) -> None:
    load_library([deck], store)
    write(deck, WHOLE.replace("t.one", "a").replace("title: T", "title: Changed"), "a.yaml")
    write(deck, WHOLE.replace("t.one", "new"), "new.yaml")
    (deck / "b.yaml").unlink()
    library = load_library([deck], store)
    assert list(library.exercises) == ["a", "c", "d", "new"]
    assert library.exercises["a"].exercise.title == "Changed"
    same(library, load_library([deck], store))


def test_a_touched_file_is_read_again(deck: Path, store: Path) -> None:
    load_library([deck], store)
    unread(deck)
    os.utime(deck / "a.yaml", ns=(1, 1))
    assert "a" not in load_library([deck], store).exercises


def test_a_changed_deck_is_noticed(deck: Path, store: Path) -> None:
    load_library([deck], store)
    write(deck, DECK.replace("[en]", "[en, zh]").replace("{t: {", "{tt: {"), "deck.yaml")
    library = load_library([deck], store)
    assert not library.exercises
    assert "`t` is no skill of the deck" in str(library.problems)


def test_duplicates_are_found_from_the_cache(deck: Path, store: Path) -> None:
    write(deck, WHOLE.replace("t.one", "b"), "z.yaml")
    first = load_library([deck], store)
    assert "`b` is also the id" in str(first.problems)
    same(first, load_library([deck], store))


@pytest.mark.parametrize(
    "content",
    [b"", b"\0", b"{}", b"[]", b"[1, 2]", b'["x", []]', b"\xff\xfe", b"[" * 100_000, b'{"a": NaN'],
    ids=range(9),
)
def test_a_corrupt_cache_is_no_cache(content: bytes, deck: Path, store: Path) -> None:
    plain = load_library([deck])
    store.parent.mkdir()
    store.write_bytes(content)
    same(plain, load_library([deck], store))
    same(plain, load_library([deck], store))


def test_every_kind_of_damage_is_survived(deck: Path, store: Path) -> None:
    plain = load_library([deck])
    load_library([deck], store)
    whole = store.read_bytes()
    for at in range(0, len(whole), 37):
        for damaged in (
            whole[:at],
            whole[:at] + b"\x00" + whole[at + 1 :],
            whole[:at] + b"\n" + whole[at:],
        ):
            store.write_bytes(damaged)
            same(plain, load_library([deck], store))


def test_a_damaged_body_is_read_from_the_file(deck: Path, store: Path) -> None:
    plain = load_library([deck], store)
    store.write_bytes(store.read_bytes().replace(b'"title":"T"', b'"title":"U"'))
    library = load_library([deck], store)
    assert library.exercises["a"].exercise == plain.exercises["a"].exercise
    store.write_bytes(store.read_bytes().replace(b'"title":"T"', b'"title":"U"'))
    library = load_library([deck], store)
    (deck / "a.yaml").unlink()
    with pytest.raises(ExerciseErrors, match="no such file"):
        _ = library.exercises["a"].exercise


def test_another_version_is_no_cache(
    deck: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_library([deck], store)
    unread(deck)
    monkeypatch.setattr(cache_module, "_version", lambda: "another")
    assert not load_library([deck], store).exercises


def test_a_cache_that_cannot_be_written_is_no_error(deck: Path, tmp_path: Path) -> None:
    write(tmp_path, "", "file")
    assert len(load_library([deck], tmp_path / "file" / "cache.json").exercises) == 4
    assert len(load_library([deck], tmp_path).exercises) == 4
    assert not [path for path in tmp_path.iterdir() if path.name not in ("deck", "file")]


def test_nothing_is_written_if_nothing_changed(deck: Path, store: Path) -> None:
    load_library([deck], store)
    for name in ("c.yaml", "d.yaml"):
        (deck / name).unlink()
    load_library([deck], store)
    os.utime(store, ns=(1, 1))
    load_library([deck], store)
    assert store.stat().st_mtime_ns == 1


def test_reading_tells_how_far_it_is_and_can_be_ended(
    deck: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_module, "TOLD_EVERY", 2)
    told: list[int] = []
    load_library([deck], store, told.append)
    assert told == [2, 4]
    load_library([deck], store, told.append)  # only the broken file and one with infinity in it
    assert told == [2, 4, 2]
    unread(deck)
    store.unlink()

    def left(read: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        load_library([deck], store, left)
