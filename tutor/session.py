"""START HERE: one learner's session, from the next question to the committed review.

This is the one module that joins the steps: the library is drawn from (``exercise``, ``question``), the
program is run (``runner``), the answer is read and graded (``answer``, ``grading``), the review is rated
(``schedule``) and stored (``store``).  Every front end - the app, ``--plain``, the commands - is a thin
layer over it; read this, then any one step alone.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tutor import __version__
from tutor.agenda import Agenda, Clock
from tutor.draw_book import FILE_NAME, DrawBook
from tutor.exercise.trust import UntrustedError
from tutor.filters import Filters
from tutor.gate import allow
from tutor.grading.compare import NotGradable
from tutor.grading.explain import explanation_run
from tutor.grading.grade import grade
from tutor.grading.runner_words import in_language
from tutor.grading.standards import StandardsOf
from tutor.grading.truths import AuthorFault, Truths, find_truths
from tutor.grading.verdict import QuestionVerdict, Verdict, broken
from tutor.look_ahead import LookAhead, noted
from tutor.misconceptions import family_of, recent
from tutor.question import DrawError, draw
from tutor.runner.job import Job, RunnerFailure
from tutor.runner.limits import EXPLAINING
from tutor.schedule.days import day_number, day_start, utc_offset
from tutor.schedule.memory import Scheduler
from tutor.schedule.rating import Outcome, habit, rate
from tutor.schedule.settings import Settings
from tutor.store.marks import Mark, MarkKind
from tutor.store.records import Attempt, Pending, Rating, Remembered, Review
from tutor.turn import Answered, Turn
from tutor.whatif import bench_of, telling_pair, what_if

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from tutor.exercise.load import Library, LoadedExercise
    from tutor.misconceptions import FamilyCount
    from tutor.question import Question
    from tutor.runner.client import Runner
    from tutor.runner.explained import Explained
    from tutor.runner.job import ExplainRun
    from tutor.schedule.queue import DueCount, Planned
    from tutor.store.store import Store
    from tutor.whatif import Pair, WhatIf

__all__ = [
    "DEPLOYED_SEEDS",
    "Answered",
    "Clock",
    "Filters",
    "NotOver",
    "Session",
    "Turn",
    "utc_now_ms",
]

#: Draws that the app asks are those with the seeds 0 … 99: the very ones that `tutor check` proves.
DEPLOYED_SEEDS: Final = 100
#: Reviews among which the last misses are looked for.
LOOKED_BACK: Final = 60
#: Seconds that a wrong verdict waits for the standard near misses; mostly they have long been run.
PATIENCE: Final = 1.5


def utc_now_ms() -> int:
    """Now, in milliseconds since the epoch (UTC): the only clock that reviews are dated by."""
    return time.time_ns() // 1_000_000


class NotOver(RuntimeError):
    """What was asked for shows the truth, and the learner can still answer."""


def _failed(task: asyncio.Task[Explained]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


class Session:
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
        self.library = library
        self.store = store
        self.runner = runner
        self.language = language
        self.clock = clock
        self.filters = filters or Filters()
        self.settings = settings or Settings()
        self.scheduler = Scheduler(self.settings)
        store.rederive(self.scheduler)  # after a change of settings, or of the program
        self.turn: Turn | None = None
        #: Reviews committed in this session and not undone, oldest first.
        self.done: list[Review] = []
        #: Reviews and marks of this session that are not undone, oldest first.
        self._steps: list[Review | Mark] = []
        self._more_today = self._last_today() is not None
        #: Exercises that broke in this session, with what was wrong: not asked again today.
        self.faults: dict[str, str] = {}
        #: What to ask, and all that can be told about the plan.
        self.agenda = Agenda(library, store, self.settings, clock, self.filters, self.faults)
        #: Every exercise asked in this session to its end, oldest first.
        self._asked: list[str] = []
        #: Looks, after a miss, for another exercise that turns on the same idea.
        self.learning: asyncio.Task[None] | None = None
        self._truths: asyncio.Task[Truths] | None = None
        self._standards: StandardsOf | None = None
        self._draws = DrawBook(store.path.with_name(FILE_NAME))
        self._ahead = LookAhead(self._run_draw, self._draws)
        #: Questions that ended in this session, by their reviews' uuids.
        self._over: set[str] = set()
        self._explained: tuple[object, asyncio.Task[Explained]] | None = None
        #: When the open question was last put in front of the learner (monotonic seconds).
        self._shown_at = time.monotonic()
        #: Since when it has been out of sight, if it is.
        self._hidden_at: float | None = None

    # -- asking ---------------------------------------------------------------------------------

    def next(self) -> Turn | None:
        """The next question, its program already on its way to be run; ``None`` when nothing is due.

        A question that was left open (the terminal was closed) comes back as it was: same numbers,
        same attempts used.
        """
        self._drop_truths()
        self.turn = self._resumed() or self._fresh()
        if self.turn is not None:
            self._shown_at, self._hidden_at = time.monotonic(), None
            self._truths = self._begun(self.turn.question)
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
        self._drop_truths()
        self.turn = replace(turn, question=question, pending=pending)
        self._truths = self._begun(question)
        return self.turn

    def _begun(self, question: Question) -> asyncio.Task[Truths]:
        """The run of a question, on its way."""
        task = asyncio.create_task(self._run(question))
        # Asked for again at submission; until then a failure is nobody's business.
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        return task

    def _resumed(self) -> Turn | None:
        if self.filters.cram:
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
            pending = self._opened(
                loaded.id,
                loaded.exercise.revision,
                loaded.content_hash,
                question.seed,
                question.language,
            )
            self._keep(pending)
            return Turn(question, planned.reason, pending)
        return None

    def _opened(
        self, id_: str, revision: int, content_hash: str, seed: int, language: str
    ) -> Pending:
        """A question with nothing used up on it yet."""
        now = self.clock()
        return Pending(
            review_uuid=self.agenda.review_uuid(id_),
            exercise_id=id_,
            revision=revision,
            content_hash=content_hash,
            seed=seed,
            language=language,
            attempts=(),
            hints_used=0,
            shown_solution=False,
            started_at=now,
            seconds=0.0,
        )

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
        if not self.filters.cram:
            self.store.save_pending(pending)

    def _pick_seed(self, loaded: LoadedExercise) -> int:
        """A deployed seed that this learner has not had lately, the same on every call for one log."""
        id_ = loaded.exercise.id
        used = [review.seed for review in self.store.reviews(exercise_id=id_)]
        if self.filters.cram:
            used.append(self.clock() % DEPLOYED_SEEDS)  # nothing in the log tells of the last draw
        start = int.from_bytes(
            hashlib.sha256(f"{self.store.device_id}:{id_}:{len(used)}".encode()).digest()[:4], "big"
        )
        lately = set(used[-(DEPLOYED_SEEDS // 2) :])
        clashing = self._draws.clashing(loaded.content_hash)
        seeds = [(start + step) % DEPLOYED_SEEDS for step in range(DEPLOYED_SEEDS)]
        new = [seed for seed in seeds if seed not in lately]
        return next((seed for seed in new if seed not in clashing), new[0])

    def _next_draw(self) -> Question | None:
        """The question that comes after the open one, as far as can be foreseen."""
        asked = list(self._asked)
        if self.turn is not None:
            asked.append(self.turn.pending.exercise_id)
        limit = self.filters.limit
        if self.filters.cram or (limit is not None and len(asked) >= limit):
            return None
        planned = self.agenda.next(asked)
        if planned is None or (asked and planned.exercise_id == asked[-1]):
            return None
        loaded = self.library.exercises[planned.exercise_id]
        try:
            return draw(loaded, self._pick_seed(loaded), self.language)
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
        truths = await self._find_truths()
        return truths if isinstance(truths, Truths) else None

    # -- answering ------------------------------------------------------------------------------

    async def submit(self, texts: dict[str, str]) -> Answered:
        """Grade what was typed, one text an answer; whatever counts is committed before this returns."""
        turn = self._here()
        truths = await self._find_truths()
        if isinstance(truths, str):
            return self._broke(truths)
        try:
            verdict = await grade(turn.question, truths, texts, self.runner, self._standards)
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
        truths = await self._find_truths()
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
            seconds=self._seconds(turn),
        )
        pending = replace(
            turn.pending,
            attempts=(*turn.pending.attempts, attempt),
            seconds=attempt.seconds,
        )
        self._shown_at = time.monotonic()
        if self._hidden_at is not None:
            self._hidden_at = self._shown_at
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
        review = self._review(turn, truths, verdict, gave_up=gave_up)
        id_, cram = review.exercise_id, self.filters.cram
        memory = self.store.memory(id_) if cram else self.store.record(review, self.scheduler)
        self._asked.append(id_)
        self._over.add(review.uuid)
        self.turn = None
        self._ahead.begin(self._next_draw)  # now that the schedule knows how this one ended
        due = memory.due if isinstance(memory, Remembered) else None
        leech = None
        if not cram:
            self.done.append(review)
            self._steps.append(review)
            leech = self.agenda.leech(id_) if review.rating == Rating.AGAIN else None
            self.learning = asyncio.create_task(self.agenda.learn_from(review, self._asked))
        return Answered(verdict, turn, review, truths.texts, truths, due, cram, leech)

    def _review(
        self, turn: Turn, truths: Truths, verdict: QuestionVerdict, *, gave_up: bool
    ) -> Review:
        pending, now = turn.pending, self.clock()
        outcome = Outcome(
            attempts_valid=len(pending.attempts),
            correct=verdict.verdict is Verdict.CORRECT,
            hints_used=pending.hints_used,
            gave_up=gave_up,
            seconds=self._seconds(turn) if gave_up else pending.seconds,
        )
        before = habit(self.store.reviews(pending.exercise_id), turn.question.params)
        return Review(
            uuid=pending.review_uuid,
            device=self.store.device_id,
            at=now,
            utc_offset=utc_offset(now, self.settings.zone),
            exercise_id=pending.exercise_id,
            revision=pending.revision,
            content_hash=pending.content_hash,
            seed=pending.seed,
            params=turn.question.params,
            language=pending.language,
            attempts=pending.attempts,
            hints_used=pending.hints_used,
            gave_up=gave_up,
            seconds=outcome.seconds,
            rating=rate(outcome, before),
            score=verdict.score or 0.0,
            torch_version=truths.torch_version,
            app_version=__version__,
        )

    def _broke(self, fault: str) -> Answered:
        """Our own fault or the author's: nothing is charged, and the next question is another one."""
        turn = self._here()
        self.faults[turn.question.exercise.id] = fault
        self.store.clear_pending(turn.pending.review_uuid)
        self.turn = None
        return Answered(broken(fault), turn)

    # -- explaining -----------------------------------------------------------------------------

    async def explained(self, turn: Turn, texts: Mapping[str, str] | None = None) -> Explained:
        """What the program of a question that is over does, line by line, and how its gradients flow.

        Run once and kept until another question's is asked for.  ``texts`` are the learner's: where an
        answer is code, that is what runs instead of the solution.

        Raises:
            NotOver: the question is still open; or its numbers are, being asked again.
            RunnerFailure: there is no result.
            UntrustedError: it may not run here.
        """
        if not self.is_over(turn):
            raise NotOver("a trace shows the truth: the question has to be over first")
        key = (turn.pending.review_uuid, tuple(sorted((texts or {}).items())))
        if self._explained is None or self._explained[0] != key or _failed(self._explained[1]):
            run = explanation_run(turn.question, texts)
            task = asyncio.create_task(self._explain(turn.question, run))
            task.add_done_callback(lambda task: task.cancelled() or task.exception())
            self._explained = key, task
        return await asyncio.shield(self._explained[1])

    def is_over(self, turn: Turn) -> bool:
        """Whether the question has ended in this session, and is not asked again as it was."""
        pending = turn.pending
        here = [self.turn.pending] if self.turn is not None else []
        again = any(
            (other.exercise_id, other.seed) == (pending.exercise_id, pending.seed)
            for other in here + self.store.all_pending()
        )
        return pending.review_uuid in self._over and not again

    async def _explain(self, question: Question, run: ExplainRun) -> Explained:
        await self._allow(question)
        return (await self.runner.run(Job((run,), EXPLAINING))).explained(0)

    async def what_if(
        self, turn: Turn, program: str, predictions: Mapping[str, str] | None = None
    ) -> WhatIf:
        """Run another program beside that of a question that is over; nothing of it is kept.

        ``predictions`` are what the learner expects, by expression, as an answer is typed.

        Raises:
            NotOver: the question is still open: this would tell its answer.
            InvalidAnswer: the program is no Python.
            RunnerFailure, UntrustedError: there is no result, through no fault of the program's.
        """
        if not self.is_over(turn):
            raise NotOver("what-if shows the truth: the question has to be over first")
        await self._allow(turn.question)
        return await what_if(bench_of(turn.question), program, predictions or {}, self.runner)

    async def misses_like(self, answered: Answered) -> FamilyCount | None:
        """How often the misconception of a wrong answer was behind the last misses, if it often was."""
        near = answered.verdict.near
        if not near:
            return None
        loaded = self.library.exercises.get(answered.turn.question.exercise.id)
        latest = self.store.latest(LOOKED_BACK)[::-1]

        def find() -> FamilyCount | None:
            families = {family_of(id_, loaded) for id_ in near}
            counted = recent(latest, self.library)
            return next((c for c in counted if c.family in families and c.times > 1), None)

        # Near misses of other exercises are read for it, about 3 ms each.
        return await asyncio.to_thread(find)

    async def telling_pair(self, answered: Answered) -> Pair | None:
        """Two programs that differ in the edit that this exercise was most often missed by; both run.

        ``None`` if no edit can be told.

        Raises:
            NotOver, RunnerFailure, UntrustedError: as :meth:`what_if`.
        """
        turn = answered.turn
        if not self.is_over(turn):
            raise NotOver("a pair shows the truth: the question has to be over first")
        await self._allow(turn.question)
        past = self.store.reviews(turn.question.exercise.id)
        missed = Counter(n for review in past for a in review.attempts for n in a.near)
        return await telling_pair(turn.question, [n for n, _ in missed.most_common()], self.runner)

    # -- marking --------------------------------------------------------------------------------

    def mark(self, kind: MarkKind, subject: str, body: Mapping[str, Any] | None = None) -> Mark:
        """Suspend, bury, flag, note …: what is said about an exercise or a skill, in the log.

        Burying lasts until the learner's next day if ``body`` names no other end.  The open question
        stays open; after a mark that puts its exercise to rest, :meth:`next` gives another one.
        """
        if kind is MarkKind.BURY and not body:
            body = {"until": self._day_starts(1)}
        mark = self.store.mark(kind, subject, self.clock(), body)
        self._steps.append(mark)
        return mark

    def _day_starts(self, days: int) -> int:
        """When (UTC ms) the learner's day begins that is ``days`` after today."""
        now, zone, rollover = self.clock(), self.settings.zone, self.settings.rollover_hour
        today = day_number(now, utc_offset(now, zone), rollover)
        return day_start(today + days, rollover, zone)

    # -- undoing --------------------------------------------------------------------------------

    @property
    def can_undo(self) -> bool:
        """Whether :meth:`undo` has something to take back."""
        return bool(self._steps) or self._more_today

    def undo(self) -> Review | Mark | None:
        """Take the last step back, a review or a mark, and say which; again for the one before.

        A review's question is asked again, with the same numbers; the question that is open now waits
        until after it.  Beyond the beginning of this session it goes on with the reviews that were
        made on this device earlier today.
        """
        step = self._steps[-1] if self._steps else self._last_today()
        if step is None:
            return None
        if isinstance(step, Mark):
            self.store.undo_mark(step.uuid, self.clock(), self.scheduler)
            self._steps.pop()
            return step
        self.store.undo(step.uuid, self.clock(), self.scheduler)
        if self._steps:
            self._steps.pop()
            self.done.pop()
            self._asked.pop()
            self._over.discard(step.uuid)
        else:
            self._more_today = self._last_today() is not None
        if self.turn is not None and self.turn.pending.exercise_id == step.exercise_id:
            # It was asked because of the review that is no more.
            self.store.clear_pending(self.turn.pending.review_uuid)
        again = self._opened(
            step.exercise_id, step.revision, step.content_hash, step.seed, step.language
        )
        self.store.save_pending(again)
        return step

    def _last_today(self) -> Review | None:
        if self.filters.cram:
            return None  # which leaves no trace, nor removes one
        return self.store.last_review(since=self._day_starts(0))

    # -- the rest -------------------------------------------------------------------------------

    def due(self) -> DueCount:
        """What is due now, what is new, and when the next one comes."""
        return self.agenda.due()

    def ask_for(self, filters: Filters) -> None:
        """Ask for other exercises from now on; a question that is open waits in the log."""
        self._drop_truths()
        self.turn = None
        self.filters = self.agenda.filters = filters
        self._asked = [] if filters.cram else [review.exercise_id for review in self.done]

    def pause(self) -> None:
        """The open question is out of sight; the time until :meth:`resume` is not counted on it."""
        if self._hidden_at is None:
            self._hidden_at = time.monotonic()

    def resume(self) -> None:
        """The open question is in sight again."""
        if self._hidden_at is not None:
            self._shown_at += time.monotonic() - self._hidden_at
            self._hidden_at = None

    async def _run(self, question: Question) -> Truths:
        """The truths of the open question; behind them its standard near misses and the next draw."""
        ahead = self._ahead.take(question)
        truths = await (ahead or self._run_draw(question))
        noted(self._draws, question, truths)
        self._standards = StandardsOf(question, truths, self.runner, patience=PATIENCE)
        self._standards.start()
        self._ahead.begin(self._next_draw, after=self._standards)
        return truths

    async def _run_draw(self, question: Question) -> Truths:
        await self._allow(question)
        return await find_truths(question, self.runner)

    async def _allow(self, question: Question) -> None:
        await allow(
            [self.library.exercises[question.exercise.id]], self.store.path.parent, self.runner
        )

    async def _find_truths(self) -> Truths | str:
        """The live run's results, or what went wrong in words."""
        if self._truths is None:
            turn = self._here()
            self._truths = asyncio.create_task(self._run(turn.question))
        try:
            return await asyncio.shield(self._truths)
        except (RunnerFailure, AuthorFault, NotGradable, UntrustedError) as fault:
            return in_language(fault.message)

    def _drop_truths(self) -> None:
        if self._truths is not None and not self._truths.done():
            self._truths.cancel()
        self._truths = None
        self._ahead.stop()
        if self._standards is not None:
            self._standards.cancel()
            self._standards = None

    def _here(self) -> Turn:
        if self.turn is None:
            raise RuntimeError("no question is open: call next() first")
        return self.turn

    def _seconds(self, turn: Turn) -> float:
        """Time on the question, that of earlier sittings included."""
        now = time.monotonic() if self._hidden_at is None else self._hidden_at
        return turn.pending.seconds + max(now - self._shown_at, 0.0)
