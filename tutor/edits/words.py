"""What each kind of edit says to a learner, and the family of misconceptions that it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from tutor.edits.edit import PREFIX
from tutor.i18n import N_, _

if TYPE_CHECKING:
    from tutor.edits.edit import Edit


class Kind(NamedTuple):
    """``fact``: what the edited program is.  ``rule``: what holds instead."""

    family: str
    fact: str
    rule: str


KINDS: Final[dict[str, Kind]] = {
    "drop-zero-grad": Kind(
        "accumulation",
        N_("Consistent with line {line} (`{was}`) clearing nothing."),
        N_("It clears what was accumulated before."),
    ),
    "first-backward-only": Kind(
        "accumulation",
        N_("Consistent with the first backward alone, without that on line {line}."),
        N_("Each backward adds to `.grad`."),
    ),
    "last-backward-only": Kind(
        "accumulation",
        N_("Consistent with the backward on line {line} replacing what was in `.grad`."),
        N_("Each backward adds to `.grad`."),
    ),
    "drop-detach": Kind(
        "detach",
        N_("Consistent with line {line} without its detach: `{now}`."),
        N_("What is detached is a constant: no gradient passes through it."),
    ),
    "drop-data": Kind(
        "detach",
        N_("Consistent with line {line} without `.data`: `{now}`."),
        N_("`.data` shares the numbers but not the graph: no gradient passes through it."),
    ),
    "add-detach": Kind(
        "detach",
        N_("Consistent with a factor or term on line {line} taken for a constant: `{now}`."),
        N_("Every path from the result back to the variable counts."),
    ),
    "add-detach-result": Kind(
        "detach",
        N_("Consistent with the result of line {line} taken for a constant: `{now}`."),
        N_("Every path from the result back to the variable counts."),
    ),
    "drop-no-grad": Kind(
        "no-grad",
        N_("Consistent with line {line} recording the graph: `{now}`."),
        N_("What is computed there is not recorded, and stays a constant."),
    ),
    "add-no-grad": Kind(
        "no-grad",
        N_("Consistent with line {line} under no_grad: `{now}`."),
        N_("Outside of no_grad every operation on what requires grad is recorded."),
    ),
    "mean-for-sum": Kind(
        "reduction",
        N_("Consistent with `mean` in the place of `sum` on line {line}."),
        N_("A sum hands its gradient on undivided."),
    ),
    "sum-for-mean": Kind(
        "reduction",
        N_("Consistent with `sum` in the place of `mean` on line {line}."),
        N_("A mean divides the gradient by the number of entries."),
    ),
    "other-dimension": Kind(
        "reduction",
        N_("Consistent with another dimension on line {line}: `{now}`."),
        N_("`dim` names the dimension that disappears."),
    ),
    "dimension-ignored": Kind(
        "reduction",
        N_("Consistent with line {line} reducing over every entry: `{now}`."),
        N_("`dim` names the dimension that disappears; the others stay."),
    ),
    "vector-ignored": Kind(
        "vector",
        N_("Consistent with all ones in the place of the vector that is handed in: `{now}`."),
        N_("Each entry's gradient is weighted by the vector's entry."),
    ),
    "in-place-ignored": Kind(
        "in-place",
        N_("Consistent with line {line} (`{was}`) changing nothing."),
        N_("A method with an underscore at its end changes the tensor itself."),
    ),
    "out-for-in-place": Kind(
        "in-place",
        N_("Consistent with line {line} making a new tensor: `{now}`."),
        N_("An operation in place changes the tensor for every name that it has."),
    ),
    "in-place-for-out": Kind(
        "in-place",
        N_("Consistent with line {line} changing its operand in place: `{now}`."),
        N_("Without an underscore the operand stays as it was; the result is a new tensor."),
    ),
    "drop-clone": Kind(
        "aliasing",
        N_("Consistent with line {line} without its clone: `{now}`."),
        N_("A clone has numbers of its own."),
    ),
    "add-clone": Kind(
        "aliasing",
        N_("Consistent with a copy on line {line}: `{now}`."),
        N_("Another name or a view shares the same numbers."),
    ),
    "hook-ignored": Kind(
        "hooks",
        N_("Consistent with the hook on line {line} doing nothing."),
        N_("What a hook returns takes the gradient's place from there on."),
    ),
    "drop-retain-grad": Kind(
        "hooks",
        N_("Consistent with line {line} (`{was}`) doing nothing."),
        N_("`retain_grad` keeps the gradient of what is no leaf."),
    ),
    "add-retain-grad": Kind(
        "leaf",
        N_("Consistent with a gradient kept by `retain_grad`: `{now}`."),
        N_("What is no leaf keeps no `.grad` unless it is asked to."),
    ),
    "drop-retain-graph": Kind(
        "graph-freed",
        N_("Consistent with line {line} without `retain_graph`: `{now}`."),
        N_("With it the graph stays for another backward."),
    ),
    "add-retain-graph": Kind(
        "graph-freed",
        N_("Consistent with the graph kept on line {line}: `{now}`."),
        N_("A backward frees what its graph has saved, unless `retain_graph=True` is given."),
    ),
    "drop-create-graph": Kind(
        "higher-order",
        N_("Consistent with line {line} without `create_graph`: `{now}`."),
        N_("With it the gradient has a graph of its own."),
    ),
    "add-create-graph": Kind(
        "higher-order",
        N_("Consistent with `create_graph=True` on line {line}: `{now}`."),
        N_("Without it the gradient is a constant."),
    ),
    "drop-transpose": Kind(
        "transpose",
        N_("Consistent with line {line} without the transpose: `{now}`."),
        N_("Rows and columns are exchanged there."),
    ),
    "add-transpose": Kind(
        "transpose",
        N_("Consistent with a transpose on line {line}: `{now}`."),
        N_("There is no transpose in the program."),
    ),
    "entrywise-product": Kind(
        "product",
        N_("Consistent with `*` in the place of `@` on line {line}: `{now}`."),
        N_("`@` is the matrix product; `*` goes entry by entry."),
    ),
    "matrix-product": Kind(
        "product",
        N_("Consistent with `@` in the place of `*` on line {line}: `{now}`."),
        N_("`*` goes entry by entry; `@` is the matrix product."),
    ),
    "swapped-product": Kind(
        "transpose",
        N_("Consistent with the factors the other way round on line {line}: `{now}`."),
        N_("A matrix product depends on the order of its factors."),
    ),
    "swapped-difference": Kind(
        "sign",
        N_("Consistent with the difference the other way round on line {line}: `{now}`."),
        N_("The sign depends on which is taken from which."),
    ),
    "factor-forgotten": Kind(
        "factor",
        N_("Consistent with line {line} without its number: `{now}`."),
        N_("A constant factor stays in front of the gradient."),
    ),
    "zeros-for-none": Kind(
        "none-or-zeros",
        N_("Consistent with zeros left in `.grad` on line {line}: `{now}`."),
        N_("None means that there is no gradient; zeros are one."),
    ),
    "none-for-zeros": Kind(
        "none-or-zeros",
        N_("Consistent with None left in `.grad` on line {line}: `{now}`."),
        N_("None means that there is no gradient; zeros are one."),
    ),
    "one-round-only": Kind(
        "control-flow",
        N_("Consistent with the loop on line {line} run once."),
        N_("Each round adds its own operations to the graph."),
    ),
    "one-round-fewer": Kind(
        "control-flow",
        N_("Consistent with the loop on line {line} run once less: `{now}`."),
        N_("`range(n)` gives n rounds, from 0 to n - 1."),
    ),
    "option-ignored": Kind(
        "options",
        N_("Consistent with an argument on line {line} left out: `{now}`."),
        N_("It changes what is computed."),
    ),
    "drop-requires-grad": Kind(
        "leaf",
        N_("Consistent with line {line} not asking for a gradient: `{now}`."),
        N_("With `requires_grad` set, what is computed from it is recorded."),
    ),
    "add-requires-grad": Kind(
        "leaf",
        N_("Consistent with line {line} asking for a gradient: `{now}`."),
        N_("A tensor requires no gradient unless it is asked to."),
    ),
    "line-overlooked": Kind(
        "overlooked-line",
        N_("Consistent with line {line} (`{was}`) left out."),
        N_("It runs too."),
    ),
    "value-for-gradient": Kind(
        "value-for-gradient",
        N_("These are the numbers of `{now}`, a value."),
        N_("The gradient is asked for."),
    ),
    "other-leaf": Kind(
        "other-leaf",
        N_("These are the numbers of `{now}`."),
        N_("`{was}` is asked for."),
    ),
    "requires-grad-for-leaf": Kind(
        "leaf",
        N_("Consistent with `requires_grad` in the place of `is_leaf`."),
        N_("A leaf is what no recorded operation has made; it need not require grad."),
    ),
    "leaf-for-requires-grad": Kind(
        "leaf",
        N_("Consistent with `is_leaf` in the place of `requires_grad`."),
        N_("What is computed from something that requires grad requires grad too."),
    ),
}


def kind_of(near_id: str) -> str | None:
    """The kind of a standard edit by its id (``std:drop-detach-2``); ``None`` for any other id."""
    if not near_id.startswith(PREFIX):
        return None
    kind = near_id.removeprefix(PREFIX)
    if kind not in KINDS:
        kind = kind.rpartition("-")[0]
    return kind if kind in KINDS else None


def family_of_kind(kind: str) -> str:
    return KINDS[kind].family


def says(edit: Edit) -> str:
    """What the edit says to the learner, in the language in use: what it is, and the rule."""
    kind = KINDS[edit.kind]
    parts = {"line": edit.line, "was": edit.was, "now": edit.now}
    return f"{_(kind.fact).format(**parts)} {_(kind.rule).format(**parts)}"
