"""The trace: after each statement of a program, which of its names have changed and how.

``sys.settrace`` tells of each line, in the program and in the functions it defines; what a line's statement
has done is seen when the next one begins.  A program that sets a tracer of its own ends this one, and what
is left is then told as one last step.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import torch

from tutor.runner.explained import MAX_STEPS
from tutor.runner.worker import errors
from tutor.runner.worker.names import Names
from tutor.runner.worker.statements import Statement, statements

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType

    from tutor.runner.worker.observe import Observer
    from tutor.runner.worker.program import Program

    Tracing: TypeAlias = Callable[[FrameType, str, Any], Any]

Json = dict[str, Any]

#: The section whose lines are the asked expressions.
EXPRESSION: Final = "expression"
_MAX_DEPTH: Final = 20
#: What all the states of a trace may take, an entry of a tensor counting one.
_ROOM: Final = 20_000
_PER_STATE: Final = 10

#: Seconds of processor time that looking at names may take in all.
_TIME: Final = 0.6

_clock: Final = time.process_time
_settrace: Final = sys.settrace
_getframe: Final = sys._getframe  # noqa: SLF001
_EXPRESSION_FILE: Final = errors.filename_of(EXPRESSION)
_APPLY: Final[Any] = vars(torch.autograd.Function)["apply"].__func__.__code__
_OPTIMIZED: Final = 0x1
_GENERATOR: Final = 0x20 | 0x80 | 0x200


class _Body:
    """A piece of the program being executed: the module's own lines, or a call of a function."""

    def __init__(
        self, frame: FrameType | None, section: str, heads: dict[int, Statement], names: Names,
        depth: int,
    ) -> None:  # fmt: skip
        self.frame = frame
        self.section = section
        self.heads = heads
        self.names = names
        self.depth = depth
        self.statement: Statement | None = None
        self.place = -1
        self.first_places: dict[Statement, int] = {}
        self.printed = ""
        self.raised = False


