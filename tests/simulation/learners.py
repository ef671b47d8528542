"""Three learners that are not FSRS, many at once: arrays of (learner, exercise).

Each tells the probability of recall of one exercise a learner, and takes in an answer to it. ``share`` is
how much of a practice it is: 1 for a question answered, less for a skill practised along with another.
Days are the unit of time. The constants are chosen so that all three keep, from one good answer, about
half after a week, and so that spacing pays; none is fitted to anybody.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Learners(Protocol):
    def recall(self, at: Floats) -> Floats:
        """The probability of recall of every exercise, at one time a learner."""

    def practise(self, who: Ints, what: Ints, at: Floats, right: Bools, share: Floats) -> None:
        """Take in practices, each of one exercise by one learner."""


class ActR:
    """Traces that decay by a power of time; one laid down while much was active decays faster
    (Pavlik and Anderson 2005)."""

    TRACES, SCALE, BASE, TAU, NOISE, UNIT = 48, 0.25, 0.18, -0.75, 0.35, 1.0

    def __init__(self, learners: int, exercises: int) -> None:
        shape = (learners, exercises, self.TRACES)
        self.at = np.full(shape, np.inf)
        self.decay = np.zeros(shape)
        self.weight = np.zeros(shape)
        self.n = np.zeros((learners, exercises), dtype=np.int64)

    def _activation(self, at: Floats, traces: tuple[Floats, Floats, Floats]) -> Floats:
        when, decay, weight = traces
        age = np.maximum(at[..., None] - when, 0.002) / self.UNIT
        age = np.where(np.isfinite(when), age, 1.0)
        return np.log(np.maximum((weight * age**-decay).sum(axis=-1), 1e-9))

    def _recalled(self, activation: Floats) -> Floats:
        return 1 / (1 + np.exp((self.TAU - activation) / self.NOISE))

    def recall(self, at: Floats) -> Floats:
        whole = (self.at, self.decay, self.weight)
        return self._recalled(self._activation(np.broadcast_to(at[:, None], self.n.shape), whole))

    def practise(self, who: Ints, what: Ints, at: Floats, right: Bools, share: Floats) -> None:
        taken = (self.at[who, what], self.decay[who, what], self.weight[who, what])
        activation = self._activation(at, taken)
        decay = np.minimum(self.SCALE * np.exp(np.minimum(activation, 2.0)) + self.BASE, 1.2)
        place = self.n[who, what] % self.TRACES
        self.at[who, what, place] = at
        self.decay[who, what, place] = decay
        self.weight[who, what, place] = np.where(right, 1.0, 0.6) * share
        self.n[who, what] += 1


class HalfLife:
    """Recall halves in a time of its own, which every recall lengthens, the more so the later it
    comes (Settles and Meeder 2016, with their constants made to depend on spacing)."""

    def __init__(self, learners: int, exercises: int) -> None:
        self.half = np.full((learners, exercises), 0.0)
        self.last = np.zeros((learners, exercises))

    def recall(self, at: Floats) -> Floats:
        age = np.maximum(at[:, None] - self.last, 0)
        return np.where(self.half > 0, 0.5 ** (age / np.maximum(self.half, 1e-9)), 0.0)

    def practise(self, who: Ints, what: Ints, at: Floats, right: Bools, share: Floats) -> None:
        half, last = self.half[who, what], self.last[who, what]
        new = half == 0
        recall = np.where(new, 0.0, 0.5 ** ((at - last) / np.maximum(half, 1e-9)))
        grown = half * (1 + 2.2 * (1 - recall) + 0.15)
        after = np.where(
            new, np.where(right, 7.0, 2.5), np.where(right, grown, np.maximum(half * 0.5, 1.5))
        )
        # A part of a practice: between what was and what would be.
        before = np.where(new, 1e-3, half)
        self.half[who, what] = np.minimum(before ** (1 - share) * after**share, 720.0)
        reached = np.where(new, share, recall + share * (1 - recall))
        age = -np.log2(np.clip(reached, 1e-6, 1)) * self.half[who, what]
        self.last[who, what] = at - age


class TwoStore:
    """Storage strength only grows, and the more the less could be retrieved; retrieval strength
    fades, the slower the more is stored (Bjork and Bjork 1992)."""

    def __init__(self, learners: int, exercises: int) -> None:
        self.stored = np.zeros((learners, exercises))
        self.retrieval = np.zeros((learners, exercises))
        self.last = np.zeros((learners, exercises))

    def _faded(self, stored: Floats, retrieval: Floats, age: Floats) -> Floats:
        return retrieval * np.exp(-np.maximum(age, 0) / (9.0 * np.maximum(stored, 1e-6) ** 1.6))

    def recall(self, at: Floats) -> Floats:
        return self._faded(self.stored, self.retrieval, at[:, None] - self.last)

    def practise(self, who: Ints, what: Ints, at: Floats, right: Bools, share: Floats) -> None:
        stored, retrieval = self.stored[who, what], self.retrieval[who, what]
        now = self._faded(stored, retrieval, at - self.last[who, what])
        gain = np.where(right, 0.12 + 0.95 * (1 - now), 0.3) * share
        self.stored[who, what] = stored + gain
        self.retrieval[who, what] = now + share * (np.where(right, 1.0, 0.85) - now)
        self.last[who, what] = at


MODELS = {"ACT-R traces": ActR, "half-life": HalfLife, "two stores": TwoStore}
