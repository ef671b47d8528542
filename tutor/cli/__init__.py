"""The command line: one file per command, each loaded only when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

import click

from tutor import __version__
from tutor.cli.problems import EXIT_USAGE, log_to, report_problems

#: Heading → name → (module, what `tutor --help` says of it).  The words stand here so that the help of the
#: whole program needs no command to be imported.
SECTIONS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "Learning": {
        "review": ("review", "Answer what is due, in the app."),
        "due": ("due", "How much is due, and when the next comes."),
        "stats": ("stats", "What you have done so far."),
        "optimize": ("optimize", "Fit the memory model to your own reviews."),
        "mark": ("mark", "Suspend, bury or flag an exercise, or note something on it."),
        "settings": ("settings", "Show or change what you have set."),
    },
    "Questions": {
        "show": ("show", "Print one question."),
        "grade": ("grade", "Grade answers to one question, or a batch of them."),
    },
    "Writing exercises": {
        "new": ("new", "Write the skeleton of an exercise."),
        "preview": ("preview", "See an exercise as a learner will, while you write it."),
        "check": ("check", "Prove exercises by running them."),
        "deck": ("deck", "Which decks there are; begin, add and remove."),
        "schema": ("schema", "Print the JSON Schema of exercise files."),
    },
    "Your progress": {
        "backup": ("backup", "Copy all progress."),
        "restore": ("restore", "List the backups; put one back."),
        "sync": ("sync", "Share progress between devices over a folder."),
        "export": ("export", "Write your log, or the exercises for Anki, to a file."),
        "import": ("import_", "Take in a log, or draft exercises from a notebook."),
        "adopt": ("adopt", "Hand the progress of an exercise that is gone over to another."),
    },
    "The program": {
        "doctor": ("doctor", "Is everything as it should be?"),
        "locate": ("locate", "Where everything is."),
    },
}
COMMANDS: Final = {name: about for section in SECTIONS.values() for name, about in section.items()}


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"tutor.cli.{COMMANDS[cmd_name][0]}").command
        assert isinstance(command, click.Command)  # noqa: S101 - ours
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = max(map(len, COMMANDS))
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl(
                    [(name.ljust(width), says) for name, (_, says) in commands.items()]
                )

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and name not in COMMANDS and not name.startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(name, COMMANDS, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            raise click.UsageError(f"No such command {name!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="tutor")
@click.option(
    "--home",
    metavar="DIR",
    type=click.Path(file_okay=True),
    help="Keep progress in DIR (else TUTOR_HOME, else your user data folder).",
)
@click.pass_context
def tutor(ctx: click.Context, home: str | None) -> None:
    """Learn for good how autograd and the mathematics under deep learning behave.

    Without a command: the app, with what is due today. Each command has --help of its own.
    """
    from tutor.locations import home_dir

    ctx.obj = home_dir(home)
    log_to(ctx.obj)
    if ctx.invoked_subcommand is None:
        from tutor.cli.review import open_app

        open_app(ctx.obj, start="home")


def main(args: list[str] | None = None) -> Any:
    """The `tutor` command: every error that a user can cause ends in one message and an exit code."""
    click.UsageError.exit_code = EXIT_USAGE
    with report_problems():
        return tutor.main(args, prog_name="tutor")
