"""Gradients that stay after a call: ``.grad``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.i18n import _
from tutor.render import numbers
from tutor.render.columns import Row, sum_lines, value_row
from tutor.render.spans import Line, Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.render.visits.around import Around
    from tutor.runner.explained import Accumulation, GraphNode


def kept(node: GraphNode, around: Around) -> Iterator[Row]:
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
