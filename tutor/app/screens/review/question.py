"""The question on the review screen: its program, its text and its fields, and what the live run adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.app.widgets.answer.form import AnswerForm
from tutor.app.widgets.ask_view import AskView
from tutor.app.widgets.program_panel import ProgramPanel
from tutor.app.widgets.status_bar import StatusBar
from tutor.presenting.forms import forms_of, needs_run
from tutor.presenting.words import skill_title

if TYPE_CHECKING:
    from tutor.app.screens.review.frame import ReviewFrame
    from tutor.grading.truths import Truths
    from tutor.session import Session, Turn


class ShownQuestion:
    """Writes a question into the widgets of ``screen``."""

    def __init__(self, screen: ReviewFrame) -> None:
        self._screen = screen
        #: The exercise that was asked last; empty before the first one.
        self.exercise_id = ""
        #: The question's hints, with the live run's values in them once it has run.
        self._hints: tuple[str, ...] = ()

    async def show(self, turn: Turn, session: Session) -> None:
        """In place of the one before."""
        question, screen = turn.question, self._screen
        self.exercise_id = question.exercise.id
        self._hints = question.hints
        screen.query_one(StatusBar).topic = skill_title(session.library, question)
        program = question.program.strip()
        screen.query_one(ProgramPanel).show(question.title, question.program)
        title = "" if program else question.title
        await screen.query_one(AskView).show(title, question.ask, turn.hints)
        await screen.query_one(AnswerForm).show(forms_of(question))
        for scroller in (screen.query_one("#body"), screen.query_one("#work")):
            scroller.scroll_home(animate=False)

    def focus(self) -> None:
        """At once, not when the loop comes round: the first keys may already be on their way."""
        screen = self._screen
        screen.set_focus(screen.query_one(AnswerForm).first_field, scroll_visible=False)

    def add_live(self, turn: Turn, session: Session) -> None:
        """What stands in the question from the live run comes in as soon as it has run."""
        if turn.question.live_expressions or needs_run(turn.question):
            self._screen.run_worker(self._add_live(turn, session), group="live", exclusive=True)

    async def _add_live(self, turn: Turn, session: Session) -> None:
        truths = await session.truths()
        now = session.turn
        if truths is None or now is None or now.pending.review_uuid != turn.pending.review_uuid:
            return
        await self.show_live(now, truths)

    async def show_live(self, turn: Turn, truths: Truths) -> None:
        """The question with what the live run gave in it."""
        from tutor.presenting.live import offers  # not before the first paint

        self._hints = truths.texts.hints
        self._screen.query_one(AskView).show_ask(truths.texts.ask)
        await self.show_hints(turn)
        forms = forms_of(turn.question, offers(turn.question, truths))
        self._screen.query_one(AnswerForm).update(forms)

    async def show_hints(self, turn: Turn) -> None:
        """Those that were taken."""
        await self._screen.query_one(AskView).show_hints(self._hints[: turn.pending.hints_used])
