"""What several commands share: options, the library, languages, printing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tutor.clock import utc_now_ms

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.exercise.load import Library, LoadedExercise
    from tutor.settings import UserSettings

F = TypeVar("F", bound=Callable[..., Any])


def json_option(command: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(command)


def lang_option(command: F) -> F:
    says = "The language of the texts: en, zh … [as set, else your locale]"
    return click.option("--lang", "language", metavar="L", help=says)(command)


def use_language(asked: str | None) -> str:
    """The language asked for, else the one set, else the locale's; all words are in it from now on."""
    from tutor import i18n

    language = asked or set_language(user_settings())
    i18n.use(language)
    return language


def user_settings(home: Path | None = None) -> UserSettings:
    """What the learner has set; a value that cannot be taken is told on standard error."""
    from tutor.settings import load

    loaded = load(home_of(click.get_current_context()) if home is None else home)
    for problem in loaded.problems:
        click.echo(f"tutor: {problem}", err=True)
    return loaded.settings


def set_language(settings: UserSettings) -> str:
    """The language that is set, else the locale's."""
    from tutor.i18n import of_locale

    return of_locale() if settings.language == "auto" else settings.language


def print_json(data: Any) -> None:
    """One JSON object on one line, readable by eye for Chinese too."""
    click.echo(json.dumps(data, ensure_ascii=False, allow_nan=False))


def library(home: Path | None = None) -> Library:
    """Every exercise that is shipped, and those of the decks added in ``home``."""
    from tutor.exercise.registry import known_library

    return known_library(home_of(click.get_current_context()) if home is None else home)


def find_exercise(id_or_path: str) -> LoadedExercise:
    """The exercise of that id, or in that file.

    Raises:
        UnknownExercise, ExerciseErrors: with a message for the user.
    """
    from tutor.exercise.find import find

    return find(library(), id_or_path)


def home_of(ctx: click.Context) -> Path:
    home: Path = ctx.find_root().obj
    return home


#: The clock by the name that the commands know it by.
now_ms = utc_now_ms


def has_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def count(n: int, noun: str, plural: str | None = None) -> str:
    """``1 exercise``, ``2 exercises``; ``plural`` where an s will not do."""
    return f"{n} {noun if n == 1 else plural or noun + 's'}"


def when(due_ms: int | None, now_ms: int) -> str:
    """A moment in words, from now: ``now``, ``in 10 minutes``, ``in 3 days``."""
    if due_ms is None:
        return "never"
    minutes = (due_ms - now_ms) / 60_000
    if minutes <= 0:
        return "now"
    for size, name in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            return f"in {count(round(minutes / size), name)}"
    return "in less than a minute"
