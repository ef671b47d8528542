"""Requests and results as lines of JSON.  Results come from a process that ran a stranger's program:
nothing in them is believed before it has been checked here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from tutor.runner.job import (
    FormulaResult,
    FormulaRun,
    Limits,
    ProgramRun,
    Raised,
    Run,
    RunResult,
    VariableLike,
)
from tutor.runner.limits import AS_ERROR, in_words
from tutor.values import MalformedValue, Value, from_json, to_json

Json = dict[str, Any]

#: Where an error can be, beside the run's own sections.
_OTHER_SECTIONS: Final = ("", "expression", "formula")
_MAX_TEXT: Final = 10_000
_MAX_BASES: Final = 50
_MAX_DIMS: Final = 64
_MAX_DEPTH: Final = 32


class MalformedReply(ValueError):
    """What a child sent is not a result of the run it was given."""


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


def read_result(run: Run, data: Json, limits: Limits) -> RunResult | FormulaResult:
    """The result of ``run`` that ``data`` claims to be.

    Raises:
        MalformedReply: it is not one.
    """
    try:
        if isinstance(run, ProgramRun):
            return _run_result(run, data, limits)
        return _formula_result(run, data, limits)
    except (KeyError, TypeError, AttributeError, MalformedValue, OverflowError) as error:
        raise MalformedReply(f"not a result: {type(error).__name__}") from error


def _run_result(run: ProgramRun, data: Json, limits: Limits) -> RunResult:
    sources = {section.name: section.source for section in run.sections}
    found = [_value_or_raised(item, sources, limits) for item in _list(data["values"])]
    if len(found) != len(run.evaluate):
        raise MalformedReply("another number of values")
    pairs = list(zip(run.evaluate, found, strict=True))
    raised = None if data["raised"] is None else _raised(data["raised"], sources, limits)
    return RunResult(
        values={name: value for name, value in pairs if not isinstance(value, Raised)},
        failures={name: value for name, value in pairs if isinstance(value, Raised)},
        raised=raised,
        output=_text(data["output"], limits.output),
        output_truncated=_of(bool, data["truncated"]),
        seconds=float(_of(float, data["seconds"])),
    )


def _formula_result(run: FormulaRun, data: Json, limits: Limits) -> FormulaResult:
    sources = {"program": run.program}
    raised = None if data["raised"] is None else _raised(data["raised"], sources, limits)
    points = tuple(
        {name: _value(value) for name, value in _of(dict, point).items()}
        for point in _list(data["points"])
    )
    expected = 0 if raised else run.count if run.points is None else len(run.points)
    truth = _column(data["truth"], expected if run.truth is not None else 0, sources, limits)
    trees = {id_: _column(data["trees"][id_], expected, sources, limits) for id_ in run.trees}
    if len(points) != expected or any(set(point) - set(run.variables) for point in points):
        raise MalformedReply("other points")
    return FormulaResult(points, truth, trees, raised, _of(int, data["redrawn"]))


def _column(
    data: Any, expected: int, sources: Mapping[str, str], limits: Limits
) -> tuple[Value | Raised, ...]:
    column = tuple(_value_or_raised(item, sources, limits) for item in _list(data))
    if len(column) != expected:
        raise MalformedReply("another number of values")
    return column


def _value_or_raised(data: Any, sources: Mapping[str, str], limits: Limits) -> Value | Raised:
    if isinstance(data, dict) and data.get("t") == "raised":
        return _raised(data, sources, limits)
    return _value(data)


def _value(data: Any) -> Value:
    _check_dims(data)
    return from_json(data)


def _check_dims(data: Any, depth: int = 0) -> None:
    """Multiplying thousands of dimensions takes seconds: refuse them before that is tried."""
    if depth > _MAX_DEPTH:
        raise MalformedReply("too deep")
    if isinstance(data, dict) and len(data.get("shape", ())) > _MAX_DIMS:
        raise MalformedReply("too many dimensions")
    if isinstance(data, dict) and isinstance(data.get("items"), list):
        for item in data["items"]:
            _check_dims(item, depth + 1)


def _raised(data: Any, sources: Mapping[str, str], limits: Limits) -> Raised:
    section = _text(data["section"], 200)
    line = max(0, _of(int, data["line"]))
    limit = _text(data["limit"], 20)
    if (section not in sources and section not in _OTHER_SECTIONS) or (
        limit and limit not in AS_ERROR
    ):
        raise MalformedReply("an error at no place")
    bases = tuple(_text(name, 200) for name in _list(data["bases"])[:_MAX_BASES])
    message = _text(data["message"], _MAX_TEXT)
    if limit:
        message = f"{in_words(limit, limits)}\n{message}"
    lines = sources.get(section, "").split("\n")
    return Raised(
        class_name=_text(data["class"], 200),
        bases=bases,
        section=section,
        line=line,
        message=message,
        line_text=lines[line - 1] if 0 < line <= len(lines) else "",
        limit=limit,
    )


def _of(kind: type, x: Any) -> Any:
    if type(x) is not kind:
        raise MalformedReply(f"not a {kind.__name__}")
    return x


def _list(x: Any) -> list[Any]:
    return list(_of(list, x))


def _text(x: Any, limit: int) -> str:
    return str(_of(str, x))[:limit]
