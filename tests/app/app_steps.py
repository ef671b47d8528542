"""Steps through the app on real exercises, a real store and a real runner; only the clock stands still."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from app_exercises import EXERCISES
from history import NOON, write_history

from tutor import i18n
from tutor.app.app import TutorApp
from tutor.app.screens.review import Phase, ReviewScreen
from tutor.app.screens.summary import SummaryScreen
from tutor.app.widgets.answer.panel import AnswerPanel
from tutor.exercise.load import load_library
from tutor.schedule.days import DAY_MS
from tutor.schedule.settings import Settings
from tutor.session import Session
from tutor.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.exercise.load import Library
    from tutor.runner.client import Runner


class Desk:
    """Opens apps on one home; ``exercises`` are names of those in ``app_exercises``."""

    def __init__(self, home: Path, runner: Runner) -> None:
        self.home = home
        self.runner = runner
        self.session: Session | None = None

    def app(
        self,
        *exercises: str,
        language: str = "en",
        runner: Runner | None = None,
        start: str = "review",
    ) -> TutorApp:
        deck = self.home.parent / "deck"
        deck.mkdir(exist_ok=True)
        for name in exercises:
            (deck / f"{name}.yaml").write_text(EXERCISES[name].lstrip(), encoding="utf-8")
        library = load_library([deck / f"{name}.yaml" for name in exercises])

        return self._app(library, language, runner or self.runner, start)

    def lived(
        self,
        library: Library,
        days: int,
        *,
        language: str = "en",
        start: str = "home",
        idle: int = 0,
    ) -> TutorApp:
        """An app on ``library`` after so many days of work with it, and ``idle`` days without."""
        if days and not self.home.exists():
            write_history(self.home, library, days, until=NOON - idle * DAY_MS)
        return self._app(library, language, self.runner, start)

    def _app(self, library: Library, language: str, runner: Runner, start: str) -> TutorApp:
        i18n.use(language)

        @asynccontextmanager
        async def open_session():
            with open_store(self.home) as store:
                self.session = Session(
                    library,
                    store,
                    runner,
                    language=language,
                    clock=lambda: NOON,
                    settings=Settings(zone="UTC"),
                )
                yield self.session

        return TutorApp(open_session, start=start)


async def until(pilot, condition, seconds: float = 20.0) -> None:
    """Let the app work until ``condition`` holds.

    Raises:
        AssertionError: it does not within ``seconds``.
    """
    deadline = asyncio.get_running_loop().time() + seconds
    while not condition():
        now = asyncio.get_running_loop().time()
        assert now < deadline, f"waited in vain before\n{shown(pilot)}"
        await pilot.pause(0.005)
    await pilot.pause()


def review(pilot) -> ReviewScreen:
    screen = pilot.app.get_screen("review")
    assert isinstance(screen, ReviewScreen)
    return screen


async def asked(pilot) -> None:
    """Until a question is there and its first field has the focus."""
    await until(pilot, lambda: len(pilot.app.screen_stack) == 2 and pilot.app.focused is not None)
    await until(pilot, lambda: review(pilot).phase is Phase.ASKING)


async def graded(pilot) -> None:
    await until(pilot, lambda: review(pilot).phase is not Phase.CHECKING)


async def over(pilot) -> None:
    await until(pilot, lambda: review(pilot).phase is Phase.OVER)


async def go_on(pilot) -> None:
    """Enter, once the verdict has been there long enough for Enter to be meant."""
    screen = review(pilot)
    before = screen.phase
    assert before is Phase.OVER
    await until(pilot, lambda: screen.may_go_on)
    await pilot.press("enter")
    await until(pilot, lambda: screen.phase is not Phase.OVER)


async def ended(pilot) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, SummaryScreen))


def panels(pilot) -> list[AnswerPanel]:
    return list(review(pilot).query(AnswerPanel))


async def type_into(pilot, text: str, index: int = 0) -> None:
    """Put ``text`` where the learner would, as a paste does."""
    field = panels(pilot)[index].field
    field.focus()
    field.clear()
    field.insert(text)
    await pilot.pause()


def shown(pilot) -> str:
    """All that the screen shows, row by row; nothing while the app is about to paint several changes.

    The app itself paints nothing then: fields may be there that have no style yet.
    """
    if pilot.app._batch_count:
        return ""
    _width, height = pilot.app.size
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(s.text for s in strip) for strip in strips[:height])


async def at_rest(pilot) -> str:
    """A picture of the screen, once nothing in it changes any more: a layout may come after a layout."""
    await until(pilot, lambda: all(worker.is_finished for worker in pilot.app.workers))
    await pilot.wait_for_scheduled_animations()
    before, now = "", shown(pilot)
    while before != now:
        before = now
        await pilot.pause(0.2)
        now = shown(pilot)
    return pilot.app.export_screenshot()
