"""How a typed value is related to the live one."""

from __future__ import annotations

import ast
import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from tutor import syntax
from tutor.answer.reading import Entry, NoneRead, Numbers, SizeRead
from tutor.edits.cuts import is_creator
from tutor.grading.compare import NotGradable, as_tensor
from tutor.grading.relations.numbers import (
    Grid,
    agree,
    distinct,
    ratio,
    reductions,
    summed,
    transposed,
    without_ones,
)
from tutor.grading.relations.words import Relation, relation
from tutor.values import Nothing, Number, Sequence, Size, Tensor, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tutor.answer import Reading
    from tutor.answer.reading import ReadValue

#: Numbers of entries up to which relations are looked for.
MOST_ENTRIES: Final = 400


@dataclass(frozen=True, slots=True)
class Facts:
    """What may be spoken of beside the two values.

    ``inputs`` are the program's tensors by name.  ``other`` is the name of another answer that was given
    this one's truth, while this was given that one's.
    """

    program: str = ""
    expression: str = ""
    inputs: Mapping[str, Value] = field(default_factory=dict)
    other: str | None = None


def value_relation(truth: Value, reading: Reading, facts: Facts) -> Relation | None:
    """The most telling relation of any meaning of what was typed to the truth."""
    if facts.other is not None:
        return relation("exchanged", name=facts.other)
    for read in reading.readings:
        found = _none(truth, read, facts) or _dimensions(truth, read, facts)
        if found is not None:
            return found
    grid = _grid(truth)
    if grid is None or not 0 < grid.size <= MOST_ENTRIES:
        return None
    for find in _FINDERS:
        for read in reading.readings:
            if isinstance(read, Numbers) and _finite(read):
                found = find(grid, read, facts)
                if found is not None:
                    return found
    return None


def _grid(truth: Value) -> Grid | None:
    """The truth's numbers, if it is finite numbers."""
    if isinstance(truth, Sequence):
        try:
            truth = as_tensor(truth)
        except NotGradable:
            return None
    match truth:
        case Number(number):
            grid = Grid((), (float(number),))
        case Tensor(dtype, shape, entries) if dtype != "bool":
            grid = Grid(shape, tuple(map(float, entries)))
        case _:
            return None
    return grid if all(map(math.isfinite, grid.entries)) else None


def _finite(read: Numbers) -> bool:
    return 0 < len(read.entries) <= MOST_ENTRIES and all(
        not isinstance(e.value, bool) and math.isfinite(e.value) for e in read.entries
    )


# -- None and shapes --------------------------------------------------------------------------------


def _none(truth: Value, read: ReadValue, facts: Facts) -> Relation | None:
    gradient = facts.expression.strip().endswith(".grad")
    if isinstance(truth, Nothing) and isinstance(read, Numbers) and _finite(read):
        if all(entry.value == 0 for entry in read.entries):
            return relation("zeros-for-none") if gradient else None
        return relation("gradient-for-none") if gradient else None
    if isinstance(truth, Tensor) and isinstance(read, NoneRead) and gradient:
        zeros = truth.entries and all(entry == 0 for entry in truth.entries)
        return relation("none-for-zeros" if zeros else "none-for-gradient")
    return None


def _dimensions(truth: Value, read: ReadValue, facts: Facts) -> Relation | None:
    if not isinstance(truth, Size):
        return None
    match read:
        case SizeRead(dims):
            typed = dims
        case Numbers(shape=(_,), entries=entries):
            typed = tuple(int(e.value) for e in entries if isinstance(e.value, int))
        case _:
            return None
    if typed != truth.dims and sorted(typed) == sorted(truth.dims):
        return relation("dimensions-permuted")
    for name, value in facts.inputs.items():
        if typed and isinstance(value, Tensor) and value.shape == typed:
            return relation("shape-of", name=name)
    return None


# -- the same entries -------------------------------------------------------------------------------


def _transposed(truth: Grid, read: Numbers, _facts: Facts) -> Relation | None:
    if len(truth.shape) != 2 or min(truth.shape) < 2:
        return None
    other = transposed(truth)
    if read.shape == other.shape and agree(read.entries, other):
        return relation("transposed")
    return None


def _shape(truth: Grid, read: Numbers, _facts: Facts) -> Relation | None:
    if read.shape != truth.shape and truth.size > 1 and agree(read.entries, truth):
        return relation("shape")
    return None


def _negated(truth: Grid, read: Numbers, _facts: Facts) -> Relation | None:
    if not _same_form(truth, read) or not any(truth.entries):
        return None
    if agree(read.entries, truth.map(-e for e in truth.entries)):
        return relation("negated")
    return None


