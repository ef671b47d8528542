"""The FSRS-6 equations, on fractional days.

The library (``fsrs-rs-python``) takes whole days only; these are the same equations, which the
tests hold against it on whole days. Every result is rounded to twelve significant digits:
mathematical libraries differ in the last bit, and a log replayed on another machine has to give
the same memory.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

MIN_STABILITY: Final = 0.001
MAX_STABILITY: Final = 36_500.0
MIN_DIFFICULTY: Final = 1.0
MAX_DIFFICULTY: Final = 10.0
_AGAIN, _HARD, _GOOD, _EASY = 1, 2, 3, 4


def retrievability(w: Sequence[float], days: float, stability: float) -> float:
    """The probability of recall ``days`` after the last review; 0.9 when ``days == stability``."""
    decay = -w[20]
    factor = 0.9 ** (1 / decay) - 1
    return float((1 + factor * max(days, 0.0) / stability) ** decay)


def interval(w: Sequence[float], stability: float, retention: float) -> float:
    """Days until the probability of recall has fallen to ``retention``."""
    decay = -w[20]
    factor = 0.9 ** (1 / decay) - 1
    return float(stability / factor * (retention ** (1 / decay) - 1))


def first(w: Sequence[float], rating: int) -> tuple[float, float]:
    """Stability (days) and difficulty after the first review."""
    return _stability(w[rating - 1]), _difficulty(_first_difficulty(w, rating))


def following(
    w: Sequence[float],
    stability: float,
    difficulty: float,
    rating: int,
    days: float,
    same_day: bool,
) -> tuple[float, float]:
    """Stability (days) and difficulty after a further review, ``days`` after the last one.

    ``same_day``: both reviews lie in one of the learner's days, where FSRS-6's short-term equation
    holds instead of the long-term ones.
    """
    if same_day:
        new = _short_term(w, stability, rating)
    else:
        recall = retrievability(w, days, stability)
        if rating == _AGAIN:
            new = _forgotten(w, stability, difficulty, recall)
        else:
            new = _recalled(w, stability, difficulty, recall, rating)
    return _stability(new), _difficulty(_next_difficulty(w, difficulty, rating))


def _first_difficulty(w: Sequence[float], rating: int) -> float:
    return w[4] - exp(w[5] * (rating - 1)) + 1


def _next_difficulty(w: Sequence[float], difficulty: float, rating: int) -> float:
    # The nearer to the upper end, the smaller the step; then a little back towards Easy's
    # beginning.
    stepped = difficulty - w[6] * (rating - _GOOD) * (MAX_DIFFICULTY - difficulty) / 9
    return w[7] * _first_difficulty(w, _EASY) + (1 - w[7]) * stepped


def _recalled(w: Sequence[float], s: float, d: float, recall: float, rating: int) -> float:
    bonus = w[15] if rating == _HARD else w[16] if rating == _EASY else 1.0
    return float(
        s * (1 + exp(w[8]) * (11 - d) * s ** -w[9] * (exp((1 - recall) * w[10]) - 1) * bonus)
    )


def _forgotten(w: Sequence[float], s: float, d: float, recall: float) -> float:
    left = w[11] * d ** -w[12] * ((s + 1) ** w[13] - 1) * exp((1 - recall) * w[14])
    return float(min(left, s / exp(w[17] * w[18])))


def _short_term(w: Sequence[float], s: float, rating: int) -> float:
    gain = exp(w[17] * (rating - _GOOD + w[18])) * s ** -w[19]
    return float(s * (max(gain, 1.0) if rating >= _HARD else gain))


def _stability(value: float) -> float:
    return _rounded(min(max(value, MIN_STABILITY), MAX_STABILITY))


def _difficulty(value: float) -> float:
    return _rounded(min(max(value, MIN_DIFFICULTY), MAX_DIFFICULTY))


def _rounded(value: float) -> float:
    return float(f"{value:.12g}")
