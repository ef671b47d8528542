"""`tutor optimize`: fit the memory model to your own log."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from tutor.cli.common import home_of, json_option, now_ms, print_json, user_settings
from tutor.cli.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.schedule.fitting import Fit
    from tutor.schedule.optimise import Progress


@click.command("optimize")
@click.option("--dry-run", is_flag=True, help="Only tell what it would give; change nothing.")
@click.option("--reset", is_flag=True, help="Back to the parameters that fit most learners.")
@json_option
@click.pass_context
def command(ctx: click.Context, dry_run: bool, reset: bool, as_json: bool) -> None:
    """Fit the memory model (FSRS-6) to your own reviews.

    The older four fifths of them are fitted, the newest fifth is foretold; the parameters are kept
    only if they foretell it better. All dates are then worked out anew, from the log.
    """
    from tutor.locations import progress_file
    from tutor.schedule.optimise import FitFailed, keep
    from tutor.store import open_store

    home, settings = home_of(ctx), user_settings().schedule
    if reset:
        with open_store(home) as store:
            keep(store, settings, (), now_ms())
        if as_json:
            print_json({"kept": True, "parameters": list(settings.parameters)})
        else:
            click.echo("The parameters that fit most learners are in force.")
        return
    try:
        found = asyncio.run(_fit(home)) if progress_file(home).exists() else _nothing()
    except FitFailed as failed:
        raise Problem(str(failed)) from failed
    kept = found.better and not dry_run
    if kept:
        with open_store(home) as store:
            keep(store, settings, found.parameters, now_ms(), found)
    if as_json:
        print_json({**asdict(found), "better": found.better, "kept": kept})
    else:
        _tell(found, kept=kept)


async def _fit(home: Path) -> Fit:
    from tutor.schedule.fitted import in_force
    from tutor.schedule.optimise import optimise
    from tutor.store import open_store

    with open_store(home, read_only=True) as store:
        settings = in_force(user_settings().schedule, store)
    shows = sys.stderr.isatty()
    return await optimise(home, settings, _show if shows else lambda _: None)


def _show(progress: Progress) -> None:
    share = f" {progress.done / progress.of:.0%}" if progress.of else ""
    click.echo(f"\r\x1b[K{progress.stage}{share}…", err=True, nl=False)
    if progress.stage == "checking":
        click.echo("\r\x1b[K", err=True, nl=False)


def _nothing() -> Fit:
    from tutor.schedule.fitting import Fit

    return Fit(0)


def _tell(found: Fit, *, kept: bool) -> None:
    from tutor.schedule.why import fitted

    click.echo(fitted(found, kept=kept))
