"""What to ask next, and how much is due, among 10,000 exercises: the way of the session itself.

Prints rows of ``name  ours  aim  ratio``: the best of fifteen, after one call of each. The store's own reads
from a log of a million reviews are in ``bench_memory``; here it keeps the memories, as in a session, and
one more review is recorded before every call. Run it as a script.
"""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bench_commit import make_review, timed
from big_log import NOW, fill
from measure import header, milliseconds, row

from tutor.agenda.agenda import Agenda
from tutor.exercise.deck import Deck
from tutor.exercise.load import Library, LoadedExercise
from tutor.exercise.model import Skill
from tutor.schedule.memory import Scheduler
from tutor.schedule.settings import Settings
from tutor.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from tutor.exercise.model import Exercise

EXERCISES, SKILLS = 10_000, 60
AIM = 0.010


def unread() -> Exercise:
    raise AssertionError("no exercise has to be read for the queue")


def library() -> Library:
    """10,000 exercises over 60 skills, each of which requires one or two before it."""
    skills = {
        f"skill-{n:02}": Skill(
            title="S", requires=[f"skill-{n - back:02}" for back in (1, 7) if n - back >= 0]
        )
        for n in range(SKILLS)
    }
    deck = Deck("deck", "Deck", ("en",), "MIT", skills, Path("deck"))
    exercises = {
        id_: LoadedExercise((id_, f"skill-{n % SKILLS:02}"), unread, Path(id_), deck, "c0ffee")
        for n in range(EXERCISES)
        for id_ in (f"deck.exercise-{n:05}",)
    }
    return Library((deck,), exercises)


def main() -> None:
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        home = Path(folder, "home")
        fill(home, exercises=9_000, reviews=90_000)
        header()
        with open_store(home) as store:
            agenda = Agenda(library(), store, Settings(zone="UTC"), lambda: NOW)
            rule = Scheduler(agenda.settings)
            recent = ["deck.exercise-00001", "deck.exercise-00002"]
            calls: dict[str, Callable[[], object]] = {
                "what is due, and how much is new": agenda.due,
                "what to ask next": lambda: agenda.next(recent),
                "the day its answer should lead to": lambda: agenda.review_uuid(recent[0]),
                "the state of every skill": agenda.skills,
            }
            for number, (name, call) in zip(itertools.count(), calls.items(), strict=False):
                call()
                times = []
                for again in range(15):
                    moment = 3_000_000 + number * 100 + again
                    review = make_review(store.device_id, moment)
                    store.record(review, rule)
                    times.append(timed(call))
                row(name, milliseconds(min(times)), milliseconds(AIM), min(times) / AIM, "<= 1.00x")


if __name__ == "__main__":
    main()
