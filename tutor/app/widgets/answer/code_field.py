"""Where code is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.style import Style
from textual.widgets.text_area import Selection, TextAreaTheme

from tutor.app import keys
from tutor.app.widgets.answer.formula_field import PAIRS, FormulaField

if TYPE_CHECKING:
    from collections.abc import Callable

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

INDENT: Final = "    "
#: After a line that begins so, its block is at its end.
ENDINGS: Final = frozenset({"return", "pass", "break", "continue", "raise"})


class CodeField(FormulaField):
    """Highlighted Python. Enter starts a new line with the same indentation; ctrl+s submits."""

    DEFAULT_CSS = """
    CodeField { max-height: 16; min-height: 4; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        keys.SUBMIT_CODE,
        keys.INDENT,
        keys.DEDENT,
        keys.LEAVE_CODE,
    ]

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

    def take_key(self, event: Key) -> bool:
        if event.key == "enter":
            self.action_newline()
            return True
        return super().take_key(event)

    def action_next_field(self) -> None:
        self.screen.focus_next()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Esc goes on to the next field; in the last one it is the screen's own."""
        return action != "next_field" or self.screen.focus_chain[-1:] != [self]

    def action_newline(self) -> None:
        """A new line, as far in as this one; further after a colon or an open bracket."""
        start, end = sorted(self.selection)
        before, after = self._line(start[0])[: start[1]], self._line(end[0])[end[1] :]
        indent = before[: len(before) - len(before.lstrip())]
        inner = indent
        if before.rstrip().endswith((":", *PAIRS)):
            inner = indent + INDENT
        elif before.split()[:1] and before.split()[0] in ENDINGS:
            inner = indent.removesuffix(INDENT)
        self.replace("\n" + inner, start, end)
        if before.endswith(tuple(PAIRS)) and after[:1] == PAIRS[before[-1]]:
            here = self.cursor_location
            self.insert("\n" + indent)
            self.cursor_location = here

    def action_indent(self) -> None:
        """To the next step; several selected lines, all of them.  Nothing is ever typed over."""
        start, end = sorted(self.selection)
        if start == end:
            self.insert(" " * (len(INDENT) - start[1] % len(INDENT)))
            return
        self._shift(lambda line: INDENT + line if line.strip() else line)

    def action_dedent(self) -> None:
        self._shift(lambda line: line[min(len(INDENT), len(line) - len(line.lstrip(" "))) :])

    def _shift(self, changed: Callable[[str], str]) -> None:
        """Change the beginning of every selected line, in one step that one undo takes back."""
        selection = self.selection
        first, last = sorted((selection.start[0], selection.end[0]))
        old = [self._line(row) for row in range(first, last + 1)]
        new = [changed(line) for line in old]
        if new != old:
            self.replace("\n".join(new), (first, 0), (last, len(old[-1])))
            moved = {
                first + i: len(b) - len(a) for i, (a, b) in enumerate(zip(old, new, strict=True))
            }
            ends = [
                (row, max(column + moved[row], 0))
                for row, column in (selection.start, selection.end)
            ]
            self.selection = Selection(*ends)

    def _line(self, row: int) -> str:
        return self.document.get_line(row)

    def caret_offset(self, column: int) -> int | None:
        """The message names the line; a caret under the last one would be wrong."""
        return None
