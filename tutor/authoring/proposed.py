"""Edits to propose as near misses of a drafted exercise: each is what a known misconception has in mind.

They are places in the text, so that parameters can be put into it; ``tutor.edits`` makes whole programs.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tutor.authoring.literals import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tutor.authoring.spans import Source, Span

Change = tuple["Span", str]


@dataclass(frozen=True, slots=True)
class ProposedEdit:
    """A near miss by an edit: its changes are on the program's own text."""

    id: str
    changes: tuple[Change, ...]
    says: str


def proposed_edits(source: Source) -> list[ProposedEdit]:
    """Every edit that this program offers, the most telling first; ids are unique."""
    found = [edit for rule in _RULES for edit in rule(source)]
    unique: dict[str, ProposedEdit] = {}
    for edit in found:
        count = sum(known == edit.id or known.startswith(f"{edit.id}-") for known in unique)
        name = edit.id if not count else f"{edit.id}-{count + 1}"
        unique[name] = ProposedEdit(name, edit.changes, edit.says)
    return list(unique.values())


def _methods(source: Source) -> Iterator[tuple[ast.Call, ast.Attribute]]:
    """The calls ``value.name(…)``, in the order of the program."""
    calls = [
        (node, node.func)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    yield from sorted(calls, key=lambda call: source.span(call[0]))


def _statements(source: Source) -> Iterator[ast.stmt]:
    found = [node for node in ast.walk(source.tree) if isinstance(node, ast.stmt)]
    yield from sorted(found, key=source.span)


def _name_span(source: Source, node: ast.Attribute) -> Span:
    end = source.span(node)[1]
    return end - len(node.attr), end


def _dropped_methods(source: Source) -> Iterator[ProposedEdit]:
    dropped = {
        "detach": ("detach-ignored", "That is what comes out with `.detach()` deleted."),
        "clone": ("clone-ignored", "That is what comes out with `.clone()` deleted."),
        "t": ("transpose-ignored", "That is what comes out without the transpose."),
    }
    for call, method in _methods(source):
        if method.attr in dropped and not call.args and not call.keywords:
            id_, says = dropped[method.attr]
            span = source.span(method.value)[1], source.span(call)[1]
            yield ProposedEdit(id_, ((span, ""),), says)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in ("T", "mT"):
            span = source.span(node.value)[1], source.span(node)[1]
            yield ProposedEdit("transpose-ignored", ((span, ""),), dropped["t"][1])


def _not_zeroed(source: Source) -> Iterator[ProposedEdit]:
    for node in _statements(source):
        match node:
            case ast.Expr(ast.Call(func=ast.Attribute(attr="zero_" | "zero_grad"))):
                pass
            case ast.Assign([ast.Attribute(attr="grad")], ast.Constant(None)):
                pass
            case _:
                continue
        says = "That is what comes out if the gradient is not cleared in between."
        yield ProposedEdit("not-zeroed", ((source.span(node), _nothing(source, node)),), says)


def _nothing(source: Source, node: ast.stmt) -> str:
    """What stands for a deleted statement: in a block there has to be one."""
    return "" if node in source.tree.body else "pass"


def _sum_and_mean(source: Source) -> Iterator[ProposedEdit]:
    for _, method in _methods(source):
        if method.attr in ("sum", "mean"):
            other = "mean" if method.attr == "sum" else "sum"
            says = f"That is what comes out with `{other}` in place of `{method.attr}`."
            yield ProposedEdit(
                f"{other}-for-{method.attr}", ((_name_span(source, method), other),), says
            )


def _requires_grad(source: Source) -> Iterator[ProposedEdit]:
    says = "That is what comes out if no gradient is asked for."
    for call, method in _methods(source):
        for keyword in call.keywords:
            if keyword.arg == "requires_grad" and isinstance(keyword.value, ast.Constant):
                other = str(not keyword.value.value)
                yield ProposedEdit(
                    "requires-grad-ignored", ((source.span(keyword.value), other),), says
                )
        if method.attr == "requires_grad_":
            span = source.span(method.value)[1], source.span(call)[1]
            yield ProposedEdit("requires-grad-ignored", ((span, ""),), says)


def _no_grad(source: Source) -> Iterator[ProposedEdit]:
    for _, method in _methods(source):
        if method.attr == "no_grad":
            says = "That is what comes out if `no_grad` is overlooked."
            yield ProposedEdit(
                "no-grad-ignored", ((_name_span(source, method), "enable_grad"),), says
            )


def _backward_once(source: Source) -> Iterator[ProposedEdit]:
    calls = [
        node
        for node in _statements(source)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Attribute)
        and node.value.func.attr == "backward"
    ]
    if len(calls) > 1:
        says = "That is what the last `backward` gives alone. Gradients accumulate."
        changes = tuple((source.span(node), _nothing(source, node)) for node in calls[:-1])
        yield ProposedEdit("last-backward-only", changes, says)


def _in_place(source: Source) -> Iterator[ProposedEdit]:
    for _, method in _methods(source):
        name = method.attr
        known = ("requires_grad_", "zero_", "detach_")
        if re.fullmatch(r"[a-z][a-z_]*[a-z]_", name) and name not in known:
            says = f"That is what comes out if `{name}` returns a new tensor and changes none."
            yield ProposedEdit("in-place-ignored", ((_name_span(source, method), name[:-1]),), says)


def _products(source: Source) -> Iterator[ProposedEdit]:
    for _, method in _methods(source):
        if method.attr == "dot" and isinstance(method.value, ast.Name):
            says = "Those are the products, not yet added up."
            if method.value.id == "torch":
                yield ProposedEdit("not-added-up", ((_name_span(source, method), "mul"),), says)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            between = source.span(node.left)[1], source.span(node.right)[0]
            place = source.text.index("@", *between)
            says = "That is what comes out with the entrywise product `*` in place of `@`."
            yield ProposedEdit("entrywise-product", (((place, place + 1), "*"),), says)


def _arange(source: Source) -> Iterator[ProposedEdit]:
    for call, method in _methods(source):
        if method.attr == "arange" and len(call.args) == 1:
            start, end = source.span(call.args[0])
            plus = ((end, end), " + 1")
            yield ProposedEdit("end-included", (plus,), "`arange` leaves the end out.")
            from_one = (((start, start), "1, "), plus)
            yield ProposedEdit(
                "starts-at-one", from_one, "`arange` starts at 0 and leaves the end out."
            )


def _factors(source: Source) -> Iterator[ProposedEdit]:
    for node in ast.walk(source.tree):
        if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)):
            continue
        left, right = source.span(node.left), source.span(node.right)
        place = source.text.index("*", left[1], right[0])
        if number(node.left) is not None:
            after = place + 1
            while source.text[after] in " \t":
                after += 1
            span = left[0], after
        elif number(node.right) is not None:
            while source.text[place - 1] in " \t":
                place -= 1
            span = place, right[1]
        else:
            continue
        yield ProposedEdit(
            "factor-forgotten", ((span, ""),), "That is what comes out without the factor."
        )


_RULES: Final[tuple[Callable[[Source], Iterator[ProposedEdit]], ...]] = (
    _dropped_methods, _not_zeroed, _sum_and_mean, _no_grad, _backward_once, _in_place,
    _products, _arange, _factors, _requires_grad,
)  # fmt: skip
