"""Numbers in a program that are worth varying, and how each may vary."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.authoring.spans import Source, Span

MAX_PARAMETERS: Final = 5

#: Calls whose numbers are values, not shapes, places or seeds.
_OF_VALUES: Final = frozenset(
    ("tensor", "as_tensor", "Tensor", "FloatTensor", "array", "Parameter", "scalar_tensor",
     "add", "add_", "sub", "sub_", "mul", "mul_", "div", "div_", "fill_", "pow", "full_like")
)  # fmt: skip
_OPERATORS: Final = (ast.Mult, ast.Add, ast.Sub, ast.Div)
#: Small whole numbers that no two ways of calculating make the same: neither 0 nor ±1.
_POSITIVE: Final = "{int: [2, 6]}"
_SIGNED: Final = "{choice: [-5, -4, -3, -2, 2, 3, 4, 5]}"
_GRID: Final = "{float: {from: 0.5, to: 4.0, step: 0.5}}"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A literal that becomes a parameter.

    ``spec`` is its entry under ``params``; ``template`` stands in the program in its place; ``other``
    is another value as Python, to see whether it makes a difference.
    """

    name: str
    span: Span
    spec: str
    template: str
    other: str


@dataclass(frozen=True, slots=True)
class _Found:
    rank: int
    letter: str
    node: ast.expr
    value: Any
    spec: str
    other: Any


def parameters(source: Source) -> list[Parameter]:
    """The literals worth trying, the most telling first: data, sizes, factors, exponents."""
    found = sorted(_literals(source.tree), key=lambda one: one.rank)[:MAX_PARAMETERS]
    # Named in the order of the program, whatever their rank.
    names: dict[int, str] = {}
    taken: dict[str, int] = {}
    for one in sorted(found, key=lambda one: source.span(one.node)):
        taken[one.letter] = taken.get(one.letter, 0) + 1
        count = taken[one.letter]
        names[id(one)] = one.letter if count == 1 else f"{one.letter}{count}"
    return [_parameter(one, names[id(one)], source) for one in found]


def _parameter(found: _Found, name: str, source: Source) -> Parameter:
    flat = list(_flat(found.value))
    as_floats = any(isinstance(x, float) for x in flat) and all(float(x).is_integer() for x in flat)
    place = f"{{{{ {name} | floats }}}}" if as_floats else f"{{{{ {name} }}}}"
    other = _floats(found.other) if as_floats else found.other
    return Parameter(name, source.span(found.node), found.spec, place, repr(other))


def _literals(tree: ast.Module) -> Iterator[_Found]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="arange"), args=[only]):
                if (size := number(only)) is not None and size >= 2 and float(size).is_integer():
                    yield _Found(1, "n", only, size, "{int: [3, 6]}", int(size) + 1)
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=arguments):
                if name in _OF_VALUES:
                    yield from _data(arguments[-1:] if name == "full_like" else arguments[:1])
            case ast.BinOp(left=base, op=ast.Pow(), right=exponent):
                value = number(exponent)
                if isinstance(value, int) and value >= 2 and number(base) is None:
                    yield _Found(3, "p", exponent, value, "{int: [2, 4]}", 2 if value > 2 else 3)
            case ast.BinOp(
                left=left, op=ast.Mult() | ast.Add() | ast.Sub() | ast.Div(), right=right
            ):
                for side, across in ((left, right), (right, left)):
                    value = number(side)
                    if value is not None and number(across) is None:
                        yield from _factor(side, value)


def _data(arguments: list[ast.expr]) -> Iterator[_Found]:
    for argument in arguments:
        value = _nested(argument)
        if value is None:
            continue
        flat = list(_flat(value))
        if not flat:
            continue
        if isinstance(value, list):
            yield _Found(0, "v", argument, value, _list_spec(value, flat), _shifted(value))
        else:
            yield _Found(0, "v", argument, value, _entry_spec(flat), _shifted(value))


def _factor(node: ast.expr, value: int | float) -> Iterator[_Found]:
    spec = "{int: [2, 5]}" if float(value).is_integer() and value > 0 else _entry_spec([value])
    yield _Found(2, "c", node, value, spec, value + 1)


def number(node: ast.expr) -> int | float | None:
    """The number that a node writes out, sign included."""
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return None if isinstance(value, bool) else -value
    return None


def _nested(node: ast.expr) -> Any:
    """Numbers in (nested) lists of equal lengths; ``None`` for anything else."""
    if (value := number(node)) is not None:
        return value
    if not isinstance(node, ast.List) or not node.elts:
        return None
    items = [_nested(item) for item in node.elts]
    if any(item is None or _shape(item) != _shape(items[0]) for item in items):
        return None
    return items


def _shape(value: Any) -> tuple[int, ...]:
    return (len(value), *_shape(value[0])) if isinstance(value, list) else ()


def _flat(value: Any) -> Iterator[int | float]:
    if isinstance(value, list):
        for item in value:
            yield from _flat(item)
    else:
        yield value


def _entry_spec(numbers: list[int | float]) -> str:
    if not all(float(x).is_integer() for x in numbers):
        return _GRID
    return _SIGNED if any(x < 0 for x in numbers) else _POSITIVE


def _list_spec(value: Any, flat: list[int | float]) -> str:
    spec = _entry_spec(flat)
    for length in reversed(_shape(value)):
        spec = f"{{list: {{len: {length}, of: {spec}}}}}"
    return spec


def _shifted(value: Any) -> Any:
    """Other numbers of the same shape, no two changed alike."""
    numbers = iter(range(3, 10_000))

    def shift(item: Any) -> Any:
        return [shift(x) for x in item] if isinstance(item, list) else item + next(numbers)

    return shift(value)


def _floats(value: Any) -> Any:
    return [_floats(item) for item in value] if isinstance(value, list) else float(value)
