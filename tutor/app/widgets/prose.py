"""A text of several rows, well broken also where it is Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from tutor.app.text.wrapping import wrap

if TYPE_CHECKING:
    from textual.geometry import Size


class Prose(Widget):
    """Shows one :class:`~textual.content.Content`; the text can be selected and copied."""

    DEFAULT_CSS = """
    Prose { width: 1fr; height: auto; }
    """

    def __init__(
        self, text: Content | None = None, *, classes: str | None = None, hang: int = 0
    ) -> None:
        """What of a line goes on in a further row is indented by ``hang`` cells."""
        super().__init__(classes=classes)
        self._text = text or Content("")
        self._hang = hang

    @property
    def text(self) -> Content:
        return self._text

    def update(self, text: Content) -> None:
        self._text = text
        self.refresh(layout=True)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return max((line.cell_length for line in self._text.split("\n")), default=0)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(wrap(self._text, width, self._hang))

    def render(self) -> Content:
        return Content("\n").join(wrap(self._text, self.content_size.width, self._hang))
