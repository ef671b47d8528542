"""`tutor` and `tutor review`: the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tutor.cli.common import has_terminal, home_of, lang_option, locale_language
from tutor.cli.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path


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
    from tutor.app.app import run_app

    run_app(home, language=language or locale_language(), skills=skills, limit=limit)
