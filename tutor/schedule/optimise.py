"""Fitting in a process of its own, watched from an event loop: it can be cancelled at any moment."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tutor.i18n import _
from tutor.schedule.fitted import in_force
from tutor.schedule.fitting import Fit
from tutor.schedule.memory import Scheduler
from tutor.store.marks import MarkKind

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tutor.schedule.settings import Settings
    from tutor.store.marks import Mark
    from tutor.store.store import Store

#: What the mark is about: there is one learner in a home.
LEARNER: Final = "learner"


class FitFailed(Exception):
    """The fit could not be made; the message is for the learner.  Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the fit is: ``stage`` is ``reading`` (``done`` of ``of`` reviews), ``fitting`` or
    ``checking``."""

    stage: str
    done: int = 0
    of: int = 0


async def optimise(
    home: Path, settings: Settings, on_progress: Callable[[Progress], None] = lambda _: None
) -> Fit:
    """Fit the parameters to the log in ``home``; nothing is changed there.

    Cancelling it ends its process.

    Raises:
        FitFailed: the process failed.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tutor.schedule.fitting", str(home)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        return await _follow(process, settings, on_progress)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def note(store: Store, parameters: Sequence[float], at_ms: int, found: Fit | None = None) -> Mark:
    """Put parameters into force by an event in the log; the memories are for the caller to derive anew.

    Without any, those of the settings.  They go to other devices with the log; undoing the mark and
    noting the ones before take them back.
    """
    body: dict[str, object] = {"parameters": list(parameters)}
    if found is not None:
        body |= {"reviews": found.reviews, "before": found.before, "after": found.after}
    return store.mark(MarkKind.PARAMETERS, LEARNER, at_ms, body)


def keep(
    store: Store,
    settings: Settings,
    parameters: Sequence[float],
    at_ms: int,
    found: Fit | None = None,
) -> Mark:
    """:func:`note`, and work out all dates anew."""
    mark = note(store, parameters, at_ms, found)
    store.rederive(Scheduler(in_force(settings, store)))
    return mark


async def _follow(
    process: Process, settings: Settings, on_progress: Callable[[Progress], None]
) -> Fit:
    assert process.stdin is not None  # noqa: S101 - both are pipes
    assert process.stdout is not None  # noqa: S101
    asked = {"parameters": settings.parameters, "rollover_hour": settings.rollover_hour}
    with suppress(ConnectionError):  # it has failed already: told below
        process.stdin.write(json.dumps(asked).encode())
        await process.stdin.drain()
        process.stdin.close()
    async for line in process.stdout:
        said = json.loads(line)
        if "fit" in said:
            found = said["fit"]
            return Fit(**{**found, "parameters": tuple(found["parameters"])})
        on_progress(Progress(said["stage"], said.get("done", 0), said.get("of", 0)))
    raise FitFailed(
        _("The fit failed and nothing was changed. `tutor doctor` says whether your log is sound.")
    )
