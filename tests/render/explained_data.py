"""Hand-made runs: the data that the worker would give, small enough to check by eye."""

from __future__ import annotations

from tutor.runner.explained import (
    Accumulation,
    BackwardCall,
    Change,
    Explained,
    Graph,
    GraphEdge,
    GraphNode,
    NameState,
    Saved,
    Step,
    TensorState,
    Trace,
    Visit,
    Walk,
)
from tutor.runner.job import Section
from tutor.values import Tensor, Value


def tensor(*numbers: float, shape: tuple[int, ...] | None = None) -> Tensor:
    """A float tensor: a vector, unless a shape is given."""
    return Tensor("float32", (len(numbers),) if shape is None else shape, numbers)


def scalar(number: float) -> Tensor:
    return tensor(number, shape=())


def state(
    name: str,
    value: Value,
    *,
    leaf: bool = True,
    wants: bool = True,
    grad_fn: str | None = None,
    grad: Value | None = None,
    version: int = 0,
    shares: str | None = None,
) -> NameState:
    if not isinstance(value, Tensor):
        return NameState(name, value)
    known = TensorState(value.shape, value.dtype, wants, leaf, grad_fn, grad, version, shares)
    return NameState(name, value, known)


def new(after: NameState) -> Change:
    return Change(("new",), None, after)


def step(line: int, *changes: Change, section: str = "program", printed: str = "") -> Step:
    return Step(section, line, line, changes, printed)


# -- graphs and walks -----------------------------------------------------------------------------------


def operation(id_: int, function: str, **known: object) -> GraphNode:
    return GraphNode(id_, "operation", function, section="program", **known)  # type: ignore[arg-type]


def leaf(id_: int, name: str, value: Value | None = None) -> GraphNode:
    shape = value.shape if isinstance(value, Tensor) else None
    return GraphNode(id_, "leaf", "AccumulateGrad", (name,), shape=shape, value=value)


def constant(id_: int, name: str = "", value: Value | None = None) -> GraphNode:
    shape = value.shape if isinstance(value, Tensor) else None
    return GraphNode(id_, "constant", "", (name,) if name else (), shape=shape, value=value)


def detached() -> Explained:
    """``u = x.detach()``; ``y = (u * x).sum()``; ``y.backward()`` twice, with the graph retained."""
    two, ones, total = tensor(2.0, 3.0), tensor(1.0, 1.0), tensor(4.0, 6.0)
    source = "x = torch.tensor([2., 3.], requires_grad=True)\nu = x.detach()\ny = (u * x).sum()\n"
    source += "y.backward(retain_graph=True)\ny.backward()\n"
    saved = (Saved("self", two, "u"), Saved("other", None, "x"))
    nodes = (
        operation(1, "SumBackward0", names=("y",), line=3, shape=(), value=scalar(13.0)),
        operation(2, "MulBackward0", line=3, shape=(2,), value=tensor(4.0, 9.0), saved=saved),
        constant(3, "u", two),
        leaf(4, "x", two),
    )
    edges = (
        GraphEdge(1, 2, 0),
        GraphEdge(2, 3, 0, "detach"),
        GraphEdge(2, 4, 1),
    )
    visits = (
        Visit(1, (scalar(1.0),), (ones,)),
        Visit(2, (ones,), (None, two)),
        Visit(4, (two,), ()),
    )
    first = (Accumulation(4, None, two, two),)
    second = (Accumulation(4, two, two, total),)
    calls = (
        BackwardCall(
            "backward", "program", 4, (1,), (scalar(1.0),), visits, first, retain_graph=True
        ),
        BackwardCall("backward", "program", 5, (1,), (scalar(1.0),), visits, second),
    )
    return Explained(
        Trace(()), Walk(Graph(nodes, edges, (1,)), calls), "", (Section("program", source),)
    )


def several_paths() -> Explained:
    """``y = (x * x + x @ W).sum()``-like: two paths into x, a matrix product, a broadcast."""
    x, w = tensor(1.0, 2.0, shape=(1, 2)), tensor(1.0, 2.0, 3.0, 4.0, shape=(2, 2))
    nodes = (
        operation(1, "SumBackward0", names=("y",), line=4, shape=()),
        operation(2, "AddBackward0", line=3, shape=(1, 2), attributes={"alpha": "1"}),
        operation(
            3, "MulBackward0", names=("s",), line=2, shape=(1, 2),
            saved=(Saved("self", x, "x"), Saved("other", x, "x")),
        ),
        operation(
            4, "MmBackward0", line=3, shape=(1, 2),
            saved=(Saved("self", x, "x"), Saved("mat2", w, "W")),
        ),
        leaf(5, "x", x),
        leaf(6, "W", w),
    )  # fmt: skip
    edges = (
        GraphEdge(1, 2, 0), GraphEdge(2, 3, 0), GraphEdge(2, 4, 1), GraphEdge(3, 5, 0),
        GraphEdge(3, 5, 1), GraphEdge(4, 5, 0), GraphEdge(4, 6, 1),
    )  # fmt: skip
    one = tensor(1.0, 1.0, shape=(1, 2))
    by_mm = tensor(3.0, 7.0, shape=(1, 2))
    to_w = tensor(1.0, 1.0, 2.0, 2.0, shape=(2, 2))
    all_x = tensor(5.0, 11.0, shape=(1, 2))
    visits = (
        Visit(1, (scalar(1.0),), (one,)),
        Visit(2, (one,), (one, one)),
        Visit(4, (one,), (by_mm, to_w)),
        Visit(6, (to_w,), ()),
        Visit(3, (one,), (x, x)),
        Visit(5, (all_x,), ()),
    )
    kept = (Accumulation(6, None, to_w, to_w), Accumulation(5, None, all_x, all_x))
    call = BackwardCall("backward", "program", 5, (1,), (scalar(1.0),), visits, kept)
    return Explained(Trace(()), Walk(Graph(nodes, edges, (1,)), (call,)))
