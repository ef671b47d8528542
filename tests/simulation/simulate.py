"""How many minutes to equal knowledge?  Prints the tables of docs/scheduling.md; run it as a script.

Sixteen learners of each of three models (``learners.py``) have 20 minutes a day for 60 days; schedulers
(``schedulers.py``) decide what they are asked. All learners and schedulers see the same chance.

- An exercise can be learned only as far as its ground is known: the first answers succeed, and leave
  something, in proportion to what is known of the skills that its skill requires.
- A right answer practises the skills it really uses, by the graph's weights (the truth); a scheduler
  with implicit credit believes these weights, noisy ones, or wrong ones.
- Knowledge is the mean probability of recall over all exercises, averaged over exams on the evenings of
  days 10, 20 … 60, and 30 days after the end.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import schedulers
from learners import MODELS, Bools, Floats, Ints
from schedulers import Credited, Fsrs, Sm2

from tutor.exercise.load import load_library
from tutor.schedule import fsrs6
from tutor.schedule.settings import DEFAULT_PARAMETERS
from tutor.schedule.skills import depths, requires_of

LEARNERS, DAYS, EXERCISES = 16, 60, 3
SECONDS_RIGHT, SECONDS_WRONG, SECONDS_NEW = 35.0, 75.0, 80.0
NEW_PER_DAY, KNOWN_AT = 10, 0.6
EXAMS = (10, 20, 30, 40, 50, 60)


@dataclass(frozen=True)
class Graph:
    """Skills in the order of learning: what each requires, and the weight with which it practises others."""

    requires: list[list[int]]
    depth: np.ndarray
    weights: Floats


def deck_graph() -> Graph:
    """The shipped deck's."""
    library = load_library([Path(__file__).parents[2] / "exercises"])
    requires = requires_of(library)
    depth = depths(requires)
    order = sorted(requires, key=depth.__getitem__)
    at = {skill: n for n, skill in enumerate(order)}
    weights = np.zeros((len(order), len(order)))
    for deck in library.decks:
        for skill, node in deck.skills.items():
            for other, weight in node.exercises.items():
                weights[at[skill], at[other]] = weight
    needs = [[at[one] for one in requires[skill] if one in at] for skill in order]
    return Graph(needs, np.array([depth[skill] for skill in order]), weights)


def made_graph(skills: int = 60) -> Graph:
    """Sixty skills, each requiring one or two of the twelve before it, and practising what it requires."""
    rng = np.random.default_rng(7)
    requires: list[list[int]] = []
    depth = np.zeros(skills, dtype=int)
    weights = np.zeros((skills, skills))
    for n in range(skills):
        before = np.arange(max(0, n - 12), n)
        needed = (
            rng.choice(before, min(len(before), rng.integers(1, 3)), replace=False) if n > 3 else []
        )
        requires.append([int(one) for one in needed])
        depth[n] = max((depth[one] + 1 for one in requires[-1]), default=0)
        weights[n, requires[-1]] = rng.choice([0.2, 0.3, 0.5], len(requires[-1]))
    order = np.argsort(depth, kind="stable")
    place = np.argsort(order)
    moved = [[int(place[one]) for one in requires[old]] for old in order]
    return Graph(moved, depth[order], weights[np.ix_(order, order)])


def believed(truth: Floats, kind: str) -> Floats:
    """What the scheduler takes the weights to be."""
    rng = np.random.default_rng(11)
    if kind == "noisy":
        return np.clip(
            truth * rng.lognormal(0, 0.7, truth.shape) * (rng.random(truth.shape) > 0.2), 0, 0.9
        )
    if kind == "wrong":
        return truth[:, rng.permutation(len(truth))]
    return truth


@dataclass(frozen=True)
class Policy:
    name: str
    make: type[Sm2] | type[Fsrs]
    by_graph: bool = False
    gated: bool = False
    credit: str = ""


GATED = Policy("FSRS-6 + gating", Fsrs, by_graph=True, gated=True)
POLICIES = (
    Policy("SM-2", Sm2),
    Policy("SM-2, new in the graph's order", Sm2, by_graph=True),
    Policy("FSRS-6", Fsrs),
    Policy("FSRS-6, new in the graph's order", Fsrs, by_graph=True),
    Policy("FSRS-6 + gating, any order", Fsrs, gated=True),
    GATED,
    Policy("+ credit, right weights", Credited, True, True, "right"),
    Policy("+ credit, noisy weights", Credited, True, True, "noisy"),
    Policy("+ credit, wrong weights", Credited, True, True, "wrong"),
)


