"""The library as it is listed and searched."""

from __future__ import annotations

import threading

import pytest
from history import NOON, write_history
from hypothesis import given
from hypothesis import strategies as st

from tutor.progress.catalogue import Catalogue, SearchIndex, View, groups, plain
from tutor.schedule.queue import due
from tutor.schedule.settings import Settings
from tutor.schedule.skills import candidates_of
from tutor.store import open_store
from tutor.store.marks import MarkKind

UTC = Settings(zone="UTC")


@pytest.fixture(scope="module")
def index(shipped):
    found = SearchIndex()
    for loaded in shipped.exercises.values():
        found.add(loaded)
    return found


@pytest.fixture
def home(tmp_path, shipped):
    write_history(tmp_path, shipped, 10)
    return tmp_path


def test_every_exercise_is_listed_once_after_what_its_skill_requires(shipped):
    listed = [id_ for deck in groups(shipped) for skill in deck.skills for id_ in skill.exercises]
    assert sorted(listed) == sorted(shipped.exercises)
    (deck,) = groups(shipped)
    order = [skill.name for skill in deck.skills]
    for name in order:
        for needed in deck.deck.skills[name].requires:
            assert needed not in order or order.index(needed) < order.index(name)


def test_exercises_outside_any_deck_have_a_place(library_of):
    text = "format: 1\nid: a.one\nskill: a\ntitle: One\nprogram: x = 1\nask: x?\n"
    library = library_of(one=text + "answers: {x: {kind: value, value: x}}\n")
    (group,) = groups(library)
    assert (group.id, group.deck, group.skills[0].exercises) == ("", None, ("a.one",))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("autograd.detach.square-times-x", "the id"),
        ("DETACH(", "the program, in whatever case"),
        ("分离", "the skill's title in the other language"),
        ("square detach", "every word, wherever it stands"),
    ],
)
def test_a_search_looks_into(index, query, expected):
    assert "autograd.detach.square-times-x" in index.find(query), expected


def test_what_does_not_occur_is_not_found(index, shipped):
    assert index.find("detach zebra") == frozenset()
    assert index.find("") == frozenset(shipped.exercises)


def test_the_truth_cannot_be_searched_for(index, shipped):
    for id_, loaded in shipped.exercises.items():
        if loaded.exercise.explain is not None:
            texts = loaded.exercise.explain
            text = texts if isinstance(texts, str) else texts["en"]
            if len(text) > 60 and text not in str(loaded.exercise.ask):
                assert id_ not in index.find(text)


@given(st.lists(st.text(min_size=1, max_size=6), max_size=8))
def test_typing_on_gives_what_the_whole_query_gives(index, parts):
    fresh = SearchIndex()
    fresh._texts = index._texts
    query = ""
    for part in parts:
        query += part
        assert index.find(query) == fresh.find(query)
        fresh._last = ("", 0, [])


def test_it_can_be_asked_while_it_is_filled(shipped):
    index, stop = SearchIndex(), threading.Event()

    def fill() -> None:
        while not stop.is_set():
            for loaded in shipped.exercises.values():
                index.add(loaded)

    thread = threading.Thread(target=fill)
    thread.start()
    try:
        for _ in range(200):
            assert index.find("detach") <= frozenset(shipped.exercises)
    finally:
        stop.set()
        thread.join()


def test_looking_through_many_keeps_none_in_memory(tmp_path, shipped):
    from tutor.exercise.load import load_library

    folder = next(iter(shipped.decks)).folder
    load_library([folder], tmp_path / "cache.json")
    library = load_library([folder], tmp_path / "cache.json")
    loaded = library.exercises["autograd.detach.square-times-x"]
    assert loaded.glance() == loaded.exercise
    other = library.exercises["autograd.vjp.vector-backward"]
    assert other.glance() is not other.glance()
    assert other.exercise is other.exercise is other.glance()


def test_views_show_what_they_say(home, shipped):
    with open_store(home) as store:
        first = store.latest(1)[0].exercise_id
        store.mark(MarkKind.SUSPEND, first, NOON)
        store.mark(MarkKind.FLAG, first, NOON, {"text": "odd"})
        found = Catalogue.read(shipped, store, NOON, UTC)
        memories = store.memories()

    def shown(view: View) -> set[str]:
        return {one for one in shipped.exercises if found.shows(one, view)}

    assert shown(View.ALL) == set(shipped.exercises)
    assert shown(View.NEW) == set(shipped.exercises) - set(memories)
    awake = [one for one in candidates_of(shipped) if one.exercise_id != first]
    assert first not in shown(View.DUE)
    assert len(shown(View.DUE)) == due(awake, memories, NOON, UTC).due, "as the plan counts them"
    assert shown(View.SUSPENDED) == shown(View.MARKED) == {first}
    assert shown(View.WEAK) <= set(memories)


def test_a_skill_is_as_known_as_its_exercises(home, shipped):
    with open_store(home, read_only=True) as store:
        found = Catalogue.read(shipped, store, NOON, UTC)
    for name, skill in found.skills.items():
        assert 0 <= skill.known <= 1
        assert skill.begun <= skill.exercises
        assert (skill.state == "closed") <= bool(skill.missing)
        assert (skill.state in ("begun", "known")) == bool(skill.begun)
        assert found.skills[name].exercises > 0
    assert found.recall("no.such") is None


def test_what_is_drawn_is_left_open_in_a_title():
    assert (
        plain("A sum of {{ n }} squares{% if x %}, twice{% endif %}")
        == "A sum of … squares…, twice…"
    )
