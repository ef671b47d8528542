"""Asks for one line of text, over whatever is on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.widgets import Input

from tutor.app import keys
from tutor.app.screens.dialog import Dialog
from tutor.app.widgets.prose import Prose
from tutor.i18n import _

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType


class PromptScreen(Dialog[str | None]):
    """Dismissed with the text, or with ``None`` for Escape."""

    BINDINGS: ClassVar[list[BindingType]] = [keys.CANCEL]
    DEFAULT_CSS = """
    PromptScreen Input { margin-top: 1; }
    """

    def __init__(self, title: str, says: str, text: str = "", *, over: bool = False) -> None:
        """``over``: what is typed first takes the place of ``text``, instead of going on after it."""
        super().__init__()
        self._title_text = title
        self._says = says
        self._text = text
        self._over = over

    def compose(self) -> ComposeResult:
        keys = _("⏎ keeps it · Esc leaves it as it was")
        with self.frame(self._title_text, keys, "screen.keep", "screen.cancel"):
            yield Prose(Content(self._says))
            yield Input(self._text, select_on_focus=self._over, max_length=2_000)

    def on_input_submitted(self) -> None:
        self.action_keep()

    def action_keep(self) -> None:
        self.dismiss(self.query_one(Input).value.strip())

    def action_cancel(self) -> None:
        self.dismiss(None)
