"""Does the program raise: no error, or one of its lines and the class of the error."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from rich.cells import cell_len
from textual.content import Content

from tutor.app import keys
from tutor.app.text.highlight import python
from tutor.app.widgets.answer.rows import RowsView
from tutor.i18n import _

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.events import Click

    from tutor.presenting.forms import Form

#: Cells between two classes on one line.
GAP = 2


class RaisesView(RowsView):
    """Rows: "no error", then the lines on offer; under them the classes, changed by left and right."""

    BINDINGS: ClassVar[list[BindingType]] = [keys.TICK, keys.ERROR_NEXT, keys.ERROR_BEFORE]

    def __init__(self, form: Form, **options: Any) -> None:
        from tutor.app.widgets.answer.entry import Raised

        super().__init__(form, **options)
        self.raised = Raised()

    @property
    def count(self) -> int:
        return 1 + len(self.form.offers)

    def label(self, row: int) -> str:
        return "(●)" if self.is_on(row) else "( )"

    def body(self, row: int) -> Content:
        if row == 0:
            return Content(_("no error"))
        number, source = self.form.offers[row - 1]
        return Content.styled(f"{number:>2}  ", "$foreground 60%") + python(source)

    def is_on(self, row: int) -> bool:
        if row == 0:
            return self.raised.nothing
        return (
            self.raised.line is not None and str(self.raised.line) == self.form.offers[row - 1][0]
        )

    def footing(self, width: int) -> list[Content]:
        label = Content.styled(_("error:") + " ", "$foreground 60%")
        lines = [label]
        for name in self._errors:
            on = name == self.raised.error
            item = Content.styled(f"(●) {name}", "bold $primary") if on else Content(f"( ) {name}")
            if lines[-1].cell_length + GAP + item.cell_length > width:
                lines.append(Content(" " * label.cell_length))
            lines[-1] = lines[-1] + " " * GAP + item
        return lines

    @property
    def _errors(self) -> tuple[str, ...]:
        """The classes on offer, and one that was typed."""
        from tutor.app.widgets.answer.entry import ERRORS

        typed = self.raised.error
        return ERRORS if not typed or typed in ERRORS else (*ERRORS, typed)

    def take(self, text: str) -> None:
        from tutor.app.widgets.answer.entry import raised_of  # not before the first paint

        self.raised = raised_of(text)
        self.refresh(layout=True)

    def action_tick(self) -> None:
        self.pick(self.cursor)

    def pick(self, row: int) -> None:
        from tutor.app.widgets.answer.entry import Raised

        if row == 0:
            self._set(Raised(nothing=True))
        else:
            line = int(self.form.offers[row - 1][0])
            self._set(replace(self.raised, nothing=False, line=line))

    def action_error(self, step: int) -> None:
        names = self._errors
        at = names.index(self.raised.error) + step if self.raised.error else min(step, 0)
        self._set(replace(self.raised, nothing=False, error=names[at % len(names)]))

    def on_click(self, event: Click) -> None:
        """Also the classes under the rows can be clicked."""
        lines = self.lines()
        y = event.y - self.gutter.top
        if 0 <= y < len(lines) and lines[y][0] is None and not self.closed:
            name = _name_at(lines[y][1].plain, event.x - self.gutter.left)
            if name in self._errors:
                self._set(replace(self.raised, nothing=False, error=name))

    def _set(self, raised: Any) -> None:
        from tutor.app.widgets.answer.entry import raised_text

        self.raised = raised
        self.put(raised_text(raised))


def _name_at(line: str, x: int) -> str:
    """The class whose item, its box with it, is at cell ``x`` of a line."""
    for item in re.finditer(r"\(.\) (\w+)", line):
        if cell_len(line[: item.start()]) <= x < cell_len(line[: item.end()]):
            return item[1]
    return ""
