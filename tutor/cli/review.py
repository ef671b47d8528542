"""`tutor` and `tutor review`: the app."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from tutor.cli.common import has_terminal, home_of, lang_option, set_language
from tutor.cli.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.runner.protections import Protection


@click.command("review")
@click.option("--skill", "skills", metavar="S", multiple=True, help="Only exercises of this skill.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N questions.")
@lang_option
@click.pass_context
def command(
    ctx: click.Context, skills: tuple[str, ...], limit: int | None, language: str | None
) -> None:
    """Answer what is due, in the app."""
    open_app(home_of(ctx), skills, limit, language)


def open_app(
    home: Path,
    skills: tuple[str, ...] = (),
    limit: int | None = None,
    language: str | None = None,
) -> None:
    """Open the app on the progress in ``home``; returns when the learner leaves it."""
    if not has_terminal():
        raise Problem(
            "the app needs a terminal, and there is none here. Run it in a terminal window, or use "
            "`tutor show` and `tutor grade`, which do without one"
        )
    _ask_for_trust(home)
    from tutor.app.app import run_app
    from tutor.settings import load

    loaded = load(home)
    language = language or set_language(loaded.settings)
    run_app(home, language=language, skills=skills, limit=limit, loaded=loaded)


def _ask_for_trust(home: Path) -> None:
    """Ask, once for their content, about decks from elsewhere that this machine cannot confine.

    Exercises of a deck that is not allowed are told as such when they come up, and cost nothing.
    """
    from tutor.exercise.registry import folders

    if not folders(home):
        return  # only shipped exercises: nothing to ask, and nothing to load for asking
    from tutor.cli.common import library
    from tutor.exercise.trust import trust
    from tutor.gate import missing, untrusted
    from tutor.runner.protections import complete

    places = untrusted(library(home).exercises.values(), home)
    if not places:
        return
    protections = asyncio.run(_protections())
    if complete(protections):
        return
    for place in places:
        click.echo(
            f"{place} is not shipped with the program. Its programs would run on this machine"
        )
        click.echo(f"without full confinement (missing: {', '.join(missing(protections))}).")
        if click.confirm("Have you read them, and may they run?", default=False):
            trust(home, place)


async def _protections() -> tuple[Protection, ...]:
    from tutor.runner.client import Runner

    async with Runner(spares=1) as runner:
        await runner.wait_ready()
        return runner.protections
