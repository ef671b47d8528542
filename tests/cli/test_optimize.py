"""`tutor optimize` on a real log: kept only when better, in force everywhere, and taken back."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from tutor.cli import tutor
from tutor.cli.doctor import _progress
from tutor.schedule import fsrs6
from tutor.schedule.fitted import in_force, usable
from tutor.schedule.memory import Scheduler
from tutor.schedule.settings import DEFAULT_PARAMETERS, Settings
from tutor.store import Rating, Review, new_uuid, open_store

if TYPE_CHECKING:
    from pathlib import Path

DAY = 86_400_000
START = 1_700_000_000_000
#: A learner whose memories grow only a third as much with every review as most learners'.
SLOW = tuple(value - 1 if n == 8 else value for n, value in enumerate(DEFAULT_PARAMETERS))


def answer(home: Path, exercises: int) -> None:
    """What such a learner answers when asked by the default parameters."""
    rng = random.Random(3)
    with open_store(home) as store:
        store._db.execute("PRAGMA synchronous = OFF")
        for n in range(exercises):
            at = START + rng.randrange(40) * DAY
            memory, rating = None, Rating.GOOD
            true = fsrs6.first(SLOW, 3)
            for _ in range(9):
                review = Review(
                    new_uuid(at), store.device_id, at, 0, f"e{n}", 1, "", n, {}, "en", (), 0,
                    False, 9.0, rating, 1.0, "", "",
                )  # fmt: skip
                memory = store.record(review, Scheduler())
                days = max((memory.due - at) / DAY, 1) * rng.uniform(0.8, 1.8)
                right = rng.random() < fsrs6.retrievability(SLOW, days, true[0])
                rating = Rating.GOOD if right else Rating.AGAIN
                true = fsrs6.following(SLOW, *true, rating, days, False)
                at += round(days * DAY)


def run(home: Path, *args: str) -> str:
    done = CliRunner().invoke(tutor, ["--home", str(home), *args], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_fit_is_kept_when_better_and_taken_back(tmp_path: Path) -> None:
    assert "0 reviews count so far" in run(tmp_path, "optimize")
    answer(tmp_path, 90)
    tried = json.loads(run(tmp_path, "optimize", "--dry-run", "--json"))
    assert (tried["better"], tried["kept"]) == (True, False)
    assert tried["after"] < tried["before"]
    with open_store(tmp_path, read_only=True) as store:
        assert store.marks().parameters == ()
        plain = dict(store.memories())

    found = json.loads(run(tmp_path, "optimize", "--json"))
    assert found == {**tried, "kept": True}
    with open_store(tmp_path, read_only=True) as store:
        settings = in_force(Settings(), store)
        assert list(settings.parameters) == found["parameters"]
        assert store.check_consistency(Scheduler(settings)) == []
        assert dict(store.memories()) != plain
    assert all(check.ok for check in _progress(tmp_path))  # as `tutor doctor` sees it

    said = run(tmp_path, "optimize")  # once more: now it is the fitted ones that have to be beaten
    assert "were not kept" in said or "in force" in said
    assert "fit most learners" in run(tmp_path, "optimize", "--reset")
    with open_store(tmp_path, read_only=True) as store:
        assert dict(store.memories()) == plain


@pytest.mark.parametrize(
    "parameters",
    [(), DEFAULT_PARAMETERS[:-1], (*DEFAULT_PARAMETERS[:-1], float("nan")), (0.0,) * 21],
)
def test_what_cannot_be_scheduled_with_is_not_in_force(parameters: tuple[float, ...]) -> None:
    assert not usable(parameters)
    assert usable(DEFAULT_PARAMETERS)
