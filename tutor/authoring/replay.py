"""Running a cell again and comparing with what the notebook recorded."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tutor import syntax
from tutor.answer import InvalidAnswer, read_value
from tutor.grading.compare import NotGradable, compare
from tutor.render.value import show
from tutor.runner.job import Job, ProgramRun, RunnerFailure, Section, WorkerUnavailable
from tutor.values import Nothing, Opaque, Tensor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.authoring.history import Code, Statement
    from tutor.authoring.notebook import Cell
    from tutor.runner.client import Runner
    from tutor.runner.job import RunResult
    from tutor.values import Value

#: More numbers than this nobody types.
MAX_NUMBERS: Final = 24
MAX_ASKED: Final = 4
#: Programs longer than this cannot be taken in at a glance.
MAX_LINES: Final = 40
_SEED: Final = 0
_RESULT: Final = "result"
_CONTAINER_CALLS: Final = frozenset(("pop", "append", "backward", "step", "extend", "remove"))


@dataclass(frozen=True, slots=True)
class Replayed:
    """A cell whose recorded output came out again.

    ``program`` is complete in itself; ``asked`` are the expressions worth asking after it, with their
    values.  ``raises`` is set where the program's error is the result.  ``notes`` say what of the
    cell could not be asked.
    """

    program: str
    asked: dict[str, Value]
    raises: bool = False
    notes: tuple[str, ...] = ()


class NotReplayed(Exception):
    """Why a cell gives no exercise; ``reason`` is for the author."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Plan:
    """What of a cell is run, and what is asked: ``shown`` the last expression, ``printed`` with places.

    ``whole`` is the cell with its prints.
    """

    whole: str
    body: tuple[str, ...]
    shown: str | None
    printed: tuple[tuple[int, str], ...]


async def replay(
    cell: Cell,
    code: Code,
    needed: Sequence[Statement],
    everything: Sequence[Statement],
    runner: Runner,
) -> Replayed:
    """Run a cell after the statements that it needs, or else after everything before it.

    Raises:
        NotReplayed: the recorded output did not come out, or nothing in it can be asked.
        WorkerUnavailable: nothing can be run at all.
    """
    plan = _plan(cell, code)
    tried = [statement.source for statement in needed]
    try:
        return await _replay(cell, plan, tried, runner)
    except NotReplayed as first:
        every = [statement.source for statement in everything]
        if every == tried:
            raise
        try:
            return await _replay(cell, plan, every, runner)
        except NotReplayed:
            raise first from None  # with the shorter program it is easier to see why


def _plan(cell: Cell, code: Code) -> _Plan:
    statements = [s for s in code.statements if not s.is_torch_import]
    body: list[str] = []
    shown: str | None = None
    printed: list[tuple[int, str]] = []
    for index, statement in enumerate(statements):
        last = index == len(statements) - 1
        arguments = _printed_by(statement.node)
        if arguments is not None and not cell.error:
            printed += [(len(body), argument) for argument in arguments]
        elif last and code.shows_last and not cell.error:
            shown = statement.source
        elif not statement.only_shows or cell.error:
            body.append(statement.source)
    if shown is not None and _changes_something(shown):
        body.append(f"{_RESULT} = {shown}")
        shown = _RESULT if cell.value is not None else None
    return _Plan(code.source, tuple(body), shown, tuple(dict.fromkeys(printed)))


def _printed_by(node: ast.stmt) -> list[str] | None:
    """The expressions that a ``print`` shows, ``None`` if it is no ``print``."""
    match node:
        case ast.Expr(ast.Call(func=ast.Name(id="print" | "display"), args=arguments)):
            found = []
            for argument in arguments:
                match argument:
                    case ast.Constant():
                        continue
                    case ast.JoinedStr(values=parts):
                        found += [
                            ast.unparse(part.value)
                            for part in parts
                            if isinstance(part, ast.FormattedValue) and part.format_spec is None
                        ]
                    case _:
                        found.append(ast.unparse(argument))
            return found
    return None


def _changes_something(expression: str) -> bool:
    """Whether asking for an expression twice may give two answers."""
    for one in ast.walk(syntax.parse(expression)):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute):
            name = one.func.attr
            if name in _CONTAINER_CALLS or (name.endswith("_") and not name.endswith("__")):
                return True
    return False


async def _replay(cell: Cell, plan: _Plan, before: Sequence[str], runner: Runner) -> Replayed:
    program = "\n".join((*before, *plan.body))
    if program.count("\n") >= MAX_LINES:
        raise NotReplayed(f"its program would have {program.count(chr(10)) + 1} lines")
    if cell.error is not None:
        return await _replay_error(cell, program, runner)
    expressions = tuple(dict.fromkeys(
        [*([plan.shown] if plan.shown else []), *(argument for _, argument in plan.printed)]
    ))  # fmt: skip
    runs = [_run(program, expressions), _run("\n".join((*before, plan.whole)))]
    runs += [
        _run("\n".join((*before, *plan.body[:place])), (argument,))
        for place, argument in plan.printed
    ]
    result, whole, *midway = await _results(runs, runner)
    if result.raised is not None:
        raised = result.raised
        raise NotReplayed(f"the live run raises {raised.class_name}: {_first_line(raised.message)}")
    return _asked(cell, plan, program, result, whole, midway)


