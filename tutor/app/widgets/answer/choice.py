"""Options to choose from: one of them, or all that hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from tutor.app import keys
from tutor.app.widgets.answer.rows import RowsView

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.events import Key

    from tutor.presenting.forms import Form


class ChoiceView(RowsView):
    """A letter chooses its option; where several may hold, it also takes it back."""

    BINDINGS: ClassVar[list[BindingType]] = [keys.TICK]

    def __init__(self, form: Form, **options: Any) -> None:
        super().__init__(form, **options)
        self.chosen: frozenset[int] = frozenset()
        #: The options that hold, once the question is over.
        self.right: frozenset[int] = frozenset()
        #: A blank after a letter is typed between two of them: ``a c``.
        self._after_letter = False

    def label(self, row: int) -> str:
        on = row in self.chosen
        box = ("[×]" if on else "[ ]") if self.form.many else ("(●)" if on else "( )")
        return f"{box} {self.form.offers[row][0]}"

    def is_on(self, row: int) -> bool:
        return row in self.chosen

    def show_right(self, text: str) -> None:
        self.right = self.form.chosen(text)
        self.refresh()

    def outcome(self, row: int) -> tuple[str, str]:
        if row in self.right:
            return "✓ ", "$success"
        return ("✗ ", "$error") if self.right and row in self.chosen else ("", "")

    def take(self, text: str) -> None:
        self.chosen = self.form.chosen(text)
        self.refresh()

    def take_key(self, event: Key) -> bool:
        if event.key == "space" and self._after_letter:
            self._after_letter = False
            return True
        self._after_letter = False
        return super().take_key(event)

    def take_letter(self, letter: str) -> bool:
        rows = [row for row, (name, _text) in enumerate(self.form.offers) if name == letter.lower()]
        for row in rows:
            self.cursor = row
            self.pick(row)
            self._after_letter = True
        return bool(rows) or letter == ","

    def action_tick(self) -> None:
        self.pick(self.cursor)

    def pick(self, row: int) -> None:
        from tutor.app.widgets.answer.entry import letters_text  # not before the first paint

        self.chosen = self.chosen ^ {row} if self.form.many else frozenset({row})
        self.put(letters_text(sorted(self.chosen), self.count))
