"""What if: the program to edit, edits to try, a prediction, and what came of it beside what was.

Nothing that is done here is counted or kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from tutor.app import keys
from tutor.app.later import once_laid_out
from tutor.app.slow import said_if_slow
from tutor.app.text.prose import prose
from tutor.app.widgets.answer.code_field import CodeField
from tutor.app.widgets.answer.field import AnswerField
from tutor.app.widgets.prose import Prose
from tutor.app.widgets.verdict.what_if_words import comparison, differences_words, label_of
from tutor.i18n import _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.events import Click, Key
    from textual.worker import Worker

    from tutor.whatif import Bench, Suggestion, WhatIf

    #: Runs a program, with predictions by expression; raises as ``Session.what_if`` does.
    Run = Callable[[str, Mapping[str, str]], Awaitable[WhatIf]]

#: More predictions than these are not asked for.
MAX_PREDICTIONS: Final = 4


class Wanted(Message):
    """What was typed is to be run."""


class Left(Message):
    """A field was left."""


class WhatIfEditor(CodeField):
    """The program as it is changed."""

    DEFAULT_CSS = """
    WhatIfEditor { max-height: 14; min-height: 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        keys.WHAT_IF_RUN,
        keys.WHAT_IF_LEAVE,
        keys.TAB_NEXT_TYPING,
    ]

    def action_run(self) -> None:
        self.post_message(Wanted())

    def action_leave(self) -> None:
        self.post_message(Left())


