"""The shipped deck as a whole; `tutor check` proves each exercise."""

from __future__ import annotations

import importlib.util
from collections import Counter
from pathlib import Path

from tutor.exercise.load import load_library
from tutor.exercise.model import localized_texts
from tutor.families import FAMILIES
from tutor.misconceptions import family_of
from tutor.question import draw

ROOT = Path(__file__).parents[2]
_spec = importlib.util.spec_from_file_location("curriculum", ROOT / "docs" / "curriculum.py")
curriculum = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(curriculum)
wrong_ways = curriculum.wrong_ways


def test_the_shipped_deck_has_no_problem_not_even_a_warning(shipped):
    assert shipped.problems == ()
    assert len(shipped.exercises) >= 150


def test_all_seven_kinds_are_used_and_none_by_more_than_half_of_the_answers(shipped):
    kinds = Counter(
        answer.kind
        for loaded in shipped.exercises.values()
        for answer in loaded.exercise.answers.values()
    )
    assert set(kinds) == {"value", "flags", "raises", "formula", "code", "choice", "order"}
    assert max(kinds.values()) <= kinds.total() / 2


def test_every_skill_has_two_exercises_that_look_different(shipped):
    by_skill = {skill: [] for deck in shipped.decks for skill in deck.skills}
    for loaded in shipped.exercises.values():
        exercise = loaded.exercise
        look = (exercise.program, tuple(answer.kind for answer in exercise.answers.values()))
        by_skill[loaded.skill].append(look)
    assert len(by_skill) >= 60
    for skill, looks in by_skill.items():
        assert len(looks) >= 2, skill
        assert len(set(looks)) == len(looks), skill


def test_more_than_half_of_the_exercises_name_three_wrong_ways_or_more(shipped):
    ways = [wrong_ways(loaded) for loaded in shipped.exercises.values()]
    assert min(ways) >= 2
    assert sum(n >= 3 for n in ways) > len(ways) / 2


def test_the_page_of_the_curriculum_is_that_of_the_files(shipped):
    written = (ROOT / "docs" / "curriculum.md").read_text(encoding="utf-8")
    assert written == curriculum.page(shipped), "run: make curriculum"


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


def test_every_near_miss_belongs_to_a_family_of_misconceptions(shipped):
    alone = [
        (loaded.id, near)
        for loaded in shipped.exercises.values()
        for answer in loaded.exercise.answers.values()
        for near in getattr(answer, "near", ())
        if family_of(near, loaded) not in FAMILIES
    ]
    assert alone == []


def test_no_near_miss_of_flags_only_says_that_everything_is_wrong(shipped):
    """Typing the negation of every flag shows no misconception; a near miss names one."""
    for loaded in shipped.exercises.values():
        for answer in loaded.exercise.answers.values():
            assert answer.kind != "flags" or "other-way-round" not in answer.near, loaded.path


def test_no_exercise_runs_out_of_questions(shipped):
    """The hundred draws that the app asks are twenty different questions at least."""
    for loaded in shipped.exercises.values():
        questions = set()
        for seed in range(100):
            questions.add(as_asked(draw(loaded, seed, "en")))
            if len(questions) == 20:
                break
        assert len(questions) == 20, loaded.path


def as_asked(question):
    """What the learner is shown of a question, apart from the order of what is on offer."""
    offered = [
        repr(sorted(map(str, getattr(answer, what, None) or ())))
        for answer in question.answers.values()
        for what in ("options", "lines", "expressions", "variables", "starter", "expression")
    ]
    return question.program, question.ask, *offered


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
