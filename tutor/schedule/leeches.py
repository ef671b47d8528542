"""Leeches: exercises that take time and do not stick.

One is a leech once it was forgotten six times, or was wrong four of the last six times. It stops being
one by itself when it was right three times in a row. Nothing happens to a leech unless the learner says
so: it is shown as one, and can be suspended.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tutor.store.records import Rating

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tutor.store.records import Remembered

LAPSES: Final = 6
WRONG: Final = 4
OF: Final = 6
RECOVERED: Final = 3


@dataclass(frozen=True, slots=True)
class Leech:
    """``lapses`` is how often it was forgotten, ``wrong`` how often of the last ``of`` times."""

    exercise_id: str
    lapses: int
    wrong: int
    of: int


def leech(exercise_id: str, ratings: Sequence[Rating]) -> Leech | None:
    """The leech that an exercise with these ratings, oldest first, is; None if it is none."""
    last = ratings[-OF:]
    wrong = last.count(Rating.AGAIN)
    lapses = list(ratings[1:]).count(Rating.AGAIN)  # not yet learned is not forgotten
    sticks = Rating.AGAIN not in ratings[-RECOVERED:]
    if sticks or (lapses < LAPSES and wrong < WRONG):
        return None
    return Leech(exercise_id, lapses, wrong, len(last))


def leeches(
    exercises: Iterable[str],
    memories: Mapping[str, Remembered],
    ratings_of: Callable[[str], Sequence[Rating]],
) -> tuple[Leech, ...]:
    """All leeches, the worst first.  ``ratings_of`` is asked only about exercises that may be one."""
    # Four wrong ones are at least three lapses, the very first review being none.
    suspects = [id_ for id_ in exercises if id_ in memories and memories[id_].lapses >= WRONG - 1]
    found = [one for id_ in suspects if (one := leech(id_, ratings_of(id_))) is not None]
    return tuple(sorted(found, key=lambda one: (-one.wrong, -one.lapses, one.exercise_id)))
