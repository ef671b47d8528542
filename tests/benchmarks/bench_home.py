"""Home and the library with 10,000 exercises and 1,000,000 reviews: how long until the numbers are there,
against a home with hardly anything in it; and from a key press to the repaint, while files are read.

Starts are timed in a pseudo-terminal, from exec on, after one that reads the exercises into the cache.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "e2e"))

from bench_start import TUTOR, env
from big_log import fill
from history import write_history
from measure import header, median, p95, row
from terminal import Terminal
from textual.events import Key

from tutor.agenda.filters import Filters
from tutor.app.app import TutorApp
from tutor.app.widgets.answer.field import AnswerField
from tutor.clock import utc_now_ms
from tutor.exercise.load import load_library
from tutor.exercise.registry import known_library
from tutor.grading.truths import find_truths
from tutor.locations import exercises_dir
from tutor.question import draw
from tutor.runner.client import Runner
from tutor.session import Session
from tutor.store import open_store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tutor.exercise.load import Library

EXERCISES, REVIEWS, ROUNDS, KEYS = 10_000, 1_000_000, 5, 80
COUNTED = "exercises begun"
ASKED = "autograd.detach.square-times-x"

EXERCISE = """\
format: 1
id: deck.exercise-{n:05d}
skill: deck.skill-{skill}
title: Exercise {n}
params: {{c: {{int: [2, 9]}}}}
program: |
  x = torch.tensor([{n}.0, 2.0], requires_grad=True)
  y = ({{{{ c }}}} * x * x).sum()
  y.backward()
ask: What is `x.grad` after this runs?
answers:
  grad: {{kind: value, value: x.grad}}
"""


def write_deck(folder: Path) -> None:
    folder.mkdir()
    skills = {f"deck.skill-{n}": {"title": f"Skill {n}"} for n in range(200)}
    deck = {"format": 1, "id": "big", "title": "Big", "languages": ["en"], "licence": "MIT"}
    (folder / "deck.yaml").write_text(json.dumps({**deck, "skills": skills}))
    for n in range(EXERCISES):
        (folder / f"{n:05d}.yaml").write_text(EXERCISE.format(n=n, skill=n % 200))


def as_it_stands(home: Path, deck: Path) -> None:
    """The log is about these very exercises, none of them edited since."""
    hashes = [(one.content_hash, id_) for id_, one in load_library([deck]).exercises.items()]
    with open_store(home) as store:
        store._db.execute("BEGIN")
        store._db.executemany("UPDATE memory SET content_hash = ? WHERE exercise_id = ?", hashes)
        store._db.execute("COMMIT")


def seconds_until_counted(home: Path) -> float:
    began = time.perf_counter()
    with Terminal([TUTOR], env=env(str(home)), columns=100, rows=30) as terminal:
        terminal.wait_for(COUNTED, seconds=300)
        return time.perf_counter() - began


async def key_presses(home: Path) -> tuple[list[float], list[float]]:
    """Seconds from a press to the repaint, with programs running all the while: of a character in an
    answer, which is read and echoed as one types, and of j in the library.

    In this process: an emulated terminal takes longer to read a screen than the app to paint it.
    """
    library = known_library(home)
    async with Runner(spares=1) as runner:
        await runner.wait_ready()

        @asynccontextmanager
        async def session() -> AsyncIterator[Session]:
            with open_store(home) as store:
                yield Session(library, store, runner)

        app = TutorApp(session, start="home")
        async with app.run_test(size=(100, 30)) as pilot:
            while app.session is None:
                await pilot.pause(0.05)
            await app.asking.aside(Filters(exercises=frozenset({ASKED}), cram=True), "")
            while not isinstance(app.focused, AnswerField):
                await pilot.pause(0.05)
            typed = await _pressed(app, "[1.5, -2, 3]; ", library, runner)
            await pilot.press("escape", "2")
            while not getattr(app.screen.focused, "rows", ()):
                await pilot.pause(0.05)
            moved = await _pressed(app, "j" * 20 + "k" * 20, library, runner)
    return typed, moved


async def _pressed(app: TutorApp, keys: str, library: Library, runner: Runner) -> list[float]:
    """Press one after the other, from the beginning again, until there are enough."""
    painted = asyncio.Event()
    display = app._display
    app._display = lambda *what: (display(*what), painted.set())  # type: ignore[method-assign]
    busy = asyncio.create_task(_keep_running(library, runner))
    taken: list[float] = []
    for n in range(KEYS):
        await asyncio.sleep(0.03)
        painted.clear()
        began = time.perf_counter()
        key = keys[n % len(keys)]
        app.post_message(Key(key, key))
        await painted.wait()
        taken.append(time.perf_counter() - began)
    busy.cancel()
    app._display = display  # type: ignore[method-assign]
    return taken


async def _keep_running(library: Library, runner: Runner) -> None:
    question = draw(library.exercises[ASKED], 0, "en")
    while True:
        await find_truths(question, runner)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        small, big = Path(folder) / "small", Path(folder) / "big"
        write_history(small, load_library([exercises_dir()]), 1, until=utc_now_ms())
        write_deck(Path(folder) / "deck")
        fill(big, exercises=EXERCISES, reviews=REVIEWS)
        (big / "decks.json").write_text(json.dumps({"folders": [str(Path(folder) / "deck")]}))
        as_it_stands(big, Path(folder) / "deck")
        cold = seconds_until_counted(big)
        seconds_until_counted(small)
        times: dict[str, list[float]] = {"big": [], "small": []}
        for _ in range(ROUNDS):
            times["small"].append(seconds_until_counted(small))
            times["big"].append(seconds_until_counted(big))
        header()
        ours, against = median(times["big"]), median(times["small"])
        row(f"numbers of home, {EXERCISES} exercises, {REVIEWS} reviews", f"{ours * 1000:.0f} ms",
            f"{against * 1000:.0f} ms", ours / against, "≤ 1.3×")  # fmt: skip
        typed, moved = asyncio.run(key_presses(big))
        for where, pressed in (("an answer", typed), ("the library", moved)):
            row(f"key press to repaint in {where}, p95", f"{p95(pressed) * 1000:.0f} ms", "50 ms",
                p95(pressed) / 0.05, "≤ 1×")  # fmt: skip
        print(f"the first start, which reads every file: {cold:.1f} s")


if __name__ == "__main__":
    main()
