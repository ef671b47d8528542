"""ExplainRun: a program run as always, watched: what each statement did, how its gradients flowed."""

from __future__ import annotations

import time
from typing import Any, Final

from tutor.runner.worker.program import Program, with_output
from tutor.runner.worker.reach import Reach
from tutor.runner.worker.trace import Tracer

Json = dict[str, Any]

_clock: Final = time.perf_counter


def run_explained(run: Json, output_limit: int) -> Json:
    """Run a request's ExplainRun; the JSON form of its result."""
    begun = _clock()
    program = Program(output_limit)
    tracer = Tracer(program, dict(run["sections"]))

    def body() -> Json:
        for name, source in run["sections"]:
            tracer.start()
            done = program.run(name, source)
            tracer.stop()
            if not done:
                break
        return {"values": [_asked(program, tracer, at, e) for at, e in enumerate(run["evaluate"])]}

    result = with_output(program.output, body)
    result["trace"] = tracer.form()
    result["walk"] = {
        "graph": {"nodes": [], "edges": [], "roots": [], "truncated": False},
        "calls": [],
        "notes": [],
        "more_calls": 0,
    }
    result["raised"] = program.raised
    result["output"] = program.output.text()
    result["truncated"] = program.output.truncated
    result["seconds"] = _clock() - begun
    # What watches a program is in its reach: nothing else is to run in this process.
    result["reach"] = int(Reach.HIDDEN)
    return result


def _asked(program: Program, tracer: Tracer, index: int, expression: str) -> Json:
    tracer.ask(index + 1)
    value = program.value(expression)
    tracer.asked(raised=value["t"] == "raised")
    return value
