"""The graph for a front end: the drawing that fits, then its legend, its cuts and what was saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tutor.i18n import _, ngettext
from tutor.render import numbers
from tutor.render.flow import flow
from tutor.render.graph.cards import worth_drawing
from tutor.render.graph.draw import Drawing, draw
from tutor.render.graph.table import table
from tutor.render.nodes import constant_name, constant_phrase, cut_sentence, node_name, numbering
from tutor.render.spans import Block, Line, Part
from tutor.visible import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.runner.explained import CutReason, Explained, Walk

#: Narrower than this, the graph is a table.
LEAST_WIDTH: Final = 60
#: Nodes whose saved values are listed.
_MOST_SAVED: Final = 16


def graph_blocks(found: Explained, width: int, height: int) -> list[Block]:
    """The drawing (the first block), the legend, the cut edges, the saved values.

    The drawing is sized to ``width`` and ``height``; one that is larger all the same has to be panned.
    All the other lines fit the width.
    """
    walk = found.walk
    if not walk.graph.nodes:
        nothing = Part(
            _("There is no graph: torch recorded no operation on a tensor that requires grad."),
            "dim",
        )
        return [Block(tuple(flow([nothing], width)))]
    after = [*_cuts(walk, width), *_truncated(walk, width)]
    if width < LEAST_WIDTH:
        saved = list(_saved(walk, width))
        return [Block(tuple(table(walk, width))), *_blocks(after, saved)]
    drawing = draw(walk, width, height)
    saved = [] if drawing.style.detail == "full" else list(_saved(walk, width))
    legend = flow(list(_legend(walk, drawing)), width)
    return [Block(drawing.lines), *_blocks(legend, after, saved)]


def _blocks(*groups: list[Line]) -> list[Block]:
    return [Block(tuple(lines)) for lines in groups if lines]


def _legend(walk: Walk, drawing: Drawing) -> Iterator[Part]:
    """What the frames and signs of this drawing mean, and no others."""
    graph = worth_drawing(walk.graph)
    kinds = {node.kind for node in graph.nodes}
    framed = drawing.style.framed
    yield Part("▼ " if drawing.style.down else "▶ ", "edge")
    yield Part(_("the gradient"), "dim")
    entries: tuple[tuple[bool, str, str, str], ...] = (
        ("operation" in kinds and framed, "╭╮", _("operation"), "op"),
        ("leaf" in kinds, "┏┓" if framed else "[ ]", _("leaf"), "leaf"),
        ("constant" in kinds, "┌┄" if framed else "( )", _("constant"), "constant"),
        (any(edge.cut for edge in graph.edges), "✂", _("cut"), "cut"),
    )
    for wanted, sign, word, role in entries:
        if wanted:
            yield Part("   ", "edge")
            yield Part(f"{sign} {word}", "cut" if role == "cut" else "dim")


def _cuts(walk: Walk, width: int) -> list[Line]:
    """What is cut off, and why; what simply does not require grad is named in one line."""
    graph = worth_drawing(walk.graph)
    number = numbering(walk)
    nodes = {node.id: node for node in graph.nodes}
    plain: dict[str, None] = {}
    sources: dict[tuple[int, CutReason], list[str]] = {}
    for edge in graph.edges:
        source, target = nodes.get(edge.source), nodes.get(edge.target)
        if edge.cut is None or source is None or target is None or source.kind == "constant":
            continue
        if edge.cut == "no_requires_grad":
            plain[constant_name(target)] = None
        else:
            name = node_name(source, number.get(source.id), 28)
            sources.setdefault((target.id, edge.cut), []).append(name)
    lines: list[Line] = []
    for (id_, reason), names in sources.items():
        why = cut_sentence(reason, constant_phrase(nodes[id_]))
        ends = f"{', '.join(dict.fromkeys(names))} → {node_name(nodes[id_], number.get(id_), 28)}"
        parts = [Part("✂ ", "cut"), Part(ends, "op"), Part(": " + why, "text")]
        lines += flow(parts, width, indent=2)
    if plain:
        text = ngettext(
            "{names}: does not require grad", "{names}: do not require grad", len(plain)
        )
        words = Part(text.format(names=", ".join(plain)), "dim")
        lines += flow([Part("✂ ", "cut"), words], width, indent=2)
    return lines


def _saved(walk: Walk, width: int) -> Iterator[Line]:
    """What each node saved for its backward."""
    number = numbering(walk)
    nodes = [node for node in walk.graph.nodes if any(one.value is not None for one in node.saved)]
    for node in nodes[:_MOST_SAVED]:
        saved = [one for one in node.saved if one.value is not None]
        parts = [
            Part(node_name(node, number.get(node.id), 28), "op"),
            Part(" " + _("saved"), "dim"),
        ]
        for i, one in enumerate(saved):
            parts.append(Part(", " if i else " ", "edge"))
            parts.append(Part(f"{clean(one.name)} = ", "dim"))
            if one.tensor_name:
                parts += [Part(clean(one.tensor_name), "name"), Part(" = ", "dim")]
            parts.append(Part(numbers.inline(one.value, 36), "value"))
        yield from flow(parts, width, indent=2)
    if (more := len(nodes) - _MOST_SAVED) > 0:
        text = ngettext("… and {n} more node", "… and {n} more nodes", more).format(n=more)
        yield from flow([Part(text, "dim")], width)


def _truncated(walk: Walk, width: int) -> list[Line]:
    if not walk.graph.truncated:
        return []
    n = len(walk.graph.nodes)
    text = ngettext(
        "The graph is larger; only {n} node of it is shown.",
        "The graph is larger; only {n} nodes of it are shown.", n,
    )  # fmt: skip
    return flow([Part(text.format(n=n), "dim")], width)
