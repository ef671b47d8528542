"""What an explaining run tells: the trace of its statements and the walk of each backward call.

Plain data, taken from the live run by the worker and worded elsewhere (``tutor/render``).  A trace and a
walk are only ever made of a question that is over: they show the truth.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.runner.job import Raised
    from tutor.values import Value

# -- the trace --------------------------------------------------------------------------------------

#: What happened to a name on a line.  ``in-place``: the same tensor, its version counter went up;
#: ``grad``: its ``.grad`` was set or added to (see :attr:`Change.accumulated`); ``flags``: only
#: ``requires_grad``, ``is_leaf`` or ``grad_fn`` changed.
ChangeKind: TypeAlias = Literal["new", "rebound", "in-place", "grad", "flags", "gone"]


@dataclass(frozen=True, slots=True)
class TensorState:
    """What autograd knows of a tensor: its flags, its node, its gradient, its version.

    ``grad_fn`` is the node's name (``MulBackward0``), ``None`` for a leaf or a tensor without history.
    ``grad`` is ``None`` where ``.grad`` is ``None``, and for non-leaves without ``retain_grad``.
    ``shares`` names another name of the program whose storage it shares (a view, a detached copy).
    """

    shape: tuple[int, ...]
    dtype: str
    requires_grad: bool
    is_leaf: bool
    grad_fn: str | None
    grad: Value | None
    version: int
    shares: str | None = None


@dataclass(frozen=True, slots=True)
class NameState:
    """One name of the program: its value, and for a tensor what autograd knows of it."""

    name: str
    value: Value
    tensor: TensorState | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One name across one line; ``before`` is ``None`` for a new name, ``after`` for a deleted one."""

    kinds: tuple[ChangeKind, ...]
    before: NameState | None
    after: NameState | None

    @property
    def name(self) -> str:
        state = self.after or self.before
        assert state is not None  # noqa: S101 - one of the two is always there
        return state.name

    @property
    def accumulated(self) -> bool:
        """Whether a gradient was added to one that was there before."""
        before = self.before.tensor if self.before is not None else None
        return "grad" in self.kinds and before is not None and before.grad is not None


@dataclass(frozen=True, slots=True)
class Step:
    """One executed statement.

    ``line`` and ``end_line`` count from 1 in the section ``section``; a statement in a loop is a step
    each time.  ``changes`` hold the names that changed, in the order of their first appearance; all the
    others are as they were.  ``printed`` is what it printed.
    """

    section: str
    line: int
    end_line: int
    changes: tuple[Change, ...]
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """All steps in the order of execution.  ``truncated``: there were more than are carried over."""

    steps: tuple[Step, ...]
    raised: Raised | None = None
    truncated: bool = False


# -- the graph --------------------------------------------------------------------------------------

#: ``leaf``: a tensor that gradients accumulate into (AccumulateGrad); ``operation``: a node of the
#: graph; ``constant``: a tensor behind a cut edge, or one that never required a gradient.
NodeKind: TypeAlias = Literal["leaf", "operation", "constant"]

#: Why no gradient flows along an edge.
CutReason: TypeAlias = Literal[
    "detach", "data", "no_grad", "inference_mode", "integer", "no_requires_grad", "numpy_or_item",
    "not_differentiable", "unused",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Saved:
    """A value that a node saved for its backward: ``name`` as torch has it (``self``, ``other``, ``result``).

    ``value`` is ``None`` once it was freed; ``tensor_name`` is the program's name for that tensor, if any.
    """

    name: str
    value: Value | None
    tensor_name: str | None = None


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A node of the backward graph, or a tensor at its edge.

    ``id`` is unique within a :class:`Graph`.  ``function`` is torch's name (``MulBackward0``,
    ``AccumulateGrad``; empty for a constant).  ``names`` are the program's names for the tensor that it
    made (for a leaf: of the leaf).  ``line`` is where it was made (0 if not known); ``shape`` that of its
    output.  ``value`` is the forward value, where it could be taken.  ``custom`` is the class of a
    ``torch.autograd.Function``.
    """

    id: int
    kind: NodeKind
    function: str
    names: tuple[str, ...] = ()
    line: int = 0
    shape: tuple[int, ...] | None = None
    value: Value | None = None
    saved: tuple[Saved, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    custom: str | None = None
    retains_grad: bool = False


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """Backward direction: the gradient goes from node ``source`` to node ``target``.

    ``slot`` is which input of the operation ``target`` was (0, 1, …).  ``cut`` says why no gradient
    flows; ``None`` for a live edge.
    """

    source: int
    target: int
    slot: int
    cut: CutReason | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """Everything reachable from the roots of the program's backward calls (or from what is asked)."""

    nodes: tuple[GraphNode, ...] = ()
    edges: tuple[GraphEdge, ...] = ()
    roots: tuple[int, ...] = ()
    truncated: bool = False


# -- the walk ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Visit:
    """One node visited: the gradients of its outputs came in, those of its inputs went out.

    ``incoming`` has one entry an output, ``outgoing`` one an input (``None``: no gradient).  All are
    this draw's own numbers.
    """

    node: int
    incoming: tuple[Value | None, ...]
    outgoing: tuple[Value | None, ...]


@dataclass(frozen=True, slots=True)
class Accumulation:
    """A leaf's ``.grad`` across a backward call: ``before``, what came, and ``after``."""

    node: int
    before: Value | None
    added: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class BackwardCall:
    """One call of ``backward`` or ``torch.autograd.grad``, with the nodes in the order of visiting.

    ``seeds`` are the gradients it started from, one a root.  ``raised`` is the error that ended it;
    then ``visits`` go up to the error, and ``failed_node`` is the node at which it happened, if known.
    """

    how: Literal["backward", "grad"]
    section: str
    line: int
    roots: tuple[int, ...]
    seeds: tuple[Value | None, ...]
    visits: tuple[Visit, ...] = ()
    accumulations: tuple[Accumulation, ...] = ()
    retain_graph: bool = False
    create_graph: bool = False
    raised: Raised | None = None
    failed_node: int | None = None
    truncated: bool = False


#: Why a program has no graph to show, or less of one than it computes with.
WalkNote: TypeAlias = Literal["no-backward", "torch-func", "no-graph", "stopped"]


@dataclass(frozen=True, slots=True)
class Walk:
    """The graph of the run and each backward call on it, in order."""

    graph: Graph = field(default_factory=Graph)
    calls: tuple[BackwardCall, ...] = ()
    notes: tuple[WalkNote, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """What one explaining run gave."""

    trace: Trace
    walk: Walk
    torch_version: str = ""
