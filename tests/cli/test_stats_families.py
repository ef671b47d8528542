"""`tutor stats`: the misconceptions of the last misses, by family."""

from __future__ import annotations

import json

import pytest

from tutor.cli import main
from tutor.schedule.memory import Scheduler
from tutor.schedule.settings import Settings
from tutor.store import Rating, open_store
from tutor.store.records import Attempt, Review

DETACH = "autograd.detach.square-times-x"
DAY = 86_400_000


@pytest.fixture
def home(tmp_path):
    with open_store(tmp_path / "home") as store:
        for at, near in enumerate(["std:drop-zero-grad", "detach-ignored", "detach-ignored"], 1):
            at *= DAY
            attempt = Attempt({}, "wrong", (near,), at, 1.0)
            review = Review(
                uuid=str(at), device="d", at=at, utc_offset=0, exercise_id=DETACH, revision=1,
                content_hash="", seed=0, params={}, language="en", attempts=(attempt,), hints_used=0,
                gave_up=False, seconds=1.0, rating=Rating.AGAIN, score=0.0, torch_version="",
                app_version="",
            )  # fmt: skip
            store.record(review, Scheduler(Settings()))
    return tmp_path / "home"


@pytest.fixture
def stats(home, capsys):
    def run(*args: str) -> str:
        with pytest.raises(SystemExit) as ended:
            main(["--home", str(home), "stats", *args])
        assert not ended.value.code
        return capsys.readouterr().out

    return run


def test_stats_tells_families_and_not_ids(stats):
    told = "of your last 3 misses:\n   2  what detach cuts\n   1  gradients accumulate\n"
    assert told in stats()


def test_stats_in_json_has_both(stats):
    data = json.loads(stats("--json"))
    assert data["misconceptions"] == {"detach-ignored": 2, "std:drop-zero-grad": 1}
    assert data["families"][0] == {
        "family": "detach",
        "title": "what detach cuts",
        "times": 2,
        "of": 3,
        "exercises": [DETACH],
        "last_at": 3 * DAY,
    }
