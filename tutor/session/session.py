"""START HERE: one learner's session, from the next question to the committed review.

This is the one module that joins the steps: the library is drawn from (``exercise``, ``question``), the
program is run (``runner``), the answer is read and graded (``answer``, ``grading``), the review is rated
(``schedule``) and stored (``store``).  Every front end - the app, ``--plain``, the commands - is a thin
layer over it; read this, then any one step alone.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.agenda.agenda import Agenda, Clock
from tutor.agenda.filters import Filters
from tutor.clock import utc_now_ms
from tutor.exercise.load import load_file
from tutor.grading.grade import grade
from tutor.grading.runner_words import in_language
from tutor.grading.truths import Truths
from tutor.grading.verdict import QuestionVerdict, Verdict, broken
from tutor.question import DrawError, draw
from tutor.question.seeds import DEPLOYED_SEEDS, fresh_seed
from tutor.runner.job import RunnerFailure
from tutor.schedule.fitted import in_force
from tutor.schedule.memory import Scheduler
from tutor.schedule.rating import MAX_ATTEMPTS
from tutor.schedule.settings import Settings
from tutor.session.afterwards import Afterwards
from tutor.session.draw_book import FILE_NAME, DrawBook
from tutor.session.retelling import said_again
from tutor.session.reviewing import review_of
from tutor.session.runs import Runs
from tutor.session.steps import Steps
from tutor.session.stopwatch import Stopwatch
from tutor.session.turn import Answered, Turn, unanswered
from tutor.session.undoing import Undoing
from tutor.store import open_store
from tutor.store.marks import MarkKind
from tutor.store.records import Attempt, Pending, Rating, Remembered, Review

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tutor.exercise.load import Library, LoadedExercise
    from tutor.question import Question
    from tutor.runner.client import Runner
    from tutor.schedule.queue import DueCount, Planned
    from tutor.store.records import Derived
    from tutor.store.store import Store


class Session(Afterwards, Undoing):
    """Ask, grade, record; one question at a time.

    The caller owns ``store`` and ``runner`` and closes them.  Nothing here blocks the event loop for
    longer than one commit (about 4 ms): programs run in the runner's children.
    """

    def __init__(
        self,
        library: Library,
        store: Store,
        runner: Runner,
        *,
        language: str = "en",
        clock: Clock = utc_now_ms,
        filters: Filters | None = None,
        settings: Settings | None = None,
    ) -> None:
        super().__init__()
        self.library = library
        self.store = store
        self.runner = runner
        self.language = language
        self.clock = clock
        self.filters = filters or Filters()
        self.settings = in_force(settings or Settings(), store)
        self.scheduler = Scheduler(self.settings)
        store.rederive(self.scheduler)  # after a change of settings, or of the program
        self.turn: Turn | None = None
        #: Reviews committed in this session and not undone, oldest first.
        self.done: list[Review] = []
        self._steps = Steps(store, clock, self.scheduler)
        #: Exercises that broke in this session, with what was wrong: not asked again today.
        self.faults: dict[str, str] = {}
        #: What to ask, and all that can be told about the plan.
        self.agenda = Agenda(library, store, self.settings, clock, self.filters, self.faults)
        #: Every exercise asked in this session to its end, oldest first.
        self._asked: list[str] = []
        #: Looks, after a miss, for another exercise that turns on the same idea.
        self.learning: asyncio.Task[None] | None = None
        self._draws = DrawBook(store.path.with_name(FILE_NAME))
        self._runs = Runs(runner, self._draws, self._allow, self._next_draw)
        #: How long the open question has been in front of the learner.
        self._watch = Stopwatch()

    # -- asking ---------------------------------------------------------------------------------

    def next(self) -> Turn | None:
        """The next question, its program already on its way to be run; ``None`` when nothing is due.

        A question that was left open (the terminal was closed) comes back as it was: same numbers,
        same attempts used.
        """
        self._runs.drop()
        self.turn = self._resumed() or self._fresh()
        if self.turn is not None:
            self._watch.restart()
            self._runs.begin(self.turn.question)
        return self.turn

    def retell(self) -> Turn | None:
        """The open question told in :attr:`language`, with the same numbers; ``None`` if none is open."""
        turn = self.turn
        if turn is None or turn.question.language == self.language:
            return turn
        question = self._draw(self.library.exercises[turn.pending.exercise_id], turn.question.seed)
        if question is None:
            return turn
        pending = replace(turn.pending, language=question.language)
        self._keep(pending)
        self.turn = replace(turn, question=question, pending=pending)
        self._runs.begin(question)
        return self.turn

    async def retold(self, answered: Answered) -> Answered:
        """What was said of a submission, told in :attr:`language`; nothing is counted by it.

        The same draw is run and graded once more.  As it was told where that cannot be: the exercise was
        edited meanwhile, or its program does not run any more.
        """
        turn = answered.turn
        loaded = self.library.exercises.get(turn.pending.exercise_id)
        if loaded is None or loaded.content_hash != turn.pending.content_hash:
            return answered
        try:
            question = draw(loaded, turn.question.seed, self.language)
            is_open = self.turn is not None and self.turn.question == question
            truths = await (self._runs.truths() if is_open else self._runs.of(question))
            return await said_again(answered, question, truths, self.runner)
        except (DrawError, RunnerFailure):
            return answered

    def title_of(self, exercise_id: str, seed: int) -> str:
        """A draw's title in :attr:`language`; empty where it cannot be drawn."""
        loaded = self.library.exercises.get(exercise_id)
        try:
            return "" if loaded is None else draw(loaded, seed, self.language).title
        except DrawError:
            return ""

    def _resumed(self) -> Turn | None:
        if self.filters.unrecorded:
            return None
        for pending in self.store.all_pending():
            turn = self._resume(pending)
            if turn is not None:
                return turn
        return None

    def _resume(self, pending: Pending) -> Turn | None:
        loaded = self.library.exercises.get(pending.exercise_id)
        if loaded is None or loaded.content_hash != pending.content_hash:
            # The exercise was edited or removed meanwhile: those numbers no longer exist.
            self.store.clear_pending(pending.review_uuid)
            return None
        if not self.agenda.may_ask(pending.exercise_id):
            return None
        question = self._draw(loaded, pending.seed)
        return None if question is None else Turn(question, None, pending)

    def _fresh(self) -> Turn | None:
        if self.filters.limit is not None and len(self._asked) >= self.filters.limit:
            return None
        while (planned := self._plan()) is not None:
            loaded = self.library.exercises[planned.exercise_id]
            question = self._draw(loaded, self._pick_seed(loaded))
            if question is None:
                continue
            pending = unanswered(
                self.agenda.review_uuid(loaded.id), loaded.id, loaded.exercise.revision,
                loaded.content_hash, question.seed, question.language, self.clock(),
            )  # fmt: skip
            self._keep(pending)
            attempts = 1 if self.filters.place else MAX_ATTEMPTS
            return Turn(question, planned.reason, pending, attempts)
        return None

    def _draw(self, loaded: LoadedExercise, seed: int) -> Question | None:
        """The question, or ``None`` with the exercise set aside if it cannot be drawn."""
        try:
            return draw(loaded, seed, self.language)
        except DrawError as error:
            self.faults[loaded.exercise.id] = str(error)
            return None

    def _plan(self) -> Planned | None:
        return self.agenda.next(self._asked)

    def _keep(self, pending: Pending) -> None:
        """Remember the question as it stands; cramming leaves no trace."""
        if not self.filters.unrecorded:
            self.store.save_pending(pending)

    def _pick_seed(self, loaded: LoadedExercise) -> int:
        """A deployed seed that this learner has not had lately, the same on every call for one log."""
        id_ = loaded.exercise.id
        used = [review.seed for review in self.store.reviews(exercise_id=id_)]
        if self.filters.unrecorded:
            used.append(self.clock() % DEPLOYED_SEEDS)  # nothing in the log tells of the last draw
        clashing = self._draws.clashing(loaded.content_hash)
        return fresh_seed(f"{self.store.device_id}:{id_}", used, clashing)

    def prepare(self) -> None:
        """Run the first question's program, once torch is there: while the learner still looks around."""
        if self.turn is None and not self.store.all_pending():
            self._runs.prepare()

    async def _next_draw(self) -> Question | None:
        """The question that comes after the open one, as far as can be foreseen.

        Drawn on a thread: nobody waits for it, and nothing should wait because of it.
        """
        asked = list(self._asked)
        if self.turn is not None:
            asked.append(self.turn.pending.exercise_id)
        limit = self.filters.limit
        if self.filters.unrecorded or (limit is not None and len(asked) >= limit):
            return None
        planned = self.agenda.next(asked)
        if planned is None or (asked and planned.exercise_id == asked[-1]):
            return None
        loaded = self.library.exercises[planned.exercise_id]
        try:
            return await asyncio.to_thread(draw, loaded, self._pick_seed(loaded), self.language)
        except DrawError:
            return None  # told when it is asked

    # -- helping --------------------------------------------------------------------------------

    def hint(self) -> str | None:
        """The next hint, remembered as used before it is shown; ``None`` when there is no more."""
        turn = self._here()
        if turn.hints_left <= 0:
            return None
        pending = replace(turn.pending, hints_used=turn.pending.hints_used + 1)
        self._keep(pending)
        self.turn = replace(turn, pending=pending)
        return self.turn.hints[-1]

    async def truths(self) -> Truths | None:
        """What the open question's run gave, with the texts that show it; ``None`` if it cannot run.

        For what stands in the question itself (live values, options); the rest waits for the verdict.
        """
        truths = await self._runs.truths()
        return truths if isinstance(truths, Truths) else None

    # -- answering ------------------------------------------------------------------------------

    async def submit(self, texts: dict[str, str]) -> Answered:
        """Grade what was typed, one text an answer; whatever counts is committed before this returns."""
        turn = self._here()
        truths = await self._runs.truths()
        if isinstance(truths, str):
            return self._broke(truths)
        try:
            verdict = await grade(turn.question, truths, texts, self.runner, self._runs.standards)
        except RunnerFailure as failure:
            verdict = broken(in_language(failure.message))
        if verdict.verdict is Verdict.BROKEN:
            return self._broke(verdict.fault or "")
        if verdict.verdict is Verdict.INVALID:
            return Answered(verdict, turn)
        return self._attempted(turn, truths, texts, verdict)

    async def give_up(self) -> Answered:
        """Show the truth and the explanation; the exercise comes back soon."""
        turn = self._here()
        truths = await self._runs.truths()
        if isinstance(truths, str):
            return self._broke(truths)
        given_up = QuestionVerdict(Verdict.WRONG, 0.0)
        return self._finish(turn, truths, given_up, gave_up=True)

    def _attempted(
        self, turn: Turn, truths: Truths, texts: dict[str, str], verdict: QuestionVerdict
    ) -> Answered:
        attempt = Attempt(
            answers=dict(texts),
            verdict=verdict.verdict.value,
            near=verdict.near,
            at=self.clock(),
            seconds=self._watch.seconds(turn.pending.seconds),
        )
        pending = replace(
            turn.pending,
            attempts=(*turn.pending.attempts, attempt),
            seconds=attempt.seconds,
            draft={},
        )
        self._watch.lap()
        turn = replace(turn, pending=pending)
        if verdict.verdict is Verdict.CORRECT or turn.attempts_left <= 0:
            return self._finish(turn, truths, verdict, gave_up=False)
        self._keep(pending)
        self.turn = turn
        return Answered(verdict, turn)

    def _finish(
        self, turn: Turn, truths: Truths, verdict: QuestionVerdict, *, gave_up: bool
    ) -> Answered:
        """Rate and commit.  Until the commit has returned the question stays open."""
        seconds, zone = self._watch.seconds(turn.pending.seconds), self.settings.zone
        review = review_of(
            turn, verdict, truths, self.store, gave_up=gave_up, seconds=seconds, at=self.clock(), zone=zone
        )  # fmt: skip
        id_, cram = review.exercise_id, self.filters.unrecorded
        memory = self.store.memory(id_) if cram else self.store.record(review, self.scheduler)
        self._asked.append(id_)
        self._over.add(review.uuid)
        self.turn = None
        self._runs.over()  # now that the schedule knows how this one ended
        due = memory.due if isinstance(memory, Remembered) else None
        leech = None
        if self.filters.place:
            found = self.agenda.placed(id_, right=verdict.verdict is Verdict.CORRECT)
            for deck_id, body in found.items():
                self._steps.mark(MarkKind.PLACED, deck_id, body)
        if not cram:
            self.done.append(review)
            self._steps.add(review)
            leech = self.agenda.leech(id_) if review.rating == Rating.AGAIN else None
            self.learning = asyncio.create_task(self.agenda.learn_from(review, self._asked))
        return Answered(verdict, turn, review, truths.texts, truths, due, cram, leech)

    def _broke(self, fault: str) -> Answered:
        """Our own fault or the author's: nothing is charged, and the next question is another one."""
        turn = self._here()
        self.faults[turn.question.exercise.id] = fault
        self.store.clear_pending(turn.pending.review_uuid)
        self.turn = None
        return Answered(broken(fault), turn)

    # -- the rest -------------------------------------------------------------------------------

    def due(self) -> DueCount:
        """What is due now, what is new, and when the next one comes."""
        return self.agenda.due()

    @property
    def left_to_practise(self) -> int:
        """Outside the schedule: how many questions are still to come, the open one included."""
        left = len(self.agenda.left_to_cram(self._asked))
        limit = self.filters.limit
        return left if limit is None else min(left, limit - len(self._asked))

    async def take_settings(self, settings: Settings) -> None:
        """Plan by other settings from now on; what is remembered is derived anew if it depends on them.

        That is done on a thread, as it takes seconds for a very long log; the settings before hold until
        it is done, and go on holding if it is cancelled.
        """
        settings = in_force(settings, self.store)
        scheduler = Scheduler(settings)
        while not self.store.is_current(scheduler):
            found = await asyncio.to_thread(_derived, self.store.path.parent, scheduler)
            if self.store.install(found):
                break
        self.settings = settings
        self.agenda.take_settings(settings)
        self.scheduler = self._steps.scheduler = scheduler

    def reread(self, id_: str) -> None:
        """Take over an exercise's file after it was edited; what is open stays as it was asked.

        Raises:
            ExerciseErrors: what is wrong in it; the exercise as it was read before stays.
        """
        loaded = load_file(self.library.exercises[id_].path)
        exercises = {**self.library.exercises, loaded.id: loaded}
        self.library = self.agenda.library = replace(self.library, exercises=exercises)
        self.faults.pop(id_, None)

    def ask_for(self, filters: Filters) -> None:
        """Ask for other exercises from now on; a question that is open waits in the log."""
        self._runs.drop()
        self.turn = None
        self.filters = self.agenda.filters = filters
        self._asked = [] if filters.unrecorded else [review.exercise_id for review in self.done]

    def keep_draft(self, texts: Mapping[str, str]) -> None:
        """Remember what was typed into the open question, though nothing of it was submitted yet."""
        turn = self.turn
        if turn is None or dict(turn.pending.draft) == dict(texts):
            return
        pending = replace(turn.pending, draft=dict(texts))
        self._keep(pending)
        self.turn = replace(turn, pending=pending)

    def pause(self) -> None:
        """The open question is out of sight; the time until :meth:`resume` is not counted on it."""
        self._watch.pause()

    def resume(self) -> None:
        """The open question is in sight again."""
        self._watch.resume()

    def _here(self) -> Turn:
        if self.turn is None:
            raise RuntimeError("no question is open: call next() first")
        return self.turn


def _derived(home: Path, scheduler: Scheduler) -> Derived:
    """By a connection of the thread's own: answers are recorded meanwhile."""
    with open_store(home, read_only=True) as store:
        return store.derive(scheduler)
