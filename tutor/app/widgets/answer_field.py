"""Where an answer is typed: one line that can grow to a whole matrix, or to lines of code."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.widgets import TextArea

from tutor.app import keys

if TYPE_CHECKING:
    from rich.text import Text

#: Keys of the screen's that move the focus, or submit what was typed before them.
MOVING: Final = frozenset({"enter", "tab", "shift+tab"})


class AnswerField(TextArea):
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
        # The whole question scrolls, not the field.
        Binding("pageup", "screen.page(-1)", show=False, system=True),
        Binding("pagedown", "screen.page(1)", show=False, system=True),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, soft_wrap=True, tab_behavior="focus", highlight_cursor_line=False)
        # A block is easy enough to find, and a still screen sends nothing over a slow line.
        self.cursor_blink = False
        self._mark: tuple[int, int] | None = None

    async def _on_key(self, event: Key) -> None:
        """Keys act in the order in which they were pressed, however quickly they come in.

        A key left to rise to the screen would be overtaken by letters pressed after it: a slow line
        brings several keys at once, and ``1``, Backspace, ``2`` must not become ``1``.
        """
        focused = self.screen.focused
        if focused is not self and isinstance(focused, AnswerField):
            # Sent here before the key that moved the focus had done so.
            event.stop()
            event.prevent_default()
            # As the app itself does: posted to the app, it would come after those pressed since.
            focused._forward_event(Key(event.key, event.character))  # noqa: SLF001
            return
        if event.is_printable:
            return
        active = self.screen.active_bindings.get(event.key)
        if active is not None and (active.node is self or event.key in MOVING) and active.enabled:
            event.stop()
            event.prevent_default()
            await self.app.run_action(active.binding.action, active.node)
        elif event.key == "enter":
            event.prevent_default()  # never typed into the text

    def action_newline(self) -> None:
        self.insert("\n")

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
