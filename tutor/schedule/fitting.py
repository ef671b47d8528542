"""Fitting FSRS-6's parameters to one learner's own log.

The older four fifths of the log are fitted (by the Rust optimiser that Anki uses), the newest fifth is
only foretold: the parameters are better if they foretell *that* better. How well is told by the log
loss, the mean of −ln of the probability that was given to what then happened; less is better, and
0.693 is tossing a coin. Only reviews on another day than the one before count.

Run as a program (``python -m tutor.schedule.fitting HOME``) this reads the log there and prints its
progress and its result, one JSON object a line; so it can be watched, and killed, and a fault in the
optimiser ends that process and no other.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING, Any, Final

from tutor.schedule import fsrs6
from tutor.schedule.days import DAY_MS, day_number
from tutor.schedule.settings import ENOUGH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from tutor.store.records import Review

#: The part of them that is fitted; the rest is foretold.
FITTED: Final = 0.8
#: At most so many are fitted, the newest: old ones tell little about how one remembers now.
MOST: Final = 50_000
#: The optimiser's own limit.
LONGEST_HISTORY: Final = 256
#: No single surprise counts without end.
_LEAST: Final = 1e-4
_AGAIN: Final = 1


@dataclass(frozen=True, slots=True)
class Seen:
    """One review as the fit sees it; ``day`` is the number of the learner's day."""

    at: int
    day: int
    rating: int


Histories = dict[str, list[Seen]]


@dataclass(frozen=True, slots=True)
class Fit:
    """What came of it: ``reviews`` counted, of which the last ``foretold`` were kept apart.

    ``before`` and ``after`` are the log losses on those, of the parameters in force and of the fitted
    ones.  Where there are too few reviews nothing is fitted, and there are no ``parameters``.
    """

    reviews: int
    needed: int = ENOUGH
    foretold: int = 0
    before: float = 0.0
    after: float = 0.0
    parameters: tuple[float, ...] = ()

    @property
    def better(self) -> bool:
        return bool(self.parameters) and self.after < self.before


def histories(reviews: Iterable[Review], rollover_hour: int) -> Histories:
    """Each exercise's reviews, oldest first as given."""
    found: Histories = {}
    for one in reviews:
        day = day_number(one.at, one.utc_offset, rollover_hour)
        found.setdefault(one.exercise_id, []).append(Seen(one.at, day, int(one.rating)))
    return found


def enough(reviews: Iterable[Review], rollover_hour: int) -> bool:
    """Whether so many reviews, oldest first, count that they can be fitted; reads no further."""
    last: dict[str, int] = {}
    count = 0
    for one in reviews:
        day = day_number(one.at, one.utc_offset, rollover_hour)
        count += day > last.get(one.exercise_id, day)
        if count >= ENOUGH:
            return True
        last[one.exercise_id] = day
    return False


def fit(
    known: Mapping[str, Sequence[Seen]],
    in_force: Sequence[float],
    tell: Callable[[str], None] = lambda _: None,
) -> Fit:
    """Fit the older part, foretell the newer one with what is in force and with what was fitted."""
    moments = sorted(seen[n].at for seen in known.values() for n in _counting(seen))
    if len(moments) < ENOUGH:
        return Fit(len(moments))
    since = moments[int(len(moments) * FITTED)]
    tell("fitting")
    fitted = _fitted(known, since)
    tell("checking")
    before, foretold = log_loss(known, in_force, since)
    after, _ = log_loss(known, fitted, since)
    return Fit(len(moments), ENOUGH, foretold, before, after, fitted)


def log_loss(
    known: Mapping[str, Sequence[Seen]], w: Sequence[float], since: int
) -> tuple[float, int]:
    """The log loss of parameters on what happened from ``since`` (UTC ms) on, and how much that is."""
    loss, count = 0.0, 0
    for seen in known.values():
        for recall, one in _foretold(seen, w):
            if one.at >= since:
                right = one.rating > _AGAIN
                loss -= log(max(recall if right else 1 - recall, _LEAST))
                count += 1
    return (loss / count if count else 0.0), count


def _foretold(seen: Sequence[Seen], w: Sequence[float]) -> Iterator[tuple[float, Seen]]:
    """Each review that counts, with the probability of recall that it was given beforehand."""
    stability, difficulty = fsrs6.first(w, seen[0].rating)
    for before, one in pairwise(seen):
        days, same_day = max(one.at - before.at, 0) / DAY_MS, one.day <= before.day
        if not same_day:
            yield fsrs6.retrievability(w, days, stability), one
        stability, difficulty = fsrs6.following(
            w, stability, difficulty, one.rating, days, same_day
        )


def _counting(seen: Sequence[Seen]) -> Iterator[int]:
    """The places of the reviews on another day than the one before."""
    for n in range(1, len(seen)):
        if seen[n].day > seen[n - 1].day:
            yield n


def _fitted(known: Mapping[str, Sequence[Seen]], until: int) -> tuple[float, ...]:
    """The parameters that fit the reviews before ``until`` (UTC ms) best."""
    from fsrs_rs_python import DEFAULT_PARAMETERS, FSRS, FSRSItem, FSRSReview

    ends = [
        (seen[n].at, id_, n)
        for id_, seen in known.items()
        for n in _counting(seen[:LONGEST_HISTORY])
        if seen[n].at < until
    ]
    kept = sorted(ends)[-MOST:]
    numbers = {id_: number for number, id_ in enumerate(known)}
    taken = {
        id_: [
            FSRSReview(one.rating, max(one.day - (seen[n - 1].day if n else one.day), 0))
            for n, one in enumerate(seen[:LONGEST_HISTORY])
        ]
        for id_, seen in known.items()
    }
    items = [FSRSItem(taken[id_][: n + 1]) for _, id_, n in kept]
    cards = [numbers[id_] for _, id_, _ in kept]
    fitted = FSRS(DEFAULT_PARAMETERS).compute_parameters(items, cards)
    return tuple(round(each, 4) for each in fitted)


def main(arguments: Sequence[str], settings: Mapping[str, Any]) -> None:
    """Fit the log in the home that is named; ``settings`` are ``parameters`` and ``rollover_hour``."""
    from pathlib import Path

    from tutor.store import open_store

    with open_store(Path(arguments[0]), read_only=True) as store:
        total = store.review_count()

        def told(reviews: Iterable[Review]) -> Iterator[Review]:
            for n, one in enumerate(reviews):
                if n % 5_000 == 0:
                    _print({"stage": "reading", "done": n, "of": total})
                yield one

        known = histories(told(store.reviews()), settings["rollover_hour"])
    found = fit(known, settings["parameters"], lambda stage: _print({"stage": stage}))
    _print({"fit": asdict(found)})


def _print(data: object) -> None:
    sys.stdout.write(json.dumps(data) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:], json.load(sys.stdin))
