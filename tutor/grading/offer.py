"""What a question puts in front of the learner for each answer: never the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tutor.grading.kinds import kind_name
from tutor.grading.kinds.choice import LETTERS, Side, options_shown
from tutor.grading.kinds.raises import line_asked
from tutor.question import (
    DrawnAnswer,
    DrawnChoice,
    DrawnCode,
    DrawnFlags,
    DrawnFormula,
    DrawnOrder,
    DrawnRaises,
    DrawnValue,
)

if TYPE_CHECKING:
    from tutor.question import Question


def needs_run(question: Question) -> bool:
    """Whether the question cannot be shown without running it: a live value stands in its text."""
    live_options = any(
        option.expr is not None
        for answer in question.answers.values()
        if isinstance(answer, DrawnChoice)
        for option in answer.options
    )
    return live_options or question.asks_live


def offered(answer: DrawnAnswer, side: Any) -> dict[str, Any]:
    """One answer's kind, prompt and whatever it offers: options, lines, flags, variables, starter."""
    data: dict[str, Any] = {
        "kind": kind_name(answer),
        "prompt": answer.prompt,
        "weight": answer.weight,
    }
    match answer:
        case DrawnFlags():
            data["flags"] = list(answer.expressions)
        case DrawnRaises():
            data["line_asked"] = line_asked(answer)
            data["lines"] = None if answer.lines is None else list(answer.lines)
        case DrawnFormula():
            data["variables"] = {n: list(spec.shape) for n, spec in answer.variables.items()}
        case DrawnCode():
            data["starter"] = answer.starter
        case DrawnChoice():
            data["many"] = answer.many
            data["options"] = [_lettered(o) for o in _options(answer, side)]
        case DrawnOrder():
            data["lines"] = [
                {"letter": LETTERS[i], "text": line} for i, line in enumerate(answer.lines)
            ]
        case DrawnValue():
            pass
    return data


def _options(answer: DrawnChoice, side: Side | None) -> list[tuple[str, str]]:
    if side is not None:
        return [(option.letter, option.text or "") for option in options_shown(side)]
    return [(LETTERS[i], option.text or "") for i, option in enumerate(answer.options)]


def _lettered(option: tuple[str, str]) -> dict[str, str]:
    letter, text = option
    return {"letter": letter, "text": text}
