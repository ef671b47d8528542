"""`make screenshots`: the pictures in docs/img, taken of the real app with the real worker.

    python docs/screenshots.py [NAME …]

The exercise and the draw are fixed, and so is the clock: the pictures only change when the app does.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tutor import i18n
from tutor.app.app import TutorApp
from tutor.app.screens.review import Phase, ReviewScreen
from tutor.exercise.load import load_library
from tutor.locations import exercises_dir
from tutor.runner.client import Runner
from tutor.schedule.settings import Settings
from tutor.session import Session
from tutor.session.previewing import PreviewSession
from tutor.store import open_store

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from history import NOON, write_history

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from textual.pilot import Pilot

IMAGES = Path(__file__).parent / "img"


@dataclass(frozen=True)
class Picture:
    """One picture: which draw of which exercise, what is typed, and when it is taken."""

    name: str
    exercise: str
    seed: int
    answers: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    until: Phase = Phase.ASKING
    #: Pressed once the question is over: a tab and what is done in it.
    after: tuple[str, ...] = ()
    language: str = "en"
    theme: str = "tutor-dark"
    size: tuple[int, int] = (100, 30)


DETACH = "autograd.detach.square-times-x"
TWICE = "autograd.accumulate.zero-then-sum"
GIVE_UP = ("f4", "f4")
PICTURES = (
    Picture("question", DETACH, 0, answers=("[9, 4]",)),
    Picture("wrong", DETACH, 0, answers=("27, 12", "True, True"), keys=("ctrl+s",)),
    Picture("correct", DETACH, 0, answers=("9, 4", "True, True"), keys=("ctrl+s",), until=Phase.OVER),
    Picture(
        "wrong-zh", DETACH, 0, answers=("27, 12", "True, True"), keys=("ctrl+s",), language="zh"
    ),
    Picture("grid", DETACH, 0, keys=("ctrl+g", "9", ",", "4"), size=(80, 24)),
    Picture("order", "model.training-step.order", 0, keys=("b", "d", "alt+up"), size=(80, 24)),
    Picture("trace", TWICE, 0, keys=GIVE_UP, until=Phase.OVER, after=("2", "down", "down", "down")),
    Picture("backward", DETACH, 0, keys=GIVE_UP, until=Phase.OVER, after=("3", "down", "down")),
    Picture("graph", DETACH, 0, keys=GIVE_UP, until=Phase.OVER, after=("4",), size=(120, 40)),
    Picture(
        "what-if", DETACH, 0, answers=("9, 4", "True, True"), keys=("ctrl+s",), until=Phase.OVER,
        after=("5", "p", *"27, 12", "escape", "space"), theme="tutor-light", size=(120, 40),
    ),
)  # fmt: skip


async def take(picture: Picture, runner: Runner, folder: Path) -> None:
    i18n.use(picture.language)
    path = load_library([exercises_dir()]).exercises[picture.exercise].path

    @asynccontextmanager
    async def session() -> AsyncIterator[PreviewSession]:
        home = folder / picture.name
        with open_store(home) as store:
            yield PreviewSession(path, store, runner, seed=picture.seed, language=picture.language)

    screen = ReviewScreen()
    app = TutorApp(session, screen)
    async with app.run_test(size=picture.size) as pilot:
        app.theme = picture.theme
        await until(pilot, lambda: screen.phase is Phase.ASKING and app.focused is not None)
        await until(pilot, lambda: app.torch == "ready")
        for text, panel in zip(picture.answers, screen.query("AnswerPanel"), strict=False):
            panel.field.insert(text)
        await pilot.pause()
        if picture.keys:
            await pilot.press(*picture.keys)
            await until(pilot, lambda: screen.phase is not Phase.CHECKING)
            await until(pilot, lambda: screen.phase is picture.until)
        for key in picture.after:
            await pilot.press(key)
            await until(pilot, lambda: all(worker.is_finished for worker in app.workers))
        await pilot.pause(0.2)
        app.save_screenshot(f"{picture.name}.svg", str(IMAGES))
    print(f"docs/img/{picture.name}.svg")


@dataclass(frozen=True)
class Place:
    """A picture of a place, after so many days of a learner's work."""

    name: str
    days: int
    keys: tuple[str, ...] = ()
    language: str = "en"
    theme: str = "tutor-dark"
    size: tuple[int, int] = (100, 30)


SEARCH = ("2", "slash", *"sum", "enter", "j", "j")
PLACES = (
    Place("welcome", 0),
    Place("home", 64, size=(120, 40)),
    Place("home-zh", 64, language="zh", size=(120, 40)),
    Place("library", 40, keys=("2", "j", "l", "j"), size=(120, 36)),
    Place("library-search", 40, keys=SEARCH, theme="tutor-light"),
    Place("statistics", 70, keys=("3",), size=(120, 40)),
)


async def visit(place: Place, runner: Runner, folder: Path) -> None:
    i18n.use(place.language)
    library, home = load_library([exercises_dir()]), folder / f"after-{place.days}"
    if place.days and not home.exists():
        write_history(home, library, place.days)

    @asynccontextmanager
    async def session() -> AsyncIterator[Session]:
        settings = Settings(zone="UTC")
        with open_store(home) as store:
            yield Session(
                library,
                store,
                runner,
                language=place.language,
                clock=lambda: NOON,
                settings=settings,
            )

    app = TutorApp(session, home=folder / "first" if not place.days else None, start="home")
    async with app.run_test(size=place.size) as pilot:
        app.theme = place.theme
        await until(pilot, lambda: app.session is not None and app.torch == "ready")
        for key in place.keys:
            await pilot.press(key)
            await pilot.pause(0.1)
            await until(pilot, lambda: all(worker.is_finished for worker in app.workers))
        await pilot.pause(1.0)
        app.save_screenshot(f"{place.name}.svg", str(IMAGES))
    print(f"docs/img/{place.name}.svg")


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    for _ in range(2000):
        if condition():
            return
        await pilot.pause(0.01)
    raise TimeoutError("the app never came to where the picture is taken")


async def main(names: list[str]) -> None:
    """Take the pictures of these names; all of them if there are none."""
    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        async with Runner() as runner:
            for picture in PICTURES:
                if picture.name in (names or [picture.name]):
                    await take(picture, runner, Path(folder))
            for place in PLACES:
                if place.name in (names or [place.name]):
                    await visit(place, runner, Path(folder))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
