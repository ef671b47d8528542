"""What an explaining run tells: the trace of its statements and the walk of each backward call.

Plain data, taken from the live run by the worker and worded elsewhere (``tutor/render``).  A trace and a
walk are only ever made of a question that is over: they show the truth.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.runner.job import Raised, RunResult, Section
    from tutor.values import Value

#: What is carried over at most.  Values of more entries than ``MAX_SHOWN`` are described, not listed.
MAX_SHOWN: Final = 64
MAX_STEPS: Final = 400
MAX_NODES: Final = 400
MAX_EDGES: Final = 1600
MAX_CALLS: Final = 40
MAX_VISITS: Final = 400

# -- the trace --------------------------------------------------------------------------------------

#: What happened to a name on a line.  ``in-place``: the same object, its value changed or its version
#: counter went up (a value that changed under the same version went behind autograd's back: ``.data``);
#: ``grad``: its ``.grad`` was set or added to (see :attr:`Change.accumulated`); ``flags``: only
#: ``requires_grad``, ``is_leaf`` or ``grad_fn`` changed.
ChangeKind: TypeAlias = Literal["new", "rebound", "in-place", "grad", "flags", "gone"]


@dataclass(frozen=True, slots=True)
class TensorState:
    """What autograd knows of a tensor: its flags, its node, its gradient, its version.

    ``grad_fn`` is the node's name (``MulBackward0``), ``None`` for a leaf or a tensor without history.
    ``grad`` is ``None`` where ``.grad`` is ``None``, and for non-leaves without ``retain_grad``.
    ``shares`` names another name of the program whose storage it shares (a view, a detached copy);
    ``same_as`` one that is this very tensor.  An inference tensor counts no versions: its is 0.
    """

    shape: tuple[int, ...]
    dtype: str
    requires_grad: bool
    is_leaf: bool
    grad_fn: str | None
    grad: Value | None
    version: int
    shares: str | None = None
    same_as: str | None = None


@dataclass(frozen=True, slots=True)
class NameState:
    """One name of the program: its value, and for a tensor what autograd knows of it.

    A parameter of a module goes by its path (``model.weight``).  Values of more than some tens of
    entries are :class:`~tutor.values.Opaque`.  ``function`` is whose local name it is, empty for the
    program's own.
    """

    name: str
    value: Value
    tensor: TensorState | None = None
    function: str = ""


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

    A statement that calls functions of the program stands after the statements of their bodies, which
    are ``depth`` calls down in ``function``.  In the section ``expression`` each line is one of the
    asked expressions (:attr:`Explained.asked`).  ``raised``: an error was raised here or passed through.
    """

    section: str
    line: int
    end_line: int
    changes: tuple[Change, ...]
    printed: str = ""
    function: str = ""
    depth: int = 0
    raised: bool = False


