"""`tutor preview PATH`: an exercise as a learner will see it, while it is being written."""

from __future__ import annotations

from pathlib import Path

import click

from tutor.cli.common import has_terminal, home_of, lang_option, set_language, user_settings
from tutor.cli.problems import Problem


@click.command("preview")
@click.argument("path", metavar="PATH|ID")
@click.option("--watch", is_flag=True, help="Draw it again whenever the file is saved.")
@click.option("--seed", type=click.IntRange(min=0), default=0, help="Which draw to begin with.")
@lang_option
@click.pass_context
def command(ctx: click.Context, path: str, watch: bool, seed: int, language: str | None) -> None:
    """Show an exercise in the real review screen; nothing is recorded.

    F5 draws with the next seed, ctrl+r with the one before, F3 changes the language, F9 types the
    truth and then each near miss. Errors of the file are shown in place.
    """
    if not has_terminal():
        raise Problem("the preview needs a terminal; `tutor show` and `tutor check` do without one")
    file = Path(path)
    if not file.is_file():
        from tutor.cli.common import find_exercise

        file = find_exercise(path).path
    from tutor.app.launch import run_preview
    from tutor.exercise.load import load_file

    load_file(file)  # errors at the start go to the terminal, where they can be read at leisure
    run_preview(
        file,
        home_of(ctx),
        language=language or set_language(user_settings()),
        seed=seed,
        watch=watch,
    )
