"""From what happened at a question to FSRS's grade: an honest rule instead of asking the learner.

- Again: gave up, saw the solution, or not right by the third valid attempt.
- Hard: right with a hint, or on a later attempt.
- Good: right at once.
- Easy: right at once, markedly quicker than this learner's own habit with this exercise, which was
  also right twice before on different draws.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from tutor.store.records import Rating, Review

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_ATTEMPTS: Final = 3
#: Quicker than this part of the usual time is markedly quicker.
QUICK: Final = 0.5
RIGHT_BEFORE_EASY: Final = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a question went.  ``attempts_valid`` counts the last one too; invalid ones cost nothing.

    ``gave_up`` includes having seen the solution; ``seconds`` is the whole time on the question.
    """

    attempts_valid: int
    correct: bool
    hints_used: int
    gave_up: bool
    seconds: float

    @property
    def is_final(self) -> bool:
        """Whether the question is over: right, given up, or no attempt left."""
        return self.correct or self.gave_up or self.attempts_valid >= MAX_ATTEMPTS


@dataclass(frozen=True, slots=True)
class Habit:
    """What this learner did before with the same exercise.

    ``right_draws`` is the number of different draws, other than the present one, that were answered
    right; ``usual_seconds`` the median time of those answered right at once (0 if there are none).
    """

    right_draws: int = 0
    usual_seconds: float = 0.0


def habit(reviews: Iterable[Review], params: Mapping[str, Any]) -> Habit:
    """The habit that earlier reviews of one exercise show, at a question drawn with ``params``."""
    right = [each for each in reviews if each.rating != Rating.AGAIN]
    draws = {_key(each.params) for each in right} - {_key(params)}
    times = [each.seconds for each in right if each.rating >= Rating.GOOD]
    return Habit(len(draws), median(times) if times else 0.0)


def rate(outcome: Outcome, habit: Habit) -> Rating:
    """The grade of a question that is over.  Raises ValueError if it is not."""
    if not outcome.is_final:
        raise ValueError("a question that still has attempts left cannot be rated")
    if outcome.gave_up or not outcome.correct or outcome.attempts_valid > MAX_ATTEMPTS:
        return Rating.AGAIN
    if outcome.hints_used or outcome.attempts_valid > 1:
        return Rating.HARD
    quick = outcome.seconds <= QUICK * habit.usual_seconds
    if quick and habit.right_draws >= RIGHT_BEFORE_EASY:
        return Rating.EASY
    return Rating.GOOD


def _key(params: Mapping[str, Any]) -> str:
    return json.dumps(dict(params), sort_keys=True)
