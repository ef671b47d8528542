"""One module an answer kind; each has the same four functions over its own types.

``prepare(plan, answer)``   registers what must be run; returns what makes the kind's *side* of the results
``read(answer, text, side)``      what the learner typed, or :class:`~tutor.answer.InvalidAnswer`
``judge(answer, side, read, context)``  the verdict, near misses named
``shown(answer, side)``     a right answer as a learner would type it
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tutor.grading.kinds import choice, code, flags, formula, order, raises, value
from tutor.question import (
    DrawnChoice,
    DrawnCode,
    DrawnFlags,
    DrawnFormula,
    DrawnOrder,
    DrawnRaises,
    DrawnValue,
)

if TYPE_CHECKING:
    from types import ModuleType

    from tutor.grading.truths import Plan, Resolve
    from tutor.question import DrawnAnswer

KINDS: Final[dict[type, ModuleType]] = {
    DrawnValue: value,
    DrawnFlags: flags,
    DrawnRaises: raises,
    DrawnFormula: formula,
    DrawnCode: code,
    DrawnChoice: choice,
    DrawnOrder: order,
}


def kind_of(answer: DrawnAnswer) -> ModuleType:
    return KINDS[type(answer)]


def kind_name(answer: DrawnAnswer) -> str:
    """The kind as the format has it: ``value``, ``flags`` …"""
    return kind_of(answer).__name__.rpartition(".")[2]


def prepare(plan: Plan, answer: DrawnAnswer) -> Resolve:
    resolve: Resolve = kind_of(answer).prepare(plan, answer)
    return resolve


def shown(answer: DrawnAnswer, side: Any) -> str:
    """A right answer, typed as a learner would."""
    text: str = kind_of(answer).shown(answer, side)
    return text
