"""Drawing the answers of a question, one function for each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tutor.exercise.answer_checks import check_shape, owners_of
from tutor.exercise.answers import (
    Choice,
    Code,
    Flags,
    Formula,
    Option,
    Order,
    Raises,
    Rule,
    Value,
    Variable,
)
from tutor.exercise.drawing import DrawingError, render_whole
from tutor.exercise.rendering import Renderer, syntax_problem
from tutor.question.drawn import (
    DrawnAnswer,
    DrawnChoice,
    DrawnCode,
    DrawnFlags,
    DrawnFormula,
    DrawnOption,
    DrawnOrder,
    DrawnRaises,
    DrawnRule,
    DrawnValue,
    VariableSpec,
)
from tutor.question.near import draw_near, short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tutor.exercise.document import FieldPath
    from tutor.exercise.model import Exercise
    from tutor.exercise.streams import Stream

#: A shuffle that leaves the lines in a right order is tried again, this often at most.
MAX_SHUFFLES: Final = 20


def draw_answer(
    exercise: Exercise, name: str, program: str, renderer: Renderer, stream: Stream
) -> DrawnAnswer:
    """The answer ``name`` of a question; ``stream`` shuffles what is to be shuffled.

    Raises:
        DrawingError: naming the field at fault.
    """
    spec = exercise.answers[name]
    path: FieldPath = ("answers", name)
    prompt = None if spec.prompt is None else renderer.text(spec.prompt, (*path, "prompt"))
    head = (name, spec.weight, prompt)
    match spec:
        case Value():
            expression = renderer.expression(spec.value, (*path, "value"))
            return DrawnValue(*head, expression, draw_near(spec, path, program, renderer))
        case Flags():
            flags = _expressions(spec.flags, (*path, "flags"), renderer)
            return DrawnFlags(*head, flags, draw_near(spec, path, program, renderer))
        case Raises():
            lines = _lines(spec, (*path, "lines"), program, renderer)
            return DrawnRaises(*head, lines, draw_near(spec, path, program, renderer))
        case Formula():
            variables = _variables(spec, (*path, "vars"), renderer)
            truth = renderer.expression(spec.truth, (*path, "truth"))
            show = renderer.string(spec.show, (*path, "show")).strip()
            near = draw_near(spec, path, program, renderer)
            return DrawnFormula(*head, variables, truth, show, near)
        case Code():
            return _draw_code(spec, path, renderer, head)
        case Choice():
            return _draw_choice(exercise, spec, path, renderer, head, stream)
        case Order():
            return _draw_order(spec, path, renderer, head, stream)


_Head = tuple[str, float, str | None]


def _expressions(sources: Sequence[str], path: FieldPath, renderer: Renderer) -> tuple[str, ...]:
    return tuple(
        renderer.expression(source, (*path, index)) for index, source in enumerate(sources)
    )


def _lines(
    spec: Raises, path: FieldPath, program: str, renderer: Renderer
) -> tuple[int, ...] | None:
    if spec.lines is None:
        return None
    count = len(program.splitlines())
    lines = []
    for index, given in enumerate(spec.lines):
        line = _whole(given, (*path, index), renderer)
        if not 1 <= line <= count:
            message = f"there is no line {line}; the program has {count} lines"
            raise DrawingError((*path, index), message)
        lines.append(line)
    return tuple(dict.fromkeys(lines))


def _whole(given: int | str, path: FieldPath, renderer: Renderer) -> int:
    return given if isinstance(given, int) else render_whole(given, path, renderer.values)


def _variables(spec: Formula, path: FieldPath, renderer: Renderer) -> dict[str, VariableSpec]:
    drawn = {}
    for name, given in spec.vars.items():
        variable = given if isinstance(given, Variable) else Variable(shape=given)
        at = (*path, name, "shape") if isinstance(given, Variable) else (*path, name)
        shape = tuple(
            _whole(dim, (*at, index), renderer) for index, dim in enumerate(variable.shape)
        )
        for finding in check_shape(shape, at):
            raise DrawingError(finding.path, finding.message)
        square = variable.kind in ("symmetric", "spd", "orthogonal")
        if square and shape[-1] != shape[-2]:
            raise DrawingError(at, f"{list(shape)} is not square, but {variable.kind} has to be")
        low, high = bounds_of(variable)
        drawn[name] = VariableSpec(shape, variable.kind, low, high)
    return drawn


def bounds_of(variable: Variable) -> tuple[float, float]:
    """The interval of a variable's values: [-2, 2] unless said, and never negative if positive."""
    high = 2.0 if variable.high is None else variable.high
    if variable.low is not None:
        return variable.low, high
    return (0.0 if variable.kind == "positive" else -2.0), high


