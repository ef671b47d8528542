"""What is written on the nodes of a drawing, in more or less detail."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from rich.cells import cell_len

from tutor.i18n import _
from tutor.render import numbers
from tutor.render.nodes import (
    constant_name,
    cut_word,
    function_of,
    is_nothing,
    is_plain_number,
    name_of,
    node_name,
    numbering,
)
from tutor.render.rules import base_name
from tutor.render.spans import Part
from tutor.visible import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.render.spans import Role
    from tutor.runner.explained import Graph, GraphEdge, GraphNode, NodeKind, Saved, Walk

#: ``full``: values and what was saved; ``names``: functions and names; ``short``: as little as will do.
Detail: TypeAlias = Literal["full", "names", "short"]

_LONGEST_VALUE: Final = 22
_LONGEST_NAME: Final = 20
_MOST_SAVED: Final = 3
ROLES: Final[dict[NodeKind, Role]] = {"operation": "op", "leaf": "leaf", "constant": "constant"}


@dataclass(frozen=True, slots=True)
class Card:
    """A node of a drawing: its kind, and its rows of text."""

    kind: NodeKind
    rows: tuple[tuple[Part, ...], ...]

    @property
    def width(self) -> int:
        return max((cell_len("".join(part.text for part in row)) for row in self.rows), default=0)


@dataclass(frozen=True, slots=True)
class Wire:
    """An edge of a drawing, by the indices of its cards; ``cut`` where no gradient flows."""

    source: int
    target: int
    cut: bool
    edge: GraphEdge


@dataclass(frozen=True, slots=True)
class Picture:
    """What is to be drawn: cards, and wires between them."""

    cards: tuple[Card, ...]
    wires: tuple[Wire, ...]


def picture(walk: Walk, detail: Detail) -> Picture:
    """The graph as cards and wires, without the plain numbers in it."""
    graph = worth_drawing(walk.graph)
    number = numbering(walk)
    index = {node.id: i for i, node in enumerate(graph.nodes)}
    cards = tuple(card(node, number.get(node.id), graph, detail) for node in graph.nodes)
    wires = tuple(
        Wire(index[edge.source], index[edge.target], edge.cut is not None, edge)
        for edge in sorted(graph.edges, key=lambda edge: (index.get(edge.source, -1), edge.slot))
        if edge.source in index and edge.target in index
    )
    return Picture(cards, wires)


def worth_drawing(graph: Graph) -> Graph:
    """The graph without constants that say nothing: the 3 of ``3 * x``, inputs that were not given."""
    onward = {edge.source for edge in graph.edges}
    dropped = {
        node.id
        for node in graph.nodes
        if (is_plain_number(node) or is_nothing(node)) and node.id not in onward
    }
    if not dropped:
        return graph
    return replace(
        graph,
        nodes=tuple(node for node in graph.nodes if node.id not in dropped),
        edges=tuple(edge for edge in graph.edges if edge.target not in dropped),
    )


def card(node: GraphNode, number: int | None, graph: Graph, detail: Detail) -> Card:
    rows = [tuple(row) for row in _rows(node, number, graph, detail)]
    return Card(node.kind, tuple(rows))


def _rows(
    node: GraphNode, number: int | None, graph: Graph, detail: Detail
) -> Iterator[list[Part]]:
    role = ROLES[node.kind]
    if node.kind == "operation":
        yield _operation(node, number, detail)
        if detail == "full":
            if node.names or node.value is not None:
                yield _valued(name_of(node, _LONGEST_NAME), node, "name")
            for saved in [one for one in node.saved if one.value is not None][:_MOST_SAVED]:
                yield _saved(saved)
        return
    if node.kind == "leaf":
        name = node_name(node, number, _LONGEST_NAME)
        if detail != "full":
            yield [Part(name, role)]
            return
        yield _valued(name, node, role)
        yield [Part(_("leaf"), "dim")]
        return
    if detail != "full":
        yield [Part(constant_name(node, 12 if detail == "short" else _LONGEST_NAME), role)]
        return
    if node.names:
        yield _valued(name_of(node, _LONGEST_NAME), node, role)
    else:
        yield [Part(constant_name(node, _LONGEST_VALUE), role)]
    if words := cut_words(node, graph):
        yield [Part(f"✂ {words}", "cut")]


def _operation(node: GraphNode, number: int | None, detail: Detail) -> list[Part]:
    function = base_name(node.function) if detail == "short" else function_of(node)
    function = clean(node.custom or function) if detail == "short" else function
    parts = [Part(f"{number} ", "dim")] if number else []
    parts.append(Part(numbers.cut(function, 32), "op"))
    if detail != "full" and node.names:
        parts.append(Part(f" {name_of(node, 12)}", "name"))
    return parts


def _valued(name: str, node: GraphNode, role: Role) -> list[Part]:
    """``u = [2., 3.]``; the shape where the value is too long."""
    if node.value is None:
        value = numbers.by(node.shape) if node.shape is not None else ""
        return [Part(name or "", role), Part(f" {value}" if value else "", "dim")]
    text = numbers.inline(node.value, _LONGEST_VALUE)
    return [Part(name, role), Part(" = " if name else "= ", "dim"), Part(text, "value")]


def _saved(saved: Saved) -> list[Part]:
    """``saved self: u``, or its value where it has no name."""
    what = saved.tensor_name and clean(saved.tensor_name)
    text = what or numbers.inline(saved.value, _LONGEST_VALUE - 6)
    head = _("saved {name}").format(name=clean(saved.name))
    return [Part(f"{head} = ", "dim"), Part(text, "name" if what else "value")]


def cut_words(node: GraphNode, graph: Graph) -> str:
    """Why no gradient comes to a constant: each reason once."""
    reasons = [
        cut_word(edge.cut)
        for edge in graph.edges
        if edge.target == node.id and edge.cut is not None
    ]
    return ", ".join(dict.fromkeys(reasons))
