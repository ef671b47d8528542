"""Misconceptions over the log: families, counts, and two programs that differ in one edit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tutor import i18n
from tutor.exercise.load import load_library
from tutor.families import FAMILIES, RELATION_FAMILIES
from tutor.misconceptions import (
    diagnoses,
    families_missed,
    family_of,
    minimal_pair,
    misses_by_family,
    recent,
    title,
)
from tutor.question import draw
from tutor.store.records import Attempt, Rating, Review

DETACH = """
format: 1
id: detach
skill: a
title: t
program: |
  x = torch.tensor([3.0, 1.0], requires_grad=True)
  u = x.detach()
  y = (u * x).sum()
  y.backward()
ask: a
answers:
  grad:
    kind: value
    value: x.grad
    near:
      ignored: {patch: [{replace: .detach(), with: ""}], says: s}
      forward: {expr: x.detach(), says: s}
      halved: {value: "1, 2", idea: factor, says: s}
      alone: {value: "7, 7", says: s}
"""
ACCUMULATE = """
format: 1
id: accumulate
skill: b
title: t
program: |
  x = torch.tensor([3.0, 1.0], requires_grad=True)
  (x * x).sum().backward()
  x.grad = None
  x.sum().backward()
ask: a
answers:
  grad: {kind: value, value: x.grad}
"""


@pytest.fixture
def library(library_of):
    return library_of(detach=DETACH, accumulate=ACCUMULATE)


def review(exercise: str, *near: str, at: int, verdict: str = "wrong") -> Review:
    attempt = Attempt(answers={}, verdict=verdict, near=near, at=at, seconds=1.0)
    return Review(
        uuid=f"{at}", device="d", at=at, utc_offset=0, exercise_id=exercise, revision=1,
        content_hash="", seed=0, params={}, language="en", attempts=(attempt,), hints_used=0,
        gave_up=False, seconds=1.0, rating=Rating.AGAIN, score=0.0, torch_version="", app_version="",
    )  # fmt: skip


def test_an_authors_near_miss_is_of_the_family_of_the_edit_that_gives_its_program(library):
    loaded = library.exercises["detach"]
    assert family_of("ignored", loaded) == "detach"
    assert family_of("forward", loaded) == "value-for-gradient"


def test_it_is_of_the_family_that_its_author_names(library):
    assert family_of("halved", library.exercises["detach"]) == "factor"


def test_otherwise_it_is_a_family_of_its_own(library):
    family = family_of("alone", library.exercises["detach"])
    assert family == "detach#alone"
    assert title(family) == "alone (detach)"
    assert title("rel:inverted") == "inverted"


def test_standard_edits_and_relations_have_their_families_everywhere(library):
    assert family_of("std:drop-zero-grad-2", None) == "accumulation"
    assert family_of("rel:transposed", library.exercises["detach"]) == "transpose"
    assert family_of("rel:of-a-later-version", None) == "rel:of-a-later-version"
    assert family_of("std:of-a-later-version", None) == "std:of-a-later-version"
    assert set(RELATION_FAMILIES.values()) <= set(FAMILIES)


def test_an_exercise_diagnoses_what_its_program_can_be_misread_as(library):
    assert {"detach", "factor", "value-for-gradient", "reduction"} <= diagnoses(
        library.exercises["detach"]
    )
    assert "accumulation" in diagnoses(library.exercises["accumulate"])
    assert "accumulation" not in diagnoses(library.exercises["detach"])


def test_a_family_is_counted_among_the_last_misses(library):
    log = [
        review("accumulate", "std:drop-zero-grad", at=1),
        review("detach", "ignored", at=2),
        review("detach", at=3, verdict="correct"),
        review("detach", at=4),
        review("accumulate", "std:last-backward-only", at=5),
        review("gone", "std:drop-detach", at=6),
    ]
    found = misses_by_family(log, library)
    assert [(f.family, f.times, f.of, f.exercises, f.last_at) for f in found] == [
        ("detach", 2, 5, ("gone", "detach"), 6),
        ("accumulation", 2, 5, ("accumulate",), 5),
    ]
    assert [(f.family, f.times, f.of) for f in recent(log, library, last=3)] == [
        ("detach", 1, 3),
        ("accumulation", 1, 3),
    ]
    assert recent(log, library, last=0) == ()
    assert recent([], library) == ()


def test_a_question_missed_twice_the_same_way_is_one_miss(library):
    one = review("detach", "ignored", at=1)
    twice = replace(one, attempts=one.attempts * 2)
    assert misses_by_family([twice], library)[0].times == 1
    assert families_missed(twice, library.exercises["detach"]) == ("detach",)


def test_a_minimal_pair_is_the_authors_patch_or_the_standard_edit(library):
    question = draw(library.exercises["detach"], 0, "en")
    pair = minimal_pair(question, "ignored")
    assert pair is not None
    assert pair.program == question.program
    assert pair.edited == question.program.replace(".detach()", "")
    assert pair.lines == (2,)
    assert pair.expressions is None

    other = minimal_pair(question, "std:drop-detach")
    assert other == pair
    mean = minimal_pair(question, "std:mean-for-sum")
    assert mean is not None
    assert mean.lines == (3,)


def test_a_near_miss_that_asks_for_something_else_has_two_expressions(library):
    question = draw(library.exercises["detach"], 0, "en")
    for id_ in ("forward", "std:value-for-gradient"):
        pair = minimal_pair(question, id_)
        assert pair is not None
        assert pair.program == pair.edited
        assert pair.lines == ()
        assert pair.expressions == ("x.grad", "x.detach()")


@pytest.mark.parametrize("id_", ["halved", "rel:negated", "nobody"])
def test_what_no_program_stands_for_has_no_pair(library, id_):
    assert minimal_pair(draw(library.exercises["detach"], 0, "en"), id_) is None


def test_families_have_titles_in_both_languages():
    assert title("accumulation") == "gradients accumulate"
    i18n.use("zh")
    try:
        assert title("accumulation") == "梯度会累加"
    finally:
        i18n.use("en")


def test_an_unknown_idea_is_an_error_that_lists_the_families(tmp_path):
    path = tmp_path / "detach.yaml"
    path.write_text(DETACH.replace("idea: factor", "idea: factors"), encoding="utf-8")
    (problem,) = [p for p in load_library([tmp_path]).problems if p.severity == "error"]
    assert problem.field == "answers.grad.near.halved.idea"
    assert "did you mean `factor`?" in problem.message
    assert "accumulation" in problem.message


def test_every_shipped_exercise_can_be_asked_what_it_diagnoses(shipped):
    assert all(diagnoses(loaded) is not None for loaded in shipped.exercises.values())
