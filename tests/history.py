"""Writes the log of a learner who has been at it for a while: real questions, plausible answers.

    python tests/history.py HOME DAYS

The learner forgets along a curve of their own, is quicker with what they know, has one favourite
misconception and some days off.  The same arguments give the same log.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tutor import __version__
from tutor.question import draw
from tutor.schedule import queue
from tutor.schedule.days import DAY_MS, MINUTE_MS
from tutor.schedule.memory import Scheduler
from tutor.schedule.rating import Outcome, habit, rate
from tutor.schedule.settings import Settings
from tutor.schedule.skills import candidates_of
from tutor.store import NEW, open_store
from tutor.store.records import Attempt, Remembered, Review

if TYPE_CHECKING:
    from tutor.exercise.load import Library, LoadedExercise
    from tutor.store import Store

#: 2026-03-02 12:00 UTC, a Monday: the moment that the pictures are taken at.
NOON = 1_772_452_800_000


def write_history(
    home: Path, library: Library, days: int, *, until: int = NOON, seed: int = 1
) -> int:
    """The log of the ``days`` days before ``until`` (UTC ms); how many reviews it has."""
    with open_store(home) as store:
        # A year would take minutes, were every commit to reach the disk.
        store._db.execute("PRAGMA synchronous = OFF")
        learner = _Learner(library, store, random.Random(seed))
        for day in range(days, -1, -1):
            at = until - day * DAY_MS - 180 * MINUTE_MS
            # Today is not finished: there is something left to do.
            learner.study(at, first=day == days, most=30 if day else 3)
        return store.review_count()


class _Learner:
    def __init__(self, library: Library, store: Store, chance: random.Random) -> None:
        self.library = library
        self.store = store
        self.chance = chance
        self.candidates = candidates_of(library)
        self.settings = Settings(zone="UTC", new_per_day=2)
        self.scheduler = Scheduler(self.settings)
        self.memories: dict[str, Remembered] = {}
        self.past: dict[str, list[Review]] = {}
        self.params: dict[tuple[str, int], dict] = {}
        self.count = 0

    def study(self, at: int, *, first: bool, most: int) -> None:
        weekend = (at // DAY_MS + 3) % 7 >= 5
        if not first and self.chance.random() < (0.2 if weekend else 0.03):
            return
        at += self.chance.randrange(0, 90) * MINUTE_MS
        recent: list[str] = []
        wanted = self.chance.randint(6, 12) if weekend else self.chance.randint(10, 26)
        for _ in range(min(wanted, most)):
            planned = queue.next_up(self.candidates, self.memories, at, self.settings, recent)
            if planned is None:
                return
            recent.append(planned.exercise_id)
            at += int(1000 * self._answer(self.library.exercises[planned.exercise_id], at))

    def _answer(self, loaded: LoadedExercise, at: int) -> float:
        memory = self.memories.get(loaded.id, NEW)
        known = 0.62
        if isinstance(memory, Remembered):
            elapsed = max(at - memory.last_review, 0) / DAY_MS
            known = 0.99 * (1 + elapsed / (9 * memory.stability)) ** -0.5
        hard = (hash_of(loaded.id) % 100) / 100
        right_at_once = self.chance.random() < known * (1 - 0.2 * hard)
        tries = 1 if right_at_once else 2 if self.chance.random() < 0.45 else 3
        gave_up = tries == 3
        attempts, spent = [], 0.0
        for n in range(tries if not gave_up else 2):
            spent += self.chance.lognormvariate(3.3, 0.5) * (0.6 if right_at_once else 1.0)
            right = not gave_up and n == tries - 1
            near = () if right or self.chance.random() < 0.3 else self._near(loaded)
            attempts.append(
                Attempt({}, "correct" if right else "wrong", near, at + int(spent * 1000), spent)
            )
        seed = self.chance.randrange(100)
        params = self._params(loaded, seed)
        outcome = Outcome(len(attempts), not gave_up, 0, gave_up, spent)
        self.count += 1
        review = Review(
            uuid=f"{at:012x}-{self.count:06d}",
            device=self.store.device_id,
            at=at,
            utc_offset=0,
            exercise_id=loaded.id,
            revision=1,
            content_hash=loaded.content_hash,
            seed=seed,
            params=params,
            language="en",
            attempts=tuple(attempts),
            hints_used=0,
            gave_up=gave_up,
            seconds=spent,
            rating=rate(outcome, habit(self.past.get(loaded.id, ()), params)),
            score=0.0 if gave_up else 1.0,
            torch_version="2.13.0",
            app_version=__version__,
        )
        after = self.store.record(review, self.scheduler)
        assert isinstance(after, Remembered)
        self.memories[loaded.id] = after
        self.past.setdefault(loaded.id, []).append(review)
        return spent + self.chance.uniform(3, 20)

    def _near(self, loaded: LoadedExercise) -> tuple[str, ...]:
        ids = [
            id_
            for answer in loaded.exercise.answers.values()
            for id_ in getattr(answer, "near", None) or ()
        ]
        # The first is what this learner is prone to.
        return (ids[0] if self.chance.random() < 0.7 else self.chance.choice(ids),) if ids else ()

    def _params(self, loaded: LoadedExercise, seed: int) -> dict:
        key = loaded.id, seed % 3
        if key not in self.params:
            self.params[key] = dict(draw(loaded, seed % 3, "en").params)
        return self.params[key]


def hash_of(text: str) -> int:
    """The same in every run, as Python's own is not."""
    return sum(ord(character) * (i + 7) for i, character in enumerate(text))


def main() -> None:
    from tutor.clock import utc_now_ms
    from tutor.exercise.load import load_library
    from tutor.locations import exercises_dir

    home, days = Path(sys.argv[1]), int(sys.argv[2])
    library = load_library([exercises_dir()])
    print(write_history(home, library, days, until=utc_now_ms()), "reviews in", home)


if __name__ == "__main__":
    main()
