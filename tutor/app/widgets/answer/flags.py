"""Flags as boxes that are true, false, or not answered yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from tutor.app import keys
from tutor.app.widgets.answer.rows import RowsView

if TYPE_CHECKING:
    from textual.binding import BindingType

    from tutor.presenting.forms import Form

_BOX: Final = {None: "[ ]", True: "[T]", False: "[F]"}
#: Letters that answer; the others of ``true``, ``false``, ``yes`` and ``no`` may be typed on.
_ANSWERS: Final = {"t": True, "y": True, "f": False, "n": False}
_REST: Final = frozenset("rueals o,;")


class FlagsView(RowsView):
    """t and f answer a flag and go on to the next; space goes through true and false."""

    BINDINGS: ClassVar[list[BindingType]] = [keys.TICK]

    def __init__(self, form: Form, **options: Any) -> None:
        super().__init__(form, **options)
        self.flags: tuple[bool | None, ...] = (None,) * len(form.offers)

    def label(self, row: int) -> str:
        return f"{row + 1} {_BOX[self.flags[row]]}"

    def is_on(self, row: int) -> bool:
        return self.flags[row] is not None

    def take(self, text: str) -> None:
        from tutor.app.widgets.answer.entry import flags_of  # not before the first paint

        self.flags = flags_of(text, [name for _n, name in self.form.offers])
        self.refresh()

    def action_tick(self) -> None:
        self._answer(self.cursor, self.flags[self.cursor] is not True)

    def pick(self, row: int) -> None:
        self._answer(row, self.flags[row] is not True)

    def take_letter(self, letter: str) -> bool:
        answer = _ANSWERS.get(letter.lower())
        if answer is not None:
            self._answer(self.cursor, answer)
            self.action_row(1)
        return answer is not None or letter.lower() in _REST

    def _answer(self, row: int, answer: bool) -> None:
        from tutor.app.widgets.answer.entry import flags_text

        self.flags = (*self.flags[:row], answer, *self.flags[row + 1 :])
        self.put(flags_text(self.flags))