class Tracer:
    """Traces the sections of ``program``; ``sources`` are their texts by their names."""

    def __init__(self, program: Program, sources: dict[str, str], observer: Observer) -> None:
        self._program = program
        self._observer = observer
        self._sections = {errors.filename_of(name): name for name in sources}
        self._heads = {name: statements(source) for name, source in sources.items()}
        self._names = Names(0, told=observer.named)
        self._bodies: list[_Body] = []
        self._scopes = 0
        self._room = _ROOM
        self._time = _TIME
        self._steps: list[Json] = []
        self._stopped = False
        self._asked = 0
        self.truncated = False

    # -- beginning and ending -----------------------------------------------------------------------

    def start(self) -> None:
        """Trace what runs from here on."""
        if not self._stopped:
            _settrace(self._call)

    def stop(self) -> None:
        """Trace no more; what is not told yet is told as one last step."""
        _settrace(None)
        del self._bodies[1:]
        self._close_all()

    def ask(self, line: int) -> None:
        """From here on the asked expression ``line`` is evaluated, until :meth:`asked`."""
        self._asked = line
        body = _Body(None, EXPRESSION, {}, self._names, 0)
        body.statement = Statement(line, line)
        self._bodies = [body]
        self.start()

    def asked(self, *, raised: bool) -> None:
        _settrace(None)
        del self._bodies[1:]
        if self._bodies:
            self._bodies[0].raised = raised
        self._close_all()

    def form(self) -> Json:
        """The trace as the wire has it, once everything has run."""
        with suppress(Exception):  # the program's names may hold anything
            self._rest()
        return {"steps": self._steps, "truncated": self.truncated, "reason": None}

    def place(self, frame: FrameType | None) -> tuple[str, int]:
        """The section and line at which the program is in ``frame`` or what called it."""
        frame = frame or _getframe(1)
        while frame is not None:
            filename = frame.f_code.co_filename
            if filename in self._sections:
                return self._sections[filename], frame.f_lineno or 0
            if filename == _EXPRESSION_FILE:
                return EXPRESSION, self._asked
            frame = frame.f_back
        return "", 0

    # -- being told ---------------------------------------------------------------------------------

    def _call(self, frame: FrameType, event: str, arg: Any) -> Tracing | None:
        if frame.f_code is _APPLY:
            return self._guarded(self._applying, frame)
        section = self._sections.get(frame.f_code.co_filename)
        if section is None or not _is_body(frame.f_code) or len(self._bodies) > _MAX_DEPTH:
            return None
        return self._guarded(self._enter, frame, section)

    def _enter(self, frame: FrameType, section: str) -> Tracing:
        names, depth = self._names, len(self._bodies)
        if frame.f_code.co_name != "<module>":
            self._scopes += 1
            function = frame.f_code.co_name[:100]
            names = Names(self._scopes, function, self._observer.named)
        if self._bodies:
            self._bodies[-1].printed += self._program.output.news()
        self._bodies.append(_Body(frame, section, self._heads[section], names, depth))
        return self._local

    def _applying(self, frame: FrameType) -> Tracing:
        """A custom function is applied: torch tells no mode of it."""
        frame.f_trace_lines = False
        ended = self._observer.applying(frame)

        def local(_: FrameType, event: str, arg: Any) -> None:
            if event == "return":
                ended(arg)

        return local

    def _local(self, frame: FrameType, event: str, arg: Any) -> Tracing | None:
        if self._stopped or not self._bodies or self._bodies[-1].frame is not frame:
            return None
        return self._guarded(self._told, frame, event, arg)

    def _guarded(self, act: Callable[..., Tracing], *args: Any) -> Tracing | None:
        """``act``; an error of ours (a program may have left no room to recurse) ends the tracing."""
        try:
            return act(*args)
        except BaseException:  # noqa: BLE001 - raised here it would be the program's error
            self._give_up()
            return None

    def _told(self, frame: FrameType, event: str, arg: Any) -> Tracing:
        body = self._bodies[-1]
        if event == "line":
            self._line(body, frame.f_lineno, frame.f_lasti)
        elif event == "exception":
            body.raised = body.raised or arg[0] is not StopIteration
        elif event == "return":
            self._close(body)
            self._bodies.pop()
        return self._local

    def _line(self, body: _Body, line: int, place: int) -> None:
        statement = body.heads.get(line) or Statement(line, line)
        if statement == body.statement and place > body.place:
            body.place = place  # the next line of the same statement
            return
        self._close(body)
        body.statement, body.place = statement, place
        body.first_places.setdefault(statement, place)

    # -- telling ------------------------------------------------------------------------------------

    def _close(self, body: _Body) -> None:
        """The statement that was being executed in ``body`` is done."""
        statement, body.statement = body.statement, None
        if statement is None or self._stopped:
            return
        printed = body.printed + self._program.output.news()
        changes = self._changes(body, statement)
        again = statement.looked_at_again and (
            len(self._steps) > 0 and body.first_places.get(statement) != body.place
        )
        raised, body.printed, body.raised = body.raised, "", False
        if again and not (changes or printed or raised):
            return
        self._steps.append(_step(body, statement, changes, printed, raised=raised))
        if len(self._steps) >= MAX_STEPS or min(self._room, self._time) < 0:
            self._give_up()

    def _changes(self, body: _Body, statement: Statement) -> list[Any]:
        begun, around = _clock(), self._program.names
        place = body.section, statement.line
        changes = self._names.changes(around, around, place)
        if body.names is not self._names and body.frame is not None:
            changes += body.names.changes(body.frame.f_locals, around, place)
        for *_, state in changes:
            self._room -= _PER_STATE + _size(state)
        self._time -= _clock() - begun
        return changes

    def _give_up(self) -> None:
        _settrace(None)
        self._stopped = True
        self.truncated = True

    def _close_all(self) -> None:
        """End the statements that are being executed: that of an asked expression, as a rule."""
        for body in reversed(self._bodies):
            # What is still open below that has lost its tracer.
            self.truncated = self.truncated or body.frame is not None
            self._guarded(self._close_last, body)
        self._bodies = []

    def _close_last(self, body: _Body) -> Tracing:
        self._close(body)
        return self._local

    def _rest(self) -> None:
        """What the steps have not told, of a trace that ended before its program."""
        around, printed = self._program.names, ""
        changes = self._names.changes(around, around, ("", 0))
        if self._stopped:
            printed = self._program.output.news()
        if changes or printed:
            self.truncated = True
            section, heads = list(self._heads.items())[-1]
            last = heads[max(heads)] if heads else Statement(0, 0)
            body = _Body(None, section, heads, self._names, 0)
            self._steps.append(_step(body, last, changes, printed, raised=False))


def _is_body(code: CodeType) -> bool:
    """Whether the code is a module's or a function's: not a class body, a lambda or a generator."""
    if code.co_flags & _GENERATOR:
        return False
    return code.co_name == "<module>" or (
        bool(code.co_flags & _OPTIMIZED) and not code.co_name.startswith("<")
    )


def _step(
    body: _Body, statement: Statement, changes: list[Any], printed: str, *, raised: bool
) -> Json:
    return {
        "section": body.section,
        "line": statement.line,
        "end": statement.end,
        "changes": changes,
        "printed": printed,
        "function": body.names.function,
        "depth": body.depth,
        "raised": raised,
    }


def _size(state: Json | None) -> int:
    if state is None:
        return 0
    tensor = state["tensor"]
    size = _entries(state["value"])
    return size + _entries(tensor["grad"]) if tensor and tensor["grad"] else size


def _entries(form: Json) -> int:
    if form["t"] == "sequence":
        return sum(_PER_STATE + _entries(item) for item in form["items"])
    return len(form.get("entries", ()))
