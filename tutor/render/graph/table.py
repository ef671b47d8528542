"""The graph as a table, for narrow places: each node, and where its gradients go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from tutor.i18n import _
from tutor.render import numbers
from tutor.render.flow import flow
from tutor.render.graph.cards import ROLES, worth_drawing
from tutor.render.nodes import cut_word, name_of, node_name, numbering
from tutor.render.spans import Line, Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.runner.explained import GraphEdge, GraphNode, Walk


def table(walk: Walk, width: int) -> list[Line]:
    """Two columns: the nodes in the order of visiting, and what each sends its gradients to."""
    number = numbering(walk)
    graph = worth_drawing(walk.graph)
    nodes = {node.id: node for node in graph.nodes}
    rows = [nodes[id_] for id_ in number if id_ in nodes]
    first = min(max([cell_len(_("node")), *(_wide(node, number) for node in rows)]), width // 2)
    head = (Part(_pad(_("node"), first), "head"), Part("  "), Part(_("gradient goes to"), "head"))
    lines = flow(head, width, indent=first + 2)
    for node in rows:
        name = numbers.cut(_name(node, number), first)
        lead = [Part(_pad(name, first), ROLES[node.kind]), Part("  ")]
        edges = [edge for edge in graph.edges if edge.source == node.id]
        lines += flow([*lead, *_targets(node, edges, nodes, number)], width, indent=first + 2)
    return lines


def _targets(
    node: GraphNode, edges: list[GraphEdge], nodes: dict[int, GraphNode], number: dict[int, int]
) -> Iterator[Part]:
    if node.kind == "leaf":
        yield Part(_("its own .grad"), "dim")
    for i, edge in enumerate(sorted(edges, key=lambda edge: edge.slot)):
        target = nodes.get(edge.target)
        if i:
            yield Part(", ", "edge")
        if target is None:
            continue
        if edge.cut is not None:
            yield Part(f"✂ {_short(target, number)} ({cut_word(edge.cut)})", "cut")
        else:
            yield Part(_short(target, number), ROLES[target.kind])


def _short(node: GraphNode, number: dict[int, int]) -> str:
    """A node in few cells: its number, or its name at the edge of the graph."""
    if node.kind == "operation":
        return str(number.get(node.id, "?"))
    return node_name(node, number.get(node.id), 16)


def _name(node: GraphNode, number: dict[int, int]) -> str:
    name = node_name(node, number.get(node.id), 30)
    made = name_of(node, 12) if node.kind == "operation" else ""
    return f"{name} {made}".rstrip()


def _wide(node: GraphNode, number: dict[int, int]) -> int:
    return cell_len(_name(node, number))


def _pad(text: str, cells: int) -> str:
    return text + " " * max(0, cells - cell_len(text))
