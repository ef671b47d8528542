"""What a learner marks in the library: suspended, flagged, noted, opened.  Each is a step in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.app.screens.prompt import PromptScreen
from tutor.i18n import _
from tutor.store.marks import MarkKind

if TYPE_CHECKING:
    from tutor.app.screens.library.screen import LibraryScreen
    from tutor.store.marks import Marks


def suspend(screen: LibraryScreen, exercise_id: str, marks: Marks) -> None:
    """Ask the exercise no more, or again."""
    rests = exercise_id in marks.suspended
    screen.mark(MarkKind.UNSUSPEND if rests else MarkKind.SUSPEND, exercise_id)
    screen.notify(
        _("Asked again from now on.") if rests else _("Not asked any more; s takes it back."),
        markup=False,
    )


def open_skill(screen: LibraryScreen, skill: str, marks: Marks) -> None:
    """Open a skill before its time, or no longer."""
    opened = skill in marks.opened
    kind = MarkKind.CLOSE_SKILL if opened else MarkKind.OPEN_SKILL
    screen.mark(kind, skill, {} if opened else {"by": "hand"})


def flag(screen: LibraryScreen, exercise_id: str, marks: Marks) -> None:
    """Say that something is wrong with the exercise, or that it no longer is."""
    if exercise_id in marks.flags:
        screen.mark(MarkKind.UNFLAG, exercise_id)
        return
    says = _("What is wrong with it? (may be left empty)")

    def keep(text: str | None) -> None:
        if text is not None:
            screen.mark(MarkKind.FLAG, exercise_id, {"text": text})

    screen.app.push_screen(PromptScreen(_("Flag"), says), keep)


def note(screen: LibraryScreen, exercise_id: str, marks: Marks) -> None:
    """Have a note written to oneself."""
    before = marks.notes.get(exercise_id, "")
    says = _("A note to yourself; an empty one takes it away.")

    def keep(text: str | None) -> None:
        if text is not None and text != before:
            screen.mark(MarkKind.NOTE, exercise_id, {"text": text})

    screen.app.push_screen(PromptScreen(_("Note"), says, before), keep)
