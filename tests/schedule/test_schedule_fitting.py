"""Parameters fitted to a log: better only where they foretell better what was kept apart."""

from __future__ import annotations

import asyncio
import os
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tutor.schedule import fsrs6
from tutor.schedule.days import DAY_MS
from tutor.schedule.fitting import Fit, Seen, enough, fit, log_loss
from tutor.schedule.optimise import FitFailed, Progress, optimise
from tutor.schedule.settings import DEFAULT_PARAMETERS, ENOUGH, Settings
from tutor.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

START = 20_000 * DAY_MS
#: A learner whose memories grow only a third as much with every review as most learners'.
SLOW = tuple(value - 1 if n == 8 else value for n, value in enumerate(DEFAULT_PARAMETERS))


def learned(w: tuple[float, ...], exercises: int, seed: int = 1) -> dict[str, list[Seen]]:
    """A learner with these parameters, asked when the default ones say so."""
    rng, found = random.Random(seed), {}
    for n in range(exercises):
        at, rating = START + rng.randrange(60) * DAY_MS, 3
        seen = [Seen(at, at // DAY_MS, rating)]
        true, believed = fsrs6.first(w, rating), fsrs6.first(DEFAULT_PARAMETERS, rating)
        for _ in range(8):
            days = max(fsrs6.interval(DEFAULT_PARAMETERS, believed[0], 0.9), 1)
            days *= rng.uniform(0.7, 2.0)
            rating = 3 if rng.random() < fsrs6.retrievability(w, days, true[0]) else 1
            at += round(days * DAY_MS)
            true = fsrs6.following(w, *true, rating, days, False)
            believed = fsrs6.following(DEFAULT_PARAMETERS, *believed, rating, days, False)
            seen.append(Seen(at, at // DAY_MS, rating))
        found[f"e{n}"] = seen
    return found


def test_a_learner_of_another_kind_is_foretold_better() -> None:
    stages: list[str] = []
    found = fit(learned(SLOW, 400), DEFAULT_PARAMETERS, stages.append)
    assert stages == ["fitting", "checking"]
    assert found.reviews > 3_000
    assert found.foretold == pytest.approx(found.reviews / 5, rel=0.05)
    assert found.better
    assert found.after < found.before - 0.02
    assert len(found.parameters) == 21
    Settings(parameters=found.parameters)  # they can be scheduled with


def test_parameters_that_foretell_worse_are_not_better() -> None:
    ours = learned(DEFAULT_PARAMETERS, 60)
    best = fit(ours, DEFAULT_PARAMETERS)
    assert not Fit(500, 300, 100, before=0.3, after=0.3, parameters=best.parameters).better
    assert best.better == (best.after < best.before)


def test_too_few_reviews_fit_nothing() -> None:
    few = learned(SLOW, ENOUGH // 8 - 1)
    assert fit(few, DEFAULT_PARAMETERS) == Fit(8 * len(few))
    assert not fit(few, DEFAULT_PARAMETERS).better
    assert fit({}, DEFAULT_PARAMETERS) == Fit(0)


@dataclass(frozen=True)
class Logged:
    """As much of a review as is counted."""

    at: int
    exercise_id: str
    utc_offset: int = 0


def test_enough_counts_what_the_fit_counts() -> None:
    known = learned(SLOW, 40)  # 320 that count
    known["e0"] = sorted([*known["e0"], *known["e0"]], key=lambda one: one.at)  # twice a day
    rows = [Logged(one.at, id_) for id_, seen in known.items() for one in seen]
    rows.sort(key=lambda one: one.at)
    least = next(n for n in range(len(rows)) if enough(rows[:n], 0))  # type: ignore[arg-type]
    parts: dict[str, list[Seen]] = {}
    for one in rows[: least - 1]:
        parts.setdefault(one.exercise_id, []).append(Seen(one.at, one.at // DAY_MS, 3))
    assert fit(parts, DEFAULT_PARAMETERS) == Fit(ENOUGH - 1)


def test_reviews_of_one_day_and_clocks_set_back_do_not_count() -> None:
    day = [Seen(START, 20_000, 3), Seen(START + 9, 20_000, 1), Seen(START - 9, 19_999, 3)]
    assert log_loss({"x": day}, DEFAULT_PARAMETERS, 0) == (0.0, 0)
    found = fit({f"e{n}": day for n in range(500)}, DEFAULT_PARAMETERS)
    assert found == Fit(0)


def test_the_loss_is_the_mean_surprise() -> None:
    w = DEFAULT_PARAMETERS
    after = START + round(w[2] * DAY_MS)  # the probability of recall is 0.9 by then
    right = [Seen(START, 20_000, 3), Seen(after, 20_003, 3)]
    wrong = [Seen(START, 20_000, 3), Seen(after, 20_003, 1)]
    loss, count = log_loss({"a": right, "b": wrong}, w, START)
    assert count == 2
    assert loss == pytest.approx((0.10536 + 2.30259) / 2, abs=1e-4)
    assert log_loss({"a": right, "b": wrong}, w, after + 1)[1] == 0


async def test_the_process_reads_the_log_and_tells_where_it_is(tmp_path: Path) -> None:
    with open_store(tmp_path):
        pass
    told: list[Progress] = []
    assert await optimise(tmp_path, Settings(), told.append) == Fit(0)
    assert await optimise(tmp_path / "none yet", Settings()) == Fit(0)


async def test_a_fit_that_fails_says_so(tmp_path: Path) -> None:
    (tmp_path / "progress.sqlite3").write_bytes(b"no database" * 100)
    with pytest.raises(FitFailed, match="nothing was changed"):
        await optimise(tmp_path, Settings())


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="looks for the process in /proc")  # noqa: PTH112
async def test_cancelling_ends_the_process(tmp_path: Path) -> None:
    task = asyncio.create_task(optimise(tmp_path, Settings()))
    await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with open("/proc/self/task/%d/children" % os.getpid()) as file:  # noqa: PTH123, UP031, ASYNC230
        for child in file.read().split():
            with open(f"/proc/{child}/cmdline") as line:  # noqa: PTH123, ASYNC230
                assert "fitting" not in line.read()