def _run(program: str, expressions: tuple[str, ...] = ()) -> ProgramRun:
    return ProgramRun((Section("program", program),), _SEED, expressions)


async def _results(runs: Sequence[ProgramRun], runner: Runner) -> list[RunResult]:
    try:
        result = await runner.run(Job(tuple(runs)))
    except WorkerUnavailable:
        raise
    except RunnerFailure as failure:
        raise NotReplayed(f"the live run was {failure.message}") from failure
    return [result.program(index) for index in range(len(runs))]


def _asked(
    cell: Cell,
    plan: _Plan,
    program: str,
    result: RunResult,
    whole: RunResult,
    midway: Sequence[RunResult],
) -> Replayed:
    """What can be asked of a run whose output is that on record."""
    asked: dict[str, Value] = {}
    notes: list[str] = []
    if cell.printed.strip() and whole.output.split() != cell.printed.split():
        recorded, live = _brief(cell.printed), _brief(whole.output)
        raise NotReplayed(f"it printed {recorded}; the live run prints {live}")
    for (_, argument), then in zip(plan.printed, midway, strict=True):
        value = result.values.get(argument)
        if value is None or value != then.values.get(argument):
            notes.append(f"`{argument}` is printed and changed later")
        else:
            _ask(asked, notes, argument, value)
    if plan.shown is not None:
        value = _shown_last(plan.shown, cell, result)
        if not (isinstance(value, Nothing) and _is_call(plan.shown)):
            _ask(asked, notes, plan.shown, value)
    if not asked:
        raise NotReplayed(_nothing_to_ask(cell, notes))
    kept = dict(list(asked.items())[:MAX_ASKED])
    notes += [f"`{one}`, as {MAX_ASKED} answers are enough" for one in asked if one not in kept]
    return Replayed(program, kept, notes=tuple(notes))


def _shown_last(expression: str, cell: Cell, result: RunResult) -> Value:
    failure = result.failures.get(expression)
    if failure is not None:
        found = f"{failure.class_name}: {_first_line(failure.message)}"
        raise NotReplayed(f"the live run raises {found}")
    value = result.values[expression]
    _compare(cell.value, value)
    return value


def _compare(recorded: str | None, value: Value) -> None:
    """The value shown last against the recorded text.

    Raises:
        NotReplayed: they differ, or cannot be compared.
    """
    if recorded is None:
        if not isinstance(value, Nothing):
            raise NotReplayed(f"nothing is recorded; the live run gives {_brief(show(value))}")
        return
    if isinstance(value, Opaque):
        raise NotReplayed(f"its value, a {value.type_name}, cannot be typed or compared")
    if show(value) == recorded.strip():
        return
    try:
        same = compare(value, read_value(recorded)).right
    except (InvalidAnswer, NotGradable):
        same = False
    if not same:
        raise NotReplayed(
            f"{_brief(recorded)} is recorded; the live run gives {_brief(show(value))}"
        )


def _ask(asked: dict[str, Value], notes: list[str], expression: str, value: Value) -> None:
    if isinstance(value, Opaque):
        notes.append(f"`{expression}` gives a {value.type_name}, which cannot be typed or compared")
    elif isinstance(value, Tensor) and len(value.entries) > MAX_NUMBERS:
        notes.append(f"`{expression}` has {len(value.entries)} numbers: too many to type")
    elif isinstance(value, Tensor) and not value.entries:
        notes.append(f"`{expression}` is empty: there is nothing to type")
    else:
        asked[expression] = value


def _nothing_to_ask(cell: Cell, notes: Sequence[str]) -> str:
    if notes:
        return "; ".join(notes)
    if cell.printed.strip():
        return "it prints from within a loop or a function: say yourself what is to be asked"
    if cell.others:
        return f"it shows {', '.join(cell.others)}, which cannot be asked for"
    return "it shows nothing: no value, print or error is recorded"


async def _replay_error(cell: Cell, program: str, runner: Runner) -> Replayed:
    assert cell.error is not None  # noqa: S101 - the caller asked
    (result,) = await _results([_run(program)], runner)
    recorded = f"{cell.error.name}: {_first_line(cell.error.message)}"
    if result.raised is None:
        raise NotReplayed(f"{recorded} is recorded; the live run raises nothing")
    if result.raised.class_name != cell.error.name:
        found = f"{result.raised.class_name}: {_first_line(result.raised.message)}"
        raise NotReplayed(f"{recorded} is recorded; the live run raises {found}")
    if not result.raised.line:
        raise NotReplayed(
            f"{recorded} is raised before any line runs: it is a fault of the text itself"
        )
    return Replayed(program, {}, raises=True)


def _is_call(expression: str) -> bool:
    tree = syntax.parse(expression, mode="eval")
    return isinstance(tree.body, ast.Call)


def _first_line(text: str) -> str:
    return _brief(text.strip().split("\n")[0])


def _brief(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= 80 else f"{one_line[:79]}…"
