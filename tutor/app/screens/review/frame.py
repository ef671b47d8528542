"""The look of the review screen: what stands where at which size."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

from textual.containers import Container, VerticalScroll
from textual.content import Content

from tutor.app import help_texts
from tutor.app.later import once_laid_out
from tutor.app.screens.base import TutorScreen
from tutor.app.widgets.answer.form import AnswerForm
from tutor.app.widgets.ask_view import AskView
from tutor.app.widgets.key_bar import KeyBar
from tutor.app.widgets.program_panel import ProgramPanel
from tutor.app.widgets.prose import Prose
from tutor.app.widgets.status_bar import StatusBar
from tutor.app.widgets.too_small import TooSmall
from tutor.app.widgets.verdict.panel import VerdictPanel
from tutor.app.widgets.verdict.tabs import VerdictTabs

if TYPE_CHECKING:
    from textual.app import ComposeResult

#: ``quiet`` may be overlooked: it is not scrolled to.
Tone = Literal["quiet", "plain", "warning", "error"]


class ReviewFrame(TutorScreen[None]):
    """Program, question, answers, notice and verdict, below each other or in two columns."""

    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    ReviewFrame {
        layers: base cover;
        & #body { height: 1fr; overflow-y: auto; padding: 0 1; scrollbar-size-vertical: 1; }
        & #work { height: auto; scrollbar-size-vertical: 1; }
        & .notice { height: auto; padding: 0 2; display: none; color: $foreground 80%; }
        & .notice.-quiet { color: $foreground 60%; }
        & .notice.-warning { color: $warning; }
        & .notice.-error { color: $error; }
        &.-tall #body { padding: 1 1 0 1; }
        &.-tall ProgramPanel { margin-bottom: 1; }
        &.-tall VerdictPanel { margin-top: 1; }
        &.-wide #body { layout: horizontal; overflow-y: hidden; }
        &.-wide ProgramPanel { width: 7fr; height: 100%; margin: 0 1 0 0; }
        &.-wide ProgramPanel > Vertical { padding: 1 1; }
        &.-wide #work { width: 5fr; height: 100%; }
        &.-wide AskView { padding: 0 1; }
        /* The leech's two programs: beside the verdict where there is room for both, else under it. */
        &.-wide VerdictPanel PairView { display: none; }
        &.-narrow ProgramPanel PairView { display: none; }
        &.-study ProgramPanel PairView { display: none; }
        /* One of the verdict's further tabs is open: its view takes the question's place. */
        & #study { display: none; height: 1fr; }
        &.-study #body { overflow-y: hidden; }
        &.-study #work { display: none; }
        &.-study #study { display: block; }
        &.-study ProgramPanel { max-height: 45%; }
        &.-study.-wide ProgramPanel { width: 5fr; max-height: 100%; }
        &.-study.-wide #study { width: 7fr; height: 100%; }
        &.-alone.-narrow ProgramPanel { display: none; }
    }
    """

    def compose(self) -> ComposeResult:
        yield StatusBar()
        yield VerdictTabs()
        with Container(id="body"):
            yield ProgramPanel()
            with VerticalScroll(id="work", can_focus=False):
                yield AskView()
                yield AnswerForm()
                yield Prose(classes="notice")
                yield VerdictPanel()
            yield Container(id="study")
        yield KeyBar()
        yield TooSmall()

    def help_parts(self) -> tuple[help_texts.Part, ...]:
        panels = self.query_one(AnswerForm).panels
        kinds = ["code" if panel.form.starter is not None else panel.form.view for panel in panels]
        return help_texts.review(kinds, over=all(panel.is_closed for panel in panels))

    def say(self, text: str, tone: Tone = "plain") -> None:
        """One line between the answers and the verdict; none for an empty text."""
        notice = self.query_one(".notice", Prose)
        notice.update(Content(text))
        notice.set_classes(f"notice -{tone}")
        notice.display = bool(text)
        if text and tone != "quiet":
            once_laid_out(notice, partial(self._bring_into_sight, notice))

    def _bring_into_sight(self, notice: Prose) -> None:
        """Both the notice and, where there is room, the verdict that it has moved down."""
        self.query_one(VerdictPanel).scroll_visible(animate=False)
        notice.scroll_visible(animate=False)

    def action_page(self, direction: int) -> None:
        """Scroll whatever there is to scroll by a page."""
        for scroller in (
            self.query_one("#body"),
            self.query_one("#work"),
            self.query_one(ProgramPanel),
        ):
            if scroller.max_scroll_y > 0:
                scroller.scroll_relative(
                    y=direction * max(1, scroller.size.height - 2), animate=False
                )
                return
