"""The next question, run while the learner is on this one: a draw that clashes is passed over unseen.

A question in front of the learner is never exchanged; what is looked at here has not been shown to anybody.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from tutor.grading.clashes import clashes
from tutor.grading.compare import NotGradable
from tutor.grading.truths import AuthorFault, Truths

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tutor.question import Question
    from tutor.session.draw_book import DrawBook

#: Draws of one exercise that are tried; if all of them clash, the next one is asked as it is.
MOST_TRIED: Final = 8

#: What makes a draw the same: the content of the exercise, the seed, the language.
Key = tuple[str, int, str]


def key_of(question: Question) -> Key:
    return question.content_hash, question.seed, question.language


def noted_clash(book: DrawBook, question: Question, truths: Truths) -> bool:
    """Whether the draw clashes; one that does is noted."""
    found = bool(clashes(question, truths))
    if found:
        book.note(question.content_hash, question.seed)
    return found


class LookAhead:
    """Runs the next draw.  ``run`` gives its truths; ``book`` remembers which draws clash."""

    def __init__(self, run: Callable[[Question], Awaitable[Truths]], book: DrawBook) -> None:
        self._run = run
        self._book = book
        self._looking: asyncio.Task[None] | None = None
        self._ready: tuple[Key, asyncio.Task[Truths]] | None = None

    def begin(
        self,
        choose: Callable[[], Awaitable[Question | None]],
        after: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        """Look ahead in the background, once ``after`` is done.

        ``choose`` gives the question that would come next, passing over what the book has; it is asked
        again after each clash.
        """
        self.stop()
        self._looking = asyncio.create_task(self._look(choose, after))
        self._looking.add_done_callback(lambda task: task.cancelled() or task.exception())

    async def _look(
        self,
        choose: Callable[[], Awaitable[Question | None]],
        after: Callable[[], Awaitable[object]] | None,
    ) -> None:
        if after is not None:
            await after()
        for _attempt in range(MOST_TRIED):
            question = await choose()
            if question is None or (self._ready and self._ready[0] == key_of(question)):
                return
            self._forget()
            task = asyncio.ensure_future(self._run(question))
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
            self._ready = key_of(question), task
            try:
                truths = await asyncio.shield(task)
            except (AuthorFault, NotGradable):
                self._book.note(question.content_hash, question.seed)
                continue
            if not noted_clash(self._book, question, truths):
                return

    def take(self, question: Question) -> asyncio.Task[Truths] | None:
        """The run of a question that was looked at, still under way or done; ``None`` if it was not."""
        if self._ready is None or self._ready[0] != key_of(question):
            return None
        task = self._ready[1]
        self._ready = None
        failed = task.done() and (task.cancelled() or task.exception() is not None)
        return None if failed else task

    def stop(self) -> None:
        """Look no further; what is being run goes on, as it may be taken."""
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None

    def _forget(self) -> None:
        if self._ready is not None:
            self._ready[1].cancel()
            self._ready = None
