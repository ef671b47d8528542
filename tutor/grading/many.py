"""What is run for many questions at once, for `tutor check` and `tutor grade --batch`.

Their runs travel together, several questions' in one child (see :mod:`tutor.runner.packing`), and draws
that differ in nothing but their seed are run once: the numbers to draw from are often few.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeAlias, cast

from tutor.grading.compare import NotGradable
from tutor.grading.standards import NONE, StandardsOf
from tutor.grading.truths import AuthorFault, Truths, find_truths
from tutor.runner.job import RunnerFailure, WorkerUnavailable
from tutor.runner.packing import PackingRunner

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tutor.grading.standards import Standards
    from tutor.question import Question
    from tutor.runner.client import Runner

#: The truths, or what is at fault.
Found: TypeAlias = Truths | AuthorFault


def packing(runner: Runner) -> Runner:
    """A runner whose jobs travel together: all that grading asks of one is to run jobs."""
    return runner if isinstance(runner, PackingRunner) else cast("Runner", PackingRunner(runner))


async def find_all_truths(questions: Iterable[Question], runner: Runner) -> list[Found]:
    """The truths of every question, in their order; the fault where there are none.

    Raises:
        WorkerUnavailable: nothing can be run at all.
    """
    draws = Draws(runner)
    return await asyncio.gather(*(draws.of(question).truths() for question in questions))


class Draws:
    """What is known of the draws met so far."""

    def __init__(self, runner: Runner) -> None:
        self._runner = packing(runner)
        self._met: dict[tuple[str, ...], list[Draw]] = {}

    def of(self, question: Question) -> Draw:
        """One draw, which has in common with an earlier one what can be."""
        key = (question.content_hash, question.language, repr(question.params))
        alike = self._met.setdefault(key, [])
        # What is shuffled may lie in another order.
        twin = next((one for one in alike if one.question.answers == question.answers), None)
        draw = Draw(question, self._runner, twin)
        if twin is None:
            alike.append(draw)
        return draw


class Draw:
    """A question with what is run for it, each at most once.

    ``twin`` is a draw that differs in its seed alone: what was found for that one holds for this one too,
    unless a random number had a part in it.
    """

    def __init__(self, question: Question, runner: Runner, twin: Draw | None = None) -> None:
        self.question = question
        self._runner = runner
        self._twin = twin
        self._truths: asyncio.Task[Found] | None = None
        self._standards: StandardsOf | None = None

    async def truths(self) -> Found:
        """The truths, or what is at fault.

        Raises:
            WorkerUnavailable: nothing can be run at all.
        """
        if self._twin is not None:
            found = await self._twin.truths()
            if isinstance(found, Truths) and not found.seeded:
                return found
        if self._truths is None:
            self._truths = asyncio.create_task(_truths_or_fault(self.question, self._runner))
        return await self._truths

    async def standards(self) -> Standards:
        """The standard near misses; none if there are no truths."""
        if self._twin is not None:
            found = await self._twin.standards()
            if not found.seeded:
                return found
        if self._standards is None:
            truths = await self.truths()
            if isinstance(truths, AuthorFault):
                return NONE
            self._standards = StandardsOf(self.question, truths, self._runner)
        return await self._standards()


async def _truths_or_fault(question: Question, runner: Runner) -> Found:
    try:
        return await find_truths(question, runner)
    except AuthorFault as fault:
        return fault
    except WorkerUnavailable:
        raise  # nobody's exercise is at fault
    except (NotGradable, RunnerFailure) as fault:
        return AuthorFault(fault.message)
