"""The review screen: one question at a time, from its program to its explanation."""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar, Final

from textual.message import Message

from tutor.app import keys
from tutor.app.editing import in_editor
from tutor.app.forms import forms_of, needs_run
from tutor.app.keymap import key_of
from tutor.app.screens.review_tabs import ReviewTabs
from tutor.app.slow import said_if_slow
from tutor.app.widgets.answer_field import AnswerField
from tutor.app.widgets.answer_form import AnswerForm
from tutor.app.widgets.ask_view import AskView
from tutor.app.widgets.code_field import CodeField
from tutor.app.widgets.pair_view import PairView
from tutor.app.widgets.program_panel import ProgramPanel
from tutor.app.widgets.status_bar import StatusBar
from tutor.app.widgets.verdict_panel import VerdictPanel
from tutor.app.widgets.verdict_tabs import VerdictTabs
from tutor.app.words import skill_title
from tutor.i18n import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from textual.binding import BindingType

    from tutor.app.outcome import Done
    from tutor.app.widgets.answer_panel import AnswerPanel
    from tutor.session import Answered, Session, Turn
    from tutor.whatif import Pair

#: An Enter pressed twice must not skip the verdict that the first one brought.
GO_ON_AFTER: Final = 0.3
#: How long the first press of "give up" waits for the second.
GIVE_UP_WITHIN: Final = 6.0


class Phase(Enum):
    """What the screen is waiting for."""

    OPENING = auto()
    ASKING = auto()
    CHECKING = auto()
    OVER = auto()


