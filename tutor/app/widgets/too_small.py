"""A clear word over everything while the terminal is too small."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from tutor.i18n import _

#: The least terminal that the app is usable in, in cells.
LEAST_WIDTH, LEAST_HEIGHT = 60, 20


def too_small(width: int, height: int) -> str:
    """What to say to a terminal of that size; nothing if it will do."""
    if width >= LEAST_WIDTH and height >= LEAST_HEIGHT:
        return ""
    return _("This terminal is {width}×{height}; at least {least} is needed. Enlarge it.").format(
        width=width, height=height, least=f"{LEAST_WIDTH}×{LEAST_HEIGHT}"
    )


class TooSmall(Widget):
    """Covers the screen, keeps the focus and the text of what lies under it."""

    DEFAULT_CSS = """
    TooSmall {
        display: none;
        layer: cover;
        dock: top;
        width: 100%;
        height: 100%;
        padding: 0 2;
        content-align: center middle;
        text-align: center;
        background: $background;
        color: $warning;
    }
    """

    def render(self) -> Content:
        return Content(too_small(*self.app.size) + "\n" + _("Nothing is lost."))
