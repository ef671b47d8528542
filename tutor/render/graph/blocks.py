"""The graph for a front end: the drawing that fits, then its legend, its cuts and what was saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tutor.i18n import _, ngettext
from tutor.render import numbers
from tutor.render.flow import flow
from tutor.render.graph.draw import Drawing, draw
from tutor.render.graph.table import table
from tutor.render.nodes import cut_sentence, node_name, numbering
from tutor.render.spans import Block, Line, Part, clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.runner.explained import Explained, Walk

#: Narrower than this, the graph is a table.
LEAST_WIDTH: Final = 60


def graph_blocks(found: Explained, width: int, height: int) -> list[Block]:
    """The drawing (the first block), the legend, the cut edges, the saved values.

    The drawing is sized to ``width`` and ``height``; one that is larger all the same has to be panned.
    All the other lines fit the width.
    """
    walk = found.walk
    if not walk.graph.nodes:
        nothing = Part(_("Nothing here requires grad, so torch recorded no graph."), "dim")
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
    kinds = {node.kind for node in walk.graph.nodes}
    framed = drawing.style.framed
    yield Part("▼ " if drawing.style.down else "▶ ", "edge")
    yield Part(_("where the gradient flows"), "dim")
    entries: tuple[tuple[bool, str, str, str], ...] = (
        ("operation" in kinds and framed, "╭╮", _("operation"), "op"),
        ("leaf" in kinds, "┏┓" if framed else "[ ]", _("leaf"), "leaf"),
        ("constant" in kinds, "┌┄" if framed else "( )", _("constant"), "constant"),
        (any(edge.cut for edge in walk.graph.edges), "✂", _("cut: no gradient"), "cut"),
    )
    for wanted, sign, word, role in entries:
        if wanted:
            yield Part("   ", "edge")
            yield Part(f"{sign} {word}", "cut" if role == "cut" else "dim")


def _cuts(walk: Walk, width: int) -> list[Line]:
    """Every cut edge, and why it is cut."""
    number = numbering(walk)
    nodes = {node.id: node for node in walk.graph.nodes}
    lines: dict[str, list[Line]] = {}
    for edge in walk.graph.edges:
        source, target = nodes.get(edge.source), nodes.get(edge.target)
        if edge.cut is None or source is None or target is None:
            continue
        ends = [node_name(node, number.get(node.id), 28) for node in (source, target)]
        why = cut_sentence(edge.cut, ends[1])
        parts = [Part("✂ ", "cut"), Part(" → ".join(ends), "op"), Part(": " + why, "text")]
        lines.setdefault("".join(part.text for part in parts), flow(parts, width, indent=2))
    return [line for group in lines.values() for line in group]


def _saved(walk: Walk, width: int) -> Iterator[Line]:
    """What each node saved for its backward."""
    number = numbering(walk)
    for node in walk.graph.nodes:
        saved = [one for one in node.saved if one.value is not None]
        if not saved:
            continue
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


def _truncated(walk: Walk, width: int) -> list[Line]:
    if not walk.graph.truncated:
        return []
    n = len(walk.graph.nodes)
    text = ngettext(
        "The graph is larger; only {n} node of it is shown.",
        "The graph is larger; only {n} nodes of it are shown.", n,
    )  # fmt: skip
    return flow([Part(text.format(n=n), "dim")], width)