class ReviewScreen(ReviewTabs):
    """Asks, submits, shows; every rule is the session's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        keys.ANSWER,
        keys.NEXT,
        keys.HINT,
        keys.GIVE_UP,
        keys.HARDER,
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
        #: The exercise that was asked last.
        self._exercise_id = ""
        #: The open question's hints, with the live run's values in them once it has run.
        self._hints: tuple[str, ...] = ()
        self._entering = asyncio.Lock()
        self._over_since = 0.0
        self._gave_up_at = -GIVE_UP_WITHIN

    # -- asking ---------------------------------------------------------------------------------

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
                with self._faults_shown():
                    await self.ask_next()

    def rest(self) -> None:
        """What was asked is asked no more; the next time begins with the next question."""
        self._set_phase(Phase.OPENING)

    async def arrive(self, session: Session) -> None:
        session.resume()

    async def relabel(self) -> None:
        """The same question with the same numbers, and what was typed; a verdict stays as it was said."""
        turn = self.session.retell() if self.session is not None else None
        if turn is None:
            await self.relabel_tabs()
            return
        texts = self.query_one(AnswerForm).texts
        self.say("")
        self._show_count()
        with self.app.batch_update():
            await self._show_question(turn)
            for panel in self.query_one(AnswerForm).panels:
                panel.field.load_text(texts[panel.form.name])
            self.set_focus(self.query_one(AnswerForm).first_field, scroll_visible=False)
        self._show_live_of(turn)

    def on_screen_suspend(self) -> None:
        if self.session is not None:
            self.session.pause()

    def take_up(self) -> None:
        """The last screen was left: what fails now can be tried again from here."""
        self._set_phase(Phase.OVER)

    async def ask_next(self) -> None:
        """Show the next question, or say that there is none."""
        turn = self._session.next()
        self.say("")
        self._show_count()
        if turn is None:
            await self.close_tabs()
            self._set_phase(Phase.OPENING)
            self.none_left()
            return
        with self.app.batch_update():
            await self.close_tabs()
            await self._show_question(turn)
            self._set_phase(Phase.ASKING)
            # At once, not when the loop comes round: the first keys may already be on their way.
            self.set_focus(self.query_one(AnswerForm).first_field, scroll_visible=False)
        if turn.pending.attempts:
            left = turn.attempts_left
            again = ngettext(
                "Taken up where you left it: {n} attempt left.",
                "Taken up where you left it: {n} attempts left.",
                left,
            )
            self.say(again.format(n=left))
        self._show_live_of(turn)

    def _show_live_of(self, turn: Turn) -> None:
        if turn.question.live_expressions or needs_run(turn.question):
            self.run_worker(self._show_live(turn), group="live", exclusive=True)

    def none_left(self) -> None:
        """There is nothing to ask."""
        self.post_message(self.Finished())

    async def _show_live(self, turn: Turn) -> None:
        """What stands in the question from the live run comes in as soon as it has run."""
        from tutor.app.live import offers  # not before the first paint

        truths = await self._session.truths()
        now = self._session.turn
        if truths is None or now is None or now.pending.review_uuid != turn.pending.review_uuid:
            return
        self._hints = truths.texts.hints
        ask = self.query_one(AskView)
        ask.show_ask(truths.texts.ask)
        await ask.show_hints(self._hints[: now.pending.hints_used])
        self.query_one(AnswerForm).update(forms_of(turn.question, offers(turn.question, truths)))

    async def _show_question(self, turn: Turn) -> None:
        question = turn.question
        self._exercise_id = question.exercise.id
        self._hints = question.hints
        self.query_one(StatusBar).topic = skill_title(self._session.library, question)
        program = question.program.strip()
        self.query_one(ProgramPanel).show(question.title, question.program)
        await self.query_one(AskView).show(
            "" if program else question.title, question.ask, turn.hints
        )
        await self.query_one(AnswerForm).show(forms_of(question))
        self.query_one(VerdictPanel).clear()
        self._show_pair("", None)
        for scroller in (self.query_one("#body"), self.query_one("#work")):
            scroller.scroll_home(animate=False)

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
        from tutor.editor import edit_text  # not before the first paint

        panel = self.query_one(AnswerForm).here
        if panel is None:
            return
        suffix = ".txt" if panel.form.starter is None else ".py"
        text = in_editor(self.app, lambda chosen: edit_text(panel.text, chosen, suffix=suffix))
        if text is not None:
            panel.put(text)

    async def action_file(self) -> None:
        """The exercise's file in the learner's editor; what is left there is what is asked from now on."""
        from tutor.editor import edit_file  # not before the first paint
        from tutor.exercise.problems import ExerciseErrors

        path = self._session.library.exercises[self._exercise_id].path
        if in_editor(self.app, lambda chosen: edit_file(path, chosen)) is None:
            return
        try:
            self._session.reread(self._exercise_id)
        except ExerciseErrors as errors:
            self.say(str(errors), "error")
        else:
            await self.read_again()

    async def read_again(self) -> None:
        """The exercise was edited."""
        self.say(_("Read again: it is asked as it stands there from now on."))

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

    async def action_hint(self) -> None:
        hint = None
        with self._faults_shown():
            hint = self._session.hint()
        turn = self._session.turn
        if hint is not None and turn is not None:
            self.say("")
            await self.query_one(AskView).show_hints(self._hints[: turn.pending.hints_used])
            self.refresh_bindings()

    async def action_undo(self) -> None:
        from tutor.store.marks import Mark, MarkKind  # not before the first paint

        with self._faults_shown():
            step = self._session.undo()
            if isinstance(step, Mark) and step.kind is MarkKind.LOWER:
                await self._rated_again(step.subject)
            elif isinstance(step, Mark):
                await self.ask_next()
                self.say(_("Taken back."), "warning")
            elif step is not None:
                self.done = [one for one in self.done if one.uuid != step.uuid]
                await self.ask_next()
                self.say(_("Taken back: this question is asked once more."), "warning")

    def action_harder(self) -> None:
        """The answer was right, but not as easy as it looks: one rating lower, told where it stands."""
        from tutor.app.outcome import rating_word  # not before the first paint

        answered = self._answered
        if answered is None or not self._session.can_lower(answered):
            return
        with self._faults_shown():
            answered = self._session.harder(answered)
            assert answered.review is not None  # noqa: S101 - it is over
            self._show_rating(answered)
            said = _("It counts as “{rating}” now; {key} takes that back.")
            rating = rating_word(answered.review.rating)
            self.say(said.format(rating=rating, key=key_of(keys.UNDO)))

    async def _rated_again(self, review_uuid: str) -> None:
        """The lowering of a review was taken back: of the one that is shown, or of one before."""
        from tutor.app.outcome import redated  # not before the first paint

        self.done = redated(self.done, review_uuid, self._session)
        answered = self._answered
        if answered is not None and answered.turn.pending.review_uuid == review_uuid:
            await self.action_tab("why")
            self._show_rating(self._session.as_it_counts(answered))
        elif self.phase is Phase.OVER:
            await self.ask_next()
        self.say(_("Taken back: the question counts as it did."), "warning")

    def _show_rating(self, answered: Answered) -> None:
        """A question that is over counts otherwise now, and comes back on another day."""
        from tutor.app.outcome import redated, shown

        self._answered = answered
        self.done = redated(self.done, answered.turn.pending.review_uuid, self._session)
        forms, now = self.query_one(AnswerForm).forms, self._session.clock()
        harder = self._session.can_lower(answered)
        self.query_one(VerdictPanel).rate(shown(answered, forms, now, harder=harder))
        self._show_count()
        self.refresh_bindings()

    async def action_next(self) -> None:
        if self.may_go_on:
            with self._faults_shown():
                await self.ask_next()

    @property
    def may_go_on(self) -> bool:
        """Whether the verdict has been there long enough for a key to be meant for it."""
        return time.monotonic() - self._over_since >= GO_ON_AFTER

    async def _submit(self, texts: dict[str, str]) -> None:
        self._show_answered(await self._session.submit(texts), texts)

    async def _give_up(self) -> None:
        self._show_answered(await self._session.give_up(), {})

    def _work(self, work: Coroutine[None, None, None]) -> None:
        self._set_phase(Phase.CHECKING)
        self.run_worker(self._watched(work), group="grading")

    async def _watched(self, work: Coroutine[None, None, None]) -> None:
        with said_if_slow(self, self._say_checking), self._faults_shown():
            await work
        if self.phase is Phase.CHECKING:
            # Nothing was recorded and the question is still open.
            self._set_phase(Phase.ASKING)

    @contextmanager
    def _faults_shown(self) -> Iterator[None]:
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

    def _say_checking(self) -> None:
        ready = self._session.runner.state == "ready"
        self.say("◌ " + (_("Checking…") if ready else _("starting torch…")))

    # -- showing --------------------------------------------------------------------------------

    def _show_answered(self, answered: Answered, texts: dict[str, str]) -> None:
        from tutor.app.outcome import done, shown  # not before the first paint

        form, panel = self.query_one(AnswerForm), self.query_one(VerdictPanel)
        self.say("")
        form.show_verdicts(answered.verdict.answers, texts)
        if answered.verdict.verdict.value == "invalid":
            panel.clear()
            self._set_phase(Phase.ASKING)
            return
        harder = self._session.can_lower(answered)
        panel.show(shown(answered, form.forms, self._session.clock(), harder=harder))
        self._show_pair("", None)
        if answered.over:
            self.done.append(done(answered))
            self._end_question()
            self.open_tabs(answered)
        else:
            self._set_phase(Phase.ASKING)
        self._show_count()
        self.call_after_refresh(panel.scroll_visible, animate=False)
        if answered.verdict.near or answered.leech is not None:
            self.run_worker(self._remind(answered), group="reminding", exclusive=True)

    async def _remind(self, answered: Answered) -> None:
        """What is known from other times comes under the verdict when it is there."""
        from tutor.app.afterwards import habit_words, leech_words, reason_of

        session, panel = self._session, self.query_one(VerdictPanel)
        uuid = answered.turn.pending.review_uuid
        shown_for = panel.shown
        try:
            habit = await session.misses_like(answered)
            if habit is not None and panel.shown is shown_for:
                panel.add_habit(habit_words(habit))
            if answered.leech is not None:
                pair = await session.telling_pair(answered)
                if pair is not None and panel.shown is shown_for:
                    self._show_pair(leech_words(answered.leech), pair)
        except Exception as error:  # noqa: BLE001 - the verdict stands without it
            self.log.error(f"no reminder for {uuid}: {reason_of(error)}")

    def _show_pair(self, head: str, pair: Pair | None) -> None:
        """In both of its places: which of them is seen is a matter of room."""
        for view in self.query(PairView):
            view.show(head, pair)

    def _end_question(self) -> None:
        """Nothing more can be typed; Enter goes on."""
        self.query_one(AnswerForm).close()
        self.set_focus(None)
        self._over_since = time.monotonic()
        self._set_phase(Phase.OVER)

    def _show_count(self) -> None:
        due = self._session.due()
        self.query_one(StatusBar).count = _("{due} due · {new} new").format(
            due=due.due, new=due.new
        )

    def on_answer_panel_edited(self, event: AnswerPanel.Edited) -> None:
        event.stop()
        if self.phase is Phase.ASKING:
            self._gave_up_at = -GIVE_UP_WITHIN
            self.say("")

    # -- keys -----------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key is there only while it does something."""
        turn = self.session.turn if self.session is not None else None
        match action:
            case "answer":
                return self.phase is Phase.ASKING and not isinstance(self.focused, CodeField)
            case "grid":
                panel = self.query_one(AnswerForm).here if self.phase is Phase.ASKING else None
                return panel is not None and panel.form.view == "grid"
            case "file":
                return self.phase is Phase.OVER and bool(self._exercise_id)
            case "submit" | "give_up" | "editor":
                return self.phase is Phase.ASKING
            case "hint":
                return self.phase is Phase.ASKING and turn is not None and turn.hints_left > 0
            case "next":
                # In the fields of what-if Enter is theirs.
                return self.phase is Phase.OVER and not isinstance(self.focused, AnswerField)
            case "tab" | "turn_tab" | "scroll_verdict":
                return self.phase is Phase.OVER and self._answered is not None
            case "harder":
                # Only where its rating is told; the other tabs need the footer for their own keys.
                told = self.phase is Phase.OVER and self.query_one(VerdictTabs).current == "why"
                answered = self._answered if told else None
                return answered is not None and self._session.can_lower(answered)
            case "undo":
                free = self.phase in (Phase.ASKING, Phase.OVER)
                return free and self.session is not None and self.session.can_undo
        return True

    def _set_phase(self, phase: Phase) -> None:
        self.phase = phase
        self.refresh_bindings()

    @property
    def _session(self) -> Session:
        assert self.session is not None  # noqa: S101 - no key works before begin()
        return self.session
