"""What a learner keeps getting wrong: near misses by their family, over the log.  Pure.

A near miss that was matched is logged by its id.  The ids of one wrong idea differ from exercise to
exercise; its *family* (``tutor.families``) is the same everywhere.  A family is found, in this order,

- for a standard edit (``std:…``) and a relation (``rel:…``) from their tables;
- for an author's near miss by its ``idea:``, or as that of the standard edit that gives the same program;
- otherwise the near miss is a family of its own, ``EXERCISE#NEAR-ID``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from tutor.edits import PREFIX, family_of_kind, kind_of
from tutor.exercise.answers import Flags, Formula, Raises, Value
from tutor.families import FAMILIES, RELATION_FAMILIES, RELATION_PREFIX
from tutor.i18n import _
from tutor.question import DrawError, DrawnFormula, draw
from tutor.question.standard import asked, edits_of_answer, edits_of_program

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tutor.edits import Edit
    from tutor.exercise.load import Library, LoadedExercise
    from tutor.question import DrawnAnswer, DrawnNear, Question
    from tutor.store.records import Review

#: How many misses ``recent`` looks back on, unless told otherwise.
LAST_MISSES: Final = 8
#: Between an exercise's id and its near miss's, in a family of its own.
OWN: Final = "#"


@dataclass(frozen=True, slots=True)
class FamilyCount:
    """``times`` of the last ``of`` misses were of this family; ``exercises`` are where, latest first.

    A miss is a question (one review) with at least one wrong attempt; it counts once for each family that
    one of its attempts was consistent with.  ``last_at`` is when the latest was, in UTC milliseconds.
    """

    family: str
    times: int
    of: int
    exercises: tuple[str, ...]
    last_at: int


def title(family: str) -> str:
    """The family in words, in the language in use; for a family of one exercise its near miss's name."""
    if family in FAMILIES:
        return _(FAMILIES[family])
    exercise, _hash, near = family.rpartition(OWN)
    words = near.removeprefix(RELATION_PREFIX).removeprefix(PREFIX).replace("-", " ")
    return f"{words} ({exercise})" if exercise else words


def family_of(near_id: str, loaded: LoadedExercise | None) -> str:
    """The family of a near miss that was matched in an exercise; ``None`` is one that is gone.

    Reads the exercise's near misses once and remembers them (about 3 ms).
    """
    kind = kind_of(near_id)
    if kind is not None:
        return family_of_kind(kind)
    if near_id.startswith((PREFIX, RELATION_PREFIX)):
        return RELATION_FAMILIES.get(near_id.removeprefix(RELATION_PREFIX), near_id)
    if loaded is None:
        return near_id
    return _families_of(loaded).get(near_id, f"{loaded.id}{OWN}{near_id}")


def diagnoses(loaded: LoadedExercise) -> frozenset[str]:
    """The families that a wrong answer to this exercise can be told to be of.

    Those of its author's near misses, and of the standard edits of its program (as drawn with seed 0).
    """
    return frozenset(_families_of(loaded).values()) | _standard_families(loaded)


def recent(
    reviews: Iterable[Review], library: Library, *, last: int = LAST_MISSES
) -> tuple[FamilyCount, ...]:
    """The families of the last misses, the most frequent first (of equals the latest first).

    ``reviews`` are those of the log, oldest first.  "accumulation: 5 of your last 8 misses" is
    ``FamilyCount("accumulation", 5, 8, …)``.
    """
    misses = [review for review in reviews if is_miss(review)][-last:] if last else []
    return by_family(reversed(misses), library)


def misses_by_family(reviews: Iterable[Review], library: Library) -> tuple[FamilyCount, ...]:
    """As :func:`recent`, over all misses."""
    return by_family(reversed([review for review in reviews if is_miss(review)]), library)


def by_family(misses: Iterable[Review], library: Library) -> tuple[FamilyCount, ...]:
    """The families of ``misses``, which come latest first and are looked at one by one."""
    n = 0
    times: Counter[str] = Counter()
    where: dict[str, dict[str, None]] = {}
    last_at: dict[str, int] = {}
    for n, review in enumerate(misses, 1):  # noqa: B007 - they are counted
        for family in families_missed(review, library.exercises.get(review.exercise_id)):
            times[family] += 1
            where.setdefault(family, {})[review.exercise_id] = None
            last_at.setdefault(family, review.at)
    ranked = sorted(times, key=lambda family: (-times[family], -last_at[family], family))
    return tuple(
        FamilyCount(family, times[family], n, tuple(where[family]), last_at[family])
        for family in ranked
    )


