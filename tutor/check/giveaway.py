"""Whether the words around a question already say its answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tutor.grading.kinds import shown
from tutor.question import DrawnCode, DrawnFormula, DrawnValue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.exercise.document import FieldPath
    from tutor.grading.truths import Truths
    from tutor.question import Question

_NUMBERS = re.compile(r"-?\d+\.?\d*")


def gives_away(question: Question, truths: Truths, name: str) -> FieldPath | None:
    """The field whose text holds the answer as it would be typed, ``None`` if none does.

    Looked for where an accident can be told from a coincidence: answers of two numbers or more, names,
    formulas, code.  A question may well mention one number that happens to be the answer.
    """
    wanted = _tellable(question, truths, name)
    if wanted is None:
        return None
    return next(
        (where for where, text in _texts(question, truths) if wanted in _squeezed(text)), None
    )


def _texts(question: Question, truths: Truths) -> Iterator[tuple[FieldPath, str]]:
    yield ("title",), question.title
    yield ("ask",), truths.texts.ask
    for name, answer in question.answers.items():
        if answer.prompt:
            yield ("answers", name, "prompt"), answer.prompt
    for index, hint in enumerate(truths.texts.hints):
        yield ("hints", index), hint


def _tellable(question: Question, truths: Truths, name: str) -> str | None:
    answer = question.answers[name]
    text = shown(answer, truths.sides[name])
    match answer:
        case DrawnValue():
            inside = _squeezed(text.removeprefix("tensor(").removesuffix(")"))
            many = len(_NUMBERS.findall(inside)) >= 2
            word = len(inside) >= 8 and inside.isalnum() and not inside.isdigit()
            return inside if many or word else None
        case DrawnFormula() | DrawnCode():
            # `x` is too short to be a coincidence's opposite.
            return _squeezed(text) if len(text) >= 6 else None
    return None


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)
