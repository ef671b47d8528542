"""Lines to put in order; those that do not belong are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.content import Content

from tutor.app import keys
from tutor.app.widgets.answer.rows import RowsView
from tutor.i18n import _

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.events import MouseDown, MouseMove, MouseUp

    from tutor.presenting.forms import Form


class OrderView(RowsView):
    """Above the lines in the learner's order, below those that are not in it (at first, all)."""

    #: The mouse drags lines here.
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        keys.TAKE,
        keys.LINE_UP,
        keys.LINE_DOWN,
        keys.LINE_OUT,
    ]

    def __init__(self, form: Form, **options: Any) -> None:
        super().__init__(form, **options)
        self.order: tuple[int, ...] = ()
        #: Whether the line under the cursor goes where the cursor goes.
        self.held = False
        self._drag: int | None = None
        self._dragged = False

    @property
    def rest(self) -> tuple[int, ...]:
        return tuple(line for line in range(self.count) if line not in self.order)

    def _line(self, row: int) -> int:
        """The line that is shown on a row."""
        return (*self.order, *self.rest)[row]

    # -- showing --------------------------------------------------------------------------------

    def heading(self, row: int) -> str:
        if row == 0 and self.order:
            return _("Your order")
        if row == len(self.order):
            return _("Not used") if self.order else _("Lines to put in order")
        return ""

    def footing(self, width: int) -> list[Content]:
        """Where lines can be dragged to when all are in the order."""
        return (
            [] if self.rest else [Content.styled(_("Not used"), "$foreground 60%"), Content("  –")]
        )

    def label(self, row: int) -> str:
        place = f"{row + 1:>2}" if row < len(self.order) else "  "
        held = "↕" if self.held and row == self.cursor else " "
        return f"{held}{place} {self.form.offers[self._line(row)][0]}"

    def body(self, row: int) -> Content:
        return super().body(self._line(row))

    def is_on(self, row: int) -> bool:
        return row < len(self.order)

    def take(self, text: str) -> None:
        from tutor.app.widgets.answer.entry import order_of  # not before the first paint

        self.order = order_of(text, [line for _letter, line in self.form.offers])
        self.held = self.held and bool(self.order)
        self.refresh(layout=True)

    # -- keys -----------------------------------------------------------------------------------

    def action_row(self, step: int) -> None:
        if self.held:
            self.action_move(step)
        else:
            super().action_row(step)

    def action_take(self) -> None:
        if self.held or self.cursor < len(self.order):
            self.held = not self.held
            self.refresh()
        else:
            self._append(self._line(self.cursor))

    def action_move(self, step: int) -> None:
        """Move the cursor's line; below the last it is out, from there up it comes in again."""
        row, line = self.cursor, self._line(self.cursor)
        if row >= len(self.order):
            if step < 0:
                self._set((*self.order, line), follow=line)
            return
        others = (*self.order[:row], *self.order[row + 1 :])
        to = row + step
        if to > len(others):
            self.held = False
            self._set(others, follow=line)
        elif to >= 0:
            self._set((*others[:to], line, *others[to:]), follow=line)

    def action_out(self) -> None:
        """Take the line out; with the cursor below the order, the last one."""
        if not self.order:
            return
        row = self.cursor if self.cursor < len(self.order) else len(self.order) - 1
        self.held = False
        self._set((*self.order[:row], *self.order[row + 1 :]), follow=None)

    def take_letter(self, letter: str) -> bool:
        """A line's letter puts it last."""
        names = [name for name, _line in self.form.offers]
        if letter.lower() in names and names.index(letter.lower()) not in self.order:
            self._append(names.index(letter.lower()))
            return True
        return letter in ", >"

    def _append(self, line: int) -> None:
        self._set((*self.order, line), follow=None)

    def _set(self, order: tuple[int, ...], *, follow: int | None) -> None:
        """A new order; the cursor goes with the line ``follow``, or stays where it is."""
        from tutor.app.widgets.answer.entry import letters_text

        self.order = order
        if follow is not None:
            self.cursor = (*self.order, *self.rest).index(follow)
        self.put(letters_text(order, self.count))

    # -- mouse ----------------------------------------------------------------------------------

    def on_mouse_down(self, event: MouseDown) -> None:
        row = self.row_at(event.y)
        if row is not None and not self.closed:
            self.cursor = row
            self._drag, self._dragged, self.held = self._line(row), False, False
            self.capture_mouse()

    def on_mouse_move(self, event: MouseMove) -> None:
        if self._drag is None:
            return
        row = self.row_at(event.y)
        if row is None:
            if event.y <= self.gutter.top:
                return
            row = self.count  # below the last line, or on the heading above those not used
        elif self._line(row) == self._drag:
            return
        others = tuple(line for line in self.order if line != self._drag)
        order = (*others[:row], self._drag, *others[row:]) if row < len(self.order) else others
        if order != self.order:
            self._dragged = True
            self._set(order, follow=self._drag)

    def on_mouse_up(self, event: MouseUp) -> None:
        if self._drag is None:
            return
        line, self._drag = self._drag, None
        self.release_mouse()
        if not self._dragged and line not in self.order:
            self._append(line)

    def pick(self, row: int) -> None:
        """A click: all is done when the mouse was let go."""
