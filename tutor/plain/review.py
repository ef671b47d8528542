"""The conversation: question, answers, verdict, next; every rule is the session's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.i18n import _
from tutor.plain.answering import AnswerPrompt, Command
from tutor.plain.console import plain
from tutor.plain.words import end_lines, explained_lines, help_lines, verdict_lines
from tutor.presenting.asked import how_much_is_left, why_asked
from tutor.presenting.forms import forms_of, needs_run
from tutor.presenting.live import offers
from tutor.presenting.outcome import Done, done, note_of, redated, typed_code
from tutor.presenting.words import skill_title
from tutor.session import Session
from tutor.store.errors import StoreError
from tutor.store.marks import Mark

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from tutor.plain.console import Console
    from tutor.plain.desk import Desk
    from tutor.presenting.forms import Form
    from tutor.session import Answered, Turn


class _Over(Exception):
    """The question has ended without an answer: it was given up."""

    def __init__(self, answered: Answered) -> None:
        super().__init__()
        self.answered = answered


class _Again(Exception):
    """The question has to be put again: it was taken back, or could not be recorded."""


class PlainReview:
    """Asks until nothing is left or the learner leaves; :attr:`done` is what was finished."""

    def __init__(self, desk: Desk, console: Console, editor: str = "") -> None:
        """``editor`` is the command that is set for it, if one is."""
        self._desk = desk
        self._console = console
        self._say = console.say
        self._prompt = AnswerPrompt(console, editor, self._obey)
        self.done: list[Done] = []
        #: The question that was finished last: only of a finished one is told what its program did.
        self._last: Answered | None = None

    def run(self) -> None:
        """Until nothing is due; ``:quit`` and the end of the input raise EOFError."""
        while (turn := self._desk.do(Session.next)) is not None:
            try:
                self._question(turn)
            except _Again:
                continue

    def end(self) -> None:
        """What was done, and when it goes on."""
        due = self._desk.do(Session.due)
        now = self._desk.session.clock()
        moments = [at for at in (due.next_due_at, due.next_new_at) if at is not None]
        if not self.done and due.due + due.new == 0:
            self._say(_("Nothing is due"))
        elif self._desk.session.turn is not None:
            self._say(_("The open question is kept: it is asked first next time."))
        for line in end_lines(self.done, min(moments, default=None), now):
            self._say(line)

    # -- asking ---------------------------------------------------------------------------------

    def _question(self, turn: Turn) -> None:
        forms = self._put(turn)
        texts = dict(turn.typed)
        while True:
            try:
                for name, form in forms.items():
                    texts[name] = self._prompt.ask(form, texts.get(name, ""))
                answered = self._submit(texts)
            except _Over as over:
                answered = over.answered
            if self._tell(answered, forms):
                return

    def _put(self, turn: Turn) -> dict[str, Form]:
        """Say the whole question; what is asked for, by the answers' names."""
        question, session = turn.question, self._desk.session
        ask, live, hints = question.ask, None, turn.hints
        if question.live_expressions or needs_run(question):
            truths = self._desk.wait(session.truths())
            if truths is not None:
                ask, live = truths.texts.ask, offers(question, truths)
                hints = truths.texts.hints[: turn.pending.hints_used]
        count = self._desk.do(how_much_is_left).replace(" · ", ", ")
        self._say()
        self._say(f"{skill_title(session.library, question)}: {plain(question.title)} ({count})")
        self._say(why_asked(turn, session))
        if question.program.strip():
            self._say(_("Program") + ":")
            for number, line in enumerate(question.program.rstrip("\n").split("\n"), start=1):
                self._say(f"{number:>3}  {line}")
        self._say(plain(ask))
        for number, hint in enumerate(hints, start=1):
            self._say(_("Hint {n}").format(n=number) + ": " + plain(hint))
        return {form.name: form for form in forms_of(question, live)}

    # -- doing ----------------------------------------------------------------------------------

    def _obey(self, command: str) -> None:
        """Do what the command says.

        Raises:
            _Over: that ended the question.
            _Again: the question has to be put again.
        """
        match command:
            case ":hint":
                self._hint()
            case ":give-up":
                raise _Over(self._kept(self._desk.session.give_up()))
            case ":undo":
                self._undo()
            case ":harder":
                self._harder()
            case ":show":
                raise _Again
            case ":help":
                for line in help_lines():
                    self._say(line)
            case ":why" | ":trace" | ":walk" | ":graph":
                self._explain(command)
            case _:
                self._say(
                    _("There is no {command}; :help lists what there is.").format(command=command)
                )

    def _explain(self, command: str) -> None:
        """What the program of the last finished question did, line by line and backwards."""
        from tutor.exercise.trust import UntrustedError
        from tutor.grading.runner_words import in_language
        from tutor.runner.job import RunnerFailure
        from tutor.session import NotOver

        answered = self._last
        if answered is None:
            self._say(_("There is no finished question yet: this would show its answer."))
            return
        explained = self._desk.session.explained(answered.turn, typed_code(answered))
        try:
            found = self._desk.wait(explained)
        except NotOver:
            self._say(_("Its numbers are being asked again: this would show the answer."))
            return
        except (RunnerFailure, UntrustedError) as failure:
            self._say(in_language(failure.message))
            return
        for line in explained_lines(found, command):
            self._say(line)

    def _hint(self) -> None:
        hint = self._desk.do(Session.hint)
        turn = self._desk.session.turn
        if hint is None or turn is None:
            self._say(_("There is no further hint."))
            return
        truths = self._desk.wait(self._desk.session.truths())
        if truths is not None:
            hint = truths.texts.hints[turn.pending.hints_used - 1]
        self._say(_("Hint {n}").format(n=turn.pending.hints_used) + ": " + plain(hint))

    def _harder(self) -> None:
        """Let the question that was finished last count one rating lower."""
        answered = self._last
        if answered is None or not self._desk.session.can_lower(answered):
            self._say(_("No finished question can count lower than it does."))
            return
        try:
            lowered = self._desk.do(lambda session: session.harder(answered))
        except StoreError as error:
            self._say(str(error))
            return
        self._rated(lowered)

    def _rated(self, answered: Answered) -> None:
        """The question that was finished last counts otherwise now."""
        self._last = answered
        self._say(note_of(answered, self._desk.session.clock()))
        self._redate(answered.turn.pending.review_uuid)

    def _redate(self, uuid: str) -> None:
        self.done = self._desk.do(lambda session: redated(self.done, uuid, session))

    def _undone(self, mark: Mark) -> None:
        """A mark was taken back; none but a lowered rating is made here."""
        last = self._last
        self._say(_("Taken back."))
        if last is not None and last.turn.pending.review_uuid == mark.subject:
            self._rated(self._desk.do(lambda session: session.as_it_counts(last)))
        else:
            self._redate(mark.subject)

    def _undo(self) -> None:
        review = self._desk.do(Session.undo)
        if review is None:
            self._say(_("There is nothing to take back."))
            return
        if isinstance(review, Mark):
            self._undone(review)
            return
        self.done = [one for one in self.done if one.uuid != review.uuid]
        self._last = None  # it is asked again
        self._say(_("Taken back: this question is asked once more."))
        raise _Again

    def _submit(self, texts: dict[str, str]) -> Answered:
        if self._desk.session.runner.state != "ready":
            self._say(_("starting torch…"))
        return self._kept(self._desk.session.submit(texts))

    def _kept(self, work: Coroutine[None, None, Answered]) -> Answered:
        try:
            return self._desk.wait(work)
        except StoreError as error:
            # It is recorded already, or nothing is and the question is still open.
            self._say(str(error))
            raise _Again from None

    # -- telling --------------------------------------------------------------------------------

    def _tell(self, answered: Answered, forms: dict[str, Form]) -> bool:
        """Say the verdict; whether the question is over."""
        if answered.verdict.verdict.value == "invalid":
            for name, answer in answered.verdict.answers.items():
                self._say(f"{plain(forms[name].title)}: {plain(answer.message)}")
            return False
        for line in verdict_lines(answered, forms, self._desk.session.clock()):
            self._say(line)
        if not answered.over:
            return False
        self.done.append(done(answered))
        self._last = answered if answered.review is not None else None
        self._pause()
        return True

    def _pause(self) -> None:
        """Time to read for a person; whoever writes into a pipe goes on at once."""
        while self._console.is_terminal:
            try:
                self._prompt.line(_("Enter goes on."))
            except Command as command:
                if str(command) in (":hint", ":give-up", ":show", ":edit"):
                    self._say(
                        _(
                            "The question is over: Enter goes on, :why explains, :harder, :undo, :quit."
                        )
                    )
                else:
                    self._obey(str(command))
            else:
                return
