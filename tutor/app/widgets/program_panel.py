"""The program under its title; it keeps its place while the rest scrolls, if there is room for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical, VerticalScroll

from tutor.app.text import prose
from tutor.app.widgets.program_view import ProgramView

if TYPE_CHECKING:
    from textual.app import ComposeResult


class ProgramPanel(VerticalScroll, can_focus=False):
    """Hidden for a question without a program."""

    DEFAULT_CSS = """
    ProgramPanel {
        height: auto;
        scrollbar-size-vertical: 1;
        & > Vertical {
            height: auto;
            border: round $border-blurred;
            border-title-color: $primary;
            border-title-style: bold;
            padding: 0 1;
        }
    }
    """

    def compose(self) -> ComposeResult:
        with Vertical():
            yield ProgramView()

    def show(self, title: str, program: str) -> None:
        self.query_one(Vertical).border_title = prose(title)
        self.query_one(ProgramView).source = program
        self.display = bool(program.strip())
        self.scroll_home(animate=False)
