"""Fitting the memory model from the app: words and progress, cancelled, kept, left in the background."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace

import pytest
from app_steps import asked, ended, go_on, over, shown, type_into, until
from history import NOON
from textual.events import Key
from textual.worker import WorkerState

from tutor.app.screens.fit import FitScreen
from tutor.app.screens.home import HomeScreen
from tutor.app.screens.settings import SettingsScreen
from tutor.app.widgets.prose import Prose
from tutor.schedule import fsrs6
from tutor.schedule.days import DAY_MS
from tutor.schedule.memory import Scheduler
from tutor.schedule.settings import DEFAULT_PARAMETERS, ENOUGH, Settings
from tutor.store import open_store
from tutor.store.records import Rating, Review

pytestmark = pytest.mark.asyncio(loop_scope="module")

#: A learner whose memories grow only a third as much with every review as most learners'.
SLOW = tuple(value - 1 if n == 8 else value for n, value in enumerate(DEFAULT_PARAMETERS))


def learn(home, exercises: int, reviews: int = 9) -> None:
    """A log of a slow learner, with one review a day and exercise: all but the first ones count."""
    rng, scheduler = random.Random(1), Scheduler(Settings(zone="UTC"))
    found: list[Review] = []
    for n in range(exercises):
        at, rating = NOON - 400 * DAY_MS + rng.randrange(60) * DAY_MS, 3
        true, believed = fsrs6.first(SLOW, 3), fsrs6.first(DEFAULT_PARAMETERS, 3)
        for k in range(reviews):
            found.append(review(f"{n:03}-{k:03}", f"gone.e{n}", at, rating))
            days = max(fsrs6.interval(DEFAULT_PARAMETERS, believed[0], 0.9), 1)
            days = min(days * rng.uniform(0.7, 2.0), 30)
            rating = 3 if rng.random() < fsrs6.retrievability(SLOW, days, true[0]) else 1
            at += round(days * DAY_MS)
            true = fsrs6.following(SLOW, *true, rating, days, False)
            believed = fsrs6.following(DEFAULT_PARAMETERS, *believed, rating, days, False)
    with open_store(home) as store:
        store._db.execute("PRAGMA synchronous = OFF")
        for one in sorted(found, key=lambda one: one.at):
            store.record(replace(one, device=store.device_id), scheduler)


def review(uuid: str, exercise_id: str, at: int, rating: int) -> Review:
    return Review(
        uuid=uuid, device="", at=at, utc_offset=0, exercise_id=exercise_id, revision=1,
        content_hash="", seed=0, params={}, language="en", attempts=(), hints_used=0,
        gave_up=rating == 1, seconds=20.0, rating=Rating(rating), score=1.0, torch_version="2",
        app_version="0",
    )  # fmt: skip


def said(pilot) -> str:
    """What the fit says, unbroken; else the notices."""
    if isinstance(pilot.app.screen, FitScreen):
        return pilot.app.screen.query_one(".stage", Prose).text.plain
    return " ".join(one.message for one in pilot.app._notifications)


async def at_home(pilot) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, HomeScreen))
    await until(pilot, lambda: pilot.app.session is not None)


async def test_too_short_a_log_is_told_how_much_is_wanting(desk):
    learn(desk.home, 2, reviews=4)
    app = desk.app("value", start="home")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_home(pilot)
        await pilot.press("4")
        await until(pilot, lambda: "Memory model: fitted to most learners" in shown(pilot))
        await pilot.press("f")
        await until(pilot, lambda: isinstance(app.screen, FitScreen))
        await until(pilot, lambda: "6 reviews count so far" in said(pilot))
        assert f"a fit takes {ENOUGH}" in said(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen))
        assert desk.session.store.marks().parameters == ()


async def test_a_better_fit_is_kept_and_in_force_at_once(desk, monkeypatch):
    learn(desk.home, 60)
    told, show = [], FitScreen._show
    monkeypatch.setattr(
        FitScreen, "_show", lambda self, *words: (told.append(words[0]), show(self, *words))
    )
    app = desk.app("value", start="home")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_home(pilot)
        await pilot.press("4")
        await until(pilot, lambda: "f: Fit to my memory" in shown(pilot))
        rows = shown(pilot).split("\n")
        y = next(i for i, row in enumerate(rows) if "f: Fit to my memory" in row)
        await pilot.click(offset=(rows[y].index("f: Fit") + 1, y))
        await until(pilot, lambda: isinstance(app.screen, FitScreen))
        await until(pilot, lambda: "parameters are" in said(pilot))
        assert [one for one in told if one.startswith("◌")][-2:] == [
            "◌ Fitting the older reviews…",
            "◌ Foretelling the newest ones…",
        ]
        assert "in force" in said(pilot)
        parameters = desk.session.store.marks().parameters
        assert desk.session.settings.parameters == parameters != DEFAULT_PARAMETERS
        assert desk.session.store.check_consistency(desk.session.scheduler) == []
        await pilot.press("escape")
        await until(pilot, lambda: "Memory model: fitted to your own reviews" in shown(pilot))


async def begun(pilot, key: str):
    """A fit just begun, and a key pressed at once: it would soon be over."""
    pilot.app.action_fit()
    while getattr(pilot.app.screen, "_worker", None) is None:  # noqa: ASYNC110 - no pause between
        await asyncio.sleep(0)
    worker = pilot.app.screen._worker
    pilot.app.post_message(Key(key, None))
    await until(pilot, lambda: isinstance(pilot.app.screen, HomeScreen))
    await until(pilot, lambda: worker.is_finished)
    return worker


async def test_escape_stops_it_and_enter_leaves_it_to_go_on(desk):
    learn(desk.home, 2, reviews=4)
    app = desk.app("value", start="home")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_home(pilot)
        assert (await begun(pilot, "escape")).state is WorkerState.CANCELLED
        assert not app._notifications
        assert (await begun(pilot, "enter")).state is WorkerState.SUCCESS
        assert "6 reviews count so far" in said(pilot)


async def test_it_is_offered_once_at_the_end_of_a_plan(desk):
    learn(desk.home, 60)
    app = desk.app("value")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        assert not app._notifications
        await type_into(pilot, "[[0.5, 1], [1.5, 2]]")
        await pilot.press("enter")
        await over(pilot)
        await go_on(pilot)
        await ended(pilot)
        await until(pilot, lambda: "among the commands (^p)" in said(pilot))
    app = desk.app("value")
    async with app.run_test(size=(80, 24)) as pilot:
        await ended(pilot)
        await until(pilot, lambda: all(one.is_finished for one in app.workers))
        assert not app._notifications


async def test_it_is_among_the_commands(desk):
    app = desk.app("value", start="home")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_home(pilot)
        titles = [command.title for command in app.get_system_commands(app.screen)]
        assert titles.count("Fit to my memory") == 1
        await pilot.press("4")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen))
        titles = [command.title for command in app.get_system_commands(app.screen)]
        assert titles.count("Fit to my memory") == 1, "the key's own, not another"
