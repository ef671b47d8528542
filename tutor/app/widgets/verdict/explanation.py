"""The explanation, what other answers would have meant, and the hints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll

from tutor.app.widgets.prose import Prose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tutor.app.afterwards import Paragraph


class ExplanationView(VerticalScroll, can_focus=True):
    """Scrolls; has nothing to choose."""

    DEFAULT_CSS = """
    ExplanationView {
        height: 1fr;
        padding: 0 1;
        scrollbar-size-vertical: 1;
        &:focus { background-tint: transparent; }
        & > Prose { margin-bottom: 1; }
        & > .head { color: $secondary; text-style: bold; margin-bottom: 0; }
        & > .item { border-left: outer $foreground 20%; padding-left: 1; }
    }
    """

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        super().__init__()
        self._paragraphs = paragraphs

    def compose(self) -> ComposeResult:
        for paragraph in self._paragraphs:
            yield Prose(paragraph.text, classes=paragraph.kind)
