"""Loading and validating exercises against PyYAML alone, drawing, and the gradings of `tutor check`.

Prints rows of ``name  ours  floor  ratio  aim``, of medians.  Run it as a script.
"""

from __future__ import annotations

import asyncio
import os
import resource
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from measure import header, in_turn, median, milliseconds, row

from tutor.check.run import prove_all
from tutor.exercise.load import load_library
from tutor.locations import exercises_dir
from tutor.question import draw
from tutor.runner.client import Runner

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.exercise.load import LoadedExercise

FILES = 1_000
ROUNDS = 5
SEEDS = 12
#: Small, as the documents are on which PyYAML was first measured.
EXERCISE = """\
# yaml-language-server: $schema=exercise.schema.json
format: 1
id: bench.number-{number}
skill: bench
title: {{en: A sum of squares, zh: 平方和}}
params:
  c: {{int: [2, 5]}}
  v: {{list: {{len: 3, of: {{choice: [-3, -2, 2, 3, 4]}}}}}}
where: ["len(set(v)) == 3"]
program: |
  x = torch.tensor({{{{ v | floats }}}}, requires_grad=True)
  y = ({{{{ c }}}} * x * x).sum()
  y.backward()
ask: {{en: "What is `x.grad`?", zh: "`x.grad` 是什么？"}}
answers:
  grad:
    kind: value
    value: x.grad
    near:
      factor-forgotten:
        patch: [{{replace: "{{{{ c }}}} * x * x", with: x * x}}]
        says: {{en: Without the factor., zh: 没有系数。}}
hints: [{{en: Term by term., zh: 逐项求导。}}]
explain: {{en: "It is {{{{ live('x.grad') }}}}.", zh: "是 {{{{ live('x.grad') }}}}。"}}
tests:
  - {{answer: {{grad: "1, 2"}}, expect: {{grad: wrong}}}}
"""


def write_files(folder: Path) -> list[Path]:
    paths = []
    for number in range(FILES):
        path = folder / f"{number:04}.yaml"
        path.write_text(EXERCISE.format(number=number), encoding="utf-8")
        paths.append(path)
    return paths


def bare(paths: Sequence[Path]) -> None:
    for path in paths:
        yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)


def loading() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = write_files(folder)
        assert len(load_library([folder]).exercises) == FILES
        ours, floor = in_turn(lambda: load_library([folder]), lambda: bare(paths), rounds=ROUNDS)
    ratio = median(ours) / median(floor)
    name = f"load and validate {FILES} exercises"
    row(
        name,
        milliseconds(median(ours)),
        milliseconds(median(floor)),
        ratio,
        "<= 1.5x of PyYAML alone",
    )


def drawing(exercises: Sequence[LoadedExercise]) -> None:
    seconds = []
    for seed in range(40):
        began = time.process_time()  # what others do on the machine is no part of it
        for loaded in exercises:
            draw(loaded, seed, "en")
        seconds.append((time.process_time() - began) / len(exercises))
    ours, aim = median(seconds[1:]), 0.2e-3
    row("draw a shipped exercise", milliseconds(ours), milliseconds(aim), ours / aim, "<= 0.2 ms")


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used so far, as Linux tells it; else 0."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def checking(exercises: Sequence[LoadedExercise]) -> None:
    async with Runner(spares=3) as runner:
        await runner.wait_ready()
        started = cpu_seconds(runner.supervisor_pid)
        began, busy = time.perf_counter(), time.process_time()
        gradings = 0
        async for proof in prove_all(exercises, range(SEEDS), runner):
            gradings += proof.gradings
        seconds, busy = time.perf_counter() - began, time.process_time() - busy
    children = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - started
    rate, idle = gradings / seconds, 2 * gradings / (busy + children)
    row(
        "check, gradings a second",
        f"{rate:,.0f}",
        "3,000",
        rate / 3_000,
        ">= 3,000/s on two idle cores",
    )
    row(
        "  two cores' worth of processor time",
        f"{idle:,.0f}",
        "3,000",
        idle / 3_000,
        "what this would be, were the machine idle",
    )
    row(
        "  of which in the checking process",
        f"{gradings / busy:,.0f}",
        "3,000",
        gradings / busy / 3_000,
        "",
    )


def main() -> None:
    header()
    loading()
    exercises = list(load_library([exercises_dir()]).exercises.values())
    drawing(exercises)
    asyncio.run(checking(exercises))


if __name__ == "__main__":
    main()
