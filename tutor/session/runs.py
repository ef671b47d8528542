"""What runs for a session: the open question, behind it its standard near misses, then the next draw."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from tutor.exercise.trust import UntrustedError
from tutor.grading.compare import NotGradable
from tutor.grading.runner_words import in_language
from tutor.grading.standards import StandardsOf
from tutor.grading.truths import AuthorFault, Truths, find_truths
from tutor.runner.job import RunnerFailure
from tutor.session.look_ahead import LookAhead, noted_clash

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tutor.question import Question
    from tutor.runner.client import Runner
    from tutor.session.draw_book import DrawBook

#: Seconds that a wrong verdict waits for the standard near misses; mostly they have long been run.
PATIENCE: Final = 1.5


class Runs:
    """``allow`` asks whether a question's program may run here; ``choose`` gives the next draw."""

    def __init__(
        self,
        runner: Runner,
        draws: DrawBook,
        allow: Callable[[Question], Awaitable[None]],
        choose: Callable[[], Awaitable[Question | None]],
    ) -> None:
        self._runner = runner
        self._draws = draws
        self._allow = allow
        self._choose = choose
        self.ahead = LookAhead(self._run_draw, draws)
        #: The open question's near misses, once its own run is over.
        self.standards: StandardsOf | None = None
        self._truths: asyncio.Task[Truths] | None = None

    def prepare(self) -> None:
        """Run the next draw though no question is open, once torch is there."""
        self.ahead.begin(self._choose, after=self._runner.wait_ready)

    def begin(self, question: Question) -> None:
        """The question is open: its program is on its way from now on, in place of any other."""
        self.drop()
        self._truths = asyncio.create_task(self._run(question))
        # Asked for again at submission; until then a failure is nobody's business.
        self._truths.add_done_callback(lambda done: done.cancelled() or done.exception())

    async def truths(self) -> Truths | str:
        """What the open question's run gave, or what went wrong in words."""
        if self._truths is None:
            raise RuntimeError("no question is open: call next() first")
        return await _or_words(asyncio.shield(self._truths))

    async def of(self, question: Question) -> Truths | str:
        """The same of a question that is not open."""
        return await _or_words(self._run_draw(question))

    def over(self) -> None:
        """The open question is over, and the schedule knows how: look at what comes next."""
        if self.standards is not None:
            self.standards.cancel()
        self.ahead.begin(self._choose)

    def drop(self) -> None:
        """The open question is put aside: nothing more is run for it."""
        if self._truths is not None and not self._truths.done():
            self._truths.cancel()
        self._truths = None
        self.ahead.stop()
        if self.standards is not None:
            self.standards.cancel()
            self.standards = None

    async def _run(self, question: Question) -> Truths:
        ahead = self.ahead.take(question)
        truths = await (ahead or self._run_draw(question))
        noted_clash(self._draws, question, truths)
        self.standards = StandardsOf(question, truths, self._runner, patience=PATIENCE)
        self.standards.start()
        # One after the other: the learner's own code must find a place to run in.
        self.ahead.begin(self._choose, after=self.standards.finished)
        return truths

    async def _run_draw(self, question: Question) -> Truths:
        await self._allow(question)
        return await find_truths(question, self._runner)


async def _or_words(run: Awaitable[Truths]) -> Truths | str:
    try:
        return await run
    except (RunnerFailure, AuthorFault, NotGradable, UntrustedError) as fault:
        return in_language(fault.message)
