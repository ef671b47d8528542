"""ExplainRun: a program run as always, watched: what each statement did, how its gradients flowed."""

from __future__ import annotations

import sys
import time
from typing import Any, Final

from tutor.runner.worker.names import is_tensor, shown
from tutor.runner.worker.observe import Observer
from tutor.runner.worker.program import Program, with_output
from tutor.runner.worker.reach import Reach
from tutor.runner.worker.reasons import reason_of
from tutor.runner.worker.tensors import flat, has_history
from tutor.runner.worker.trace import Tracer
from tutor.runner.worker.walk import Walk

Json = dict[str, Any]

_clock: Final = time.perf_counter
_settrace: Final = sys.settrace


def run_explained(run: Json, output_limit: int) -> Json:
    """Run a request's ExplainRun; the JSON form of its result."""
    begun = _clock()
    explaining = _Explaining(run, output_limit)
    result = with_output(explaining.program.output, explaining.body)
    result |= explaining.forms()
    result["seconds"] = _clock() - begun
    # What watches a program is in its reach: nothing else is to run in this process.
    result["reach"] = int(Reach.HIDDEN)
    return result


class _Explaining:
    def __init__(self, run: Json, output_limit: int) -> None:
        self._run = run
        self.program = Program(output_limit)
        self._observer = Observer(self._place)
        self._mode: Any = self._observer
        self._tracer = Tracer(self.program, dict(run["sections"]), self._observer)
        self._walk = Walk(self._observer, self._place, self.program.sections)
        self._reason: Json | None = None
        self._asked: list[Any] = []

    def _place(self, frame: Any) -> tuple[str, int]:
        return self._tracer.place(frame)

    def body(self) -> Json:
        self._walk.install()
        try:
            for name, source in self._run["sections"]:
                if not self._section(name, source):
                    break
            asked = enumerate(self._run["evaluate"])
            return {"values": [self._value(index, expression) for index, expression in asked]}
        finally:
            self._walk.uninstall()

    def _section(self, name: str, source: str) -> bool:
        self._watch()
        self._tracer.start()
        done = self.program.run(name, source, self._raised)
        # First of all: a tracer that the program has set would be told of every call of ours.
        _settrace(None)
        self._tracer.stop()
        self._leave()
        return done

    def _value(self, index: int, expression: str) -> Json:
        self._watch()
        self._tracer.ask(index + 1)
        value = self.program.value(expression, self._asked.append)
        _settrace(None)
        self._leave()
        self._tracer.asked(raised=value["t"] == "raised")
        return value

    def _watch(self) -> None:
        if not self._observer.is_on():
            self._mode.__enter__()

    def _leave(self) -> None:
        """Stop watching, unless the program has left a mode of its own above, or taken ours away."""
        if self._observer.is_on(last=True):
            self._mode.__exit__(None, None, None)

    def _raised(self, error: BaseException) -> None:
        """The program ends with this error; a backward call knows most of its own."""
        call = self._walk.raised_by(error)
        self._reason = call["reason"] if call is not None else reason_of(error, self._observer)

    def forms(self) -> Json:
        program = self.program
        trace = self._tracer.form()
        trace["reason"] = self._reason
        roots, notes = self._ends()
        return {
            "trace": trace,
            "walk": self._walk.form(roots, notes),
            "raised": program.raised,
            "output": program.output.text(),
            "truncated": program.output.truncated,
        }

    def _ends(self) -> tuple[list[int] | None, list[str]]:
        """The roots to show where nothing went backward, and what has to be said of the graph."""
        notes = ["torch-func"] if self._observer.saw_transform else []
        if self._walk.calls:
            return None, notes
        roots = self._walk.guarded(self._unused_roots)
        notes.append("no-backward" if roots else "no-graph")
        if self.program.raised is not None:
            notes.append("stopped")
        return roots or [], notes

    def _unused_roots(self) -> list[int]:
        asked = [item for value in self._asked for item in flat(value) if has_history(item)]
        named = [value for _, value in shown(self.program.names) if is_tensor(value)]
        builder = self._walk.builder
        for tensors in (asked, [tensor for tensor in named if has_history(tensor)]):
            ids, _ = builder.reach([t for t in tensors if not t.is_leaf], roots=False)
            behind = builder.targets()
            roots = [id_ for id_ in dict.fromkeys(ids) if id_ not in behind]
            if roots:
                return roots
        return []
