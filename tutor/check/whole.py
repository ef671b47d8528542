"""What shows only over all draws of an exercise, or in its file: signs that something was forgotten.

All are warnings but one: a program that gives something else when it is run again cannot be asked about.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tutor.exercise import expr
from tutor.exercise.model import localized_texts
from tutor.exercise.source import read_file
from tutor.exercise.template import TemplateError, is_template
from tutor.exercise.template_check import template_names
from tutor.grading.kinds import shown
from tutor.grading.many import find_all_truths
from tutor.grading.truths import Truths

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tutor.check.cases import Case
    from tutor.check.findings import Collector
    from tutor.exercise.loaded import LoadedExercise
    from tutor.runner.client import Runner

#: Fewer draws than this may well be the same by chance.
MANY_DRAWS: Final = 10
#: What stands in a text that is still to be written.
_TODO: Final = re.compile(r"\bTODO\b")
_NAN: Final = re.compile(r"\bnan\b", re.IGNORECASE)


def look_over(loaded: LoadedExercise, cases: Sequence[Case], found: Collector) -> None:
    """Every warning about the exercise as a whole; ``cases`` are its draws that run."""
    _varied(cases, found)
    _written(loaded, found)
    data = read_file(loaded.path).data
    if isinstance(data, dict):  # it was when it was loaded, and may have been written over since
        _used(data, found)
        _defined(data, cases, found)


async def gives_the_same_again(case: Case, runner: Runner) -> bool:
    """Whether a second run of the draw gives the same answers; an error is found where it does not."""
    (again,) = await find_all_truths([case.question], runner)
    if not isinstance(again, Truths):
        return True  # it runs into something that is told elsewhere
    for name, answer in case.question.answers.items():
        sides = case.truths.sides[name], again.sides[name]
        first, second = (shown(answer, side) for side in sides)
        values = f": {first}, then {second}" if first != second else ""
        # What is shown is rounded, or the author's own text; what counts are the values.
        if values or repr(_values(sides[0])) != repr(_values(sides[1])):
            case.add(
                ("program",),
                f"`{name}` is something else when it is run again{values}; take out what depends on the "
                "time, on addresses or on chance (torch and `random` are seeded)",
                "again",
            )
            return False
    return True


def _values(side: Any) -> Any:
    """What a kind compares with, without its near misses."""
    return getattr(side, "truth", getattr(side, "values", None))


def _varied(cases: Sequence[Case], found: Collector) -> None:
    drawn = {repr(sorted(case.question.params.items())) for case in cases}
    if len(cases) >= MANY_DRAWS and len(drawn) == 1:
        found.add(
            ("params",),
            "every draw is the same: give parameters, so that the answer cannot be remembered",
            severity="warning",
        )


def _written(loaded: LoadedExercise, found: Collector) -> None:
    for path, text in localized_texts(loaded.exercise):
        for language, one in text.items() if isinstance(text, dict) else [("", text)]:
            if _TODO.search(one):
                where = (*path, language) if language else path
                found.add(where, "this text is still marked TODO; write it", severity="warning")


def _used(data: dict[str, Any], found: Collector) -> None:
    """A name that nothing uses is most often one that was renamed elsewhere."""
    used: set[str] = set()
    for field, value in data.items():
        for text in _texts(value):
            used |= _names(text, plain=field in ("let", "where"))
    for field in ("params", "let"):
        for name in data.get(field) or ():
            if name not in used:
                message = f"`{name}` is used nowhere; use it, or take it away"
                found.add((field, name), message, severity="warning")


def _names(text: str, *, plain: bool) -> frozenset[str]:
    try:
        if is_template(text):
            return template_names(text)
        return expr.parse(text).names if plain else frozenset()
    except (TemplateError, expr.ExpressionError):
        return frozenset()


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _defined(data: dict[str, Any], cases: Sequence[Case], found: Collector) -> None:
    """An answer that is nan by accident; an exercise about nan has the word in it."""
    if any(_NAN.search(text) for text in _texts(data)):
        return
    for case in cases:
        for name, answer in case.question.answers.items():
            if _NAN.search(shown(answer, case.truths.sides[name])):
                found.add(
                    ("answers", name),
                    "the answer is nan, of which no text and no test says anything; keep such draws "
                    "away by `where`, or say why",
                    seed=case.question.seed,
                    about="nan",
                    severity="warning",
                )
