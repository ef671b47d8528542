"""Where a formula is typed: brackets and quotation marks come in pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType

from tutor.app.widgets.answer.field import AnswerField

if TYPE_CHECKING:
    from textual.events import Key

PAIRS: Final = {"(": ")", "[": "]", "{": "}"}
QUOTES: Final = frozenset("'\"")
#: What may stand after a bracket that is closed by itself.
_AFTER: Final = frozenset(" \t,:;)]}")


class FormulaField(AnswerField):
    """An opened bracket is closed by itself; typing the closing one goes over it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("backspace", "delete_pair", show=False, system=True)
    ]

    def take_key(self, event: Key) -> bool:
        character = event.character
        if self.read_only or not event.is_printable or character is None:
            return False
        before, after = self._around()
        selected = self.selected_text
        if character in PAIRS or (character in QUOTES and (selected or self._opens(before, after))):
            return self._open(character, PAIRS.get(character, character), after)
        if (
            not selected
            and character == after
            and (character in PAIRS.values() or character in QUOTES)
        ):
            self.move_cursor_relative(columns=1)
            return True
        return False

    def action_delete_pair(self) -> None:
        """Backspace within an empty pair takes both away."""
        before, after = self._around()
        pair = (PAIRS.get(before) or (before if before in QUOTES else "")) == after != ""
        if pair and not self.selected_text:
            row, column = self.cursor_location
            self.delete((row, column - 1), (row, column + 1))
        else:
            self.action_delete_left()

    def _open(self, opening: str, closing: str, after: str) -> bool:
        start, end = sorted(self.selection)
        if start != end:
            self.replace(opening + self.selected_text + closing, start, end)
            return True
        if after and after not in _AFTER:
            return False
        self.insert(opening + closing)
        self.move_cursor_relative(columns=-1)
        return True

    def _around(self) -> tuple[str, str]:
        """The characters on both sides of the cursor; empty at the ends of the line."""
        row, column = self.cursor_location
        line = self.document.get_line(row)
        return line[max(column - 1, 0) : column], line[column : column + 1]

    def _opens(self, before: str, after: str) -> bool:
        """Whether a quotation mark here begins a text: one after a letter or a mark ends one."""
        return not (before.isalnum() or before in QUOTES) and (not after or after in _AFTER)
