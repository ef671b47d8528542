"""`tutor` and `tutor review`: the app."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any, Literal

import click

from tutor.cli.common import (
    has_terminal,
    home_of,
    lang_option,
    set_language,
    use_language,
    user_settings,
)
from tutor.cli.filters import filter_options, filters_of
from tutor.cli.problems import EXIT_INTERRUPTED, Problem

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
@click.option(
    "--place",
    is_flag=True,
    help="The placement test: at most 15 questions that find where to begin; none counts.",
)
@click.option("--plain", is_flag=True, help="Line by line: for screen readers and pipes.")
@lang_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    limit: int | None,
    ahead: int | None,
    cram: bool,
    place: bool,
    plain: bool,
    language: str | None,
    **wishes: Any,
) -> None:
    """Answer what is due: in the app, or with --plain line by line.

    Several --skill ask for any of them; so do several --tag and --misconception. What is named so is
    asked although its skill is not open yet.
    """
    filters = filters_of(limit=limit, ahead=ahead or 0, cram=cram, place=place, **wishes)
    if plain:
        open_plain(home_of(ctx), filters, language)
    else:
        open_app(home_of(ctx), filters, language)


def open_plain(home: Path, filters: Filters, language: str | None) -> None:
    """A session line by line, on standard input and output; returns when the learner leaves it."""
    if has_terminal():
        _ask_for_trust(home)
    language = use_language(language)
    from tutor.plain.console import Console, terminal_kept
    from tutor.plain.desk import open_desk
    from tutor.plain.review import PlainReview

    settings = user_settings(home)
    with terminal_kept(), open_desk(home, language, filters, settings.schedule) as desk:
        review = PlainReview(desk, Console(), settings.editor)
        try:
            review.run()
        except EOFError:
            pass
        except KeyboardInterrupt:
            # Not click's own, which would say "Aborted!" where nothing was.
            sys.exit(EXIT_INTERRUPTED)
        finally:
            review.end()


def open_app(
    home: Path,
    filters: Filters | None = None,
    language: str | None = None,
    start: Literal["home", "review"] = "review",
) -> None:
    """Open the app on the progress in ``home``, at ``start``; returns when the learner leaves it."""
    if not has_terminal():
        raise Problem(
            "the app needs a terminal, and there is none here. Run it in a terminal window, or use "
            "`tutor review --plain`, which does without one"
        )
    _ask_for_trust(home)
    from tutor.app.app import run_app
    from tutor.settings import load

    loaded = load(home)
    language = language or set_language(loaded.settings)
    run_app(home, language=language, filters=filters, loaded=loaded, start=start)


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
