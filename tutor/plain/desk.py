"""A session on a thread of its own, so that a line can be waited for while programs run."""

from __future__ import annotations

import asyncio
import threading
from contextlib import AsyncExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from pathlib import Path

    from tutor.agenda.filters import Filters
    from tutor.schedule.settings import Settings
    from tutor.session import Session

T = TypeVar("T")


class Desk:
    """Everything of the session happens on its own thread, where the event loop and the store are."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.session: Session

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Let the session's thread do ``work``, and wait; ctrl+c stops the waiting and the work."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except KeyboardInterrupt:
            future.cancel()
            raise

    def do(self, step: Callable[[Session], T]) -> T:
        """One of the session's own steps, such as ``Session.next``."""

        async def work() -> T:
            return step(self.session)

        return self.wait(work())


@contextmanager
def open_desk(home: Path, language: str, filters: Filters, settings: Settings) -> Iterator[Desk]:
    """A session on all exercises and the progress in ``home``; it is closed whatever happens.

    Raises:
        StoreError: the progress cannot be opened.
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="session", daemon=True)
    thread.start()
    desk, resources = Desk(loop), AsyncExitStack()
    try:
        desk.session = desk.wait(_opened(resources, home, language, filters, settings))
        yield desk
    finally:
        asyncio.run_coroutine_threadsafe(resources.aclose(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _opened(
    resources: AsyncExitStack, home: Path, language: str, filters: Filters, settings: Settings
) -> Session:
    from tutor.exercise.registry import known_library
    from tutor.runner.client import Runner
    from tutor.session import Session
    from tutor.session.safekeeping import backed_up_daily
    from tutor.store import open_store

    runner = await resources.enter_async_context(Runner())
    store = resources.enter_context(open_store(home))
    await resources.enter_async_context(backed_up_daily(home))
    library = known_library(home)
    return Session(library, store, runner, language=language, filters=filters, settings=settings)
