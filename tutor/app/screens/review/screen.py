"""Asks, submits, shows: every rule is the session's."""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual.message import Message

from tutor.app import keys
from tutor.app.editing import answer_in_editor, exercise_in_editor
from tutor.app.keymap import key_of
from tutor.app.later import once_laid_out
from tutor.app.screens.review import second_thoughts
from tutor.app.screens.review.phase import Phase, works
from tutor.app.screens.review.question import ShownQuestion
from tutor.app.screens.review.reminders import Reminders
from tutor.app.screens.review.retelling import renamed_all, say_again
from tutor.app.screens.review.tabs import ReviewTabs
from tutor.app.screens.review.typed import Typed
from tutor.app.slow import said_if_slow
from tutor.app.widgets.answer.form import AnswerForm
from tutor.app.widgets.status_bar import StatusBar
from tutor.app.widgets.verdict.panel import VerdictPanel
from tutor.i18n import _

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from textual.binding import BindingType

    from tutor.app.widgets.answer.panel import AnswerPanel
    from tutor.presenting.outcome import Done
    from tutor.session import Answered, Session, Turn
    from tutor.store.marks import MarkKind

#: An Enter pressed twice must not skip the verdict that the first one brought.
GO_ON_AFTER: Final = 0.3
#: How long the first press of "give up" waits for the second.
GIVE_UP_WITHIN: Final = 6.0


