"""Finding where a learner stands in a graph of skills, in at most fifteen questions.  Pure.

Some hundreds of learners are imagined. Each knows a skill only with all that it requires, and each has
a probability of its own of having learned a skill that was within reach: from those who know nothing to
those who know all. An answer lets those who would have given it go on, as often as they would have
(who knows a skill still slips one time in ten; who does not still guesses right one time in twenty),
and then each of them is thought over skill by skill, so that they stay different (a particle filter with
Gibbs moves). The next question is on the skill whose answer is expected to leave the least doubt about
all the others.

Chance is drawn from the answers themselves: the same answers give the same questions, everywhere.
"""

from __future__ import annotations

import random
from bisect import bisect
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final, TypeAlias

from tutor.schedule.skills import depths

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

LEAST: Final = 5
MOST: Final = 15
SLIP: Final = 0.1
GUESS: Final = 0.05
#: A skill is placed as known from this probability on: to be asked again costs less than a gap.
SURE: Final = 0.6
#: The test ends early when less than this part of the skills is expected to be placed wrongly.
DOUBT: Final = 0.02
LEARNERS: Final = 400
SWEEPS: Final = 2
#: A question is sought among so many skills, those in most doubt.
LOOKED_AT: Final = 60

Graph: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
#: The skills known (bit n is skill n), and the probability of having learned what was within reach.
Learner: TypeAlias = tuple[int, float]


@dataclass(frozen=True, slots=True)
class Placement:
    """A test as far as it has come.  ``testable`` are the skills that have a question to ask."""

    graph: Graph
    testable: frozenset[str]
    learners: tuple[Learner, ...]
    answers: tuple[tuple[str, bool], ...] = ()

    def answered(self, skill: str, right: bool) -> Placement:
        """The test after an answer on ``skill``."""
        answers = (*self.answers, (skill, right))
        shape = _shape(self.graph)
        rng = random.Random(repr(answers))  # noqa: S311 - not for secrets
        likely = _likelihood(shape, [(skill, right)])[shape.index[skill]]
        bit = 1 << shape.index[skill]
        weights = [likely[1] if known & bit else likely[0] for known, _ in self.learners]
        ends = list(accumulate(weights))
        step = ends[-1] / LEARNERS
        at = rng.random() * step
        kept = [
            self.learners[min(bisect(ends, at + n * step), LEARNERS - 1)] for n in range(LEARNERS)
        ]
        odds = _likelihood(shape, answers)
        moved = tuple(_think_over(one, shape, odds, rng) for one in kept)
        return replace(self, answers=answers, learners=moved)

    def next(self) -> str | None:
        """The skill to ask about; None when the test is over."""
        if len(self.answers) >= MOST:
            return None
        known = list(self.probabilities().values())
        doubt = sum(min(p, 1 - p) for p in known)
        if doubt < DOUBT * len(known) and len(self.answers) >= LEAST:
            return None
        unsure = sorted(range(len(known)), key=lambda n: -known[n] * (1 - known[n]))[:LOOKED_AT]
        together = self._together(unsure)
        alone = [known[n] for n in unsure]
        asked = {skill for skill, _ in self.answers}
        doubts = {
            self.graph[n][0]: _doubt_left(at, together, alone)
            for at, n in enumerate(unsure)
            if self.graph[n][0] in self.testable and self.graph[n][0] not in asked
        }
        return min(doubts, key=doubts.__getitem__, default=None)

    def probabilities(self) -> dict[str, float]:
        """For each skill, how probable it is by now that the learner knows it."""
        return {
            skill: sum(known >> n & 1 for known, _ in self.learners) / LEARNERS
            for n, (skill, _) in enumerate(self.graph)
        }

    def known(self) -> frozenset[str]:
        """The skills that the learner is placed beyond, with all that they require."""
        sure = {skill for skill, p in self.probabilities().items() if p >= SURE}
        # What requires a skill is never more probable than it; so `sure` is closed already.
        return frozenset(sure)

    def _together(self, skills: Sequence[int]) -> list[list[float]]:
        """How probable it is, for every two of ``skills``, that both are known."""
        found = [[0.0] * len(skills) for _ in skills]
        for known, _ in self.learners:
            here = [at for at, n in enumerate(skills) if known >> n & 1]
            for one in here:
                row = found[one]
                for other in here:
                    row[other] += 1 / LEARNERS
        return found