class Run:
    """One policy on one kind of learners and one graph."""

    def __init__(self, policy: Policy, model: str, graph: Graph, minutes: float) -> None:
        self.policy, self.graph, self.seconds = policy, graph, minutes * 60
        skills = len(graph.requires)
        n = skills * EXERCISES
        self.skill = np.repeat(np.arange(skills), EXERCISES)
        self.people = MODELS[model](LEARNERS, n)
        self.schedule = policy.make(LEARNERS, n)
        self.needs = np.zeros((skills, skills))
        for one, needed in enumerate(graph.requires):
            self.needs[one, needed] = 1 / max(len(needed), 1)
        self.roots = np.array([not needed for needed in graph.requires])
        self.beliefs = believed(graph.weights, policy.credit)
        rng = np.random.default_rng(5)
        order = np.arange(n) if policy.by_graph else rng.permutation(n)
        self.rank = np.argsort(order)
        self.seen = np.zeros((LEARNERS, n), dtype=bool)
        self.luck = np.random.default_rng(3)
        self.knowledge: list[float] = []
        self.spent: list[float] = []
        self.minutes = np.zeros(LEARNERS)
        self.exams: list[float] = []

    def days(self, days: int = DAYS) -> None:
        for day in range(days):
            self._day(day)
            evening = np.full(LEARNERS, day + 0.9)
            known = float(self.people.recall(evening).mean())
            self.knowledge.append(known)
            self.spent.append(float(self.minutes.mean()))
            if day + 1 in EXAMS:
                self.exams.append(known)
        self.exams.append(float(self.people.recall(np.full(LEARNERS, days + 30.0)).mean()))

    def _day(self, day: int) -> None:
        clock, begun = np.zeros(LEARNERS), np.zeros(LEARNERS, dtype=int)
        last = np.full(LEARNERS, -1)
        ground = self._ground(day + 0.3)
        while True:
            at = day + 0.3 + clock / 86_400
            what, new = self._choose(at, day, begun, last)
            who = np.flatnonzero((clock < self.seconds) & (what >= 0))
            if not len(who):
                break
            chosen, is_new = what[who], new[who]
            recall = self.people.recall(at)[who, chosen]
            support = ground[who, self.skill[chosen]]
            # The ground counts while something is learned, and less once it is known for itself.
            chance = np.where(is_new, 0.55 * support, recall * (0.7 + 0.3 * support))
            right = self.luck.random(LEARNERS)[who] < chance
            self.people.practise(
                who, chosen, at[who], right, np.where(is_new, 0.4 + 0.6 * support, 1.0)
            )
            self._along(who, chosen, at[who], right)
            self.schedule.answered(who, chosen, at[who], right)
            self.seen[who, chosen] = True
            begun[who] += is_new
            last[who] = self.skill[chosen]
            took = np.where(is_new, SECONDS_NEW, np.where(right, SECONDS_RIGHT, SECONDS_WRONG))
            clock[who] += took
            self.minutes[who] += took / 60

    def _ground(self, at: float) -> Floats:
        """What is truly known of what each skill requires."""
        recall = self.people.recall(np.full(LEARNERS, at))
        skills = recall.reshape(LEARNERS, -1, EXERCISES).mean(axis=2)
        return np.where(self.roots, 1.0, skills @ self.needs.T)

    def _along(self, who: Ints, chosen: Ints, at: Floats, right: Bools) -> None:
        """What is practised along with a right answer, truly, and as the scheduler believes."""
        if not right.any():
            return
        who, chosen, at = who[right], chosen[right], at[right]
        for weights, take in (
            (self.graph.weights, self._practised),
            (self.beliefs, self._credited),
        ):
            if take == self._credited and not self.policy.credit:
                continue
            share = weights[self.skill[chosen]][:, self.skill] * self.seen[who]
            row, what = np.nonzero(share)
            if len(row):
                take(who[row], what, at[row], share[row, what])

    def _practised(self, who: Ints, what: Ints, at: Floats, share: Floats) -> None:
        self.people.practise(who, what, at, np.ones(len(who), dtype=bool), share)

    def _credited(self, who: Ints, what: Ints, at: Floats, share: Floats) -> None:
        assert isinstance(self.schedule, Credited)
        self.schedule.credit(who, what, at, share)

    def _choose(self, at: Floats, day: int, begun: Ints, last: Ints) -> tuple[Ints, Bools]:
        """Steps of minutes, then what is due, then what is new; another skill than the last one's."""
        due_by = np.where(self.schedule.due < day + 0.35, day + 0.3, self.schedule.due)
        is_due = self.seen & (due_by <= np.maximum(at[:, None], day + 0.3))
        score = np.where(is_due, 1e6 + np.clip(self.schedule.urgency(at), -1e4, 1e4), -np.inf)
        score -= 1e5 * (self.skill[None, :] == last[:, None])
        may = ~self.seen & (begun < NEW_PER_DAY)[:, None]
        if self.policy.gated and isinstance(self.schedule, Fsrs):
            known = self.schedule.known(at).reshape(LEARNERS, -1, EXERCISES).mean(axis=2)
            shut = (known < KNOWN_AT).astype(float) @ (self.needs > 0).T > 0
            may &= ~shut[:, self.skill] | self._begun_skills()
        fresh = np.where(may, -self.rank[None, :].astype(float), -np.inf)
        waiting = np.isfinite(score).any(axis=1)
        new = ~waiting & np.isfinite(fresh).any(axis=1)
        what = np.where(waiting, score.argmax(axis=1), np.where(new, fresh.argmax(axis=1), -1))
        return what, new

    def _begun_skills(self) -> Bools:
        begun = self.seen.reshape(LEARNERS, -1, EXERCISES).any(axis=2)
        return begun[:, self.skill]


