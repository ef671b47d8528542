"""The backward walk in words: every call, and in it every node in the order of visiting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.i18n import _, ngettext
from tutor.render import numbers
from tutor.render.columns import in_columns
from tutor.render.flow import flow
from tutor.render.nodes import backward_order, name_of, numbering
from tutor.render.reasons import error_lines
from tutor.render.spans import Block, Line, Part
from tutor.render.trace import code_lines, section_title, source_lines
from tutor.render.visits import INDENT, Around, given_row, rule_lines, visit_lines
from tutor.visible import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.runner.explained import BackwardCall, Explained, Graph, GraphEdge, WalkNote


def walk_blocks(found: Explained, width: int) -> list[Block]:
    """A block for each call's start, each visited node, and what became of the call."""
    walk = found.walk
    sources = source_lines(found)
    nodes = {node.id: node for node in walk.graph.nodes}
    around = Around(nodes, _edges_by_source(walk.graph), numbering(walk))
    blocks = [Block(tuple(flow([Part(_note(note), "dim")], width))) for note in walk.notes]
    section = "program"
    for call in walk.calls:
        if call.section != section:
            section = call.section
            blocks.append(Block((Line((Part(section_title(section), "head"),)),)))
        blocks += _call(call, around, sources.get(call.section, []), width)
    if not walk.calls:
        blocks += _unvisited(walk.graph, around, width)
    if walk.more_calls:
        more = ngettext(
            "{n} more backward call is not shown.", "{n} more backward calls are not shown.",
            walk.more_calls,
        )  # fmt: skip
        blocks.append(Block(tuple(flow([Part(more.format(n=walk.more_calls), "dim")], width))))
    if not walk.calls and found.trace.raised is not None:
        raised = found.trace.raised
        lines = error_lines(raised, width, found.trace.reason)
        blocks.append(Block(tuple(lines), raised.section, raised.line))
    return blocks


def _edges_by_source(graph: Graph) -> dict[int, tuple[GraphEdge, ...]]:
    edges: dict[int, tuple[GraphEdge, ...]] = {}
    for edge in sorted(graph.edges, key=lambda edge: edge.slot):
        edges[edge.source] = (*edges.get(edge.source, ()), edge)
    return edges


def _note(note: WalkNote) -> str:
    match note:
        case "no-backward":
            return _(
                "No backward call ran. Below, the graph as it stands: the rule of each node, in the order in "
                "which a backward would come to it."
            )
        case "torch-func":
            return _(
                "torch.func differentiates by running the function on values of its own: it leaves no graph "
                "of nodes behind that could be walked."
            )
        case "no-graph":
            return _(
                "There is no graph: torch recorded no operation on a tensor that requires grad."
            )
    return _("The program stopped before this was complete.")


# -- one call -----------------------------------------------------------------------------------------------


def _call(call: BackwardCall, around: Around, source: list[str], width: int) -> Iterator[Block]:
    lines = code_lines(source, call.line, call.line, width) if call.line else []
    lines += _start(call, around, width)
    yield Block(tuple(lines), call.section, call.line)
    for i, visit in enumerate(call.visits):
        if visit.node not in around.nodes:
            continue
        here = Around(around.nodes, around.edges, around.number, call, call.visits[:i])
        node = around.nodes[visit.node]
        yield Block(tuple(visit_lines(visit, here, width)), node.section, node.line, node.id)
    if call.truncated:
        n = len(call.visits)
        text = _("The call visited more nodes; only the first {n} are shown.").format(n=n)
        yield Block(tuple(flow([Part(text, "dim")], width)))
    if end := list(_end(call, around, width)):
        yield Block(tuple(end), call.section, call.line)