def is_miss(review: Review) -> bool:
    """Whether the learner answered wrong at least once, whatever came of it in the end."""
    return any(attempt.verdict == "wrong" for attempt in review.attempts)


def families_missed(review: Review, loaded: LoadedExercise | None) -> tuple[str, ...]:
    """The families that a review's wrong attempts were consistent with, in the order met."""
    ids = (near for attempt in review.attempts for near in attempt.near)
    return tuple(dict.fromkeys(family_of(near, loaded) for near in ids))


# -- two programs that differ in one edit -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MinimalPair:
    """The question's program and the one that a near miss stands for.

    ``lines`` are the numbers (from 1) of those that differ.  ``expressions`` are what was asked and what
    the near miss asks instead; the same twice where the programs differ.
    """

    program: str
    edited: str
    lines: tuple[int, ...]
    expressions: tuple[str, str] | None = None


def minimal_pair(question: Question, near_id: str) -> MinimalPair | None:
    """Two programs that differ in one edit: the near miss's patch, or the standard edit.

    Also for a near miss that is another expression after the same program.  ``None`` for one that no
    program stands for (a written value, a relation).
    """
    for answer in question.answers.values():
        near = _nears(answer).get(near_id)
        if near is not None:
            return _authors_pair(question, answer, near)
    for edit in _all_edits(question):
        if edit.id == near_id:
            asked_instead = None if edit.expression is None else (edit.was, edit.expression)
            return _pair(question.program, edit.program, asked_instead)
    return None


def _all_edits(question: Question) -> Iterator[Edit]:
    yield from edits_of_program(question)
    for answer in question.answers.values():
        yield from edits_of_answer(question, answer)


def _authors_pair(question: Question, answer: DrawnAnswer, near: DrawnNear) -> MinimalPair | None:
    expression = asked(answer)
    instead = None
    if near.expression is not None and expression is not None:
        instead = (expression, near.expression)
    if near.program is None and (instead is None or isinstance(answer, DrawnFormula)):
        return None
    return _pair(question.program, near.program or question.program, instead)


def _pair(program: str, edited: str, expressions: tuple[str, str] | None) -> MinimalPair:
    before, after = program.splitlines(), edited.splitlines()
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    changed = (
        number
        for tag, first, last, _, _ in matcher.get_opcodes()
        if tag != "equal"
        for number in range(first + 1, max(last, first + 1) + 1)
    )
    return MinimalPair(program, edited, tuple(changed), expressions)


# -- an exercise's own near misses ------------------------------------------------------------------


@lru_cache(maxsize=512)
def _families_of(loaded: LoadedExercise) -> Mapping[str, str]:
    """The family of every near miss of its author's that has one other than itself, by id."""
    exercise = loaded.exercise
    found: dict[str, str] = {}
    unknown = False
    for answer in exercise.answers.values():
        if not isinstance(answer, Value | Flags | Raises | Formula):
            continue
        for id_, near in answer.near.items():
            if near.idea is not None:
                found[id_] = near.idea
            else:
                unknown = True
    question = _drawn(loaded) if unknown else None
    if question is not None:
        for id_, family in _families_by_edit(question):
            found.setdefault(id_, family)
    return found


def _families_by_edit(question: Question) -> Iterator[tuple[str, str]]:
    programs = {edit.program: edit for edit in edits_of_program(question)}
    for answer in question.answers.values():
        expressions = {edit.expression: edit for edit in edits_of_answer(question, answer)}
        for id_, near in _nears(answer).items():
            edit = None
            if near.program is not None and near.expression is None:
                edit = programs.get(near.program)
            elif near.program is None and near.expression is not None:
                edit = expressions.get(near.expression)
            if edit is not None:
                yield id_, family_of_kind(edit.kind)


def _nears(answer: DrawnAnswer) -> Mapping[str, DrawnNear]:
    nears: Mapping[str, DrawnNear] = getattr(answer, "near", {})
    return nears


@lru_cache(maxsize=512)
def _standard_families(loaded: LoadedExercise) -> frozenset[str]:
    question = _drawn(loaded)
    if question is None:
        return frozenset()
    return frozenset(family_of_kind(edit.kind) for edit in _all_edits(question))


def _drawn(loaded: LoadedExercise) -> Question | None:
    try:
        return draw(loaded, 0, "en")
    except DrawError:
        return None
