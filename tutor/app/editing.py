"""Handing the terminal to the learner's editor, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from textual.app import SuspendNotSupported

from tutor.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App

    from tutor.app.app import TutorApp
    from tutor.app.widgets.answer.panel import AnswerPanel
    from tutor.session import Session

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


def answer_in_editor(app: App[Any], panel: AnswerPanel) -> None:
    """What is left in the editor is the answer then."""
    from tutor.editor import edit_text  # not before the first paint

    suffix = ".txt" if panel.form.starter is None else ".py"
    text = in_editor(app, lambda chosen: edit_text(panel.text, chosen, suffix=suffix))
    if text is not None:
        panel.put(text)


def exercise_in_editor(app: App[Any], session: Session, exercise_id: str) -> str | None:
    """Have an exercise's file edited and read again; ``None`` if it was left as it is.

    What is given is what is wrong in the file now: empty if nothing is.
    """
    from tutor.editor import edit_file  # not before the first paint
    from tutor.exercise.problems import ExerciseErrors

    path = session.library.exercises[exercise_id].path
    if in_editor(app, lambda chosen: edit_file(path, chosen)) is None:
        return None
    try:
        session.reread(exercise_id)
    except ExerciseErrors as errors:
        return str(errors)
    return ""
