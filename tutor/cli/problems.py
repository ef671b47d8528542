"""From an exception to one message and an exit code: no traceback reaches a user."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: 0 … 3 are the verdicts of `tutor grade`; these say that there is no verdict.
EXIT_PROBLEM: Final = 4
EXIT_USAGE: Final = 64  # EX_USAGE of sysexits.h; click's own 2 would read as "invalid"
EXIT_FAULT: Final = 70  # EX_SOFTWARE: the program itself failed
EXIT_INTERRUPTED: Final = 130


class Problem(click.ClickException):
    """Something that cannot be done, in words that say why and what would help."""

    exit_code = EXIT_PROBLEM

    def show(self, file: object = None) -> None:
        click.echo(f"tutor: {self.message}", err=True)


_log_home: Path | None = None


def log_to(home: Path) -> None:
    """Where faults of the program are logged from now on: the home that the command was given."""
    global _log_home
    _log_home = home


@contextmanager
def report_problems() -> Iterator[None]:
    """Turn the errors that the layers below raise for users into :class:`Problem`'s message."""
    try:
        yield
    except BrokenPipeError:
        # The reader of our output has gone (`tutor stats | head`): nothing to tell anybody.
        sys.stderr.close()
        sys.exit(EXIT_PROBLEM)
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - the outermost boundary: no traceback reaches a user
        message = words(error)
        if message is not None:
            click.echo(f"tutor: {message}", err=True)
            sys.exit(EXIT_PROBLEM)
        click.echo(f"tutor: {_fault(error)}", err=True)
        sys.exit(EXIT_FAULT)


def _fault(error: Exception) -> str:
    """One sentence on a fault of the program, whose traceback goes to the log."""
    from tutor.faults import brief, log_fault
    from tutor.locations import home_dir

    path = log_fault(error, _log_home or home_dir())
    where = f"; the details are in {path}" if path else ""
    return f"the program failed ({brief(error)}){where}. Your progress is safe"


def words(error: Exception) -> str | None:
    """The message of an error that was written for users; ``None`` for a fault of the program.

    Looked up by class name along the modules that are loaded: an error can only come from a module
    that is, and importing the others here would cost every start.
    """
    if isinstance(error, click.ClickException):
        return error.message
    for module, name in _WRITTEN_FOR_USERS:
        loaded = sys.modules.get(module)
        cls = getattr(loaded, name, None)
        if isinstance(cls, type) and isinstance(error, cls):
            return str(getattr(error, "message", error))
    return None


_WRITTEN_FOR_USERS: Final = (
    ("tutor.store.errors", "StoreError"),
    ("tutor.exercise.problems", "ExerciseErrors"),
    ("tutor.exercise.problems", "UnknownExercise"),
    ("tutor.exercise.registry", "RegistryError"),
    ("tutor.authoring.skeleton", "AuthoringError"),
    ("tutor.exercise.trust", "UntrustedError"),
    ("tutor.question", "DrawError"),
    ("tutor.runner.job", "RunnerFailure"),
    ("tutor.grading.truths", "AuthorFault"),
    ("tutor.app.launch", "AppProblem"),
    ("tutor.grading.compare", "NotGradable"),
)
