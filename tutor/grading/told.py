"""The near misses of an answer in a form that can be compared and typed, whatever its kind."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tutor.grading.apart import MARGIN, apart
from tutor.grading.kinds import choice, flags, formula, raises, value
from tutor.grading.kinds.formula import ATOL, RTOL
from tutor.question import (
    DrawnAnswer,
    DrawnChoice,
    DrawnFlags,
    DrawnFormula,
    DrawnRaises,
    DrawnValue,
)
from tutor.render.value import show
from tutor.values import Number, Tensor

if TYPE_CHECKING:
    from collections.abc import Callable

    from tutor.runner.job import Raised
    from tutor.values import Value


@dataclass(frozen=True, slots=True)
class Told:
    """One possible answer: its value, how far values must be apart, and how it would be typed.

    ``text`` is ``None`` where nobody would type it (the formula behind a patched program).
    """

    value: Any
    text: str | None
    far: Callable[[Any, Any], bool]

    def differs(self, other: Told) -> bool:
        return self.far(self.value, other.value)


def near_answers(answer: DrawnAnswer, side: Any) -> tuple[Told, dict[str, Told]]:
    """The truth and every near miss of an answer; kinds without near misses have none."""
    match answer, side:
        case DrawnValue(), value.Side(truth, near):
            return Told(truth, show(truth), apart), {
                id_: Told(v, show(v), apart) for id_, v in near.items()
            }
        case DrawnFlags(), flags.Side(truth, near):
            return _flags(truth), {id_: _flags(f) for id_, f in near.items()}
        case DrawnRaises(), raises.Side(truth, near, _):
            return _raises(truth, answer), {id_: _raises(o, answer) for id_, o in near.items()}
        case DrawnChoice(), choice.Side(values=values, right=right) if len(right) == 1:
            shown = values[min(right)]
            if shown is not None:
                return Told(shown, None, apart), {}
        case DrawnFormula(), formula.Side(_, truth, near):
            return Told(truth, answer.show, _points_apart), {
                id_: Told(found, answer.near[id_].expression, _points_apart)
                for id_, found in near.items()
            }
    return Told(None, None, _never), {}


def told_as(answer: DrawnAnswer, found: Any) -> Told:
    """One possible answer, from its value as the answer's kind has it in its side."""
    match answer:
        case DrawnFlags():
            return _flags(found)
        case DrawnRaises():
            return _raises(found, answer)
        case DrawnFormula():
            return Told(found, None, _points_apart)
    return Told(found, show(found), apart)


def _flags(typed: tuple[bool, ...]) -> Told:
    return Told(typed, ", ".join(map(str, typed)), _unequal)


def _raises(outcome: Any, answer: DrawnRaises) -> Told:
    if isinstance(outcome, raises.Outcome):
        raised = outcome.raised
        key = (raised.class_name.lower(), raised.line) if raised else None
        return Told(key, raises.show_outcome(outcome, answer), _unequal)
    key = ((outcome.class_name or "").lower(), outcome.line) if outcome.raises else None
    return Told(key, raises.show_read(outcome), _unequal)


def _unequal(a: Any, b: Any) -> bool:
    return bool(a != b)


def _never(_a: Any, _b: Any) -> bool:
    return False


def _points_apart(a: tuple[Value | Raised, ...], b: tuple[Value | Raised, ...]) -> bool:
    """Whether two formulas differ with a margin at some point."""
    return any(_values_apart(x, y) for x, y in zip(a, b, strict=True))


def _values_apart(x: Value | Raised, y: Value | Raised) -> bool:
    if isinstance(x, Number):
        x = Tensor("float64", (), (x.number,))
    if isinstance(y, Number):
        y = Tensor("float64", (), (y.number,))
    if not isinstance(x, Tensor) or not isinstance(y, Tensor):
        return x != y
    if x.shape != y.shape:
        return True
    return any(
        math.isfinite(p) != math.isfinite(q)
        or abs(p - q) > MARGIN * (ATOL + RTOL * max(abs(p), abs(q)))
        for p, q in zip(x.entries, y.entries, strict=True)
    )
