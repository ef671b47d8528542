"""What a session tells of a question that is over: the trace, what-if, the misses it is like."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Final

from tutor.gate import allow
from tutor.grading.explain import explanation_run
from tutor.misconceptions import family_of, recent
from tutor.runner.job import Job
from tutor.runner.limits import EXPLAINING
from tutor.whatif import bench_of, telling_pair, what_if

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.exercise.load import Library
    from tutor.misconceptions import FamilyCount
    from tutor.question import Question
    from tutor.runner.client import Runner
    from tutor.runner.explained import Explained
    from tutor.runner.job import ExplainRun
    from tutor.session.turn import Answered, Turn
    from tutor.store.store import Store
    from tutor.whatif import Pair, WhatIf

#: Reviews among which the last misses are looked for.
LOOKED_BACK: Final = 60


class NotOver(RuntimeError):
    """What was asked for shows the truth, and the learner can still answer."""


class Afterwards:
    """The part of a session that shows truths; it refuses while they can still be answered."""

    library: Library
    store: Store
    runner: Runner
    turn: Turn | None

    def __init__(self) -> None:
        #: Questions that ended in this session, by their reviews' uuids.
        self._over: set[str] = set()
        self._explained: tuple[object, asyncio.Task[Explained]] | None = None

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

    async def _allow(self, question: Question) -> None:
        await allow(
            [self.library.exercises[question.exercise.id]], self.store.path.parent, self.runner
        )


def _failed(task: asyncio.Task[Explained]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
