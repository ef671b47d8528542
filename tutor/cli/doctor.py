"""`tutor doctor`: is everything as it should be?"""

from __future__ import annotations

import asyncio
import platform
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

from tutor.cli.common import count, home_of, json_option, library, print_json
from tutor.cli.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tutor.store import Derivation, StoreReader


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: ``ok``, and what was found, with the remedy where it is not."""

    name: str
    ok: bool
    words: str


@click.command("doctor")
@click.option("--fix", is_flag=True, help="First derive all that is derived from your log anew.")
@json_option
@click.pass_context
def command(ctx: click.Context, fix: bool, as_json: bool) -> None:
    """Look at the program, your progress, the exercises and the protections; name what is missing.

    Exits with 1 if something is not as it should be.
    """
    home = home_of(ctx)
    if fix:
        _rebuild(home)
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


def _rebuild(home: Path) -> None:
    """Derive memories and counts anew from the log, whatever they are."""
    from tutor.cli.progress import derivation
    from tutor.locations import progress_file
    from tutor.store import open_store

    if progress_file(home).exists():
        with open_store(home) as store:
            store.rebuild(derivation(home, store))


def _progress(home: Path) -> Iterator[Check]:
    """The database can be opened, is sound, and what is derived is what the log gives."""
    from tutor.cli.progress import derivation
    from tutor.locations import progress_file
    from tutor.store import StoreError, open_store

    path = progress_file(home)
    if not path.exists():
        yield Check("progress", True, f"{path}: none yet")
        return
    try:
        with open_store(home, read_only=True) as store:
            damage = store.check_integrity()
            if damage:
                remedy = "`tutor restore` lists your backups and puts one back"
                yield Check("progress", False, f"{path} is damaged: {damage[0]}. {remedy}")
                return
            yield Check("progress", True, f"{path}: {store.review_count()} reviews, sound")
            yield _memory(store, derivation(home, store))
            reviewed = store.reviewed_ids() - set(library(home).exercises)
    except StoreError as error:
        yield Check("progress", False, str(error))
        return
    yield _backups(home)
    if reviewed:
        words = "1 exercise has" if len(reviewed) == 1 else f"{len(reviewed)} exercises have"
        yield Check("orphans", True, f"{words} progress but no file: see `tutor adopt`")


def _memory(store: StoreReader, derivation: Derivation) -> Check:
    if not store.is_current(derivation):
        return Check("memory", True, "of other settings; brought up to date by the next review")
    unlike = store.check_consistency(derivation)
    if not unlike and store.check_tally():
        return Check("memory", True, "what the log gives")
    which = f" ({unlike[0].exercise_id} …)" if unlike else ""
    words = f"not what the log gives{which}. Nothing is lost: `tutor doctor --fix` derives it anew"
    return Check("memory", False, words)


def _backups(home: Path) -> Check:
    from tutor.store.backup import all_backups

    found = all_backups(home)
    if not found:
        return Check("backups", True, "none yet; one is made each day that you learn")
    last = f"{found[0].at.astimezone():%Y-%m-%d %H:%M}"
    return Check("backups", True, f"{len(found)}, the last of {last} in {found[0].path.parent}")


def _exercises(home: Path) -> Iterator[Check]:
    known = library(home)
    errors = [problem for problem in known.faults if problem.severity == "error"]
    words = f"{count(len(known.exercises), 'exercise')} in {count(len(known.decks), 'deck')}"
    yield Check("exercises", bool(known.exercises) and not errors, words)
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
