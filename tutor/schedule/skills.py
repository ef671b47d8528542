"""The order in which a deck's new exercises come up: along its skill graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tutor.exercise.load import Library


class Candidate(NamedTuple):
    """An exercise that may be asked; a tuple, as there are ten thousand.

    ``depth`` is that of its skill in the graph: 0 for one that requires nothing, otherwise one more
    than the deepest it requires.
    """

    exercise_id: str
    skill: str
    depth: int = 0


def candidates_of(library: Library) -> tuple[Candidate, ...]:
    """Every exercise of a library, in the order of learning its decks' skill graphs give."""
    pairs = ((id_, loaded.skill) for id_, loaded in library.exercises.items())
    return arrange(pairs, requires_of(library))


def requires_of(library: Library) -> dict[str, tuple[str, ...]]:
    """For each skill of a library's decks the skills that it directly requires."""
    return {
        name: tuple(skill.requires) for deck in library.decks for name, skill in deck.skills.items()
    }


def required_by(skill: str, requires: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """All that a skill requires, directly or not; not itself."""
    found: set[str] = set()
    stack = list(requires.get(skill, ()))
    while stack:
        one = stack.pop()
        if one not in found:
            found.add(one)
            stack += requires.get(one, ())
    return frozenset(found - {skill})


def arrange(
    exercises: Iterable[tuple[str, str]], requires: Mapping[str, Sequence[str]]
) -> tuple[Candidate, ...]:
    """Candidates in the order of learning, from (exercise id, skill) pairs in the author's order.

    ``requires`` gives for each skill the skills it directly requires, in the author's order.
    Skills come after all they require, otherwise in that order; a skill that is not in the graph
    comes last.  Requirements that go round in a circle are ignored where the circle closes.
    """
    depth_of = depths(requires)
    rank = {skill: position for position, skill in enumerate(requires)}
    last = max(depth_of.values(), default=-1) + 1
    # Skills are sorted, and not exercises: there are a hundred times fewer.
    by_skill: dict[str, list[str]] = {}
    for each, skill in exercises:
        by_skill.setdefault(skill, []).append(each)
    place = {skill: (depth_of.get(skill, last), rank.get(skill, len(rank))) for skill in by_skill}
    return tuple(
        Candidate(each, skill, place[skill][0])
        for skill in sorted(by_skill, key=place.__getitem__)
        for each in by_skill[skill]
    )


def depths(requires: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Each skill's depth in the graph: 0 for one that requires nothing."""
    found: dict[str, int] = {}
    for skill in requires:
        _visit(skill, requires, found)
    return found


def _visit(start: str, requires: Mapping[str, Sequence[str]], depths: dict[str, int]) -> None:
    """Depth-first, on a list: a long chain of skills must not meet Python's recursion limit."""
    stack, open_skills = [start], set[str]()
    while stack:
        skill = stack[-1]
        if skill in depths:
            stack.pop()
            continue
        open_skills.add(skill)
        needed = [each for each in requires[skill] if each in requires]
        waiting = [each for each in needed if each not in depths and each not in open_skills]
        if waiting:
            stack.extend(waiting)
            continue
        depths[skill] = max((depths[each] + 1 for each in needed if each in depths), default=0)
        stack.pop()
