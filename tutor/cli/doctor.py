"""`tutor doctor`: is everything as it should be?"""

from __future__ import annotations

import asyncio
import platform
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

from tutor.cli.common import home_of, json_option, library, print_json
from tutor.cli.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: ``ok``, and what was found, with the remedy where it is not."""

    name: str
    ok: bool
    words: str


@click.command("doctor")
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Look at the program, your progress, the exercises and the protections; name what is missing.

    Exits with 1 if something is not as it should be.
    """
    home = home_of(ctx)
    checks = [_python(), _torch(), *_progress(home), *_exercises(home), *asyncio.run(_runner())]
    if as_json:
        print_json({"ok": all(c.ok for c in checks), "checks": [asdict(c) for c in checks]})
    else:
        width = max(len(check.name) for check in checks)
        for check in checks:
            click.echo(f"{'ok ' if check.ok else 'NOT'}  {check.name:<{width}}  {check.words}")
    sys.exit(0 if all(check.ok for check in checks) else 1)


def _python() -> Check:
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    return Check("python", True, f"{platform.python_version()} on {system}")


def _torch() -> Check:
    from tutor.cli.check import torch_version

    try:
        return Check("torch", True, torch_version())
    except Problem as problem:
        return Check("torch", False, problem.message)


def _progress(home: Path) -> Iterator[Check]:
    """The database can be opened, is sound, and memory is what the log gives."""
    from tutor.locations import progress_file
    from tutor.schedule.memory import Scheduler
    from tutor.store import StoreError, open_store

    path = progress_file(home)
    if not path.exists():
        yield Check("progress", True, f"{path}: none yet")
        return
    try:
        with open_store(home, read_only=True) as store:
            damage = store.check_integrity()
            unlike = [] if damage else store.check_consistency(Scheduler())
            reviews = 0 if damage else store.review_count()
    except StoreError as error:
        yield Check("progress", False, str(error))
        return
    if damage:
        yield Check("progress", False, f"{path} is damaged: {damage[0]}. Put a backup in its place")
        return
    yield Check("progress", True, f"{path}: {reviews} reviews, sound")
    words = "what the log gives" if not unlike else f"{len(unlike)} differ from what the log gives"
    yield Check("memory", not unlike, words)


def _exercises(home: Path) -> Iterator[Check]:
    known = library(home)
    errors = [problem for problem in known.problems if problem.severity == "error"]
    count = f"{len(known.exercises)} exercises in {len(known.decks)} decks"
    yield Check("exercises", bool(known.exercises) and not errors, count)
    for problem in errors:
        yield Check("exercise", False, str(problem))


async def _runner() -> list[Check]:
    """Torch starts, and what keeps programs in."""
    from tutor.runner.client import Runner
    from tutor.runner.job import Job, ProgramRun, RunnerFailure, Section

    async with Runner(spares=1) as runner:
        try:
            run = ProgramRun((Section("program", "x = torch.ones(2).sum()"),), 0, ("x",))
            result = await runner.run(Job((run,)))
        except RunnerFailure as failure:
            return [Check("runner", False, failure.message)]
        found = [Check("runner", True, f"programs run, with torch {result.torch_version}")]
        found += [Check(p.name, p.active, p.words) for p in runner.protections]
    return found
