"""The graph for Graphviz."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tutor.render.graph.cards import picture
from tutor.render.nodes import cut_word

if TYPE_CHECKING:
    from tutor.render.graph.cards import Card
    from tutor.runner.explained import Explained, NodeKind

_LOOKS: Final[dict[NodeKind, str]] = {
    "operation": 'shape=box, style="rounded"',
    "leaf": 'shape=box, style="bold", penwidth=2',
    "constant": 'shape=box, style="dashed"',
}


def graph_dot(found: Explained, title: str = "") -> str:
    """The graph in the DOT language: gradients flow along the arrows, cut edges are dashed."""
    shown = picture(found.walk, "full")
    lines = [
        "digraph backward {",
        f"  label={_quoted(title)};",
        '  node [fontname="monospace"]; edge [fontname="monospace"];',
    ]
    lines += [
        f"  n{i} [label={_label(card)}, {_LOOKS[card.kind]}];" for i, card in enumerate(shown.cards)
    ]
    for wire in shown.wires:
        look = ""
        if wire.edge.cut is not None:
            reason = _quoted(f"✂ {cut_word(wire.edge.cut)}")
            look = f' [style="dashed", arrowhead="none", label={reason}]'
        lines.append(f"  n{wire.source} -> n{wire.target}{look};")
    return "\n".join([*lines, "}", ""])


def _label(card: Card) -> str:
    return _quoted("\n".join("".join(part.text for part in row) for row in card.rows))


def _quoted(text: str) -> str:
    """A string of DOT's: quotes and backslashes escaped, line breaks as its own."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