def _draw_code(spec: Code, path: FieldPath, renderer: Renderer, head: _Head) -> DrawnCode:
    starter = renderer.string(spec.starter, (*path, "starter"))
    solution = renderer.string(spec.solution, (*path, "solution"))
    if problem := syntax_problem(solution, "exec"):
        raise DrawingError((*path, "solution"), f"this is no Python: {problem}")
    compare = _expressions(spec.compare, (*path, "compare"), renderer)
    forbid = _rules(spec.forbid, (*path, "forbid"), renderer)
    require = _rules(spec.require, (*path, "require"), renderer)
    return DrawnCode(*head, starter, solution, compare, forbid, require)


def _rules(
    rules: Sequence[str | Rule], path: FieldPath, renderer: Renderer
) -> tuple[DrawnRule, ...]:
    drawn = []
    for index, given in enumerate(rules):
        rule = Rule(name=given) if isinstance(given, str) else given
        at = (*path, index, "says")
        drawn.append(
            DrawnRule(rule.name, None if rule.says is None else renderer.text(rule.says, at))
        )
    return tuple(drawn)


def _draw_choice(
    exercise: Exercise,
    spec: Choice,
    path: FieldPath,
    renderer: Renderer,
    head: _Head,
    stream: Stream,
) -> DrawnChoice:
    options = [
        _draw_option(exercise, option, index, (*path, "options", index), renderer)
        for index, option in enumerate(spec.options)
    ]
    seen: dict[str, int] = {}
    for index, option in enumerate(options):
        key = option.text if option.text is not None else f"expr {option.expr}"
        if option.near is not None or (*path, "options", index, "text") in renderer.waiting:
            continue  # only the run tells what it says
        if key in seen:
            message = f"in this draw it is the same as option {seen[key] + 1}: `{short(key)}`"
            raise DrawingError((*path, "options", index), message)
        seen[key] = index
    stream.shuffle(options)
    return DrawnChoice(*head, tuple(options), spec.many)


def _draw_option(
    exercise: Exercise, option: Option, index: int, path: FieldPath, renderer: Renderer
) -> DrawnOption:
    text = None if option.text is None else renderer.text(option.text, (*path, "text"))
    expression = None if option.expr is None else renderer.expression(option.expr, (*path, "expr"))
    owner = says = None
    if option.near is not None:
        owner, near = owners_of(exercise, option.near)[0]
        says = near.says
    given = option.says if option.says is not None else says
    shown = None if given is None else renderer.text(given, (*path, "says"))
    return DrawnOption(text, expression, option.near, owner, option.correct, shown, index)


def _draw_order(
    spec: Order, path: FieldPath, renderer: Renderer, head: _Head, stream: Stream
) -> DrawnOrder:
    given = [
        renderer.string(line, (*path, field, index)).rstrip("\n")
        for field in ("lines", "distractors")
        for index, line in enumerate(getattr(spec, field))
    ]
    count = len(spec.lines)
    for index, line in enumerate(given[count:]):
        if line in given[:count]:
            message = f"in this draw it is also line {given.index(line) + 1}: `{short(line)}`"
            raise DrawingError((*path, "distractors", index), message)
    if problem := syntax_problem("\n".join(given[:count]), "exec"):
        raise DrawingError((*path, "lines"), f"in this order this is no Python: {problem}")
    places = _shuffled(spec, len(given), stream)
    position = {source: shown for shown, source in enumerate(places)}
    depends = None
    if spec.depends is not None:
        depends = {
            position[line - 1]: tuple(position[other - 1] for other in needed)
            for line, needed in spec.depends.items()
        }
    return DrawnOrder(
        *head,
        tuple(given[source] for source in places),
        tuple(position[line] for line in range(count)),
        frozenset(position[index] for index in range(count, len(given))),
        depends,
        _expressions(spec.compare, (*path, "compare"), renderer),
    )


def _shuffled(spec: Order, count: int, stream: Stream) -> list[int]:
    """A random order of the lines, as far as possible not one that is right already."""
    places = list(range(count))
    for _ in range(MAX_SHUFFLES):
        stream.shuffle(places)
        if not _is_right(spec, [place for place in places if place < len(spec.lines)]):
            break
    return places


def _is_right(spec: Order, order: Sequence[int]) -> bool:
    if spec.depends is None:
        return list(order) == sorted(order)
    at: Mapping[int, int] = {line: place for place, line in enumerate(order)}
    return all(
        at[other - 1] < at[line - 1] for line, needed in spec.depends.items() for other in needed
    )
