"""Handing the terminal to the learner's editor, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from textual.app import SuspendNotSupported

from tutor.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App

    from tutor.app.app import TutorApp

T = TypeVar("T")


def in_editor(app: App[Any], work: Callable[[str], T]) -> T | None:
    """What ``work`` gives, with the terminal free for an editor; ``None`` after a word on why not.

    ``work`` takes the command that is set for the editor, which may be empty.
    """
    from tutor.editor import EditorError  # not before the first paint

    try:
        with app.suspend():
            # Caught in here: an error that leaves suspend() would leave the terminal suspended.
            try:
                return work(cast("TutorApp", app).settings.values.editor)
            except EditorError as error:
                message = str(error)
    except SuspendNotSupported:
        message = _("This terminal cannot be handed to an editor.")
    app.notify(message, severity="error", timeout=10, markup=False)
    return None
