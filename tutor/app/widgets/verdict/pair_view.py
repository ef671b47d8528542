"""Two programs that differ in one edit, side by side, and what each of them answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.widget import Widget

from tutor.app.text.highlight import here, python
from tutor.app.text.wrapping import fold, wrap
from tutor.app.widgets.program_view import GUTTER
from tutor.i18n import _

if TYPE_CHECKING:
    from textual.geometry import Size

    from tutor.whatif import Pair

#: A column narrower than this breaks nearly every line: then one program stands under the other.
LEAST_COLUMN: Final = 30
BETWEEN: Final = " │ "


class PairView(Widget):
    """Hidden until :meth:`show`."""

    DEFAULT_CSS = """
    PairView {
        width: 1fr;
        height: auto;
        display: none;
        &.-shown { display: block; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._head = ""
        self._pair: Pair | None = None

    def show(self, head: str, pair: Pair | None) -> None:
        """``head`` says why it is shown; no pair hides the view."""
        self._head, self._pair = head, pair
        self.set_class(pair is not None, "-shown")
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._rows(width))

    def render(self) -> Content:
        return Content("\n").join(self._rows(self.content_size.width))

    def _rows(self, width: int) -> list[Content]:
        if self._pair is None:
            return []
        result = self._pair.result
        own = {line for one in result.differences for line in _span(one.line, len(one.before))}
        new = {line for one in result.differences for line in _span(one.new_line, len(one.after))}
        column = (width - len(BETWEEN)) // 2
        beside = column >= LEAST_COLUMN
        room = column if beside else width
        ground = here(self.app)
        asked, answers = _("as it is"), _("with one edit")
        left = [
            Content.styled(asked, "$foreground 60%"),
            *_program(self._pair.program, own, room, ground),
            *(line for row in result.rows for line in _answer(row.expression, row.before, room)),
        ]
        right = [
            Content.styled(answers, "$foreground 60%"),
            *_program(result.program, new, room, ground),
            *(line for row in result.rows for line in _answer(row.expression, row.after, room)),
        ]
        head = wrap(Content.styled("⚑ " + self._head, "bold $warning"), width)
        return [*head, *(_joined(left, right, column) if beside else (*left, *right))]


def _span(first: int, count: int) -> range:
    return range(first, first + count)


def _program(source: str, marked: set[int], width: int, ground: str) -> list[Content]:
    rows = []
    for number, line in enumerate(python(source.rstrip("\n")).split("\n"), start=1):
        differs = number in marked
        for i, (indent, part) in enumerate(fold(line, max(8, width - GUTTER))):
            label = (f"▸{number}" if differs else f"{number:>2}") if i == 0 else " ·"
            style = "bold $primary" if differs else "$foreground 60%"
            row = Content.styled(f"{label:<{GUTTER}}", style) + " " * indent + part
            if differs:
                row = row.pad_right(max(0, width - row.cell_length)).stylize_before(ground)
            rows.append(row)
    return rows


def _answer(expression: str | None, text: str, width: int) -> list[Content]:
    label = Content.styled(_("error") if expression is None else expression, "bold $primary")
    lines = (text or "—").split("\n")
    beside = label.cell_length + 2 + max(map(len, lines)) <= width
    rows = [Content.styled(line, "bold $success") for line in lines]
    if not beside:
        return [label, *(Content("  ") + row for line in rows for row in wrap(line, width - 2))]
    space = " " * (label.cell_length + 2)
    return [label + "  " + rows[0], *(Content(space) + row for row in rows[1:])]


def _joined(left: list[Content], right: list[Content], column: int) -> list[Content]:
    rows = []
    for i in range(max(len(left), len(right))):
        one = left[i] if i < len(left) else Content("")
        other = right[i] if i < len(right) else Content("")
        one = one.pad_right(max(0, column - one.cell_length))
        rows.append(one + Content.styled(BETWEEN, "$foreground 60%") + other)
    return rows
