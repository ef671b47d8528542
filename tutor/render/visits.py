"""One visited node in words: the gradient in, the local rule, and what each input gets, with the numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from tutor import values
from tutor.i18n import _
from tutor.render import numbers
from tutor.render.columns import Row, cells, in_columns, sum_lines, value_row
from tutor.render.flow import flow
from tutor.render.nodes import (
    constant_name,
    constant_phrase,
    cut_sentence,
    function_of,
    is_nothing,
    is_plain_number,
    name_of,
    node_name,
    subscript,
)
from tutor.render.rules import Rule, Way, local_rule
from tutor.render.spans import Line, Part
from tutor.visible import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tutor.runner.explained import Accumulation, BackwardCall, GraphEdge, GraphNode, Visit
    from tutor.values import Value

#: Where what is said of a node begins, after its number.
INDENT: Final = 5
_SYMBOL: Final = re.compile(r"\{(\w+)\}")


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


def visit_lines(visit: Visit, around: Around, width: int) -> list[Line]:
    """All that is said of one visit."""
    node = around.nodes[visit.node]
    lines = head_lines(node, around, width)
    rule = local_rule(node)
    if node.kind != "leaf":
        lines += law_lines(node, rule, around, width)
    rows = [*_incoming(visit, around)]
    failed = around.call is not None and around.call.failed_node == node.id
    # What a node that failed would have sent is not known: the error is told below.
    rows += [] if failed else _outgoing(visit, node, rule, around)
    rows += _kept(node, around)
    return lines + in_columns(rows, width, INDENT)


def rule_lines(node: GraphNode, around: Around, width: int) -> list[Line]:
    """A node that nothing visited: its rule, and where gradients would go."""
    lines = head_lines(node, around, width)
    if node.kind == "leaf":
        return lines
    rule = local_rule(node)
    lines += law_lines(node, rule, around, width)
    rows = [
        _cut(way, edge, around)
        if edge.cut is not None
        else Row(_label(way, edge, around), _formula_parts(way))
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


# -- the gradient in ------------------------------------------------------------------------------------


def _incoming(visit: Visit, around: Around) -> Iterator[Row]:
    """The gradient of every output that was used."""
    used = [output for output, gradient in enumerate(visit.incoming) if gradient is not None]
    for i, output in enumerate(used):
        gradient = visit.incoming[output]
        if gradient is None:
            continue
        label = (Part(_("in"), "dim"),) if i == 0 else ()
        symbol = f"G{subscript(output + 1)}" if len(used) > 1 else "G"
        before = visit.before_hooks or ()
        sent = before[output] if output < len(before) else None
        came = _came(visit.node, output, around)
        yield _sum_row(label, symbol, came, sent if sent is not None else gradient)
        if sent is not None:
            hooked = (Part(_("a hook makes it") + " "), Part(f"{symbol} = ", "rule"))
            yield value_row((), hooked, gradient)
    if len(visit.incoming) > 1 and len(used) < len(visit.incoming):
        numbers_of_used = ", ".join(str(output + 1) for output in used) or "–"
        text = _("of output {outputs} only: the others were not used").format(
            outputs=numbers_of_used
        )
        yield Row((), (Part(text, "dim"),))
    if not visit.incoming:
        yield Row((Part(_("in"), "dim"),), (Part(_("no gradient"), "dim"),))


def given_row(node: int, gradient: Value | None, around: Around) -> Row:
    """What a call gave for an input that it was asked about."""
    label = (Part(_("gives") + " ", "dim"), Part(around.speak(node, 10), "leaf"))
    if gradient is None:
        return Row(label, (Part("None", "value"),))
    return _sum_row(label, "G", _came(node, 0, around), gradient)


def _came(node: int, output: int, around: Around) -> list[tuple[str, Value]]:
    """What was sent to an output of a node in this call, and by whom."""
    found: list[tuple[str, Value]] = []
    call = around.call
    if call is not None and output == 0:
        found += [
            (_("the start"), seed)
            for root, seed in zip(call.roots, call.seeds, strict=False)
            if root == node and seed is not None
        ]
    for visit in around.earlier:
        for edge in around.edges.get(visit.node, ()):
            if edge.target != node or edge.output != output or edge.cut is not None:
                continue
            gradient = visit.outgoing[edge.slot] if edge.slot < len(visit.outgoing) else None
            if gradient is not None:
                way = way_of(local_rule(around.nodes[visit.node]), edge.slot)
                number = around.number.get(visit.node, "?")
                found.append((f"{number} ({way.name})", gradient))
    return found


def _sum_row(
    label: tuple[Part, ...], symbol: str, came: list[tuple[str, Value]], gradient: Value
) -> Row:
    """``G = [1., 1.]``; ``G = [2., 3.] + [2., 3.] = [4., 6.]`` where several paths meet."""
    head = Part(f"{symbol} = ", "rule")
    if len(came) < 2:
        return value_row(label, (head,), gradient)
    paths = Part(
        _("{n} paths meet: from {nodes}").format(
            n=len(came), nodes=", ".join(who for who, _value in came)
        ),
        "grad",
    )
    terms = [head]
    for i, (_who, value) in enumerate(came):
        terms += [Part(" + ", "rule")] * (i > 0)
        terms.append(Part(numbers.inline(value, numbers.ALL), "value"))
    terms += [Part(" = ", "rule"), Part(numbers.inline(gradient, numbers.ALL), "value")]

    def tall(room: int) -> Iterator[Line]:
        yield from flow([paths], room)
        if cells(terms) <= room:
            yield Line(tuple(terms))
        else:
            yield from sum_lines([value for _who, value in came], gradient, room)

    return Row(label, (*terms, Part("  "), paths), tall)


# -- the gradients out --------------------------------------------------------------------------------------


def _outgoing(visit: Visit, node: GraphNode, rule: Rule, around: Around) -> Iterator[Row]:
    for edge in around.edges.get(node.id, ()):
        way = way_of(rule, edge.slot)
        if edge.cut is not None:
            if not is_nothing(around.nodes.get(edge.target)):
                yield _cut(way, edge, around)
            continue
        gradient = visit.outgoing[edge.slot] if edge.slot < len(visit.outgoing) else None
        label = _label(way, edge, around)
        if gradient is None:
            yield Row(label, (Part(_("no gradient"), "dim"),))
        else:
            yield _sent(label, way, rule, visit, node, gradient)


def way_of(rule: Rule, slot: int) -> Way:
    """What the rule says of an input."""
    if rule.many:
        first = rule.ways[0]
        return Way(f"{first.name}{subscript(slot + 1)}", first.formula)
    if slot < len(rule.ways):
        return rule.ways[slot]
    return Way(f"x{subscript(slot + 1)}", "")


def _label(way: Way, edge: GraphEdge, around: Around) -> tuple[Part, ...]:
    """``b → x``, ``a → 3``."""
    target = around.nodes.get(edge.target)
    number = around.number.get(edge.target)
    to = name_of(target, 10) if target is not None and target.kind == "leaf" else ""
    name = to or str(number or "?")
    return (Part(way.name, "rule"), Part(" → ", "edge"), Part(name, "leaf" if to else "op"))


def _cut(way: Way, edge: GraphEdge, around: Around) -> Row:
    target = around.nodes.get(edge.target)
    if target is not None and is_plain_number(target):
        number = _("{value}: a plain number").format(value=constant_name(target))
        return Row((Part(way.name, "rule"), Part(" ✂", "cut")), (Part(number, "dim"),))
    what = constant_phrase(target) if target is not None else "?"
    reason = cut_sentence(edge.cut or "unused", what)
    return Row((Part(way.name, "rule"), Part(" ✂", "cut")), (Part(reason, "cut"),))


def _formula_parts(way: Way) -> tuple[Part, ...]:
    return (Part(_symbols(_(way.formula)), "rule"),) if way.formula else ()


def _sent(
    label: tuple[Part, ...],
    way: Way,
    rule: Rule,
    visit: Visit,
    node: GraphNode,
    gradient: Value,
) -> Row:
    """``G · b = [1., 1.] · [6., 9.] = [6., 9.]``, or the same in rows."""
    formula = _(way.formula) if way.formula else ""
    known = numbers_of(rule, visit, node, gradient)
    symbols, filled = _symbols(formula), _filled(formula, known)
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
    used = [] if not filled else list(dict.fromkeys(_SYMBOL.findall(formula)))
    values_used = {symbol: known[symbol] for symbol in used if symbol != "G"}
    return Row(label, tuple(short), lambda room: _stacked(terms, values_used, gradient, room))


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


def numbers_of(rule: Rule, visit: Visit, node: GraphNode, gradient: Value) -> dict[str, Value]:
    """The value of every symbol that is known."""
    saved = {one.name: one.value for one in node.saved if one.value is not None}
    found: dict[str, Value] = {}
    for symbol, name in rule.numbers.items():
        if name in saved:
            found[symbol] = saved[name]
        elif name in node.attributes:
            found[symbol] = _attribute(node.attributes[name])
    if "y" not in found and node.value is not None:
        found["y"] = node.value
    used = [gradient for gradient in visit.incoming if gradient is not None]
    if len(used) == 1:
        found["G"] = used[0]
        if isinstance(gradient, values.Tensor) and isinstance(found["G"], values.Tensor):
            inputs, outputs = len(gradient.entries), len(found["G"].entries)
            if outputs and not inputs % outputs:
                found["N"] = values.Number(inputs // outputs)
    return found


def _attribute(text: str) -> Value:
    """An attribute of a node: a number, where it is one."""
    try:
        return (
            values.Tensor("float32", (), (float(text),))
            if "." in text
            else values.Number(int(text))
        )
    except ValueError:
        return values.Opaque("attribute", text)


def _symbols(formula: str) -> str:
    return _SYMBOL.sub(r"\1", formula)


def _filled(formula: str, found: Mapping[str, Value]) -> str:
    """The formula with numbers for its symbols; empty unless all of them are known."""
    wanted = _SYMBOL.findall(formula)
    if not wanted or any(symbol not in found for symbol in wanted):
        return ""

    def number(match: re.Match[str]) -> str:
        text = numbers.inline(found[match[1]], numbers.ALL)
        return f"({text})" if text.startswith("-") and match.start() else text

    return _SYMBOL.sub(number, formula)


# -- gradients that stay ------------------------------------------------------------------------------------


def _kept(node: GraphNode, around: Around) -> Iterator[Row]:
    """``.grad`` of a leaf, or of a tensor that retains it, across this call."""
    found = around.call.accumulations if around.call is not None else ()
    return (_accumulated(one) for one in found if one.node == node.id)


def _accumulated(accumulation: Accumulation) -> Row:
    label = (Part(".grad", "name"),)
    before, added, after = accumulation.before, accumulation.added, accumulation.after
    if after is None:
        return Row(label, (Part("None", "value"),))
    if before is None or added is None:
        return value_row(label, (Part("None → ", "grad"),) if before is None else (), after)
    old, new, total = (numbers.inline(value, numbers.ALL) for value in (before, added, after))
    word = Part(_("accumulated"), "grad")
    short = (
        Part(old, "value"), Part(" + ", "grad"), Part(new, "value"), Part(" = ", "grad"),
        Part(total, "value"), Part("  "), word,
    )  # fmt: skip
    return Row(label, short, lambda room: (Line((word,)), *sum_lines([before, added], after, room)))
