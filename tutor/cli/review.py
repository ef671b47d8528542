"""`tutor` and `tutor review`: the app."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import click

from tutor.cli.common import has_terminal, home_of, lang_option, set_language
from tutor.cli.filters import filter_options, filters_of
from tutor.cli.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.filters import Filters
    from tutor.runner.protections import Protection


@click.command("review")
@filter_options
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N questions.")
@click.option(
    "--ahead",
    type=click.IntRange(min=1, max=365),
    metavar="DAYS",
    help="Also what the next DAYS days bring, once nothing is due.",
)
@click.option(
    "--cram", is_flag=True, help="Ask each once, due or not, record nothing, move no date."
)
@lang_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    limit: int | None,
    ahead: int | None,
    cram: bool,
    language: str | None,
    **wishes: Any,
) -> None:
    """Answer what is due, in the app.

    Several --skill ask for any of them; so do several --tag and --misconception. What is named so is
    asked although its skill is not open yet.
    """
    filters = filters_of(limit=limit, ahead=ahead or 0, cram=cram, **wishes)
    open_app(home_of(ctx), filters, language)


def open_app(
    home: Path,
    filters: Filters | None = None,
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
    run_app(home, language=language, filters=filters, loaded=loaded)


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
