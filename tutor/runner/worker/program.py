"""One program: its sections in one namespace, then the expressions that are asked about."""

from __future__ import annotations

import builtins
import linecache
import sys
import time
import types
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import torch

from tutor.runner.worker import errors
from tutor.runner.worker.dump import Json, dump
from tutor.runner.worker.output import Output
from tutor.runner.worker.reach import Reach, reach_of
from tutor.runner.worker.seeded import reads_seed

if TYPE_CHECKING:
    from collections.abc import Callable

#: What expressions are compiled under; errors in them are located by this name.
EXPRESSION: Final = "expression"

_CachedLines: TypeAlias = tuple[int, None, list[str], str]

_stdout, _stderr = sys.stdout, sys.stderr
_builtins: Final = dict(vars(builtins))
_clock: Final = time.perf_counter
_exec: Final = exec
_eval: Final = eval


class Program:
    """A namespace in which sections run; after :meth:`run`, ``raised`` is the error or ``None``."""

    def __init__(self, output_limit: int) -> None:
        module = types.ModuleType("__main__")
        # Dataclasses and pickle look a class's module up there.
        sys.modules["__main__"] = module
        self.names: dict[str, Any] = module.__dict__
        self.names["torch"] = torch
        # A copy: what a program does to `builtins` is its own, not ours and not the next program's.
        own_builtins = types.ModuleType("builtins")
        own_builtins.__dict__.update(_builtins)
        sys.modules["builtins"] = own_builtins
        self.names["__builtins__"] = own_builtins
        self.sections: list[str] = []
        self.reach = Reach.NOTHING
        self.reads_seed = False
        self.raised: Json | None = None
        self.output = Output(output_limit)

    def run(
        self, name: str, source: str, raised: Callable[[BaseException], None] | None = None
    ) -> bool:
        """Run a section; False if it raised.  ``raised`` is given the error."""
        self.sections.append(name)
        try:
            code, lines, reach, seeded = _compiled(source, errors.filename_of(name))
            self.reach = max(self.reach, reach)
            self.reads_seed = self.reads_seed or seeded
            # So that inspect.getsource, and with it a few torch functions, find the source.
            linecache.cache[code.co_filename] = lines
            _exec(code, self.names)
        except BaseException as error:  # noqa: BLE001 - whatever a program raises is its result
            self.raised = errors.describe(error, self.sections)
            if raised is not None:
                raised(error)
            return False
        return True

    def value(self, expression: str, seen: Callable[[Any], None] | None = None) -> Json:
        """The dumped value of an expression, or ``{"t": "raised", …}``; ``seen`` is given it live."""
        try:
            code, reach, seeded = _compiled_expression(expression)
            self.reach = max(self.reach, reach)
            self.reads_seed = self.reads_seed or seeded
            value = _eval(code, self.names)
            if seen is not None:
                seen(value)
            return dump(value)
        except BaseException as error:  # noqa: BLE001 - as above
            return raised_form(error, (*self.sections, EXPRESSION))


def raised_form(error: BaseException, sections: tuple[str, ...]) -> Json:
    """An error where a value is expected."""
    return {"t": "raised", **errors.describe(error, sections)}


@lru_cache(maxsize=256)
def _compiled(source: str, filename: str) -> tuple[types.CodeType, _CachedLines, Reach, bool]:
    """The code, its lines as ``linecache`` keeps them, how far it reaches, if it may know the seed."""
    code = compile(source, filename, "exec", dont_inherit=True)
    lines = source.splitlines(keepends=True)
    return code, (len(source), None, lines, filename), reach_of(code), reads_seed(code)


@lru_cache(maxsize=1024)
def _compiled_expression(expression: str) -> tuple[types.CodeType, Reach, bool]:
    filename = errors.filename_of(EXPRESSION)
    code = compile(expression.strip(), filename, "eval", dont_inherit=True)
    return code, reach_of(code), reads_seed(code)


def with_output(output: Output, action: Callable[[], Json]) -> Json:
    """``action`` with what it prints going to ``output``."""
    sys.stdout = sys.stderr = output
    try:
        return action()
    finally:
        sys.stdout, sys.stderr = _stdout, _stderr


def run_program(run: Json, output_limit: int) -> Json:
    """Run a request's ProgramRun; the JSON form of its result."""
    begun = _clock()
    program = Program(output_limit)

    def body() -> Json:
        for name, source in run["sections"]:
            if not program.run(name, source):
                break
        return {"values": [program.value(expression) for expression in run["evaluate"]]}

    result = with_output(program.output, body)
    result["raised"] = program.raised
    result["output"] = program.output.text()
    result["truncated"] = program.output.truncated
    result["seconds"] = _clock() - begun
    result["reach"] = int(program.reach)
    result["reads_seed"] = program.reads_seed
    return result