class ReviewScreen(ReviewTabs):
    """From one question to the next; ``phase`` says where between them it stands."""

    BINDINGS: ClassVar[list[BindingType]] = [
        keys.ANSWER,
        keys.NEXT,
        keys.HINT,
        keys.GIVE_UP,
        keys.HARDER,
        keys.MARK,
        keys.UNDO,
        keys.SUBMIT,
        keys.GRID,
        keys.EXERCISE_FILE,
        keys.PAGE_UP,
        keys.PAGE_DOWN,
    ]

    class Finished(Message):
        """Nothing is left to ask for now."""

    def __init__(self) -> None:
        super().__init__()
        self.phase = Phase.OPENING
        #: What was finished since the program was started, oldest first.
        self.done: list[Done] = []
        self.question = ShownQuestion(self)
        #: What the verdict on the screen tells.
        self._told: Answered | None = None
        self._reminders = Reminders(self)
        self._entering = asyncio.Lock()
        self._over_since = 0.0
        self._gave_up_at = -GIVE_UP_WITHIN
        self.typed = Typed(self)

    # -- coming and going -----------------------------------------------------------------------

    async def begin(self, session: Session) -> None:
        """Start asking; until then the screen is an empty frame."""
        self.session = session
        await self.ask_next()

    async def enter(self, session: Session, *, anew: bool = False) -> None:
        """The learner comes to answer: the open question as it was left, else the next one.

        ``anew``: what was open is not to be asked now.
        """
        async with self._entering:  # the session may be opened at the very moment of a key press
            if self.session is None:
                await self.begin(session)
            elif anew or self.phase in (Phase.OPENING, Phase.OVER):
                with self.faults_shown():
                    await self.ask_next()

    def rest(self) -> None:
        """What was asked is asked no more; the next time begins with the next question."""
        self._set_phase(Phase.OPENING)

    def take_up(self) -> None:
        """The last screen was left: what fails now can be tried again from here."""
        self._set_phase(Phase.OVER)

    async def arrive(self, session: Session) -> None:
        session.resume()

    def on_screen_suspend(self) -> None:
        if self.session is not None:
            self.typed.keep()
            self.session.pause()

    async def relabel(self) -> None:
        """The same question with the same numbers, and what was typed; what was said of it follows."""
        await self.relabel_tabs()
        session, told = self.session, self._told
        if session is None:
            return
        turn, texts = session.retell(), self.query_one(AnswerForm).texts
        self.say("")
        self.show_count()
        self.done = renamed_all(self.done, session)
        if turn is not None:
            with self.app.batch_update():
                await self._show_question(turn)
                self.typed.put(texts)
                self.question.focus()
            self.question.add_live(turn, session)
        if told is not None:
            # It has to be run for that: nothing waits for it.
            self.run_worker(self._say_again(told, texts), group="retelling", exclusive=True)

    async def _say_again(self, told: Answered, texts: dict[str, str]) -> None:
        again = await self._session.retold(self.answered or told)
        if self._told is told:  # else the learner has gone on meanwhile
            self._told = again
            await say_again(self, self._session, again, texts)
            self._reminders.begin(again, self._session)

    # -- asking ---------------------------------------------------------------------------------

    async def ask_next(self) -> None:
        """Show the next question, or say that there is none."""
        self._told = None
        turn = self._session.next()
        self.say("")
        self.show_count()
        if turn is None:
            await self.close_tabs()
            self._set_phase(Phase.OPENING)
            self.none_left()
            return
        with self.app.batch_update():
            await self.close_tabs()
            await self._show_question(turn)
            self.typed.put(turn.typed)
            self._set_phase(Phase.ASKING)
            self.question.focus()
        self.say(self.why_asked(turn), "quiet")
        self.question.add_live(turn, self._session)

    def why_asked(self, turn: Turn) -> str:
        """Why it is asked now, in a sentence, until something is typed."""
        from tutor.presenting.asked import why_asked  # not before the first paint

        return why_asked(turn, self._session)

    def none_left(self) -> None:
        """There is nothing to ask."""
        self.post_message(self.Finished())

    async def _show_question(self, turn: Turn) -> None:
        await self.question.show(turn, self._session)
        self.query_one(VerdictPanel).clear()
        self._reminders.clear()

    def show_count(self) -> None:
        from tutor.presenting.asked import how_much_is_left  # not before the first paint

        self.query_one(StatusBar).count = how_much_is_left(self._session)

    async def action_hint(self) -> None:
        hint = None
        with self.faults_shown():
            hint = self._session.hint()
        turn = self._session.turn
        if hint is not None and turn is not None:
            self.say("")
            await self.question.show_hints(turn)
            self.refresh_bindings()

    # -- answering ------------------------------------------------------------------------------

    def action_answer(self) -> None:
        """Enter: on to the next empty field, or submit."""
        if self.phase is Phase.ASKING and not self.query_one(AnswerForm).go_to_empty():
            self.action_submit()

    def action_submit(self) -> None:
        if self.phase is Phase.ASKING:
            self._work(self._submit(self.query_one(AnswerForm).texts))

    def action_grid(self) -> None:
        panel = self.query_one(AnswerForm).here
        if panel is not None:
            self.say(panel.toggle_grid(), "warning")
            self.refresh_bindings()

    def action_editor(self) -> None:
        """The answer in the learner's own editor; what is left there is the answer then."""
        panel = self.query_one(AnswerForm).here
        if panel is not None:
            answer_in_editor(self.app, panel)

    def action_give_up(self) -> None:
        """The first press asks whether it is meant."""
        now = time.monotonic()
        if now - self._gave_up_at > GIVE_UP_WITHIN:
            self._gave_up_at = now
            again = _("{key} again shows the answer; the question will come back soon.")
            self.say(again.format(key=key_of(keys.GIVE_UP)), "warning")
        else:
            self._gave_up_at = -GIVE_UP_WITHIN
            self._work(self._give_up())

    def on_answer_panel_edited(self, event: AnswerPanel.Edited) -> None:
        event.stop()
        if self.phase is Phase.ASKING and self.typed.is_new:
            self._gave_up_at = -GIVE_UP_WITHIN
            self.say("")
            self.typed.keep_soon()

    async def _submit(self, texts: dict[str, str]) -> None:
        self._show_answered(await self._session.submit(texts), texts)

    async def _give_up(self) -> None:
        self._show_answered(await self._session.give_up(), {})

    def _work(self, work: Coroutine[None, None, None]) -> None:
        self._set_phase(Phase.CHECKING)
        self.run_worker(self._watched(work), group="grading")

    async def _watched(self, work: Coroutine[None, None, None]) -> None:
        with said_if_slow(self, self._say_checking), self.faults_shown():
            await work
        if self.phase is Phase.CHECKING:
            # Nothing was recorded and the question is still open.
            self._set_phase(Phase.ASKING)

    def _say_checking(self) -> None:
        ready = self._session.runner.state == "ready"
        self.say("◌ " + (_("Checking…") if ready else _("starting torch…")))

    @contextmanager
    def faults_shown(self) -> Iterator[None]:
        """Show what keeps the store from writing; whatever was to be done can be tried again."""
        from tutor.store import StoreError  # not before the first paint
        from tutor.store.errors import AlreadyRecordedError

        try:
            yield
        except AlreadyRecordedError as error:
            self.say(str(error), "warning")
            self._end_question()
        except StoreError as error:
            self.say(str(error), "error")

    # -- answered -------------------------------------------------------------------------------

    def _show_answered(self, answered: Answered, texts: dict[str, str]) -> None:
        from tutor.presenting.outcome import done, shown, typed_truths  # not before the first paint

        form, panel = self.query_one(AnswerForm), self.query_one(VerdictPanel)
        self.say("")
        form.show_verdicts(answered.verdict.answers, texts)
        if answered.verdict.verdict.value == "invalid":
            panel.clear()
            self._told = None
            self._set_phase(Phase.ASKING)
            return
        self._told = answered
        offered = self._session.can_lower(answered)
        panel.show(shown(answered, form.forms, self._session.clock(), harder=offered))
        self._reminders.clear()
        if answered.over:
            self.done.append(done(answered))
            self._end_question()
            form.show_right(typed_truths(answered))
            self.open_tabs(answered)
        else:
            self._set_phase(Phase.ASKING)
        self.show_count()
        once_laid_out(panel, partial(panel.scroll_visible, animate=False))
        self._reminders.begin(answered, self._session)

    def _end_question(self) -> None:
        """Nothing more can be typed; Enter goes on."""
        self.query_one(AnswerForm).close()
        self.set_focus(None)
        self._over_since = time.monotonic()
        self._set_phase(Phase.OVER)

    @property
    def may_go_on(self) -> bool:
        """Whether the verdict has been there long enough for a key to be meant for it."""
        return time.monotonic() - self._over_since >= GO_ON_AFTER

    async def action_next(self) -> None:
        if self.may_go_on:
            with self.faults_shown():
                await self.ask_next()

    def action_mark(self) -> None:
        """Suspend, bury, flag or note the exercise in hand."""
        from tutor.app import marking  # not before the first paint
        from tutor.app.screens.mark import MarkScreen

        exercise_id = self.question.exercise_id

        def done(what: str | None) -> None:
            if what is not None:
                getattr(marking, what)(self, exercise_id, self._session)

        self.app.push_screen(MarkScreen(exercise_id, self._session), done)

    def mark(self, kind: MarkKind, subject: str, body: dict[str, str | int] | None = None) -> None:
        """Put it into the log; what rests now is asked no further."""
        with self.faults_shown():
            self._session.mark(kind, subject, body)
            self.run_worker(self._marked(kind, subject, body or {}), group="marked")

    async def _marked(self, kind: MarkKind, subject: str, body: dict[str, str | int]) -> None:
        from tutor.app.marking import told

        if self.phase is Phase.ASKING and not self._session.agenda.may_ask(subject):
            with self.faults_shown():
                await self.ask_next()
        self.say(told(kind, body, key_of(keys.UNDO)))
        # The dialog has only just gone: the field has the keys again when all is laid out.
        self.call_after_refresh(self.refresh_bindings)

    async def action_undo(self) -> None:
        self.typed.keep()
        with self.faults_shown():
            await second_thoughts.undo(self, self._session)

    def action_harder(self) -> None:
        with self.faults_shown():
            second_thoughts.harder(self, self._session)

    async def action_file(self) -> None:
        """The exercise's file in the learner's editor; what is left there is what is asked from now on."""
        problem = exercise_in_editor(self.app, self._session, self.question.exercise_id)
        if problem:
            self.say(problem, "error")
        elif problem is not None:
            await self.read_again()

    async def read_again(self) -> None:
        """The exercise was edited."""
        self.say(_("Read again: it is asked as it stands there from now on."))

    # -- keys -----------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return works(self, action)

    def _set_phase(self, phase: Phase) -> None:
        self.phase = phase
        self.refresh_bindings()

    @property
    def _session(self) -> Session:
        assert self.session is not None  # noqa: S101 - no key works before begin()
        return self.session
