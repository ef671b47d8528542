"""What is wrong in the author's file, above the question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tutor.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult


class ProblemsView(VerticalScroll, can_focus=False):
    """Hidden while there are none."""

    DEFAULT_CSS = """
    ProblemsView {
        height: auto;
        max-height: 50%;
        display: none;
        margin: 0 1;
        border: round $error;
        border-title-color: $error;
        padding: 0 1;
        & > Static { height: auto; }
    }
    """

    def compose(self) -> ComposeResult:
        yield Static(markup=False)

    def show(self, lines: Sequence[str]) -> None:
        """One problem a line; none hides the panel."""
        self.border_title = _("In the file")
        self.display = bool(lines)
        self.query_one(Static).update(Content("\n".join(lines)))
