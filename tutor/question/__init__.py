"""A question: an exercise drawn with a seed, its numbers fixed and its texts in one language."""

from tutor.question.drawn import (
    DrawnAnswer,
    DrawnChoice,
    DrawnCode,
    DrawnFlags,
    DrawnFormula,
    DrawnNear,
    DrawnOption,
    DrawnOrder,
    DrawnRaises,
    DrawnRule,
    DrawnTest,
    DrawnValue,
    FinalTexts,
    VariableSpec,
)
from tutor.question.question import DrawError, Question, draw

__all__ = [
    "DrawError", "DrawnAnswer", "DrawnChoice", "DrawnCode", "DrawnFlags", "DrawnFormula",
    "DrawnNear", "DrawnOption", "DrawnOrder", "DrawnRaises", "DrawnRule", "DrawnTest",
    "DrawnValue", "FinalTexts", "Question", "VariableSpec", "draw",
]  # fmt: skip
