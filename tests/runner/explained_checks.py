"""What has to hold of every explaining run: its walk adds up, and it is the run it would have been."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from tutor.runner.job import Job, ProgramRun, Section
from tutor.values import Opaque, Tensor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tutor.runner.client import Runner
    from tutor.runner.explained import Accumulation, BackwardCall, Explained, Graph, Visit
    from tutor.runner.job import ExplainRun, RunResult
    from tutor.values import Value

Numbers = list[float]


def close(a: Numbers, b: Numbers) -> bool:
    return len(a) == len(b) and all(
        (math.isnan(x) and math.isnan(y))
        or x == y
        or math.isclose(x, y, rel_tol=1e-4, abs_tol=1e-6)
        for x, y in zip(a, b, strict=True)
    )


def numbers(value: Value | None) -> Numbers | None:
    """The entries of a gradient; ``None`` where there is none, or it is too large to be shown."""
    return [float(x) for x in value.entries] if isinstance(value, Tensor) else None


def added(values: Iterable[Value | None]) -> Numbers | None:
    """Their sum; ``None`` if one of them is not shown."""
    total: Numbers | None = None
    for value in values:
        one = numbers(value)
        if one is None:
            return None
        total = one if total is None else [a + b for a, b in zip(total, one, strict=True)]
    return total


def check_call(graph: Graph, call: BackwardCall) -> int:
    """Everything in a call adds up; how many gradients could be looked at."""
    books = Books(graph, call)
    checked = sum(books.check_visit(visit) for visit in call.visits)
    checked += sum(check_added(add) for add in call.accumulations)
    if call.how == "grad" and call.raised is None:
        assert len(call.inputs) == len(call.results)
        pairs = zip(call.inputs, call.results, strict=True)
        checked += sum(books.check_result(node, value) for node, value in pairs)
    return checked


class Books:
    """What was sent to each output of each node."""

    def __init__(self, graph: Graph, call: BackwardCall) -> None:
        self._sent: dict[tuple[int, int], list[Value | None]] = defaultdict(list)
        self._targets: dict[tuple[int, int], tuple[int, int]] = {
            (edge.source, edge.slot): (edge.target, edge.output)
            for edge in graph.edges
            if edge.cut is None
        }
        self._roots = call.roots
        for root, seed in zip(call.roots, call.seeds, strict=False):
            self._sent[root, 0].append(seed)

    def check_visit(self, visit: Visit) -> int:
        came = visit.incoming if visit.before_hooks is None else visit.before_hooks
        checked = 0
        if visit.node not in self._roots or len(came) == 1:
            checked = sum(
                self._check((visit.node, output), value) for output, value in enumerate(came)
            )
        for slot, value in enumerate(visit.outgoing):
            target = self._targets.get((visit.node, slot))
            if value is not None and target is not None:
                self._sent[target].append(value)
        return checked

    def check_result(self, node: int, value: Value | None) -> int:
        return 0 if node in self._roots else self._check((node, 0), value)

    def _check(self, place: tuple[int, int], value: Value | None) -> int:
        arrived = self._sent[place]
        total, one = added(arrived), numbers(value)
        if value is None:
            assert not arrived, place
        if total is None or one is None:
            return 0
        assert close(one, total), (place, one, total)
        return 1


def check_added(add: Accumulation) -> int:
    before, came, after = (numbers(value) for value in (add.before, add.added, add.after))
    if came is None or after is None or (add.before is not None and before is None):
        return 0
    total = came if before is None else [a + b for a, b in zip(before, came, strict=True)]
    assert close(after, total), add
    return 1


async def check_same(runner: Runner, run: ExplainRun, found: Explained) -> None:
    """The values, the output and the error are those of the run without explaining.

    So are the names in the end, as far as nothing was asked that could have changed them.
    """
    double = Section("double", "torch.set_default_dtype(torch.float64)")
    sections = (double, *run.sections) if run.double else run.sections
    plain = ProgramRun(sections, run.seed, run.evaluate)
    names = [state for state in found.trace.last().values() if "." not in state.name]
    asked = []
    for state in names:
        asked.append(state.name)
        if state.tensor is not None:
            asked += [f"{state.name}.requires_grad", f"{state.name}.is_leaf"]
            asked += [f"{state.name}.grad"] if state.tensor.is_leaf else []
            if state.tensor.version:
                asked.append(f"{state.name}._version")
    after = ProgramRun(sections, run.seed, (*run.evaluate, *asked))
    expected, states = (await runner.run(Job((plain, after)))).runs
    _same_run(found.run, expected)
    for state in names:
        _same_value(state.value, states.values.get(state.name))
        tensor = state.tensor
        if tensor is not None:
            assert states.values[f"{state.name}.requires_grad"].true == tensor.requires_grad
            assert states.values[f"{state.name}.is_leaf"].true == tensor.is_leaf
            if tensor.is_leaf:
                live = states.values[f"{state.name}.grad"]
                if tensor.grad is None:
                    assert not isinstance(live, Tensor)
                else:
                    _same_value(tensor.grad, live)
            if tensor.version:
                assert states.values[f"{state.name}._version"].number == tensor.version


def _same_run(found: RunResult | None, expected: RunResult) -> None:
    assert found is not None
    assert str(found.values) == str(expected.values)  # nan entries: compared as text
    assert found.failures == expected.failures
    assert found.raised == expected.raised
    assert found.output == expected.output


def _same_value(shown: Value, live: Value | None) -> None:
    if isinstance(shown, Opaque) or "Opaque" in str(shown):
        return  # described only
    assert str(shown) == str(live)
