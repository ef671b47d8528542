"""What is said of one change: a new value, an edit in place, a gradient set or added to, other flags."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from tutor import values
from tutor.i18n import N_, _
from tutor.render import numbers
from tutor.render.columns import sum_lines
from tutor.render.flow import flow
from tutor.render.spans import Line, Part
from tutor.visible import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.render.spans import Role
    from tutor.runner.explained import Change, TensorState

#: What happened: its role, its sign, its word.  A change of several kinds is shown as the first of these.
MARKS: Final[tuple[tuple[Role, str, str], ...]] = (
    ("new", "+", N_("new name")),
    ("gone", "-", N_("deleted")),
    ("rebound", "»", N_("another object")),
    ("in-place", "~", N_("edited in place")),
    ("grad", "∇", N_("gradient")),
    ("flags", "!", N_("flags")),
)
_SIGNS: Final = {role: sign for role, sign, _word in MARKS}
_SEPARATOR: Final = " · "
_GAP: Final = "   "
#: In cells; longer names are cut.
LONGEST_NAME: Final = 16


def mark(change: Change) -> Role:
    """The kind that a change is marked as: the first of :data:`MARKS` that it has."""
    return next((role for role, *_rest in MARKS if role in change.kinds), "flags")


def change_lines(
    change: Change, names: int, width: int, *, accumulates: bool, twin: str | None = None
) -> list[Line]:
    """A change in rows: its sign, its name in a column of ``names`` cells, and what is said of it.

    ``twin`` is another name of this very tensor, at which all is told already.
    """
    role = mark(change)
    name = numbers.cut(change.name, names)
    lead = (
        Part(f"     {_SIGNS[role]} ", role),
        Part(name + " " * (names - cell_len(name)), "name"),
        Part("  "),
    )
    indent = Part(" " * sum(cell_len(part.text) for part in lead))
    room = max(8, width - cell_len(indent.text))
    rows = _together(list(_said(change, role, accumulates, room, twin)), room) or [Line()]
    return [Line((*((indent,) if i else lead), *row.parts)) for i, row in enumerate(rows)]


def _together(rows: list[Line], room: int) -> list[Line]:
    """Two rows in one, where both are short enough to stand side by side."""
    if len(rows) != 2 or rows[0].width + rows[1].width + len(_GAP) > room:
        return rows
    return [Line((*rows[0].parts, Part(_GAP), *rows[1].parts))]


def _said(
    change: Change, role: Role, accumulates: bool, room: int, twin: str | None
) -> Iterator[Line]:
    """What is said of a change: the value, then what autograd knows of it."""
    before, after = change.before, change.after
    if after is None:
        yield Line((Part(_("deleted"), "gone"),))
        return
    if before is None or before.tensor is None or after.tensor is None or role == "rebound":
        first = None if before is None or role == "new" else before.value
        yield from _becomes(first, after.value, role, room)
        if twin is not None:
            yield _the_very(twin)
        elif after.tensor is not None:
            yield from flow(list(_facts(after.tensor)), room)
        return
    if twin is not None:
        yield _the_very(twin)
        return
    if "in-place" in change.kinds:
        yield from _becomes(before.value, after.value, "in-place", room)
    if "grad" in change.kinds:
        yield from _gradient(before.tensor.grad, after.tensor.grad, accumulates, room)
    if news := list(_news(before.tensor, after.tensor)):
        yield from flow(news, room)
    elif "in-place" in change.kinds and after.tensor.requires_grad:
        yield from flow([Part(_("unseen by autograd: the version did not change"), "flags")], room)


def _the_very(name: str) -> Line:
    return Line((Part(_("the very tensor {name}").format(name=clean(name)), "flags"),))


def _becomes(
    before: values.Value | None, after: values.Value, role: Role, room: int
) -> Iterator[Line]:
    """``2. → 3.``, or each on rows of its own; the value alone if there was none before."""
    if before is None:
        yield from (Line((Part(row, "value"),)) for row in tensor_rows(after, room))
        return
    if before == after:
        yield Line((Part(numbers.named(after, room), "value"),))
        return
    old, new = numbers.named(before, numbers.ALL), numbers.named(after, numbers.ALL)
    if cell_len(old) + cell_len(new) + 3 <= room:
        yield Line((Part(old, "dim"), Part(" → ", role), Part(new, "value")))
        return
    yield from (Line((Part(row, "dim"),)) for row in tensor_rows(before, room))
    for i, row in enumerate(tensor_rows(after, room - 2)):
        yield Line((Part("→ " if i == 0 else "  ", role), Part(row, "value")))


def tensor_rows(value: values.Value, room: int) -> list[str]:
    """A value in rows, with ``tensor(…)`` around the numbers of a tensor."""
    if not isinstance(value, values.Tensor):
        return [numbers.inline(value, room)]
    first, *rest = numbers.rows(value, room - 8)
    rows = [f"tensor({first}", *(f"       {row}" for row in rest)]
    return [*rows[:-1], f"{rows[-1]})"]


# -- what autograd knows ------------------------------------------------------------------------------


def _facts(state: TensorState) -> Iterator[Part]:
    """All of it, for a tensor that is new under this name."""
    yield from _flags(state)
    if state.grad is not None:
        yield Part(_SEPARATOR, "edge")
        yield Part(".grad ", "dim")
        yield Part(numbers.inline(state.grad, 40), "value")
    elif state.is_leaf and state.requires_grad:
        yield Part(_SEPARATOR, "edge")
        yield Part(".grad None", "dim")
    yield Part(_SEPARATOR, "edge")
    yield Part(f"{state.dtype} {numbers.dims(state.shape)}", "dim")
    yield Part(_SEPARATOR, "edge")
    yield Part(_("version {n}").format(n=state.version), "dim")
    if state.same_as is not None:
        yield Part(_SEPARATOR, "edge")
        yield Part(_("the very tensor {name}").format(name=clean(state.same_as)), "flags")
    elif state.shares is not None:
        yield Part(_SEPARATOR, "edge")
        yield Part(_("shares its numbers with {name}").format(name=clean(state.shares)), "flags")


def _flags(state: TensorState) -> Iterator[Part]:
    yield Part(_leaf(state), "leaf" if state.is_leaf else "dim")
    if state.grad_fn is not None:
        yield Part(_SEPARATOR, "edge")
        yield Part(clean(state.grad_fn), "op")
    yield Part(_SEPARATOR, "edge")
    yield Part("requires_grad" if state.requires_grad else _("no requires_grad"), "dim")


def _leaf(state: TensorState) -> str:
    return _("leaf") if state.is_leaf else _("not a leaf")


def _news(before: TensorState, after: TensorState) -> Iterator[Part]:
    """What else is different: only that."""
    pairs = [
        ("requires_grad", str(before.requires_grad), str(after.requires_grad)),
        ("is_leaf", str(before.is_leaf), str(after.is_leaf)),
        ("grad_fn", str(before.grad_fn), str(after.grad_fn)),
        ("dtype", before.dtype, after.dtype),
        (_("shape"), numbers.dims(before.shape), numbers.dims(after.shape)),
        (_("version"), str(before.version), str(after.version)),
    ]
    found = [(what, old, new) for what, old, new in pairs if old != new]
    for i, (what, old, new) in enumerate(found):
        if i:
            yield Part(_SEPARATOR, "edge")
        yield Part(f"{what} {clean(old)} → ", "dim")
        yield Part(clean(new), "flags")


def _gradient(
    before: values.Value | None, after: values.Value | None, accumulates: bool, room: int
) -> Iterator[Line]:
    """``.grad`` across the line: set, added to, emptied or changed by the program itself."""
    added = difference(before, after) if accumulates else None
    if added is not None:
        old, new, sum_ = (numbers.inline(v, numbers.ALL) for v in (before, added, after))
        parts = [
            Part(".grad  "), Part(old, "value"), Part(" + ", "grad"), Part(new, "value"),
            Part(" = ", "grad"), Part(sum_, "value"), Part("  "), Part(_("accumulated"), "grad"),
        ]  # fmt: skip
        if sum(cell_len(part.text) for part in parts) <= room:
            yield Line(tuple(parts))
            return
        yield Line((Part(".grad  "), Part(_("accumulated"), "grad")))
        yield from sum_lines([before, added], after, room)
        return
    word = _grad_word(before, after, accumulates)
    old, new = numbers.inline(before, numbers.ALL), numbers.inline(after, numbers.ALL)
    if cell_len(old) + cell_len(new) + cell_len(word) + 12 <= room:
        yield Line(
            (Part(".grad  "), Part(old, "dim"), Part(" → ", "grad"), Part(new, "value"),
             Part("  "), Part(word, "grad"))
        )  # fmt: skip
        return
    yield Line((Part(".grad  "), Part(word, "grad")))
    for sign, value in ((" ", before), ("→", after)):
        for i, row in enumerate(numbers.rows(value, room - 4)):
            yield Line((Part(f"  {sign if i == 0 else ' '} ", "grad"), Part(row, "value")))


def _grad_word(before: values.Value | None, after: values.Value | None, accumulates: bool) -> str:
    if after is None:
        return _("set to None")
    if before is None:
        return _("set")
    if accumulates:
        return _("accumulated")
    if isinstance(after, values.Tensor) and not any(after.entries):
        return _("zeroed")
    return _("changed")


def difference(before: values.Value | None, after: values.Value | None) -> values.Tensor | None:
    """What was added to ``before``, as the numbers show it; ``None`` where that cannot be said."""
    if not isinstance(before, values.Tensor) or not isinstance(after, values.Tensor):
        return None
    if before.shape != after.shape or not all(
        math.isfinite(x) for x in (*before.entries, *after.entries)
    ):
        return None
    entries = (b - a for a, b in zip(before.entries, after.entries, strict=True))
    # Without the last digits, which are only the rounding of the sum.
    return values.Tensor(after.dtype, after.shape, tuple(float(f"{x:.5g}") for x in entries))
