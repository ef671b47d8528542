"""The daily backup of a home, made while the learner works and in nobody's way."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final

from tutor.clock import utc_now_ms

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

#: The start is over by then; a session that ends sooner has hardly changed anything.
AFTER_S: Final = 3.0


@asynccontextmanager
async def backed_up_daily(home: Path) -> AsyncIterator[None]:
    """While this lasts, make today's backup if it is wanting: later, on another thread.

    One that fails is no reason to stop learning: it goes to the log, and `tutor doctor` tells how old
    the last one is.
    """
    task = asyncio.create_task(_make(home))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _make(home: Path) -> None:
    await asyncio.sleep(AFTER_S)
    from tutor.faults import log_fault
    from tutor.store import StoreError
    from tutor.store.backup import daily

    try:
        await asyncio.to_thread(daily, home, utc_now_ms())
    except (StoreError, OSError) as error:
        log_fault(error, home)