def _signs(truth: Grid, read: Numbers, _facts: Facts) -> Relation | None:
    """Right up to the sign of some entries, of two or more."""
    if not _same_form(truth, read) or distinct(truth.entries) < 2:
        return None
    magnitudes = truth.map(abs(e) for e in truth.entries)
    if agree(read.entries, magnitudes):
        return relation("magnitudes")
    absolute = [Entry(abs(e.value), (e.literal or "").lstrip("-") or None) for e in read.entries]
    return relation("signs") if agree(absolute, magnitudes) else None


def _permuted(truth: Grid, read: Numbers, _facts: Facts) -> Relation | None:
    if read.shape != truth.shape or truth.size < 2 or len(set(truth.entries)) < 2:
        return None
    typed = sorted(read.entries, key=lambda e: float(e.value))
    if agree(typed, truth.map(sorted(truth.entries))):
        return relation("permuted")
    return None


def _other_value(_truth: Grid, read: Numbers, facts: Facts) -> Relation | None:
    """The numbers of another tensor of the program; of single numbers only those that are rare."""
    for name, value in facts.inputs.items():
        grid = _grid(value)
        if grid is None or grid.shape != read.shape or not agree(read.entries, grid):
            continue
        if distinct(grid.entries) > 1 or (grid.size == 1 and abs(grid.entries[0]) not in (0, 1, 2)):
            return relation("other-value", name=name)
    return None


def _same_form(truth: Grid, read: Numbers) -> bool:
    one_for_one = truth.size == 1 and read.shape == ()
    return read.shape == truth.shape or one_for_one


# -- factors ----------------------------------------------------------------------------------------


def _factor(truth: Grid, read: Numbers, facts: Facts) -> Relation | None:
    """One factor for all entries; which one, where the program shows a reason for it."""
    if not _same_form(truth, read):
        return None
    k = ratio([float(e.value) for e in read.entries], truth.entries)
    if k is None or k <= 0 or k == 1:
        return None
    several = distinct(truth.entries) > 1
    for named in _reasons(facts, truth):
        factor = named.parts["k"]
        for one in (factor, 1 / factor):
            if named.kind == "factor-count" and not _is_reduction(facts.program, one):
                continue
            if abs(k / one - 1) < 2e-3 and agree(read.entries, _times(truth, one)):
                return Relation(named.kind, {**named.parts, "k": f"{factor:.6g}"})
    if several and agree(read.entries, _times(truth, k)):
        return relation("factor")
    return None


def _is_reduction(program: str, k: float) -> bool:
    """Whether a sum taken for a mean gives ``k``, or a mean taken for a sum, with what is there."""
    reductions = _constants(program)[2]
    return ("mean" if k > 1 else "sum") in reductions


def _times(truth: Grid, k: float) -> Grid:
    return truth.map(k * e for e in truth.entries)


def _reasons(facts: Facts, truth: Grid) -> Iterator[Relation]:
    """Factors that the program gives a reason for, the most telling first."""
    exponents, numbers, reduces = _constants(facts.program)
    for number, line in exponents:
        yield relation("factor-exponent", k=number, line=line)
    if reduces:
        counts = {truth.size: None}
        for value in facts.inputs.values():
            if isinstance(value, Tensor):
                counts |= dict.fromkeys((*value.shape, len(value.entries)))
        for count in counts:
            if count > 1:
                yield relation("factor-count", k=count)
    for number, line in numbers:
        yield relation("factor-number", k=number, line=line)
    if has_square(facts.program):
        yield relation("factor-two", k=2)


@lru_cache(maxsize=64)
def has_square(program: str) -> bool:
    """Whether something is multiplied by itself, or squared, anywhere in the program."""
    try:
        root = syntax.module(program)
    except SyntaxError:
        return False
    for node in ast.walk(root):
        match node:
            case ast.BinOp(left=left, op=ast.Mult() | ast.MatMult(), right=right):
                if _same_source(left, right):
                    return True
            case ast.BinOp(op=ast.Pow(), right=ast.Constant(value=2)):
                return True
            case ast.Call(func=ast.Attribute(attr="dot" | "inner" | "outer"), args=[left, right]):
                if _same_source(left, right):
                    return True
            case ast.Attribute(attr="square" | "mse_loss" | "MSELoss" | "pow"):
                return True
    return False


def _same_source(left: ast.expr, right: ast.expr) -> bool:
    return ast.dump(left) == ast.dump(right)


