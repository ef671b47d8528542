"""The schedulers under comparison, many learners at once: arrays of (learner, exercise).

They see answers and nothing else. FSRS-6 is the program's own (``tutor.schedule.fsrs6``) on arrays; the
report checks that the two agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tutor.schedule.settings import DEFAULT_PARAMETERS as W

if TYPE_CHECKING:
    from learners import Bools, Floats, Ints

STEP = 10 / 1440  # days after a wrong answer
DECAY = -W[20]
FACTOR = 0.9 ** (1 / DECAY) - 1
RETENTION = 0.9


def forgetting(days: Floats, stability: Floats) -> Floats:
    return (1 + FACTOR * np.maximum(days, 0) / stability) ** DECAY


def grown(s: Floats, d: Floats, recall: Floats) -> Floats:
    """Stability after a good answer."""
    return s * (1 + np.exp(W[8]) * (11 - d) * s ** -W[9] * (np.exp((1 - recall) * W[10]) - 1))


class Fsrs:
    """FSRS-6 with its default parameters; Again and Good are the only ratings here."""

    def __init__(self, learners: int, exercises: int) -> None:
        shape = (learners, exercises)
        self.s, self.d = np.zeros(shape), np.zeros(shape)
        self.last, self.due = np.zeros(shape), np.full(shape, np.inf)
        self.lapsed = np.zeros(shape, dtype=bool)

    def urgency(self, at: Floats) -> Floats:
        """What is due, the largest first; the program's own order (see ORDER)."""
        return ORDERS[ORDER](np.maximum(at[:, None] - self.last, 0), np.maximum(self.s, 1e-3))

    def known(self, at: Floats) -> Floats:
        recall = forgetting(at[:, None] - self.last, np.maximum(self.s, 1e-3))
        return np.where((self.s > 0) & ~self.lapsed, recall, 0.0)

    def answered(self, who: Ints, what: Ints, at: Floats, right: Bools) -> None:
        s, d, last = self.s[who, what], self.d[who, what], self.last[who, what]
        new, rating = s == 0, np.where(right, 3, 1)
        s_, d_ = np.where(new, 1.0, s), np.where(new, 5.0, d)
        days = at - last
        recall = forgetting(days, s_)
        same_day = np.floor(at) <= np.floor(last)
        forgot = np.minimum(
            W[11] * d_ ** -W[12] * ((s_ + 1) ** W[13] - 1) * np.exp((1 - recall) * W[14]),
            s_ / np.exp(W[17] * W[18]),
        )
        gain = np.exp(W[17] * (rating - 3 + W[18])) * s_ ** -W[19]
        short = s_ * np.where(right, np.maximum(gain, 1), gain)
        long = np.where(right, grown(s_, d_, recall), forgot)
        first_d = W[4] - np.exp(W[5] * (rating - 1)) + 1
        easy_d = W[4] - np.exp(W[5] * 3) + 1
        next_d = W[7] * easy_d + (1 - W[7]) * (d_ - W[6] * (rating - 3) * (10 - d_) / 9)
        after = np.where(new, np.where(right, W[2], W[0]), np.where(same_day, short, long))
        self.s[who, what] = np.clip(after, 0.001, 36500)
        self.d[who, what] = np.clip(np.where(new, first_d, next_d), 1, 10)
        self.last[who, what] = at
        self.lapsed[who, what] = ~right
        rest = np.maximum(self.s[who, what] / FACTOR * (RETENTION ** (1 / DECAY) - 1), 1.0)
        self.due[who, what] = at + np.where(right, rest, STEP)


class Credited(Fsrs):
    """FSRS-6 with implicit credit: a right answer puts off what it practises along with it."""

    def __init__(self, learners: int, exercises: int) -> None:
        super().__init__(learners, exercises)
        self.cs, self.clast = self.s.copy(), self.last.copy()
        self.rest = np.full((learners, exercises), 0.0)

    def answered(self, who: Ints, what: Ints, at: Floats, right: Bools) -> None:
        super().answered(who, what, at, right)
        self.cs[who, what], self.clast[who, what] = self.s[who, what], at
        self.rest[who, what] = self.due[who, what] - at

    def credit(self, who: Ints, what: Ints, at: Floats, weight: Floats) -> None:
        """S' = S^(1-W) (S+)^W, and the date that goes with the recall in between."""
        keep = (self.cs[who, what] > 0) & ~self.lapsed[who, what] & (weight > 0)
        who, what, at, w = who[keep], what[keep], at[keep], weight[keep]
        s, d = self.cs[who, what], self.d[who, what]
        recall = forgetting(at - self.clast[who, what], s)
        after = s ** (1 - w) * grown(s, d, recall) ** w
        reached = recall + w * (1 - recall)
        self.cs[who, what] = after
        self.clast[who, what] = at - after / FACTOR * (reached ** (1 / DECAY) - 1)
        rest = after / FACTOR * (RETENTION ** (1 / DECAY) - 1)
        most = self.last[who, what] + 3 * self.rest[who, what]
        self.due[who, what] = np.maximum(
            self.due[who, what], np.minimum(self.clast[who, what] + rest, most)
        )


class Sm2:
    """SM-2 as published: 1 day, 6 days, then by the ease factor."""

    def __init__(self, learners: int, exercises: int) -> None:
        shape = (learners, exercises)
        self.ease, self.reps = np.full(shape, 2.5), np.zeros(shape)
        self.rest, self.last = np.zeros(shape), np.zeros(shape)
        self.due = np.full(shape, np.inf)

    def urgency(self, at: Floats) -> Floats:
        return at[:, None] - self.due

    def answered(self, who: Ints, what: Ints, at: Floats, right: Bools) -> None:
        grade = np.where(right, 4, 1)
        ease = self.ease[who, what] + 0.1 - (5 - grade) * (0.08 + (5 - grade) * 0.02)
        self.ease[who, what] = np.maximum(ease, 1.3)
        reps = np.where(right, self.reps[who, what] + 1, 0)
        rest = np.where(
            reps <= 1, 1.0, np.where(reps == 2, 6.0, self.rest[who, what] * self.ease[who, what])
        )
        self.reps[who, what], self.rest[who, what], self.last[who, what] = reps, rest, at
        self.due[who, what] = at + np.where(right, rest, STEP)


ORDERS = {
    "most forgotten first": lambda days, s: days / s,
    "least forgotten first": lambda days, s: -days / s,
    # The recall that another day would cost.
    "lost soonest first": lambda days, s: (
        -DECAY * FACTOR / s * (1 + FACTOR * days / s) ** (DECAY - 1)
    ),
}
ORDER = "most forgotten first"
