"""The shipped deck as a whole; `tutor check` proves each exercise."""

from __future__ import annotations

from collections import Counter

from tutor.exercise.load import load_library
from tutor.exercise.model import localized_texts


def test_the_shipped_deck_has_no_problem_not_even_a_warning(shipped):
    assert shipped.problems == ()
    assert len(shipped.exercises) >= 31


def test_all_seven_kinds_are_used_and_none_by_more_than_half_of_the_answers(shipped):
    kinds = Counter(
        answer.kind
        for loaded in shipped.exercises.values()
        for answer in loaded.exercise.answers.values()
    )
    assert set(kinds) == {"value", "flags", "raises", "formula", "code", "choice", "order"}


def test_every_text_is_in_both_languages(shipped):
    for loaded in shipped.exercises.values():
        for path, text in localized_texts(loaded.exercise):
            if isinstance(text, dict):
                assert set(text) == {"en", "zh"}, (loaded.path, path)
                assert all(text.values()), (loaded.path, path)


def test_every_exercise_helps_and_explains(shipped):
    for loaded in shipped.exercises.values():
        assert len(loaded.exercise.hints) >= 2, loaded.path
        assert loaded.exercise.explain, loaded.path
        assert loaded.exercise.tests, loaded.path


def test_near_misses_are_there_where_the_kind_has_them(shipped):
    for loaded in shipped.exercises.values():
        nears = [
            len(answer.near)
            for answer in loaded.exercise.answers.values()
            if hasattr(answer, "near")
        ]
        assert not nears or sum(nears) >= 2, loaded.path


def test_files_point_editors_to_the_schema(shipped):
    for loaded in shipped.exercises.values():
        first = loaded.path.read_text(encoding="utf-8").splitlines()[0]
        prefix, _, target = first.partition("$schema=")
        assert prefix == "# yaml-language-server: "
        assert (loaded.path.parent / target).resolve().is_file(), loaded.path


def test_ids_are_unique_in_every_case(shipped):
    folder = next(iter(shipped.decks)).folder
    again = load_library([folder])
    assert set(again.exercises) == set(shipped.exercises)