#: Why a program raised, as far as torch's message and the live tensors tell.  ``freed``: backward
#: through a graph whose saved values are gone; ``modified``: a saved tensor was changed in place;
#: ``not-scalar``: backward of many entries without a gradient for them; ``leaf-in-place``: a leaf that
#: requires grad, or a view of one (then the leaf is named second), changed in place; ``no-history``: the
#: output has no graph behind it; ``no-requires-grad``: a gradient by a tensor that requires none;
#: ``unused``: by one that the output was not made of; ``seed-shape``: the gradient given (first) has
#: another shape than the output; ``invalid-gradient``: a custom function gave back a gradient of one shape
#: (first) where another was needed; ``inference``: an inference tensor in a graph; ``integer``: only
#: floating tensors can require grad; ``requires-grad``: what torch refuses of a tensor with history (numpy,
#: flags of non-leaves); ``shapes``, ``dtypes``: tensors that do not fit together; ``singular``: a matrix
#: without inverse; ``not-one-entry``: one number was needed of a tensor of several; ``dimension``,
#: ``index``: out of range.
ReasonKind: TypeAlias = Literal[
    "freed", "modified", "not-scalar", "leaf-in-place", "no-history", "no-requires-grad", "unused",
    "seed-shape", "invalid-gradient", "inference", "integer", "requires-grad", "shapes", "dtypes",
    "singular", "not-one-entry", "dimension", "index",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """The facts behind an error; what is not known is ``None`` or empty.

    ``function`` is the node (``MulBackward0``) or the operation (``add_``) at which it happened,
    ``node`` its id in the graph.  ``names`` are the program's names for the tensors concerned, with
    their ``shapes`` and ``dtypes`` in the same order (unnamed ones have an empty name).
    ``version_saved`` and ``version_now`` are those of a tensor changed in place.
    """

    kind: ReasonKind
    function: str = ""
    node: int | None = None
    names: tuple[str, ...] = ()
    shapes: tuple[tuple[int, ...], ...] = ()
    dtypes: tuple[str, ...] = ()
    version_saved: int | None = None
    version_now: int | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """All steps in the order of execution.

    ``truncated``: there were more than are carried over; then the last one holds all the changes since
    the one before it.
    """

    steps: tuple[Step, ...]
    raised: Raised | None = None
    truncated: bool = False
    reason: Reason | None = None

    def last(self) -> Mapping[str, NameState]:
        """The program's own names as they were in the end."""
        names: dict[str, NameState] = {}
        for step in self.steps:
            for change in step.changes:
                state = change.after or change.before
                if state is None or state.function:
                    continue
                if change.after is None:
                    names.pop(state.name, None)
                else:
                    names[state.name] = change.after
        return names


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
    made (for a leaf: of the leaf).  ``line`` of ``section`` is where it was made (0 if not known);
    ``shape`` that of its output.  ``value`` is the forward value, where it could be taken (of a leaf: when
    backward first reached it).  ``custom`` is the class of a ``torch.autograd.Function``.
    """

    id: int
    kind: NodeKind
    function: str
    names: tuple[str, ...] = ()
    section: str = ""
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

    ``slot`` is which input of the operation ``target`` was (0, 1, …): the gradient along this edge is
    ``outgoing[slot]`` of a visit of ``source`` and adds to ``incoming[output]`` of one of ``target``.
    ``cut`` says why no gradient flows; ``None`` for a live edge.  A cut edge leads from an operation to a
    constant, and from the constant on to what it was made of, if that has a history: by the same
    reason.  One that is ``unused`` leads from a root to a tensor that it was not made of.
    """

    source: int
    target: int
    slot: int
    cut: CutReason | None = None
    output: int = 0


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
    this draw's own numbers.  Where a hook of the tensor changed what came in, ``incoming`` is what the
    node was given, and ``before_hooks`` what had been sent to it; else that is ``None``.
    """

    node: int
    incoming: tuple[Value | None, ...]
    outgoing: tuple[Value | None, ...]
    before_hooks: tuple[Value | None, ...] | None = None


@dataclass(frozen=True, slots=True)
class Accumulation:
    """A leaf's ``.grad`` across a backward call: ``before``, what came, and ``after``.

    Also that of another tensor which retains its gradient.
    """

    node: int
    before: Value | None
    added: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class BackwardCall:
    """One call of ``backward`` or ``torch.autograd.grad``, with the nodes in the order of visiting.

    ``seeds`` are the gradients it started from, one a root.  ``raised`` is the error that ended it;
    then ``visits`` go up to the error, and ``failed_node`` is the node at which it happened, if known.
    ``inputs`` are the nodes whose tensors the gradient was asked for, where it was (``grad``, or
    ``backward(inputs=…)``), ``results`` what ``grad`` gave for them (``None``: no gradient).
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
    inputs: tuple[int, ...] = ()
    results: tuple[Value | None, ...] = ()
    reason: Reason | None = None


#: Why a program has no graph to show, or less of one than it computes with.
WalkNote: TypeAlias = Literal["no-backward", "torch-func", "no-graph", "stopped"]


@dataclass(frozen=True, slots=True)
class Walk:
    """The graph of the run and each backward call on it, in order.

    ``more_calls`` is how many calls there were beside those that are carried over.
    """

    graph: Graph = field(default_factory=Graph)
    calls: tuple[BackwardCall, ...] = ()
    notes: tuple[WalkNote, ...] = ()
    more_calls: int = 0


@dataclass(frozen=True, slots=True)
class Explained:
    """What one explaining run gave.

    ``sections`` are the sources that ran, in order: steps and errors name them.  ``asked`` are the
    expressions evaluated after them, ``run`` holds their values and what was printed, as the same run
    without explaining gives them.
    """

    trace: Trace
    walk: Walk
    torch_version: str = ""
    sections: tuple[Section, ...] = ()
    asked: tuple[str, ...] = ()
    run: RunResult | None = None
