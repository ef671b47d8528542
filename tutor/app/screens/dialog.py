"""What a framed question over the screen looks like."""

from __future__ import annotations

from typing import TypeVar

from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from tutor.app.text.prose import links

Result = TypeVar("Result")


class Dialog(ModalScreen[Result]):
    """A frame in the middle, over whatever is on the screen; :meth:`frame` makes it."""

    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        & > .frame {
            width: 80%;
            max-width: 72;
            height: auto;
            border: round $primary;
            border-title-color: $primary;
            border-title-style: bold;
            border-subtitle-color: $foreground 60%;
            background: $surface;
            padding: 1 2;
        }
    }
    """

    def frame(self, title: str, keys: str, *actions: str) -> Vertical:
        """The frame with its title above, and below what the ``keys`` do: a click does it too."""
        frame = Vertical(classes="frame")
        frame.border_title = Content(title)
        frame.border_subtitle = links(keys, *actions)
        return frame
