"""What the library shows of a row: a drawn question without its answer, or a skill's state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll

from tutor.app.text.prose import prose
from tutor.app.widgets.program_view import ProgramView
from tutor.app.widgets.prose import Prose

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.content import Content


class PreviewPane(VerticalScroll, can_focus=False):
    """A title on the frame, some facts, a program, a text; each is left out where it is empty."""

    DEFAULT_CSS = """
    PreviewPane {
        border: round $border-blurred;
        border-title-color: $primary;
        border-title-style: bold;
        padding: 0 1;
        scrollbar-size-vertical: 1;
        & > .facts { height: auto; color: $foreground 70%; margin-bottom: 1; }
        & > ProgramView { margin-bottom: 1; }
        & > .text { height: auto; }
    }
    """

    def compose(self) -> ComposeResult:
        yield Prose(classes="facts")
        yield ProgramView()
        yield Prose(classes="text")

    def show(self, title: str, facts: Content, program: str = "", text: str = "") -> None:
        self.border_title = prose(title)
        self._put(".facts", facts)
        view = self.query_one(ProgramView)
        view.source = program
        view.display = bool(program.strip())
        self._put(".text", prose(text))
        self.scroll_home(animate=False)

    def _put(self, selector: str, text: Content) -> None:
        part = self.query_one(selector, Prose)
        part.update(text)
        part.display = bool(text.plain)