def _start(call: BackwardCall, around: Around, width: int) -> Iterator[Line]:
    """``starts at 1 SumBackward0 (z) with G = 1.``"""
    for root, seed in zip(call.roots, call.seeds, strict=False):
        node = around.nodes.get(root)
        name = name_of(node) if node is not None and node.kind == "operation" else ""
        where = around.speak(root) + (f" ({name})" if name else "")
        parts = [Part("     "), Part(_("starts at {node} with").format(node=where) + " ")]
        parts += [Part("G = ", "rule"), Part(numbers.inline(seed, max(20, width - 40)), "value")]
        yield from flow(parts, width, indent=7)
    if call.inputs:
        names = ", ".join(around.speak(node) for node in dict.fromkeys(call.inputs))
        text = _("asked for the gradient of {names} only").format(names=names)
        yield from flow([Part("     "), Part(text, "dim")], width, indent=7)


def _end(call: BackwardCall, around: Around, width: int) -> Iterator[Line]:
    """What the call gave, whom it did not reach, and the error that ended it."""
    if call.how == "grad" and call.raised is None:
        whole = Around(around.nodes, around.edges, around.number, call, call.visits)
        rows = [
            given_row(node, value, whole)
            for node, value in zip(call.inputs, call.results, strict=False)
        ]
        yield from in_columns(rows, width, INDENT)
        text = _("torch.autograd.grad returns the gradients and leaves every .grad as it was.")
        yield from flow([Part("     "), Part(text, "dim")], width, indent=5)
    if call.raised is not None:
        if call.failed_node is not None:
            where = _("stopped at {node}").format(node=around.speak(call.failed_node, 40))
            yield from flow([Part(f"     ✗ {where}", "error")], width, indent=7)
        yield from error_lines(call.raised, width, call.reason)
        return
    if call.how == "backward":
        yield from _not_kept(call, around, width)
        yield from _not_reached(call, around, width)


def _not_kept(call: BackwardCall, around: Around, width: int) -> Iterator[Line]:
    """Named tensors that a gradient went through without staying."""
    kept = {accumulation.node for accumulation in call.accumulations}
    names = [
        name_of(around.nodes[visit.node])
        for visit in call.visits
        if (node := around.nodes.get(visit.node)) is not None
        and node.kind == "operation"
        and node.names
        and node.id not in kept
    ]
    if names:
        text = ngettext(
            "{names} is no leaf: its .grad stays None (retain_grad() would keep it).",
            "{names} are no leaves: their .grad stays None (retain_grad() would keep it).",
            len(names),
        )
        shown = text.format(names=", ".join(dict.fromkeys(names)))
        yield from flow([Part("     "), Part(shown, "dim")], width, indent=5)


def _not_reached(call: BackwardCall, around: Around, width: int) -> Iterator[Line]:
    """Leaves that the result was computed with, but that no gradient came to."""
    visited = {visit.node for visit in call.visits}
    reached: set[int] = set()
    todo = list(call.roots)
    while todo:
        node = todo.pop()
        if node not in reached:
            reached.add(node)
            todo += [edge.target for edge in around.edges.get(node, ())]
    for id_ in sorted(reached - visited):
        leaf = around.nodes.get(id_)
        if leaf is not None and leaf.kind == "leaf" and not call.inputs:
            text = _("{name} gets no gradient: every path to it is cut.").format(
                name=around.speak(id_)
            )
            yield from flow([Part("     ✂ ", "cut"), Part(text, "cut")], width, indent=7)


# -- no call ------------------------------------------------------------------------------------------------


def _unvisited(graph: Graph, around: Around, width: int) -> Iterator[Block]:
    """Every node with its rule, where nothing walked the graph."""
    for id_ in backward_order(graph):
        node = around.nodes[id_]
        if node.kind == "operation":
            lines = rule_lines(node, around, width)
            yield Block(tuple(lines), node.section, node.line, id_)
    leaves = [clean(name_of(node)) for node in graph.nodes if node.kind == "leaf" and node.names]
    if leaves:
        text = _("Leaves that a backward would reach: {names}").format(names=", ".join(leaves))
        yield Block(tuple(flow([Part(text, "dim")], width)))
