"""What can be tried on a question: one program to edit, what to compare after it, edits to begin with."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tutor import syntax
from tutor.edits import PREFIX, program_edits
from tutor.grading.point import point_source
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
    from collections.abc import Iterator, Sequence

    from tutor.question import Question

#: More edits than these are a list to get lost in.
MAX_SUGGESTIONS: Final = 6
DOUBLE: Final = "torch.set_default_dtype(torch.float64)"
#: Expressions that are taken from the question's text, at the most.
MAX_NAMED: Final = 3
_CODE: Final = re.compile(r"`([^`\n]+)`")
#: What the truth of a formula is called in the program to edit.
RESULT: Final = "result"


@dataclass(frozen=True, slots=True)
class Asked:
    """Something to compare: the value of ``expression``, or the error if it is ``None``."""

    expression: str | None


#: Whether the program raises.
ERROR: Final = Asked(None)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A program that differs in one edit: a near miss's, or a standard one."""

    id: str
    program: str


@dataclass(frozen=True, slots=True)
class Bench:
    """``program`` gives the question's own answers; ``seed`` is what torch is seeded with."""

    program: str
    seed: int
    asked: tuple[Asked, ...]
    suggestions: tuple[Suggestion, ...] = ()


def bench_of(question: Question, missed: Sequence[str] = ()) -> Bench:
    """The bench of any question: its right code and order stand after the program.

    A formula's variables get simple numbers, and its truth a name, so that both can be edited.
    ``missed`` are the near misses that the learner's answers were consistent with: their edits come
    first, then the author's own, then the standard ones.
    """
    program, extra = question.program, _added(question)
    whole = "\n".join(part.rstrip() for part in (program, *extra) if part.strip()).lstrip() + "\n"
    asked = tuple(dict.fromkeys(_asked(question))) or _named(question.ask, whole) or (ERROR,)
    found: dict[str, Suggestion] = {}
    for one in (*_authors(question, extra), *_standard(whole, asked)):
        if one.program != whole:
            found.setdefault(one.program, one)
    ranked = sorted(found.values(), key=lambda one: one.id not in missed)
    return Bench(whole, question.seed, asked, tuple(ranked[:MAX_SUGGESTIONS]))


def _added(question: Question) -> list[str]:
    """What has to stand after the program: the first answer that is code of any kind."""
    for answer in question.answers.values():
        match answer:
            case DrawnCode():
                return [answer.solution]
            case DrawnOrder():
                return ["\n".join(answer.lines[i] for i in answer.right_order)]
            case DrawnFormula():
                point = point_source(answer.variables, question.seed)
                # As formulas are graded.
                return [f"\n{DOUBLE}\n{point}", f"{RESULT} = {answer.truth.strip()}"]
    return []


def _asked(question: Question) -> Iterator[Asked]:
    for answer in question.answers.values():
        match answer:
            case DrawnValue():
                yield Asked(answer.expression)
            case DrawnFlags():
                yield from map(Asked, answer.expressions)
            case DrawnRaises():
                yield ERROR
            case DrawnFormula():
                yield Asked(RESULT)
            case DrawnCode() | DrawnOrder():
                yield from map(Asked, answer.compare)
            case DrawnChoice():
                yield from (Asked(o.expr) for o in answer.options if o.correct and o.expr)


def _named(ask: str, program: str) -> tuple[Asked, ...]:
    """What the question names between backticks, if it is something of the program's.

    That is what a choice between sentences is about.
    """
    names = {
        node.id
        for node in ast.walk(syntax.parse(program))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    spans = dict.fromkeys(span.strip() for span in _CODE.findall(ask))
    return tuple(Asked(span) for span in spans if _is_about(span, names))[:MAX_NAMED]


def _is_about(span: str, names: set[str]) -> bool:
    """Whether ``span`` is a name of the program's, or an attribute or entry of one."""
    try:
        node = syntax.parse(span, mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return False
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return isinstance(node, ast.Name) and node.id in names


def _authors(question: Question, extra: list[str]) -> Iterator[Suggestion]:
    """The near misses that are another program."""
    for answer in question.answers.values():
        if not isinstance(answer, DrawnValue | DrawnFlags | DrawnRaises | DrawnFormula):
            continue
        for near in answer.near.values():
            if near.program is not None:
                program = "\n".join(part.rstrip() for part in (near.program, *extra)) + "\n"
                yield Suggestion(near.id, program)


def _standard(whole: str, asked: tuple[Asked, ...]) -> Iterator[Suggestion]:
    """The standard edits of the program, one of each kind before the second of any."""
    expressions = tuple(one.expression for one in asked if one.expression is not None)
    edits = program_edits(whole, expressions)
    first = [one for one in edits if one.id == f"{PREFIX}{one.kind}"]
    for edit in (*first, *(one for one in edits if one not in first)):
        yield Suggestion(edit.id, edit.program)
