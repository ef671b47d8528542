"""Drawing the parameters of an exercise: the same seed gives the same values everywhere."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from tutor.exercise import expr
from tutor.exercise.expr import Expression, ExpressionError
from tutor.exercise.params import (
    MAX_LENGTH,
    ChoiceParam,
    FloatParam,
    IntParam,
    LineParam,
    ListParam,
    ListSpec,
    PermutationParam,
)
from tutor.exercise.streams import Stream
from tutor.exercise.template import Template, TemplateError, compile_template, is_template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.exercise.document import FieldPath
    from tutor.exercise.model import Exercise

#: So many draws are tried before the conditions of ``where`` count as impossible.
MAX_TRIES: Final = 1_000
MAX_DRAWN: Final = 10_000


class DrawingError(Exception):
    """The parameters cannot be drawn; ``path`` is the field at fault, ``line`` its line (0: none)."""

    def __init__(self, path: FieldPath, message: str, line: int = 0) -> None:
        self.path = path
        self.message = message
        self.line = line
        super().__init__(message)


#: A condition of ``where`` with its number.
_Condition: TypeAlias = "tuple[int, Expression | _Templated]"


def stream_of(exercise: Exercise, seed: int, name: str, attempt: int = 0) -> Stream:
    """The random numbers of one name, for one exercise, revision and seed."""
    return Stream(f"{exercise.id}:{exercise.revision}:{seed}:{name}:{attempt}")


def draw_values(exercise: Exercise, seed: int) -> dict[str, Any]:
    """The values of ``params``, then of ``let``: plain data, as JSON has it.

    Raises:
        DrawingError: if an expression has no value, or no draw satisfies ``where``.
    """
    early, late = _conditions(exercise)
    order = [index for index, _ in (*early, *late)]
    furthest = 0
    for attempt in range(MAX_TRIES if order else 1):
        values = _draw_params(exercise, seed, attempt)
        # Conditions on the parameters alone come first: they may be what makes a `let` possible.
        failing = _first_failing(early, values)
        if failing is None:
            _compute_let(exercise, values)
            failing = _first_failing(late, values)
        if failing is None:
            return values
        furthest = max(furthest, order.index(failing))
    failed = order[furthest]  # as no draw came past it, this one never held
    message = (
        f"`{exercise.where[failed]}` fails in {MAX_TRIES:,} draws; "
        "widen the parameters or the condition"
    )
    raise DrawingError(("where", failed), message)


def _conditions(
    exercise: Exercise,
) -> tuple[list[_Condition], list[_Condition]]:
    """The conditions that need only parameters, and those that need ``let``; with their numbers."""
    early: list[_Condition] = []
    late: list[_Condition] = []
    for index, source in enumerate(exercise.where):
        condition = _parsed(("where", index), source)
        (late if condition.names & exercise.let.keys() else early).append((index, condition))
    return early, late


def _first_failing(conditions: list[_Condition], values: Mapping[str, Any]) -> int | None:
    for index, condition in conditions:
        try:
            if not condition(values):
                return index
        except ExpressionError as error:
            raise DrawingError(("where", index), error.message) from None
    return None


def _compute_let(exercise: Exercise, values: dict[str, Any]) -> None:
    for name, source in exercise.let.items():
        try:
            values[name] = expr.to_plain(_parsed(("let", name), source)(values))
        except ExpressionError as error:
            raise DrawingError(("let", name), error.message) from None


class _Templated:
    """An expression that is a template: rendered with the values, then read."""

    __slots__ = ("_template", "names")

    def __init__(self, template: Template) -> None:
        self._template = template
        self.names = template.names

    def __call__(self, values: Mapping[str, Any]) -> Any:
        try:
            source = self._template.render(values)
        except TemplateError as error:
            raise ExpressionError(error.message) from None
        return expr.parse(source)(values)


def _parsed(path: FieldPath, source: str) -> Expression | _Templated:
    try:
        return _Templated(compile_template(source)) if is_template(source) else expr.parse(source)
    except (ExpressionError, TemplateError) as error:
        raise DrawingError(path, error.message) from None


def _draw_params(exercise: Exercise, seed: int, attempt: int) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, param in exercise.params.items():
        stream = stream_of(exercise, seed, name, attempt)
        values[name] = _draw(param, stream, ("params", name), values)
    _fill_fragments(values)
    return values


def _draw(param: Any, stream: Stream, path: FieldPath, earlier: Mapping[str, Any]) -> Any:
    match param:
        case IntParam(int=(low, high)):
            return low + stream.below(high - low + 1)
        case ChoiceParam(choice=items) | LineParam(line=items):
            return stream.pick(items)
        case ListParam(list=spec):
            return _draw_list(spec, stream, (*path, "list"), earlier)
        case PermutationParam(permutation=given):
            order: list[Any] = list(range(given) if isinstance(given, int) else given)
            stream.shuffle(order)
            return order
        case FloatParam(float=grid):
            # In decimal: 0.1 + 2 · 0.1 is 0.3 and prints as such.
            start, step = Decimal(repr(grid.from_)), Decimal(repr(grid.step))
            count = int((Decimal(repr(grid.to)) - start) / step) + 1
            return float(start + stream.below(count) * step)
    raise AssertionError(param)


def _draw_list(
    spec: ListSpec, stream: Stream, path: FieldPath, earlier: Mapping[str, Any]
) -> list[Any]:
    length = spec.len
    if isinstance(length, str):
        length = render_whole(length, (*path, "len"), earlier)
        if not 0 <= length <= MAX_LENGTH:
            raise DrawingError((*path, "len"), f"a length of {length}; 0 to {MAX_LENGTH:,} will do")
    items = []
    size = 0
    for _ in range(length):
        item = _draw(spec.of, stream, (*path, "of"), earlier)
        size += len(item) if isinstance(item, list) else 1
        if size > MAX_DRAWN:
            raise DrawingError(path, f"more than {MAX_DRAWN:,} numbers in one parameter")
        items.append(item)
    return items


def render_whole(source: str, path: FieldPath, values: Mapping[str, Any]) -> int:
    """The whole number that a template renders to.

    Raises:
        DrawingError: if it renders to something else, or not at all.
    """
    try:
        text = compile_template(source).render(values).strip()
    except TemplateError as error:
        raise DrawingError(path, error.message) from None
    digits = text.removeprefix("-").removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
        raise DrawingError(path, f"`{text:.40}` is no whole number")
    return int(text)


def _fill_fragments(values: dict[str, Any]) -> None:
    """Drawn texts are templates over the other parameters: each sees those that are filled in."""
    waiting = [name for name, value in values.items() if _has_template(value)]
    for name in waiting:
        pending = waiting[waiting.index(name) :]
        seen = {other: value for other, value in values.items() if other not in pending}
        try:
            values[name] = _filled(values[name], seen)
        except TemplateError as error:
            raise DrawingError(("params", name), error.message) from None


def _has_template(value: Any) -> bool:
    if isinstance(value, str):
        return is_template(value)
    if isinstance(value, dict):
        return any(_has_template(item) for item in value.values())
    return isinstance(value, list) and any(_has_template(item) for item in value)


def _filled(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return compile_template(value).render(values)
    if isinstance(value, list):
        return [_filled(item, values) for item in value]
    if isinstance(value, dict):
        return {key: _filled(item, values) for key, item in value.items()}
    return value
