"""`tutor check`: prove exercises by running them."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tutor.cli.common import count, json_option, print_json
from tutor.cli.common import library as known_library
from tutor.cli.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.check.findings import Finding
    from tutor.check.free import FreeNear
    from tutor.check.report import Options, Report
    from tutor.exercise.load import Library, LoadedExercise


@click.command("check")
@click.argument("paths", metavar="[PATH|ID]…", nargs=-1)
@click.option(
    "--seeds",
    type=click.IntRange(1, 100_000),
    help="Draws of each exercise. [those the app asks: 100]",
)
@click.option(
    "--all", "everything", is_flag=True, help="Also what has not changed since it was proved."
)
@click.option(
    "--strict", is_flag=True, help="Warnings (a missing language or hint, a TODO …) are errors."
)
@click.option(
    "--record", is_flag=True, help="Record the results, to see later torch versions drift."
)
@click.option(
    "--free",
    is_flag=True,
    help="Also list the near misses that need no author, for one draw of each.",
)
@json_option
def command(
    paths: tuple[str, ...],
    seeds: int | None,
    everything: bool,
    strict: bool,
    record: bool,
    free: bool,
    as_json: bool,
) -> None:
    """Prove exercises: every draw runs, the shown answer is right, every near miss is told apart.

    Without a PATH, the shipped ones. Exits with 0 when all hold, 1 when something does not.
    """
    from tutor.check.report import Options, Report
    from tutor.question.seeds import DEPLOYED_SEEDS

    library, chosen = _choose(paths)
    report = Report()
    report.findings += _load_findings(library)
    draws = DEPLOYED_SEEDS if seeds is None else seeds
    began = time.perf_counter()
    options = Options(draws, everything, record)
    try:
        asyncio.run(_prove(chosen, report, options, quiet=as_json))
    except OSError as error:
        raise Problem(f"the results cannot be recorded: {error}") from error
    report.seconds = time.perf_counter() - began
    report.findings.sort(key=lambda f: (str(f.path), f.line, f.column, f.field))
    if strict:
        report.findings = [_strictly(finding) for finding in report.findings]
    listed = asyncio.run(_free(chosen)) if free else []
    if as_json:
        extra = {"free": [one.to_json() for one in listed]} if free else {}
        print_json(report.to_json() | extra)
    else:
        _print(report)
        _print_free(listed)
    sys.exit(1 if report.count("error") else 0)


def _choose(paths: tuple[str, ...]) -> tuple[Library, list[LoadedExercise]]:
    from tutor.exercise.find import find
    from tutor.exercise.load import SUFFIXES, load_library
    from tutor.locations import exercises_dir

    real = [_with_its_exercises(Path(p)) for p in paths if Path(p).exists()]
    library = load_library(real or [exercises_dir()])
    chosen = list(library.exercises.values()) if real or not paths else []
    ids = [p for p in paths if not Path(p).exists()]
    for missing in ids:
        if os.sep in missing or missing.endswith(SUFFIXES):
            raise Problem(f"{missing}: no such file or folder")
    if ids:
        everything = known_library()
        chosen += [find(everything, id_) for id_ in ids]
    if not chosen and not library.problems:
        raise Problem(f"no exercises in {', '.join(paths)}: give a deck's folder or a .yaml file")
    return library, chosen


def _with_its_exercises(path: Path) -> Path:
    """A deck's own file stands for the deck."""
    return path.parent if path.name == "deck.yaml" else path


def _load_findings(library: Library) -> list[Finding]:
    from tutor.check.findings import Finding

    return [
        Finding(p.path, p.line, p.column, p.field, p.message, p.severity) for p in library.problems
    ]


def _strictly(finding: Finding) -> Finding:
    return replace(finding, severity="error") if finding.severity == "warning" else finding


def torch_version() -> str:
    """The installed torch's version, without importing it."""
    try:
        return version("torch")
    except PackageNotFoundError as error:
        raise Problem("torch is not installed here: pip install torch") from error


async def _prove(
    chosen: Sequence[LoadedExercise], report: Report, options: Options, *, quiet: bool
) -> None:
    from tutor.check.cache import Cache
    from tutor.check.report import changed, prove_changed
    from tutor.locations import cache_dir
    from tutor.runner.client import Runner

    torch = torch_version()
    cache = Cache.open(cache_dir() / "check.json", torch_version=torch)
    wanted = changed(chosen, options, cache)
    report.unchanged = len(chosen) - len(wanted)
    if not wanted:
        return
    bar = click.progressbar(
        length=len(wanted),
        label="proving",
        file=sys.stderr,
        hidden=quiet or not sys.stderr.isatty(),
    )
    async with Runner(spares=3) as runner:
        with bar:
            await prove_changed(
                wanted, options, runner, cache, torch, report, each=lambda: bar.update(1)
            )


async def _free(chosen: Sequence[LoadedExercise]) -> list[FreeNear]:
    from tutor.check.free import free_near
    from tutor.runner.client import Runner

    async with Runner(spares=2) as runner:
        return [await free_near(loaded, runner) for loaded in chosen]


def _print_free(listed: Sequence[FreeNear]) -> None:
    for one in listed:
        click.echo(f"\n{one.id}")
        for free in one.free:
            click.echo(f"  {free}")
        if one.without_family:
            click.echo(f"  without a family (`idea:`): {', '.join(one.without_family)}")


def _print(report: Report) -> None:
    for finding in report.findings:
        click.echo(str(finding))
    if report.findings:
        click.echo("")
    unchanged = f", {report.unchanged} unchanged since they were proved" if report.unchanged else ""
    click.echo(
        f"{count(report.proved, 'exercise')} proved{unchanged}: {count(report.draws, 'draw')}, "
        f"{count(report.gradings, 'grading')} in {report.seconds:.1f} s"
    )
    if report.count("error") or report.count("warning") or report.count("drift"):
        click.echo(
            f"{count(report.count('error'), 'error')}, {count(report.count('warning'), 'warning')}, "
            f"{report.count('drift')} drifted"
        )
    else:
        click.echo("all hold")
