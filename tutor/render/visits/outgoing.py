"""The gradients that a node sends: the formula, the numbers in it, and what comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from tutor import values
from tutor.i18n import _
from tutor.render import numbers
from tutor.render.columns import Row
from tutor.render.flow import flow
from tutor.render.nodes import (
    constant_name,
    constant_phrase,
    cut_sentence,
    is_nothing,
    is_plain_number,
    name_of,
)
from tutor.render.spans import Line, Part
from tutor.render.visits.around import way_of
from tutor.render.visits.symbols import filled_in, numbers_of, symbols_in, without_braces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tutor.render.rules import Rule, Way
    from tutor.render.visits.around import Around
    from tutor.runner.explained import GraphEdge, GraphNode, Visit
    from tutor.values import Value


def outgoing(visit: Visit, node: GraphNode, rule: Rule, around: Around) -> Iterator[Row]:
    for edge in around.edges.get(node.id, ()):
        way = way_of(rule, edge.slot)
        if edge.cut is not None:
            if not is_nothing(around.nodes.get(edge.target)):
                yield cut(way, edge, around)
            continue
        gradient = visit.outgoing[edge.slot] if edge.slot < len(visit.outgoing) else None
        to = label(way, edge, around)
        if gradient is None:
            yield Row(to, (Part(_("no gradient"), "dim"),))
        else:
            yield _sent(to, way, rule, visit, node, gradient)


def label(way: Way, edge: GraphEdge, around: Around) -> tuple[Part, ...]:
    """``b → x``, ``a → 3``."""
    target = around.nodes.get(edge.target)
    number = around.number.get(edge.target)
    to = name_of(target, 10) if target is not None and target.kind == "leaf" else ""
    name = to or str(number or "?")
    return (Part(way.name, "rule"), Part(" → ", "edge"), Part(name, "leaf" if to else "op"))


def cut(way: Way, edge: GraphEdge, around: Around) -> Row:
    target = around.nodes.get(edge.target)
    if target is not None and is_plain_number(target):
        number = _("{value}: a plain number").format(value=constant_name(target))
        return Row((Part(way.name, "rule"), Part(" ✂", "cut")), (Part(number, "dim"),))
    what = constant_phrase(target) if target is not None else "?"
    reason = cut_sentence(edge.cut or "unused", what)
    return Row((Part(way.name, "rule"), Part(" ✂", "cut")), (Part(reason, "cut"),))


def formula_parts(way: Way) -> tuple[Part, ...]:
    return (Part(without_braces(_(way.formula)), "rule"),) if way.formula else ()


def _sent(
    to: tuple[Part, ...],
    way: Way,
    rule: Rule,
    visit: Visit,
    node: GraphNode,
    gradient: Value,
) -> Row:
    """``G · b = [1., 1.] · [6., 9.] = [6., 9.]``, or the same in rows."""
    formula = _(way.formula) if way.formula else ""
    known = numbers_of(rule, visit, node, gradient)
    symbols, filled = without_braces(formula), filled_in(formula, known)
    result = numbers.inline(gradient, numbers.ALL)
    if rule.spreads and _shape(gradient) != _shape(visit.incoming[0] if visit.incoming else None):
        shape = numbers.dims(_shape(gradient) or ())
        symbols, filled = symbols + _(", summed to shape {shape}").format(shape=shape), ""
    filled = "" if filled == result else filled
    terms = [part for part in (Part(symbols, "rule"), Part(filled, "value")) if part.text]
    between = " = " if "{" in formula else ": "
    short: list[Part] = []
    for part in (*terms, Part(result, "value")):
        short += [Part(between, "rule")] * bool(short)
        short.append(part)
    used = [] if not filled else list(dict.fromkeys(symbols_in(formula)))
    values_used = {symbol: known[symbol] for symbol in used if symbol != "G"}
    return Row(to, tuple(short), lambda room: _stacked(terms, values_used, gradient, room))


def _stacked(
    terms: list[Part], used: Mapping[str, Value], gradient: Value, room: int
) -> Iterator[Line]:
    """In rows: the formula; the numbers in it, or if they are too wide what its symbols are; the result."""
    lead, told = "", True
    for part in terms:
        if part.role == "rule":
            yield from flow([part], room, indent=2)
        elif told := cell_len(part.text) + len(lead) <= room:
            yield Line((Part(lead, "rule"), part))
        lead = "= "
    for i, row in enumerate(numbers.rows(gradient, room - len(lead))):
        yield Line((Part(lead if i == 0 else " " * len(lead), "rule"), Part(row, "value")))
    for symbol, value in used.items() if not told else ():
        head = f"  {symbol} = "
        for i, row in enumerate(numbers.rows(value, room - len(head))):
            yield Line((Part(head if i == 0 else " " * len(head), "rule"), Part(row, "value")))


def _shape(value: Value | None) -> tuple[int, ...] | None:
    return value.shape if isinstance(value, values.Tensor) else None
