"""FormulaRun: draw points, evaluate the truth by autograd and every formula at the same points."""

from __future__ import annotations

import math
import sys
from typing import Any, Final

import torch

from tutor.runner.worker import formula
from tutor.runner.worker.dump import Json, dump
from tutor.runner.worker.program import Program, raised_form, with_output

#: How often a point where the truth is not finite is drawn again.
MAX_REDRAWS: Final = 10
_POSITIVE_FROM: Final = 0.1

Point = dict[str, torch.Tensor]


def run_formula(run: Json, output_limit: int) -> Json:
    """Run a request's FormulaRun; the JSON form of its result."""
    program = Program(output_limit)
    result: Json = {"points": [], "truth": [], "trees": {id_: [] for id_ in run["trees"]},
                    "redrawn": 0}  # fmt: skip

    def body() -> Json:
        if run["program"] and not program.run("program", run["program"]):
            return result
        for point, truth in _points(run, program, result):
            if run["points"] is None:  # whoever gave them has them
                result["points"].append({name: dump(x) for name, x in point.items()})
            if truth is not None:
                result["truth"].append(truth)
            for id_, tree in run["trees"].items():
                result["trees"][id_].append(_formula_at(tree, point))
        return result

    with_output(program.output, body)
    result["raised"] = program.raised
    result["reach"] = int(program.reach)
    result["reads_seed"] = program.reads_seed or run["points"] is None
    return result


def _points(run: Json, program: Program, result: Json) -> Any:
    """Each point with the truth there (``None`` if none is asked for)."""
    if run["points"] is not None:
        for data in run["points"]:
            point = {name: _given(value) for name, value in data.items()}
            yield point, _truth_at(run["truth"], point, program)
        return
    source = torch.Generator().manual_seed(run["seed"])
    for _ in range(run["count"]):
        for redraw in range(MAX_REDRAWS + 1):
            point = {name: draw(spec, source) for name, spec in run["variables"].items()}
            truth = _truth_at(run["truth"], point, program)
            if truth is None or _is_finite(truth) or redraw == MAX_REDRAWS:
                break
            result["redrawn"] += 1
        yield point, truth


def _truth_at(expression: str | None, point: Point, program: Program) -> Json | None:
    if expression is None:
        return None
    # Into the program's own namespace, so that its functions and lambdas see the variables too.
    held = {name: program.names[name] for name in point if name in program.names}
    program.names.update({name: x.clone().requires_grad_() for name, x in point.items()})
    try:
        return program.value(expression)
    finally:
        for name in point:
            program.names.pop(name, None)
        program.names.update(held)


def _formula_at(tree: formula.Tree, point: Point) -> Json:
    try:
        with torch.no_grad():
            return dump(formula.evaluate(tree, point))
    except Exception as error:  # noqa: BLE001 - torch raises what it likes for shapes that do not fit
        return {**raised_form(error, ()), "section": "formula"}


def _is_finite(truth: Json) -> bool:
    """Whether a point will do; an error is no reason to draw again."""
    if truth["t"] == "tensor":
        return not any(isinstance(x, str) for x in truth["entries"])
    return not isinstance(truth.get("number"), str)


def _given(value: Json) -> torch.Tensor:
    if value["t"] == "number":
        return torch.tensor(float(value["number"]), dtype=torch.float64)
    entries = [float(x) for x in value["entries"]]
    return torch.tensor(entries, dtype=torch.float64).reshape(value["shape"])


def draw(spec: Json, source: torch.Generator) -> torch.Tensor:
    """A random float64 tensor of one variable's shape, kind and range."""
    kind, shape = spec["kind"], list(spec["shape"])
    low = spec["low"] if spec["low"] is not None else (_POSITIVE_FROM if kind == "positive" else -2)
    high = spec["high"] if spec["high"] is not None else 2
    if kind == "positive":
        low = max(low, sys.float_info.epsilon)
    drawn = torch.rand(shape, generator=source, dtype=torch.float64) * (high - low) + low
    match kind:
        case "symmetric":
            drawn = (drawn + drawn.mT) / 2
        case "spd":
            # The shift keeps the least eigenvalue away from 0 and the inverse well-conditioned.
            drawn = drawn @ drawn.mT / shape[-1] + torch.eye(shape[-1], dtype=torch.float64) / 2
        case "orthogonal":
            drawn = torch.linalg.qr(drawn)[0]
        case "unit":
            drawn = drawn / max(float(drawn.norm()), math.sqrt(sys.float_info.min))
    return drawn