def start(requires: Mapping[str, Sequence[str]], testable: Iterable[str]) -> Placement:
    """A test over a graph of skills, nothing answered yet."""
    graph = tuple(
        (skill, tuple(one for one in needed if one in requires and one != skill))
        for skill, needed in requires.items()
    )
    return Placement(graph, frozenset(testable) & requires.keys(), _first_learners(graph))


@dataclass(frozen=True, slots=True)
class _Shape:
    """A graph in numbers: what each skill needs and what needs it, as bits; an order of learning."""

    index: Mapping[str, int]
    needs: tuple[int, ...]
    children: tuple[tuple[int, ...], ...]
    order: tuple[int, ...]


@lru_cache(maxsize=4)
def _shape(graph: Graph) -> _Shape:
    index = {skill: n for n, (skill, _) in enumerate(graph)}
    children: list[list[int]] = [[] for _ in graph]
    for n, (_, needed) in enumerate(graph):
        for one in needed:
            children[index[one]].append(n)
    needs = tuple(sum(1 << index[one] for one in set(needed)) for _, needed in graph)
    depth = depths(dict(graph))
    order = sorted(range(len(graph)), key=lambda n: depth[graph[n][0]])
    return _Shape(index, needs, tuple(map(tuple, children)), tuple(order))


@lru_cache(maxsize=4)
def _first_learners(graph: Graph) -> tuple[Learner, ...]:
    """Learners as they may come, before any answer."""
    shape = _shape(graph)
    rng = random.Random(2026)  # noqa: S311
    found = []
    for n in range(LEARNERS):
        eager = (n + 0.5) / LEARNERS
        known = 0
        for one in shape.order:
            if known & shape.needs[one] == shape.needs[one] and rng.random() < eager:
                known |= 1 << one
        found.append((known, eager))
    return tuple(found)


def _likelihood(
    shape: _Shape, answers: Iterable[tuple[str, bool]]
) -> dict[int, tuple[float, float]]:
    """By the number of a skill, how likely its answers are of one who does not and who does know it."""
    found: dict[int, tuple[float, float]] = {}
    for skill, right in answers:
        unknown, known = (GUESS, 1 - SLIP) if right else (1 - GUESS, SLIP)
        before = found.get(shape.index[skill], (1.0, 1.0))
        found[shape.index[skill]] = before[0] * unknown, before[1] * known
    return found


def _think_over(
    learner: Learner, shape: _Shape, likely: Mapping[int, tuple[float, float]], rng: random.Random
) -> Learner:
    """Draw each skill anew, given all the others and the answers, and then how eager the learner is."""
    known, eager = learner
    needs, children = shape.needs, shape.children
    for _ in range(SWEEPS):
        for one in shape.order:
            bit = 1 << one
            if known & needs[one] != needs[one]:
                continue  # out of reach
            without = known & ~bit
            reached = 0
            for child in children[one]:
                if without & 1 << child:
                    break  # it is needed by one that is known
                reached += (without | bit) & needs[child] == needs[child]
            else:
                unknown, knows = likely.get(one, (1.0, 1.0))
                # Whoever knows it also left alone what it brought within reach.
                up = eager * knows * (1 - eager) ** reached
                down = (1 - eager) * unknown
                known = without | bit if rng.random() * (up + down) < up else without
        within = sum(known & need == need for need in needs)
        eager = rng.betavariate(1 + known.bit_count(), 1 + within - known.bit_count())
    return known, eager


def _doubt_left(asked: int, together: list[list[float]], known: list[float]) -> float:
    """The variance expected to be left over all skills once the answer on ``asked`` is known."""
    p, row = known[asked], together[asked]
    right = (1 - SLIP) * p + GUESS * (1 - p)
    left = 0.0
    for both, alone in zip(row, known, strict=True):
        if_right = ((1 - SLIP) * both + GUESS * (alone - both)) / right
        if_wrong = (SLIP * both + (1 - GUESS) * (alone - both)) / (1 - right)
        left += right * if_right * (1 - if_right) + (1 - right) * if_wrong * (1 - if_wrong)
    return left
