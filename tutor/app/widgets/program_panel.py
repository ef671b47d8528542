"""The program under its title; it keeps its place while the rest scrolls, if there is room for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical, VerticalScroll
from textual.geometry import Region

from tutor.app.text.prose import prose
from tutor.app.widgets.program_view import ProgramView
from tutor.app.widgets.verdict.pair_view import PairView

if TYPE_CHECKING:
    from textual.app import ComposeResult


class ProgramPanel(VerticalScroll, can_focus=False):
    """Hidden for a question without a program."""

    DEFAULT_CSS = """
    ProgramPanel {
        height: auto;
        scrollbar-size-vertical: 1;
        &.-none { display: none; }
        & > PairView { margin: 1 1 0 2; }
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
        yield PairView()

    def show(self, title: str, program: str) -> None:
        self.query_one(Vertical).border_title = prose(title)
        view = self.query_one(ProgramView)
        view.source, view.pointed = program, None
        # By a class: the screen's own styles hide the panel too.
        self.set_class(not program.strip(), "-none")
        self.scroll_home(animate=False)

    def point_at(self, line: int | None) -> None:
        """Set a line apart (from 1) and bring it into sight; ``None`` for none."""
        view = self.query_one(ProgramView)
        view.pointed = line
        if line is not None:
            top, height = view.rows_of(line)
            self.scroll_to_region(
                Region(0, top + 1, 1, height).grow((1, 0, 1, 0)), animate=False, force=True
            )
