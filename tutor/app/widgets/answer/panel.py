"""One answer: what is on offer, the field, and under it the live echo of what was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from tutor.app.text.prose import prose
from tutor.app.widgets.answer.code_field import CodeField
from tutor.app.widgets.answer.field import AnswerField
from tutor.app.widgets.answer.formula_field import FormulaField
from tutor.app.widgets.prose import Prose
from tutor.i18n import _

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.timer import Timer
    from textual.widget import Widget
    from textual.widgets import TextArea

    from tutor.answer import InvalidAnswer
    from tutor.app.widgets.answer.view import AnswerView
    from tutor.presenting.forms import Form

#: Seconds without a key after which an unreadable text is said to be one.
PAUSE: Final = 1.2


class AnswerPanel(Vertical):
    """``form`` says what to ask for; :attr:`text` is what was typed."""

    DEFAULT_CSS = """
    AnswerPanel {
        height: auto;
        border: round $border-blurred;
        border-title-color: $foreground 80%;
        border-subtitle-color: $foreground 60%;
        &:focus-within { border: round $border; border-title-color: $primary; }
        &.-correct, &.-correct:focus-within { border: round $success; border-title-color: $success; }
        &.-wrong, &.-wrong:focus-within { border: round $error; border-title-color: $error; }
        & > .echo { padding: 0 1; height: auto; min-height: 1; }
    }
    """

    class Edited(Message):
        """The text changed."""

    def __init__(self, form: Form) -> None:
        super().__init__(id=f"answer-{form.name}", classes="answer")
        self.form = form
        self._echo = Prose(classes="echo")
        self.view = _view(form)
        self._timer: Timer | None = None
        self.field = _field(form)
        if self.view is not None:
            self.view.on_put = self.put
            self.view.on_typed = self._type
        self.border_title = prose(form.title)

    def compose(self) -> ComposeResult:
        if self.view is not None:
            yield self.view
        yield self.field
        yield self._echo

    def on_mount(self) -> None:
        self._show_rule()

    @property
    def text(self) -> str:
        return self.field.text

    @property
    def said(self) -> str:
        """What stands under the field: the rule, what was read, or why it could not be."""
        return self._echo.text.plain

    @property
    def is_empty(self) -> bool:
        return not self.text.strip()

    @property
    def is_closed(self) -> bool:
        return self.field.read_only

    @property
    def entry(self) -> Widget:
        """Where the learner begins: the view, or the text field where there is none."""
        return self.field if self.view is None or not self.view.display else self.view

    def update_form(self, form: Form) -> None:
        """The same answer with other offers: those that come from the live run have arrived."""
        self.form = form
        if self.view is not None:
            self.view.update_form(form)
            self.view.take(self.text)

    # -- the view and the field -----------------------------------------------------------------

    def put(self, text: str) -> None:
        """Make ``text`` the answer, as if it had been typed: undo brings back what was there."""
        self.field.replace(text, (0, 0), self.field.document.end)
        self.field.move_cursor(self.field.document.end)

    def _type(self, character: str) -> None:
        """A letter that means nothing to the view is meant for the text."""
        self.screen.set_focus(self.field)
        self.field.insert(character)

    def toggle_grid(self) -> str:
        """Show the grid, or the text alone; why not, if it cannot be."""
        from tutor.app.widgets.answer.grid import GridView

        grid = self.view
        if not isinstance(grid, GridView) or self.field.read_only:
            return ""
        if grid.display:
            grid.display = False
            self.screen.set_focus(self.field)
            return ""
        if not grid.open(self.text):
            return _("This is no number, vector or matrix: correct it or clear it for the grid.")
        grid.display = True
        self.screen.set_focus(grid)
        return ""

    # -- the line under the field ---------------------------------------------------------------

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        if self.view is not None:
            self.view.take(self.text)
        if self.field.read_only:
            return  # it was written there, the question is over
        self.remove_class("-correct", "-wrong")
        self.border_title = prose(self.form.title)
        self._read()
        self.post_message(self.Edited())

    def _read(self) -> None:
        from tutor.answer import InvalidAnswer  # not before the first paint

        if self._timer is not None:
            self._timer.stop()
        self._echo.display = True
        if self.is_empty:
            self._show_rule()
            return
        try:
            echo = self.form.echo(self.text)
        except InvalidAnswer as error:
            # Half-typed texts are mostly unreadable: no word about it before a pause.
            self._echo.update(Content.styled("…", "$foreground 60%"))
            line, column, message = error.line, error.column, _said(error)
            self._timer = self.set_timer(
                PAUSE, lambda: self._point(line, column, message, "$foreground 60%")
            )
        else:
            label = Content.styled(_("read as:") + " ", "$foreground 60%")
            self._echo.update(label + Content.styled(echo, "$secondary"))

    def _show_rule(self) -> None:
        self._echo.update(Content.styled(self.form.rule, "$foreground 60%"))

    def show_invalid(self, line: int, column: int, message: str) -> None:
        """Say that the text could not be read, and where; the text and the cursor stay."""
        from tutor.answer import InvalidAnswer  # not before the first paint

        if self._timer is not None:
            self._timer.stop()
        try:
            self.form.echo(self.text)
        except InvalidAnswer as error:
            line, column, message = error.line, error.column, _said(error)
        self.field.mark((line, column))
        self._point(line, column, message, "bold $warning")

    def _point(self, line: int, column: int, message: str, style: str) -> None:
        """A caret under the place, and the message beside or below it."""
        room = max(20, self._echo.content_size.width)
        offset = self.field.caret_offset(column)
        if offset is None or offset >= room:
            several = self.field.document.line_count > 1 and self.form.starter is None
            where = _("line {line}, column {column}: ") if several else ""
            where = where.format(line=line, column=column)
            self._echo.update(Content.styled("▲ " + where, style) + prose(message, style))
            return
        caret = Content.styled(" " * offset + "▲", style)
        beside = offset + 2 + cell_len(message) <= room
        self._echo.update(caret + (" " if beside else "\n") + prose(message, style))

    # -- after grading --------------------------------------------------------------------------

    def show_right(self, right: bool, *, in_words: bool) -> None:
        """Mark the whole panel by a colour and, if nothing else does, by a sign and a word in its title."""
        sign, word = ("✓", _("correct")) if right else ("✗", _("wrong"))
        self._echo.display = False
        self.set_class(right, "-correct")
        self.set_class(not right, "-wrong")
        if in_words:
            self.border_title = prose(self.form.title) + Content(f" {sign} {word}")

    def close(self) -> None:
        """The question is over: nothing can be typed any more, nor is anything asked of the text."""
        self._echo.display = False
        self.field.mark(None)
        self.field.read_only = True
        self.field.placeholder = ""
        self.field.show_cursor = False
        self.field.match_cursor_bracket = False
        self.field.can_focus = False
        if self.view is not None:
            self.view.close()


def _view(form: Form) -> AnswerView | None:
    """The widget beside the text; each is imported with the first question that needs it."""
    match form.view:
        case "flags":
            from tutor.app.widgets.answer.flags import FlagsView

            return FlagsView(form)
        case "choice":
            from tutor.app.widgets.answer.choice import ChoiceView

            return ChoiceView(form)
        case "order":
            from tutor.app.widgets.answer.order import OrderView

            return OrderView(form)
        case "raises":
            from tutor.app.widgets.answer.raises import RaisesView

            return RaisesView(form)
        case "grid":
            from tutor.app.widgets.answer.grid import GridView

            return GridView(form)
    return None


def _field(form: Form) -> AnswerField:
    id_ = f"field-{form.name}"
    if form.starter is not None:
        return CodeField(form.starter, id=id_)
    if form.view == "formula":
        return FormulaField(id=id_)
    field = AnswerField(id=id_)
    if form.offers:
        field.placeholder = _("or type it here")
    return field


def _said(error: InvalidAnswer) -> str:
    """The reader's message in the language in use."""
    from tutor.answer import MESSAGES

    return _(MESSAGES[error.key]).format(**error.params)