def minutes_to(run: Run, level: float) -> float:
    """Minutes until the evening's knowledge first reaches ``level``; nan if it never does."""
    for known, spent in zip(run.knowledge, run.spent, strict=True):
        if known >= level:
            return spent
    return float("nan")


def check_equations() -> None:
    """The arrays' FSRS-6 is the program's."""
    rng = np.random.default_rng(1)
    one = Fsrs(1, 1)
    memory, at = None, 0.0
    for _ in range(40):
        right = bool(rng.random() < 0.8)
        gap = float(rng.choice([0.01, 1.3, 9.0, 60.0]))
        rating = 3 if right else 1
        same = np.floor(at + gap) <= np.floor(at)
        memory = (
            fsrs6.first(DEFAULT_PARAMETERS, rating)
            if memory is None
            else fsrs6.following(DEFAULT_PARAMETERS, *memory, rating, gap, bool(same))
        )
        at += gap
        one.answered(np.array([0]), np.array([0]), np.array([at]), np.array([right]))
        assert np.allclose((one.s[0, 0], one.d[0, 0]), memory, rtol=1e-9), (one.s, one.d, memory)


def table(graph: Graph, minutes: float) -> None:
    print(f"{'':<34}" + "".join(f"{name:^32}" for name in MODELS))
    print(f"{'':<34}" + f"{'known':>9}{'+30 d':>7}{'min':>7}{'to equal':>9}" * len(MODELS))
    rows = {policy.name: f"{policy.name:<34}" for policy in POLICIES}
    for model in MODELS:
        level = None
        for policy in POLICIES:
            run = Run(policy, model, graph, minutes)
            run.days()
            level = level or max(run.knowledge) * 0.95
            rows[policy.name] += (
                f"{np.mean(run.exams):>9.3f}{run.exams[-1]:>7.3f}{run.spent[-1]:>7.0f}"
                f"{minutes_to(run, level):>9.0f}"
            )
    print("\n".join(rows.values()), flush=True)


def orders(graph: Graph) -> None:
    """The order of what is due, when there is more than time: after a break of thirty days."""
    print(f"{'':<34}" + "".join(f"{name:>14}" for name in MODELS))
    for name in schedulers.ORDERS:
        schedulers.ORDER = name
        cells = []
        for model in MODELS:
            run = Run(GATED, model, graph, 20)
            run.days(30)
            run.seconds = 10 * 60  # half the time, after the break
            known = []
            for day in range(60, 90):
                run._day(day)
                known.append(float(run.people.recall(np.full(LEARNERS, day + 0.9)).mean()))
            cells.append(f"{np.mean(known):>14.3f}")
        print(f"{name:<34}" + "".join(cells), flush=True)
    schedulers.ORDER = "most forgotten first"


def main() -> None:
    check_equations()
    graphs = {"the shipped deck's graph": deck_graph(), "a made graph of 60 skills": made_graph()}
    for name, graph in graphs.items():
        print(
            f"\n{name}: {len(graph.requires)} skills, {len(graph.requires) * EXERCISES} exercises"
        )
        table(graph, 20)
    print("\nafter a break of 30 days, 10 min a day: knowledge over the next 30 days")
    orders(graphs["the shipped deck's graph"])


if __name__ == "__main__":
    sys.exit(main())
