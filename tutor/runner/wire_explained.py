"""The result of an explaining run, checked: a child may say anything about what it ran."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args

from tutor.runner.checked import (
    Json,
    MalformedReply,
    exactly,
    list_from,
    raised_from,
    text_from,
    value_from,
)
from tutor.runner.explained import (
    MAX_CALLS,
    MAX_EDGES,
    MAX_NODES,
    MAX_STEPS,
    MAX_VISITS,
    Accumulation,
    BackwardCall,
    Change,
    ChangeKind,
    CutReason,
    Explained,
    Graph,
    GraphEdge,
    GraphNode,
    NameState,
    NodeKind,
    Reason,
    ReasonKind,
    Saved,
    Step,
    TensorState,
    Trace,
    Visit,
    Walk,
    WalkNote,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tutor.runner.job import ExplainRun, Raised, RunResult
    from tutor.runner.limits import Limits
    from tutor.values import Value

T = TypeVar("T")

_MAX_NAME: Final = 200
_MAX_LIST: Final = 1_000
_MAX_DIM: Final = 2**63
EXPRESSION: Final = "expression"


def explained_from(run: ExplainRun, plain: RunResult, data: Json, limits: Limits) -> Explained:
    """The result of ``run``, of which ``plain`` has been read already.

    Raises:
        MalformedReply: it is not one (other errors of reading are the caller's to turn into this).
    """
    sources = {section.name: section.source for section in run.sections}
    reader = _Reader(sources, limits)
    trace = exactly(dict, data["trace"])
    return Explained(
        trace=Trace(
            steps=reader.steps(trace["steps"]),
            raised=plain.raised,
            truncated=exactly(bool, trace["truncated"]),
            reason=_optional(trace["reason"], _reason),
        ),
        walk=reader.walk(exactly(dict, data["walk"])),
        sections=run.sections,
        asked=run.evaluate,
        run=plain,
    )


class _Reader:
    def __init__(self, sources: Mapping[str, str], limits: Limits) -> None:
        self._sources = sources
        self._limits = limits

    # -- the trace ----------------------------------------------------------------------------------

    def steps(self, data: Any) -> tuple[Step, ...]:
        #: What each name is by now, by the call whose local it is (0: the program's own).
        known: dict[tuple[int, str], NameState] = {}
        return tuple(self._step(item, known) for item in _list(data, MAX_STEPS + 1))

    def _step(self, data: Json, known: dict[tuple[int, str], NameState]) -> Step:
        return Step(
            section=self._section(data["section"]),
            line=_count(data["line"]),
            end_line=_count(data["end"]),
            changes=tuple(_change(item, known) for item in _list(data["changes"])),
            printed=text_from(data["printed"], self._limits.output),
            function=text_from(data["function"], _MAX_NAME),
            depth=_count(data["depth"]),
            raised=exactly(bool, data["raised"]),
        )

    def _section(self, data: Any) -> str:
        section = text_from(data, _MAX_NAME)
        if section and section not in self._sources and section != EXPRESSION:
            raise MalformedReply("in no section")
        return section

    def _raised(self, data: Any) -> Raised:
        return raised_from(data, self._sources, self._limits)

    # -- the walk -----------------------------------------------------------------------------------

    def walk(self, data: Json) -> Walk:
        graph = _graph(exactly(dict, data["graph"]), self._section)
        nodes = {node.id for node in graph.nodes}
        calls = tuple(self._call(item, nodes) for item in _list(data["calls"], MAX_CALLS))
        return Walk(
            graph=graph,
            calls=calls,
            notes=tuple(_one_of(WalkNote, note) for note in _list(data["notes"], 10)),
            more_calls=_count(data["more_calls"]),
        )

    def _call(self, data: Json, nodes: set[int]) -> BackwardCall:
        how = data["how"]
        if how not in ("backward", "grad"):
            raise MalformedReply("no backward call")
        return BackwardCall(
            how=how,
            section=self._section(data["section"]),
            line=_count(data["line"]),
            roots=_nodes(data["roots"], nodes),
            seeds=_values(data["seeds"]),
            visits=tuple(_visit(item, nodes) for item in _list(data["visits"], MAX_VISITS)),
            accumulations=tuple(_accumulation(item, nodes) for item in _list(data["added"])),
            retain_graph=exactly(bool, data["retain_graph"]),
            create_graph=exactly(bool, data["create_graph"]),
            raised=_optional(data["raised"], self._raised),
            failed_node=_optional(data["failed"], lambda x: _node(x, nodes)),
            truncated=exactly(bool, data["truncated"]),
            inputs=_nodes(data["inputs"], nodes),
            results=_values(data["results"]),
            reason=_optional(data["reason"], _reason),
        )


def _change(data: Any, known: dict[tuple[int, str], NameState]) -> Change:
    """A change says what a name is now; what it was, the ones before have said."""
    scope, name, kinds, after = list_from(data)
    key = (_count(scope), text_from(name, _MAX_NAME))
    before = known.pop(key, None)
    state = _optional(after, lambda x: _name_state(key[1], x))
    if state is not None:
        known[key] = state
    elif before is None:
        raise MalformedReply("a name is gone that never was")
    kinds = tuple(_one_of(ChangeKind, kind) for kind in _list(kinds, 10))
    if not kinds or (before is None) != ("new" in kinds) or (state is None) != ("gone" in kinds):
        raise MalformedReply("no change")
    return Change(kinds, before, state)


def _name_state(name: str, data: Json) -> NameState:
    return NameState(
        name=name,
        value=value_from(data["value"]),
        tensor=_optional(data["tensor"], _tensor_state),
        function=text_from(data["function"], _MAX_NAME),
    )


def _tensor_state(data: Json) -> TensorState:
    return TensorState(
        shape=_shape(data["shape"]),
        dtype=text_from(data["dtype"], _MAX_NAME),
        requires_grad=exactly(bool, data["requires_grad"]),
        is_leaf=exactly(bool, data["is_leaf"]),
        grad_fn=_optional(data["grad_fn"], _name),
        grad=_optional(data["grad"], value_from),
        version=_count(data["version"]),
        shares=_optional(data["shares"], _name),
        same_as=_optional(data["same_as"], _name),
    )


def _reason(data: Json) -> Reason:
    return Reason(
        kind=_one_of(ReasonKind, data["kind"]),
        function=_name(data["function"]),
        node=_optional(data["node"], _count),
        names=_names(data["names"]),
        shapes=tuple(_shape(shape) for shape in _list(data["shapes"])),
        dtypes=_names(data["dtypes"]),
        version_saved=_optional(data["version_saved"], _count),
        version_now=_optional(data["version_now"], _count),
    )


def _graph(data: Json, section_of: Callable[[Any], str]) -> Graph:
    nodes = tuple(_graph_node(item, section_of) for item in _list(data["nodes"], MAX_NODES))
    ids = {node.id for node in nodes}
    if len(ids) != len(nodes):
        raise MalformedReply("two nodes of one id")
    return Graph(
        nodes=nodes,
        edges=tuple(_edge(item, ids) for item in _list(data["edges"], MAX_EDGES)),
        roots=_nodes(data["roots"], ids),
        truncated=exactly(bool, data["truncated"]),
    )


def _graph_node(data: Json, section_of: Callable[[Any], str]) -> GraphNode:
    attributes = exactly(dict, data["attributes"])
    return GraphNode(
        id=_count(data["id"]),
        kind=_one_of(NodeKind, data["kind"]),
        function=_name(data["function"]),
        names=_names(data["names"]),
        section=section_of(data["section"]),
        line=_count(data["line"]),
        shape=_optional(data["shape"], _shape),
        value=_optional(data["value"], value_from),
        saved=tuple(_saved(item) for item in _list(data["saved"])),
        attributes={_name(key): _name(attributes[key]) for key in list(attributes)[:50]},
        custom=_optional(data["custom"], _name),
        retains_grad=exactly(bool, data["retains_grad"]),
    )


def _saved(data: Any) -> Saved:
    name, value, tensor_name = list_from(data)
    return Saved(_name(name), _optional(value, value_from), _optional(tensor_name, _name))


def _edge(data: Any, nodes: set[int]) -> GraphEdge:
    source, target, slot, cut, output = list_from(data)
    return GraphEdge(
        source=_node(source, nodes),
        target=_node(target, nodes),
        slot=_count(slot),
        cut=_optional(cut, lambda x: _one_of(CutReason, x)),
        output=_count(output),
    )


def _visit(data: Any, nodes: set[int]) -> Visit:
    node, incoming, outgoing, before = list_from(data)
    return Visit(
        _node(node, nodes), _values(incoming), _values(outgoing), _optional(before, _values)
    )


def _accumulation(data: Any, nodes: set[int]) -> Accumulation:
    node, *values = list_from(data)
    before, added, after = (_optional(value, value_from) for value in values)
    return Accumulation(_node(node, nodes), before, added, after)


# -- small parts ------------------------------------------------------------------------------------


def _optional(data: Any, read: Callable[[Any], T]) -> T | None:
    return None if data is None else read(data)


def _list(data: Any, most: int = _MAX_LIST) -> list[Any]:
    found = list_from(data)
    if len(found) > most:
        raise MalformedReply("too much of it")
    return found


def _count(data: Any) -> int:
    number: int = exactly(int, data)
    if not 0 <= number < _MAX_DIM:
        raise MalformedReply("no count")
    return number


def _name(data: Any) -> str:
    return text_from(data, _MAX_NAME)


def _names(data: Any) -> tuple[str, ...]:
    return tuple(_name(item) for item in _list(data))


def _shape(data: Any) -> tuple[int, ...]:
    return tuple(_count(item) for item in _list(data, 64))


def _values(data: Any) -> tuple[Value | None, ...]:
    return tuple(_optional(item, value_from) for item in _list(data))


def _node(data: Any, nodes: set[int]) -> int:
    number = _count(data)
    if number not in nodes:
        raise MalformedReply("no node of the graph")
    return number


def _nodes(data: Any, nodes: set[int]) -> tuple[int, ...]:
    return tuple(_node(item, nodes) for item in _list(data))


def _one_of(kinds: Any, data: Any) -> Any:
    """``data`` if it is one of the words of a ``Literal`` type."""
    if type(data) is not str or data not in get_args(kinds):
        raise MalformedReply("a word that is none of those known")
    return data
