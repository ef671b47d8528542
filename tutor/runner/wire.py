"""Requests and results as lines of JSON.  Results come from a process that ran a stranger's program:
nothing in them is believed before it has been checked here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tutor.runner.checked import (
    Json,
    MalformedReply,
    exactly,
    list_from,
    raised_from,
    text_from,
    value_from,
    value_or_raised_from,
)
from tutor.runner.job import (
    ExplainRun,
    FormulaResult,
    FormulaRun,
    Limits,
    ProgramRun,
    Raised,
    Result,
    Run,
    RunResult,
    VariableLike,
)
from tutor.runner.wire_explained import explained_from
from tutor.values import Value, to_json

__all__ = ["MalformedReply", "read_reply", "read_result", "request_line"]


def request_line(runs: tuple[Run, ...], limits: Limits, token: str) -> bytes:
    """The request for a child, with its newline."""
    request = {
        "token": token,
        "limits": {
            "cpu": limits.cpu,
            "memory": limits.memory,
            "files": limits.files,
            "output": limits.output,
            "result": limits.result,
        },
        "runs": [_run_form(run) for run in runs],
    }
    return json.dumps(request, separators=(",", ":")).encode("ascii") + b"\n"


def _run_form(run: Run) -> Json:
    if isinstance(run, ProgramRun):
        return {
            "kind": "program",
            "sections": [[section.name, section.source] for section in run.sections],
            "seed": run.seed,
            "evaluate": list(run.evaluate),
        }
    if isinstance(run, ExplainRun):
        return {
            "kind": "explain",
            "sections": [[section.name, section.source] for section in run.sections],
            "seed": run.seed,
            "evaluate": list(run.evaluate),
            "double": run.double,
        }
    return {
        "kind": "formula",
        "program": run.program,
        "seed": run.seed,
        "variables": {name: _variable_form(spec) for name, spec in run.variables.items()},
        "points": None if run.points is None else [
            {name: to_json(value) for name, value in point.items()} for point in run.points
        ],
        "truth": run.truth,
        "trees": dict(run.trees),
        "count": run.count,
    }  # fmt: skip


def _variable_form(spec: VariableLike | Mapping[str, Any]) -> Json:
    names = ("kind", "low", "high")
    if isinstance(spec, Mapping):
        return {"shape": list(spec["shape"]), **{name: spec.get(name) for name in names}}
    return {"shape": list(spec.shape), **{name: getattr(spec, name) for name in names}}


def read_reply(line: bytes, token: str) -> Json:
    """One reply line as a JSON object, once its token is right.

    Raises:
        MalformedReply: for anything else.
    """
    start = token.encode("ascii") + b" "
    if not line.startswith(start):
        raise MalformedReply("without the request's token")
    try:
        data = json.loads(line[len(start) :])
        if rb"\ud" in line:
            # Surrogates without their partners would fail later, at the database or the screen.
            text = json.dumps(data, ensure_ascii=False).encode("utf-16", "surrogatepass")
            data = json.loads(text.decode("utf-16", "replace"))
    except (ValueError, RecursionError) as error:
        raise MalformedReply("not JSON") from error
    if not isinstance(data, dict):
        raise MalformedReply("not an object")
    return data


def read_result(run: Run, data: Json, limits: Limits) -> Result:
    """The result of ``run`` that ``data`` claims to be.

    Raises:
        MalformedReply: it is not one.
    """
    try:
        if isinstance(run, ProgramRun):
            return _run_result(run, data, limits)
        if isinstance(run, ExplainRun):
            return explained_from(run, _run_result(run, data, limits), data, limits)
        return _formula_result(run, data, limits)
    except MalformedReply:
        raise
    except (LookupError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise MalformedReply(f"not a result: {type(error).__name__}") from error


def _run_result(run: ProgramRun | ExplainRun, data: Json, limits: Limits) -> RunResult:
    sources = {section.name: section.source for section in run.sections}
    found = [value_or_raised_from(item, sources, limits) for item in list_from(data["values"])]
    if len(found) != len(run.evaluate):
        raise MalformedReply("another number of values")
    pairs = list(zip(run.evaluate, found, strict=True))
    raised = None if data["raised"] is None else raised_from(data["raised"], sources, limits)
    return RunResult(
        values={name: value for name, value in pairs if not isinstance(value, Raised)},
        failures={name: value for name, value in pairs if isinstance(value, Raised)},
        raised=raised,
        output=text_from(data["output"], limits.output),
        output_truncated=exactly(bool, data["truncated"]),
        seconds=float(exactly(float, data["seconds"])),
        seeded=exactly(bool, data["seeded"]),
    )


def _formula_result(run: FormulaRun, data: Json, limits: Limits) -> FormulaResult:
    sources = {"program": run.program}
    raised = None if data["raised"] is None else raised_from(data["raised"], sources, limits)
    drawn = tuple(
        {name: value_from(value) for name, value in exactly(dict, point).items()}
        for point in list_from(data["points"])
    )
    points: tuple[Mapping[str, Value], ...] = drawn
    if run.points is not None and not raised:
        points = run.points
    expected = 0 if raised else run.count if run.points is None else len(run.points)
    truth = _column(data["truth"], expected if run.truth is not None else 0, sources, limits)
    trees = {id_: _column(data["trees"][id_], expected, sources, limits) for id_ in run.trees}
    if len(points) != expected or any(set(point) - set(run.variables) for point in points):
        raise MalformedReply("other points")
    return FormulaResult(
        points, truth, trees, raised, exactly(int, data["redrawn"]), exactly(bool, data["seeded"])
    )


def _column(
    data: Any, expected: int, sources: Mapping[str, str], limits: Limits
) -> tuple[Value | Raised, ...]:
    column = tuple(value_or_raised_from(item, sources, limits) for item in list_from(data))
    if len(column) != expected:
        raise MalformedReply("another number of values")
    return column
