"""Where code is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.style import Style
from textual.widgets.text_area import TextAreaTheme

from tutor.app import keys
from tutor.app.widgets.answer_field import AnswerField

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.events import Key

#: What tree-sitter's query for Python names, in the colours of the app's theme.
COLOURS: Final = {
    "boolean": "warning",
    "class": "primary",
    "comment": "text-muted",
    "conditional": "accent",
    "constant.builtin": "warning",
    "constructor": "primary",
    "exception": "accent",
    "float": "warning",
    "function": "primary",
    "function.call": "primary",
    "include": "accent",
    "keyword": "accent",
    "keyword.function": "accent",
    "keyword.operator": "accent",
    "keyword.return": "accent",
    "method": "primary",
    "method.call": "primary",
    "number": "warning",
    "repeat": "accent",
    "string": "success",
    "type.builtin": "secondary",
}


class CodeField(AnswerField):
    """Highlighted Python. Enter starts a new line with the same indentation; ctrl+s submits."""

    DEFAULT_CSS = """
    CodeField { max-height: 16; min-height: 4; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [keys.SUBMIT_CODE]

    def __init__(self, starter: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.language = "python"
        self.show_line_numbers = True
        self.load_text(starter.rstrip("\n"))

    def on_mount(self) -> None:
        self.watch(self.app, "theme", self._take_colours)

    def _take_colours(self) -> None:
        """The app's theme for the code too: Textual's own colours are for dark backgrounds only."""
        variables = self.app.current_theme.to_color_system().generate()
        styles = {
            name: Style.parse(variables[colour])
            for name, colour in COLOURS.items()
            if variables.get(colour, "").startswith("#")
        }
        self.register_theme(TextAreaTheme(name="tutor", syntax_styles=styles))
        self.theme = "tutor"

    async def _on_key(self, event: Key) -> None:
        if event.key == "enter":
            event.prevent_default()
            event.stop()
            self.action_newline()

    def action_newline(self) -> None:
        row, column = self.cursor_location
        before = self.document.get_line(row)[:column]
        indent = before[: len(before) - len(before.lstrip())]
        if before.rstrip().endswith(":"):
            indent += "    "
        self.insert("\n" + indent)

    def caret_offset(self, column: int) -> int | None:
        """The message names the line; a caret under the last one would be wrong."""
        return None
