"""Starting and ending the app: the session behind it, signals, and the log of a crash."""

from __future__ import annotations

import asyncio
import shutil
import signal
import threading
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from tutor import i18n
from tutor.app.widgets.too_small import too_small
from tutor.faults import brief, log_fault
from tutor.i18n import _
from tutor.settings import load

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

    from tutor.agenda.filters import Filters
    from tutor.app.app import TutorApp
    from tutor.exercise.load import Library
    from tutor.schedule.settings import Settings as ScheduleSettings
    from tutor.session import Session
    from tutor.settings import Loaded


class AppProblem(Exception):
    """The app cannot start, or has failed: ``message`` is one sentence with the remedy."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def run_app(
    home: Path,
    *,
    language: str = "en",
    filters: Filters | None = None,
    loaded: Loaded | None = None,
    start: Literal["home", "review"] = "review",
) -> None:
    """Open the app on the progress in ``home``, at ``start``; returns when the learner leaves it.

    Raises:
        AppProblem: the terminal is too small, or the program has a fault (which is in the log).
        StoreError: the progress cannot be read or written.
    """
    from tutor.app.app import TutorApp

    i18n.use(language)
    settings = loaded or load(home)

    def session() -> AbstractAsyncContextManager[Session]:
        # The schedule's settings bring the whole schedule with them: not before the first paint.
        return open_session(home, language, filters, settings.settings.schedule, app.take_reading)

    app = TutorApp(session, home=home, loaded=settings, start=start)
    run(app, home)


def run_preview(path: Path, home: Path, *, language: str, seed: int, watch: bool) -> None:
    """Open the author's preview of an exercise file; returns when the author leaves it.

    Raises:
        AppProblem: the terminal is too small, or the program has a fault (which is in the log).
        ExerciseErrors: the file has errors.
    """
    from tutor.app.app import TutorApp
    from tutor.app.screens.preview import PreviewScreen

    i18n.use(language)
    app = TutorApp(
        lambda: open_preview(path, language, seed),
        PreviewScreen(watch=watch),
        home=home,
        loaded=load(home),
    )
    run(app, home)


def run(app: TutorApp, home: Path) -> None:
    """Run the app until it is left; its faults go to the log in ``home``."""
    word = too_small(*shutil.get_terminal_size())
    if word:
        raise AppProblem(word)
    try:
        asyncio.run(_run(app))
    except Exception as error:  # noqa: BLE001 - the boundary: whatever it is goes to the log
        app.crash = app.crash or error
    if app.problem is not None:
        raise app.problem
    if app.crash is not None:
        raise AppProblem(log_crash(app.crash, home)) from None


async def _run(app: TutorApp) -> None:
    loop = asyncio.get_running_loop()
    for name in ("SIGTERM", "SIGHUP", "SIGINT"):
        # The terminal is put back as it was, and the worker is ended.
        with suppress(AttributeError, NotImplementedError):
            loop.add_signal_handler(getattr(signal, name), app.exit)
    await app.run_async()


@asynccontextmanager
async def open_session(
    home: Path,
    language: str,
    filters: Filters | None = None,
    settings: ScheduleSettings | None = None,
    tell: Callable[[int], None] = lambda _: None,
) -> AsyncIterator[Session]:
    """A session on all exercises, shipped and added, and the progress in ``home``.

    ``tell`` is told now and then how many files have been read; they need not be where none has changed.

    Raises:
        StoreError: the progress cannot be opened.
    """
    from tutor.runner.client import Runner

    async with Runner() as runner:
        # torch is loading in its own process by now, while the exercises are read here.
        library = await _beside(partial(_library, home, settings), tell)
        from tutor.session import Session
        from tutor.session.safekeeping import backed_up_daily
        from tutor.store import open_store

        with open_store(home) as store:
            async with backed_up_daily(home):
                yield Session(
                    library, store, runner, language=language, filters=filters, settings=settings
                )


@asynccontextmanager
async def open_preview(path: Path, language: str, seed: int) -> AsyncIterator[Session]:
    """A session on one file, over a store that is thrown away."""
    from tutor.runner.client import Runner
    from tutor.session.previewing import PreviewSession
    from tutor.store import open_store

    async with Runner() as runner:
        with TemporaryDirectory() as folder, open_store(Path(folder)) as store:
            yield PreviewSession(path, store, runner, seed=seed, language=language)


async def _beside(
    load: Callable[[Callable[[int], None]], Library], tell: Callable[[int], None]
) -> Library:
    """Load on a thread, which is told when nobody waits for it any more: leaving need not wait."""
    loop, left = asyncio.get_running_loop(), threading.Event()

    def on_thread(read: int) -> None:
        if left.is_set():
            raise InterruptedError
        loop.call_soon_threadsafe(tell, read)

    try:
        return await asyncio.to_thread(load, on_thread)
    finally:
        left.set()
        tell(0)


def _library(home: Path, settings: ScheduleSettings | None, tell: Callable[[int], None]) -> Library:
    """Read the exercises; in a thread, with the imports that it takes.

    And bring the memories in step with the settings, where another program or the learner's own hand
    has changed them: in a log of a million reviews that takes seconds.
    """
    from tutor import session  # noqa: F401 - imported here so that the app goes on painting
    from tutor.exercise.registry import known_library
    from tutor.schedule.fitted import in_force
    from tutor.schedule.memory import Scheduler
    from tutor.schedule.settings import Settings
    from tutor.store import open_store

    with open_store(home) as store:
        store.rederive(Scheduler(in_force(settings or Settings(), store)))
    return known_library(home, tell)


def log_crash(error: BaseException, home: Path) -> str:
    """Append the fault to the log in ``home``; the sentence for the learner."""
    inner = getattr(error, "error", None)
    error = inner if isinstance(inner, BaseException) else error
    path = log_fault(error, home)
    if path is None:
        said = _("The program failed ({what}). Your progress is saved.")
        return said.format(what=brief(error))
    said = _("The program failed ({what}). Your progress is saved; details are in {path}.")
    return said.format(what=brief(error), path=path)
