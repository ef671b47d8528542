"""The gradient that comes into a node: what was sent, by whom, and their sum where several paths meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.i18n import _
from tutor.render import numbers
from tutor.render.columns import Row, cells, sum_lines, value_row
from tutor.render.flow import flow
from tutor.render.nodes import subscript
from tutor.render.rules import local_rule
from tutor.render.spans import Line, Part
from tutor.render.visits.around import way_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.render.visits.around import Around
    from tutor.runner.explained import Visit
    from tutor.values import Value


def incoming(visit: Visit, around: Around) -> Iterator[Row]:
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