@lru_cache(maxsize=64)
def _constants(
    program: str,
) -> tuple[tuple[tuple[float, int], ...], tuple[tuple[float, int], ...], frozenset[str]]:
    """The program's exponents and other factors with their lines, and which of sum and mean it has.

    What stands in the data of a tensor is no factor.
    """
    try:
        root = syntax.module(program)
    except SyntaxError:
        return (), (), frozenset()
    exponents: dict[float, int] = {}
    numbers: dict[float, int] = {}
    reduces: set[str] = set()
    waiting: list[ast.AST] = [root]
    while waiting:
        node = waiting.pop(0)
        match node:
            case ast.Call() if is_creator(node):
                continue
            case ast.Attribute(attr="sum" | "mean" as name):
                reduces.add(name)
            case ast.BinOp(op=ast.Pow(), right=ast.Constant(value=int() | float() as number)):
                if number > 1:
                    exponents.setdefault(float(number), node.lineno)
                waiting.append(node.left)
                continue
            case ast.Subscript():
                waiting.append(node.value)
                continue
            case ast.BinOp(op=ast.Mult() | ast.Div()):
                for side in (node.left, node.right):
                    if isinstance(side, ast.Constant) and _is_factor(side.value):
                        numbers.setdefault(float(side.value), side.lineno)  # type: ignore[arg-type]
            case ast.keyword(value=ast.Constant(value=number)) if _is_factor(number):
                numbers.setdefault(float(number), node.value.lineno)  # type: ignore[arg-type]
        waiting.extend(ast.iter_child_nodes(node))
    return tuple(exponents.items()), tuple(numbers.items()), frozenset(reduces)


def _is_factor(number: object) -> bool:
    return isinstance(number, int | float) and not isinstance(number, bool) and number not in (0, 1)


def _reciprocal(truth: Grid, read: Numbers, _facts: Facts) -> Relation | None:
    if not _same_form(truth, read) or not all(truth.entries) or distinct(truth.entries) < 2:
        return None
    if agree(read.entries, truth.map(1 / e for e in truth.entries)):
        return relation("reciprocal")
    return None


def _by_input(truth: Grid, read: Numbers, facts: Facts) -> Relation | None:
    """Entry by entry times an input, or divided by it; for one number only by its own leaf."""
    if read.shape != truth.shape:
        return None
    own = facts.expression.removesuffix(".grad")
    for name, value in facts.inputs.items():
        grid = _grid(value)
        if grid is None or grid.shape != truth.shape or not any(truth.entries):
            continue
        varied = distinct(grid.entries) > 1
        if not varied and not (truth.size == 1 and name == own):
            continue
        times = truth.map(t * x for t, x in zip(truth.entries, grid.entries, strict=True))
        if agree(read.entries, times):
            return relation("times-input", name=name)
        if all(grid.entries):
            over = truth.map(t / x for t, x in zip(truth.entries, grid.entries, strict=True))
            if agree(read.entries, over):
                return relation("over-input", name=name)
    return None


# -- sums -------------------------------------------------------------------------------------------


def _not_summed(truth: Grid, read: Numbers, _facts: Facts) -> Relation | None:
    if len(read.entries) <= truth.size or not any(truth.entries):
        return None
    typed = Grid(read.shape, tuple(float(e.value) for e in read.entries))
    for dims in reductions(read.shape):
        total = summed(typed, dims)
        if without_ones(total.shape) == without_ones(truth.shape):
            entries = [Entry(e, None) for e in total.entries]
            if agree(entries, truth):
                return relation("not-summed")
    return None


def _summed(truth: Grid, read: Numbers, _facts: Facts) -> Relation | None:
    if len(read.entries) >= truth.size or not any(truth.entries):
        return None
    for dims in reductions(truth.shape):
        total = summed(truth, dims)
        if without_ones(total.shape) != without_ones(read.shape):
            continue
        if agree(read.entries, total):
            return relation("summed")
        count = math.prod(truth.shape[d] for d in dims)
        if agree(read.entries, _times(total, 1 / count)):
            return relation("averaged")
    return None


# -- differences ------------------------------------------------------------------------------------


def _offset(truth: Grid, read: Numbers, _facts: Facts) -> Relation | None:
    if read.shape != truth.shape or truth.size < 3 or len(set(truth.entries)) < 2:
        return None
    by = float(read.entries[0].value) - truth.entries[0]
    if by and agree(read.entries, truth.map(e + by for e in truth.entries)):
        return relation("offset")
    return None


def _one_off(truth: Grid, read: Numbers, facts: Facts) -> Relation | None:
    """A whole number that counts something: no gradient, and no tensor of floats."""
    whole = truth.size == 1 and truth.entries[0].is_integer() and not read.shape
    if whole and not facts.expression.endswith((".grad", "detach()")) and _counts(facts):
        number = float(read.entries[0].value)
        if abs(number - truth.entries[0]) == 1:
            return relation("one-off")
    return None


def _counts(facts: Facts) -> bool:
    return facts.expression.endswith(("_version", "numel()", "dim()", "ndim", "runs", "count"))


_FINDERS: Final[tuple[Callable[[Grid, Numbers, Facts], Relation | None], ...]] = (
    _transposed, _shape, _negated, _other_value, _factor, _not_summed, _summed, _by_input, _signs, _permuted,
    _reciprocal, _one_off, _offset,
)  # fmt: skip