class PredictionField(AnswerField):
    """One prediction; Enter runs the program."""

    BINDINGS: ClassVar[list[BindingType]] = [
        keys.WHAT_IF_RUN,
        keys.WHAT_IF_LEAVE,
        keys.TAB_NEXT_TYPING,
    ]

    def __init__(self, expression: str | None) -> None:
        super().__init__()
        self.placeholder = _("what you expect, if you like")
        self.expression = expression

    async def _on_key(self, event: Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.action_run()
        else:
            await super()._on_key(event)

    def action_run(self) -> None:
        self.post_message(Wanted())

    def action_leave(self) -> None:
        self.post_message(Left())


class EditsView(Widget):
    """The edits to try, one a row: the one that is looked at and the one that is made are marked."""

    DEFAULT_CSS = """
    EditsView { height: auto; padding: 0 1; }
    """

    class Clicked(Message):
        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__()
        self._words = words
        self.here = 0
        self.made: int | None = None

    def mark(self, here: int, made: int | None) -> None:
        self.here, self.made = here, made
        self.refresh()

    def render(self) -> Content:
        rows = []
        for i, words in enumerate(self._words):
            marker = Content.styled("▸ " if i == self.here else "  ", "bold $primary")
            box = Content.styled("[x] " if i == self.made else "[ ] ", "bold $warning")
            row = marker + box + prose(words)
            rows.append(row.truncate(max(8, self.content_size.width), ellipsis=True))
        return Content("\n").join(rows)

    def on_click(self, event: Click) -> None:
        if event.y < len(self._words):
            self.post_message(self.Clicked(event.y))


class WhatIfView(VerticalScroll, can_focus=True):
    """``bench`` is what can be tried; ``run`` runs it."""

    DEFAULT_CSS = """
    WhatIfView {
        height: 1fr;
        scrollbar-size-vertical: 1;
        &:focus { background-tint: transparent; }
        & > .what { height: auto; padding: 0 1; color: $foreground 70%; }
        & > .program {
            height: auto;
            border: round $border-blurred;
            border-title-color: $foreground 80%;
            border-subtitle-color: $foreground 60%;
            &:focus-within { border: round $border; border-title-color: $primary; }
        }
        & .prediction { height: auto; padding: 0 1; }
        & .prediction > Static { width: auto; color: $foreground 70%; }
        & .prediction > PredictionField { width: 1fr; background: $surface; }
        & .prediction > PredictionField:focus { background: $panel; }
        & > .result { height: auto; padding: 0 1; margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        keys.WHAT_IF_EDIT,
        keys.WHAT_IF_TRY,
        keys.WHAT_IF_PREDICT,
        keys.WHAT_IF_RUN,
        keys.WHAT_IF_DOWN,
        keys.WHAT_IF_UP,
        keys.WHAT_IF_LEAVE,
    ]

    def __init__(self, bench: Bench, suggestions: tuple[Suggestion, ...], run: Run) -> None:
        super().__init__()
        from tutor.whatif import differences  # not before the first paint

        self._bench, self._suggestions, self._run = bench, suggestions, run
        words = [differences_words(differences(bench.program, one.program)) for one in suggestions]
        self._edits = EditsView(tuple(words))
        self._editor = WhatIfEditor(bench.program)
        self._result = Prose(classes="result")
        self._outcome: WhatIf | None = None
        self._worker: Worker[None] | None = None

    def take_over(self, before: WhatIfView) -> None:
        """Go on where another one was: its edit, its predictions, what came of them."""
        self._editor.load_text(before._editor.text)
        self._edits.mark(before._edits.here, before._edits.made)
        fields = zip(self.query(PredictionField), before.query(PredictionField), strict=True)
        for mine, theirs in fields:
            mine.load_text(theirs.text)
        self._outcome = before._outcome
        self._show()

    def compose(self) -> ComposeResult:
        with Vertical(classes="program") as frame:
            frame.border_title = Content(_("Edit and run"))
            frame.border_subtitle = Content(_("nothing of this is counted"))
            yield self._editor
        if self._suggestions:
            yield Prose(Content(_("Or try an edit:")), classes="what")
            yield self._edits
        for asked in self._bench.asked[:MAX_PREDICTIONS]:
            with Horizontal(classes="prediction"):
                label = _("{what} will be").format(what=label_of(asked.expression))
                yield Static(Content(label + " "))
                yield PredictionField(asked.expression)
        yield self._result

    # -- trying -----------------------------------------------------------------------------------

    def action_edit(self) -> None:
        self._editor.focus()

    def action_predict(self) -> None:
        self.query(PredictionField).first().focus()

    def action_choose(self, by: int) -> None:
        """Another edit to try; where there are none, the view scrolls."""
        if len(self._suggestions) < 2:
            self.scroll_relative(y=by * 2, animate=False)
            return
        self._edits.mark((self._edits.here + by) % len(self._suggestions), self._edits.made)

    def action_try(self) -> None:
        if self._suggestions:
            self._toggle(self._edits.here)

    def on_edits_view_clicked(self, event: EditsView.Clicked) -> None:
        event.stop()
        self._toggle(event.index)

    def _toggle(self, index: int) -> None:
        """Make the edit, or take it back; undo in the editor brings back what was there."""
        made = None if self._edits.made == index else index
        program = self._bench.program if made is None else self._suggestions[index].program
        self._editor.replace(program.rstrip("\n"), (0, 0), self._editor.document.end)
        self._edits.mark(index, made)
        self.action_run()

    def on_text_area_changed(self) -> None:
        """Edited by hand: the edit that was made is no longer the only one."""
        made = self._edits.made
        if (
            made is not None
            and self._editor.text.strip() != self._suggestions[made].program.strip()
        ):
            self._edits.mark(self._edits.here, None)

    # -- running ----------------------------------------------------------------------------------

    def on_wanted(self, event: Wanted) -> None:
        event.stop()
        self.action_run()

    def on_left(self, event: Left) -> None:
        event.stop()
        self.action_leave()

    def action_leave(self) -> None:
        """Stop what is running; else back from a field to the view."""
        if self._is_busy:
            assert self._worker is not None  # noqa: S101
            self._worker.cancel()
            self._say("○ " + _("Stopped."))
        self.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Esc is the screen's own while there is nothing to stop here, and no field to leave."""
        return action != "leave" or self._is_busy or not self.has_focus

    @property
    def _is_busy(self) -> bool:
        return self._worker is not None and not self._worker.is_finished

    def action_run(self) -> None:
        predictions = {field.expression or "": field.text for field in self.query(PredictionField)}
        self._worker = self.run_worker(
            self._work(self._editor.text, predictions), group="what-if", exclusive=True
        )

    async def _work(self, program: str, predictions: dict[str, str]) -> None:
        from tutor.app.afterwards import reason_of  # not before the first paint

        try:
            with said_if_slow(self, self._say_running):
                outcome = await self._run(program, predictions)
        except Exception as error:  # noqa: BLE001 - no reason to lose the session
            self._say("✗ " + reason_of(error), "bold $warning")
        else:
            self._outcome = outcome
            self._show()

    def _say_running(self) -> None:
        self._say("◌ " + _("Running…") + " " + _("Esc stops it."))

    def _say(self, text: str, style: str = "") -> None:
        self._outcome = None
        self._result.update(prose(text, style))
        self._reveal()

    def _show(self) -> None:
        if self._outcome is not None:
            self._result.update(comparison(self._outcome, self._width))
            self._reveal()

    @property
    def _width(self) -> int:
        return max(20, self.scrollable_content_region.width - 2)

    def on_resize(self) -> None:
        # Not at once: a layout that is asked for in the middle of another one may be passed over.
        once_laid_out(self, self._show)

    def _reveal(self) -> None:
        once_laid_out(self, self._scroll_to_result)

    def _scroll_to_result(self) -> None:
        """All of it, or its beginning if it is higher than the view."""
        higher = self._result.size.height > self.scrollable_content_region.height
        self.scroll_to_widget(self._result, top=higher, animate=False)
