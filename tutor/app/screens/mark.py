"""What can be marked of the exercise in hand, one a row, over the question."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

from textual.content import Content
from textual.style import Style

from tutor.app import keys
from tutor.app.keymap import key_of
from tutor.app.screens.dialog import Dialog
from tutor.app.widgets.prose import Prose
from tutor.i18n import _

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tutor.session import Session

Marking: TypeAlias = Literal["suspend", "bury", "flag", "note"]


class MarkScreen(Dialog[Marking | None]):
    """Dismissed with what to mark; ``None`` for Escape."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.MARKINGS, keys.CANCEL]
    DEFAULT_CSS = """
    MarkScreen .row {
        link-style: none;
        link-color: $foreground;
        link-background-hover: $panel;
        link-color-hover: $foreground;
        link-style-hover: none;
    }
    """

    def __init__(self, exercise_id: str, session: Session) -> None:
        super().__init__()
        self._exercise_id = exercise_id
        self._session = session

    def compose(self) -> ComposeResult:
        marks, id_ = self._session.store.marks(), self._exercise_id
        buried = marks.is_buried(id_, self._session.clock())
        says = (
            _("Ask it again") if id_ in marks.suspended else _("Suspend: ask it no more"),
            _("Ask it today after all") if buried else _("Bury: do not ask it before tomorrow"),
            _("Nothing is wrong with it any more")
            if id_ in marks.flags
            else _("Flag: something is wrong with it"),
            _("Your note: {text}").format(text=marks.notes[id_])
            if id_ in marks.notes
            else _("Note to yourself"),
        )
        with self.frame(_("Mark"), _("Esc leaves it as it was"), "screen.cancel"):
            for binding, text in zip(keys.MARKINGS, says, strict=True):
                row = Content.styled(key_of(binding), "bold $warning") + "  " + Content(text)
                row = row.stylize(Style.from_meta({"@click": f"screen.{binding.action}"}))
                yield Prose(row, classes="row")

    def action_choose(self, marking: Marking) -> None:
        self.dismiss(marking)

    def action_cancel(self) -> None:
        self.dismiss(None)
