"""What is around a visit: the graph it is part of, the call, and what its rule says of each input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tutor.render.nodes import node_name, subscript
from tutor.render.rules import Rule, Way

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.runner.explained import BackwardCall, GraphEdge, GraphNode, Visit

#: Where what is said of a node begins, after its number.
INDENT: Final = 5


@dataclass(frozen=True, slots=True)
class Around:
    """What a visit is told with: the graph it is part of, and what was visited before it in this call."""

    nodes: Mapping[int, GraphNode]
    edges: Mapping[int, tuple[GraphEdge, ...]]
    number: Mapping[int, int]
    call: BackwardCall | None = None
    earlier: tuple[Visit, ...] = ()

    def speak(self, node: int, width: int = 24) -> str:
        """How a node is spoken of."""
        found = self.nodes.get(node)
        return "?" if found is None else node_name(found, self.number.get(node), width)


def way_of(rule: Rule, slot: int) -> Way:
    """What the rule says of an input."""
    if rule.many:
        first = rule.ways[0]
        return Way(f"{first.name}{subscript(slot + 1)}", first.formula)
    if slot < len(rule.ways):
        return rule.ways[slot]
    return Way(f"x{subscript(slot + 1)}", "")
