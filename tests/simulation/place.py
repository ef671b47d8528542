"""How well the placement test places: prints the table of docs/scheduling.md; run it as a script."""

from __future__ import annotations

import random
from pathlib import Path
from statistics import fmean

from tutor.exercise.load import load_library
from tutor.schedule.placement import GUESS, SLIP, start
from tutor.schedule.skills import depths, required_by, requires_of

LEARNERS = 100


def through_the_course(requires: dict[str, tuple[str, ...]], rng: random.Random) -> set[str]:
    """Up to a point of the course, with gaps, and a little beyond."""
    depth = depths(requires)
    order = sorted(requires, key=depth.__getitem__)
    reached, known = rng.randrange(len(order) + 1), set[str]()
    for n, skill in enumerate(order):
        chance = 0.92 if n < reached else 0.04
        if known.issuperset(requires[skill]) and rng.random() < chance:
            known.add(skill)
    return known


def by_field(requires: dict[str, tuple[str, ...]], rng: random.Random) -> set[str]:
    """Far in some fields (autograd, linalg …), not in others."""
    depth = depths(requires)
    deepest = max(depth.values()) + 1
    fields = sorted({skill.split(".")[0] for skill in requires})
    level = {field: rng.uniform(-0.1, 1.2) for field in fields}
    known = set[str]()
    for skill in sorted(requires, key=depth.__getitem__):
        hard = (depth[skill] + 0.5) / deepest
        able = rng.gauss(level[skill.split(".")[0]], 0.1) > hard
        if able and known.issuperset(requires[skill]):
            known.add(skill)
    return known


def here_and_there(requires: dict[str, tuple[str, ...]], rng: random.Random) -> set[str]:
    """Skills from all over, each with all that it requires."""
    order, known = list(requires), set[str]()
    rng.shuffle(order)
    many = rng.randrange(len(order))
    for skill in order:
        if len(known) >= many:
            break
        known |= {skill} | required_by(skill, requires)
    return known


KINDS = {
    "part of the course": through_the_course,
    "far in some fields": by_field,
    "skills from all over": here_and_there,
    "nothing": lambda _requires, _rng: set(),
    "everything": lambda requires, _rng: set(requires),
}


def main() -> None:
    requires = requires_of(load_library([Path(__file__).parents[2] / "exercises"]))
    n = len(requires)
    print("| knows | placed rightly | placed too far | better constant | questions |")
    print("|---|---:|---:|---:|---:|")
    for name, kind in KINDS.items():
        rng = random.Random(7)
        rows = []
        for _ in range(LEARNERS):
            truth, test = kind(requires, rng), start(requires, requires)
            while (skill := test.next()) is not None:
                test = test.answered(skill, rng.random() < (1 - SLIP if skill in truth else GUESS))
            known = test.known()
            constant = max(len(truth), n - len(truth)) / n
            rows.append(
                (1 - len(known ^ truth) / n, len(known - truth) / n, constant, len(test.answers))
            )
        right, far, constant, asked = map(fmean, zip(*rows, strict=True))
        print(f"| {name} | {right:.0%} | {far:.0%} | {constant:.0%} | {asked:.1f} |", flush=True)


if __name__ == "__main__":
    main()
