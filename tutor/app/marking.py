"""What a learner marks: suspended, buried, flagged, noted, a skill opened.  Each is a step in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from tutor.app.screens.prompt import PromptScreen
from tutor.i18n import _
from tutor.store.marks import MarkKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import App

    from tutor.session import Session


class Marker(Protocol):
    """A screen on which marks are made; it puts them into the log and shows what holds then."""

    @property
    def app(self) -> App[Any]: ...

    def mark(
        self, kind: MarkKind, subject: str, body: dict[str, str | int] | None = None
    ) -> None: ...


def suspend(screen: Marker, exercise_id: str, session: Session) -> None:
    """Ask the exercise no more, or again."""
    rests = exercise_id in session.store.marks().suspended
    screen.mark(MarkKind.UNSUSPEND if rests else MarkKind.SUSPEND, exercise_id)


def bury(screen: Marker, exercise_id: str, session: Session) -> None:
    """Do not ask the exercise before the learner's next day, or today after all."""
    if session.store.marks().is_buried(exercise_id, session.clock()):
        screen.mark(MarkKind.UNBURY, exercise_id)
    else:
        screen.mark(MarkKind.BURY, exercise_id, {"until": session.next_day()})


def open_skill(screen: Marker, skill: str, session: Session) -> None:
    """Open a skill before its time, or no longer."""
    opened = skill in session.store.marks().opened
    kind = MarkKind.CLOSE_SKILL if opened else MarkKind.OPEN_SKILL
    screen.mark(kind, skill, {} if opened else {"by": "hand"})


def flag(screen: Marker, exercise_id: str, session: Session) -> None:
    """Say that something is wrong with the exercise, or that it no longer is."""
    if exercise_id in session.store.marks().flags:
        screen.mark(MarkKind.UNFLAG, exercise_id)
        return
    says = _("What is wrong with it? (may be left empty)")

    def keep(text: str | None) -> None:
        if text is not None:
            screen.mark(MarkKind.FLAG, exercise_id, {"text": text})

    screen.app.push_screen(PromptScreen(_("Flag"), says), keep)


def note(screen: Marker, exercise_id: str, session: Session) -> None:
    """Have a note written to oneself."""
    before = session.store.marks().notes.get(exercise_id, "")
    says = _("A note to yourself; an empty one takes it away.")

    def keep(text: str | None) -> None:
        if text is not None and text != before:
            screen.mark(MarkKind.NOTE, exercise_id, {"text": text})

    screen.app.push_screen(PromptScreen(_("Note"), says, before), keep)


def told(kind: MarkKind, body: Mapping[str, str | int], back: str) -> str:
    """What a mark has done; ``back`` is the key that takes it back."""
    match kind:
        case MarkKind.SUSPEND:
            return _("Not asked any more; {key} takes it back.").format(key=back)
        case MarkKind.BURY:
            return _("Not asked before tomorrow; {key} takes it back.").format(key=back)
        case MarkKind.UNSUSPEND | MarkKind.UNBURY:
            return _("Asked again from now on.")
        case MarkKind.FLAG:
            return _("Flagged; {key} takes it back.").format(key=back)
        case MarkKind.NOTE if body.get("text"):
            return _("The note is kept; {key} takes it back.").format(key=back)
    return ""
