"""Where an answer is typed: one line that can grow to a whole matrix, or to lines of code."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from tutor.answer.prepare import MAX_CHARACTERS
from tutor.app import keys
from tutor.app.widgets.in_order import InOrder

if TYPE_CHECKING:
    from rich.text import Text
    from textual.events import Key, Paste


class AnswerField(InOrder, TextArea):
    """Enter is left to the screen; shift+enter, alt+enter and ctrl+j start a new line.

    :meth:`mark` shows where the text could not be read; the mark goes with the next edit.
    """

    DEFAULT_CSS = """
    AnswerField {
        height: auto;
        max-height: 10;
        border: none;
        padding: 0 1;
        background: transparent;
        &:focus { border: none; }
        & .answer-field--mark { background: $error; color: $background; text-style: bold; }
        & .text-area--cursor-line { background: transparent; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"answer-field--mark"}
    BINDINGS: ClassVar[list[BindingType]] = [
        keys.NEWLINE,
        keys.EDITOR,
        # The whole question scrolls, not the field.
        Binding("pageup", "screen.page(-1)", show=False, system=True),
        Binding("pagedown", "screen.page(1)", show=False, system=True),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, soft_wrap=True, tab_behavior="focus", highlight_cursor_line=False)
        # A block is easy enough to find, and a still screen sends nothing over a slow line.
        self.cursor_blink = False
        self._mark: tuple[int, int] | None = None

    def types(self, event: Key) -> bool:
        return event.is_printable

    def action_newline(self) -> None:
        self.insert("\n")

    def on_paste(self, event: Paste) -> None:
        """Cut a text that is too long to be an answer: laying out a megabyte holds everything up."""
        event.text = event.text[: MAX_CHARACTERS + 1]

    def action_copy(self) -> None:
        """What was selected last: a selection elsewhere on the screen is given up by one in here."""
        if self.screen.get_selected_text():
            raise SkipAction
        super().action_copy()

    def on_text_area_changed(self) -> None:
        self.mark(None)

    def mark(self, place: tuple[int, int] | None) -> None:
        """Mark the character at ``place`` (line and column, both from 1), or none."""
        if place != self._mark:
            self._mark = place
            self.notify_style_update()
            self.refresh()

    def get_line(self, line_index: int) -> Text:
        line = super().get_line(line_index)
        if self._mark is not None and self._mark[0] == line_index + 1:
            column = min(self._mark[1] - 1, len(line))
            if column == len(line):
                line.append(" ")
            line.stylize(self.get_component_rich_style("answer-field--mark"), column, column + 1)
        return line

    def caret_offset(self, column: int) -> int | None:
        """How many cells right of the field's first one a ``column`` of its only row is.

        ``None`` if the text takes more than one row: then a caret under it would point nowhere.
        """
        if self.wrapped_document.height > 1:
            return None
        return cell_len(self.document.get_line(0)[: column - 1])
