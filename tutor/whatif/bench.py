"""What can be tried on a question: one program to edit, what to compare after it, edits to begin with."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tutor.drawn import (
    DrawnChoice,
    DrawnCode,
    DrawnFlags,
    DrawnFormula,
    DrawnOrder,
    DrawnRaises,
    DrawnValue,
)
from tutor.edits import PREFIX, program_edits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tutor.drawn import VariableSpec
    from tutor.question import Question

#: More edits than these are a list to get lost in.
MAX_SUGGESTIONS: Final = 6
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
    whole = "\n".join(part.rstrip() for part in (program, *extra) if part.strip()) + "\n"
    asked = tuple(dict.fromkeys(_asked(question))) or (ERROR,)
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
                names = [f"{name} = {_numbers(s)}" for name, s in answer.variables.items()]
                return [*names, f"{RESULT} = {answer.truth.strip()}"]
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


# -- simple numbers for a formula's variables --------------------------------------------------------

_PLAIN: Final = (1.0, 2.0, -1.0, 0.5, 3.0, -2.0, 1.5, -0.5)


def _numbers(spec: VariableSpec) -> str:
    """Python for a tensor of that kind with numbers that are easy to reckon with."""
    entries = _entries(spec)
    return f"torch.tensor({_nested(spec.shape, entries)}, dtype=torch.float64, requires_grad=True)"


def _entries(spec: VariableSpec) -> list[float]:
    shape, count = spec.shape, math.prod(spec.shape)
    n = shape[-1] if shape else 1
    match spec.kind:
        case "unit":
            return [0.6, 0.8, *([0.0] * (count - 2))] if count > 1 else [1.0]
        case "orthogonal":
            turn = {(0, 0): 0.6, (0, 1): -0.8, (1, 0): 0.8, (1, 1): 0.6} if n > 1 else {}
            return [turn.get((i, j), float(i == j)) for i in range(n) for j in range(n)]
        case "symmetric" | "spd":
            # Diagonally dominant with a positive diagonal, so positive definite too.
            return [
                float(n + 1 + i) if i == j else 1.0 / (1 + abs(i - j))
                for i in range(n)
                for j in range(n)
            ]
    return [_within(spec, i) for i in range(count)]


def _within(spec: VariableSpec, i: int) -> float:
    plain = _PLAIN[i % len(_PLAIN)]
    low, high = (
        (max(spec.low, 0.1), spec.high) if spec.kind == "positive" else (spec.low, spec.high)
    )
    if low <= plain <= high:
        return plain
    # Evenly over the middle of the range, in an order that is not sorted.
    return round(low + (high - low) * (1 + (3 * i) % 8) / 9, 2)


def _nested(shape: tuple[int, ...], entries: list[float]) -> str:
    if not shape:
        return repr(entries[0])
    step = len(entries) // shape[0] if shape[0] else 0
    rows = (_nested(shape[1:], entries[i * step : (i + 1) * step]) for i in range(shape[0]))
    return f"[{', '.join(rows)}]"
