"""One visited node in words: the gradient in, the local rule, and what each input gets, with the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.i18n import _
from tutor.render.columns import Row, in_columns
from tutor.render.flow import flow
from tutor.render.nodes import function_of, is_nothing, name_of, node_name
from tutor.render.rules import Rule, local_rule
from tutor.render.spans import Line, Part
from tutor.render.visits.around import INDENT, way_of
from tutor.render.visits.incoming import incoming
from tutor.render.visits.kept import kept
from tutor.render.visits.outgoing import cut, formula_parts, label, outgoing
from tutor.visible import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.render.visits.around import Around
    from tutor.runner.explained import GraphNode, Visit


def visit_lines(visit: Visit, around: Around, width: int) -> list[Line]:
    """All that is said of one visit."""
    node = around.nodes[visit.node]
    lines = head_lines(node, around, width)
    rule = local_rule(node)
    if node.kind != "leaf":
        lines += law_lines(node, rule, around, width)
    rows = [*incoming(visit, around)]
    failed = around.call is not None and around.call.failed_node == node.id
    # What a node that failed would have sent is not known: the error is told below.
    rows += [] if failed else outgoing(visit, node, rule, around)
    rows += kept(node, around)
    return lines + in_columns(rows, width, INDENT)


def rule_lines(node: GraphNode, around: Around, width: int) -> list[Line]:
    """A node that nothing visited: its rule, and where gradients would go."""
    lines = head_lines(node, around, width)
    if node.kind == "leaf":
        return lines
    rule = local_rule(node)
    lines += law_lines(node, rule, around, width)
    rows = [
        cut(way, edge, around)
        if edge.cut is not None
        else Row(label(way, edge, around), formula_parts(way))
        for edge in around.edges.get(node.id, ())
        if not is_nothing(around.nodes.get(edge.target))
        for way in (way_of(rule, edge.slot),)
    ]
    return lines + in_columns(rows, width, INDENT)


def head_lines(node: GraphNode, around: Around, width: int) -> list[Line]:
    """``  2  MulBackward0 · makes u · line 3``."""
    number = around.number.get(node.id)
    parts = [Part(f"{number or '':>3}  ", "dim")]
    if node.kind == "leaf":
        parts += [Part(node_name(node, number), "leaf"), Part("  " + _("leaf"), "dim")]
    else:
        parts.append(Part(function_of(node), "op"))
        if node.names:
            parts += [Part("  "), Part(", ".join(clean(name) for name in node.names[:3]), "name")]
        if node.line and node.section != "expression":
            parts += [Part(" · ", "edge"), Part(_("line {n}").format(n=node.line), "dim")]
    return flow(parts, width, indent=INDENT)


def law_lines(node: GraphNode, rule: Rule, around: Around, width: int) -> list[Line]:
    """The rule, and which of the program's names its symbols stand for."""
    parts = [Part(" " * INDENT), Part(_(rule.law), "rule")]
    known = dict(_names_of_symbols(node, rule, around))
    # Where the program has names that the rule has too, "a = b" would be a riddle.
    riddle = any(name in known or name in _symbols_of(rule) for name in known.values())
    for i, (symbol, name) in enumerate(known.items()):
        parts.append(Part(", " if i else "   (", "edge"))
        stands = _("{symbol} stands for").format(symbol=symbol) if riddle else f"{symbol} ="
        parts += [Part(f"{stands} ", "dim"), Part(name, "name")]
    parts += [Part(")", "edge")] * bool(known)
    return flow(parts, width, indent=INDENT + 2)


def _symbols_of(rule: Rule) -> set[str]:
    return {way.name for way in rule.ways}


def _names_of_symbols(node: GraphNode, rule: Rule, around: Around) -> Iterator[tuple[str, str]]:
    seen: set[int] = set()
    for edge in around.edges.get(node.id, ()):
        target = around.nodes.get(edge.target)
        if target is not None and target.names and edge.slot not in seen:
            seen.add(edge.slot)
            symbol = way_of(rule, edge.slot).name
            if symbol != target.names[0]:
                yield symbol, name_of(target)
