"""`tutor` and `tutor review`: the app."""

from __future__ import annotations

import asyncio
import platform
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

import click

from tutor import __version__
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
from tutor.locations import cache_dir

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.agenda.filters import Filters
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

    if not folders(home) or _confined_before():
        # Nothing to ask, and nothing to load for asking.  Whether a program may run is decided again
        # when it is to be run, by the protections of that moment.
        return
    from tutor.cli.common import library
    from tutor.exercise.trust import trust
    from tutor.gate import missing, untrusted
    from tutor.runner.protections import complete

    click.echo("Looking at what your decks would run on this machine (once) …")
    places = untrusted(library(home).exercises.values(), home)
    if not places:
        return
    protections = asyncio.run(_protections())
    if complete(protections):
        _remember_confined()
        return
    for place in places:
        click.echo(
            f"{place} is not shipped with the program. Its programs would run on this machine"
        )
        click.echo(f"without full confinement (missing: {', '.join(missing(protections))}).")
        if click.confirm("Have you read them, and may they run?", default=False):
            trust(home, place)


def _this_machine() -> str:
    return f"{__version__} {platform.platform()}"


def _confined_before() -> bool:
    """Whether this very system could confine programs fully when it was last asked."""
    try:
        return _confined_file().read_text(encoding="utf-8") == _this_machine()
    except (OSError, ValueError):
        return False


def _remember_confined() -> None:
    # A note that cannot be kept only costs time: the question is put to torch's process again.
    with suppress(OSError):
        _confined_file().parent.mkdir(parents=True, exist_ok=True)
        _confined_file().write_text(_this_machine(), encoding="utf-8")


def _confined_file() -> Path:
    return cache_dir() / "confined"


async def _protections() -> tuple[Protection, ...]:
    from tutor.runner.client import Runner

    async with Runner(spares=1) as runner:
        await runner.wait_ready()
        return runner.protections
