"""The top row: the program's name, what is practised, how much is left, and how torch is doing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tutor.app.widgets.underway import Underway

if TYPE_CHECKING:
    from textual.app import ComposeResult


class StatusBar(Horizontal):
    """One row; the middle gives way when it is narrow."""

    DEFAULT_CSS = """
    StatusBar {
        dock: top;
        height: 1;
        background: $surface;
        padding: 0 1;
        & > .brand { width: auto; color: $primary; text-style: bold; }
        & > .topic {
            width: 1fr;
            height: 1;
            padding: 0 2;
            color: $foreground 60%;
            text-wrap: nowrap;
            text-overflow: ellipsis;
        }
        & > .count { width: auto; color: $foreground 80%; }
    }
    """

    topic: reactive[str] = reactive("")
    count: reactive[str] = reactive("")

    def compose(self) -> ComposeResult:
        yield Static(Content("∂ Autograd Tutor"), classes="brand")
        yield Static(classes="topic")
        yield Static(classes="count")
        yield Underway()

    def watch_topic(self, topic: str) -> None:
        self._put(".topic", topic)

    def watch_count(self, count: str) -> None:
        self._put(".count", count)

    def _put(self, selector: str, text: str) -> None:
        if self.is_mounted:
            part = self.query_one(selector, Static)
            part.update(Content(text))
            part.display = bool(text) or selector == ".topic"
