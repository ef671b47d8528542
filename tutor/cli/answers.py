"""Are these answers to what the question asks?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.cli.problems import Problem

if TYPE_CHECKING:
    from tutor.question import Question


def checked_names(question: Question, texts: dict[str, str]) -> dict[str, str]:
    """Refuse answers that the question does not ask, and answers that are missing."""
    names = list(question.answers)
    asked = ", ".join(names)
    for name in texts:
        if name not in question.answers:
            raise Problem(f"this exercise asks no answer named {name!r}; it asks {asked}")
    missing = [name for name in names if name not in texts]
    if missing:
        raise Problem(
            f"no answer for {', '.join(missing)}: add --answer {missing[0]}=TEXT for each"
        )
    return texts
