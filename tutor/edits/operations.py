"""Edits of what is computed: reductions, transposes, products, in-place operations, copies."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from tutor.edits.changes import behind, passed, receiver, renamed, replaced, without_argument
from tutor.edits.cuts import is_in_place
from tutor.edits.edit import Change
from tutor.edits.tree import PRIMARY, called, is_call, is_const, keyword

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.edits.tree import Tree

_IN_PLACE_OF: Final[dict[type[ast.operator], str]] = {
    ast.Add: "add_", ast.Sub: "sub_", ast.Mult: "mul_", ast.Div: "div_", ast.Pow: "pow_",
}  # fmt: skip
_SIGNS: Final[dict[type[ast.operator], str]] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@",
}  # fmt: skip
#: Methods that have a twin with an underscore.
_HAS_TWIN: Final = frozenset(
    ("add", "sub", "mul", "div", "pow", "neg", "abs", "exp", "log", "sqrt", "square", "sin", "cos",
     "tanh", "sigmoid", "relu", "clamp", "round", "floor")
)  # fmt: skip
_ALIASES: Final = frozenset(
    ("view", "reshape", "transpose", "t", "expand", "squeeze", "unsqueeze", "flatten", "detach",
     "narrow", "permute")
)  # fmt: skip


def sum_or_mean(tree: Tree) -> Iterator[Change | None]:
    """``sum`` read as ``mean`` and the other way round."""
    for call in tree.calls("sum", "mean"):
        if isinstance(call.func, ast.Attribute):
            other = "mean" if call.func.attr == "sum" else "sum"
            yield renamed(f"{other}-for-{call.func.attr}", tree, call.func, other)
    for node in tree.nodes:
        if isinstance(node, ast.keyword) and node.arg == "reduction":
            if is_const(node.value, "sum"):
                yield replaced("mean-for-sum", tree, node.value, '"mean"')
            elif is_const(node.value, "mean"):
                yield replaced("sum-for-mean", tree, node.value, '"sum"')


def other_dimension(tree: Tree) -> Iterator[Change | None]:
    """Reduced along another dimension, or all of them."""
    reducing = ("sum", "mean", "softmax", "log_softmax", "amax", "argmax", "cumsum", "norm", "std")
    for call in tree.calls(*reducing):
        given = keyword(call, "dim")
        if given is None or not is_const(given.value, 0, 1):
            continue
        yield replaced("other-dimension", tree, given.value, str(int(is_const(given.value, 0))))
        if called(call) in ("sum", "mean"):
            yield without_argument("dimension-ignored", tree, given)


def transpose(tree: Tree) -> Iterator[Change | None]:
    """A transpose left out, or put to an operand of a matrix product."""
    for node in tree.nodes:
        if isinstance(node, ast.Attribute) and node.attr in ("T", "mT"):
            yield receiver("drop-transpose", tree, node, node)
        elif is_call(node, "t", "transpose") and isinstance(node.func, ast.Attribute):
            yield receiver("drop-transpose", tree, node.func, node)
    for product in _products(tree, ast.MatMult):
        for side in (product.left, product.right):
            if isinstance(side, ast.Name):
                yield behind("add-transpose", tree, side, ".T")


def _products(tree: Tree, sign: type[ast.operator]) -> Iterator[ast.BinOp]:
    return (n for n in tree.nodes if isinstance(n, ast.BinOp) and isinstance(n.op, sign))


def products(tree: Tree) -> Iterator[Change | None]:
    """``*`` for ``@``, ``@`` for ``*``, and the factors of a matrix product in the other order."""
    for old, new, kind in (
        (ast.MatMult, "*", "entrywise-product"),
        (ast.Mult, "@", "matrix-product"),
    ):
        for product in _products(tree, old):
            at = tree.operator(product, _SIGNS[old])
            number = isinstance(product.left, ast.Constant) or isinstance(
                product.right, ast.Constant
            )
            if at is not None and not number:
                yield Change(kind, ((at, at + 1, new),))
    for product in _products(tree, ast.MatMult):
        yield _swapped("swapped-product", tree, product)


def differences(tree: Tree) -> Iterator[Change | None]:
    """A difference the other way round."""
    for node in _products(tree, ast.Sub):
        yield _swapped("swapped-difference", tree, node)


def _swapped(kind: str, tree: Tree, node: ast.BinOp) -> Change | None:
    """The two operands exchanged, where that needs no brackets."""
    if not (isinstance(node.left, PRIMARY) and isinstance(node.right, PRIMARY)):
        return None
    if tree.operator(node, _SIGNS[type(node.op)]) is None:
        return None
    left, right = tree.text(node.left), tree.text(node.right)
    spans = (
        (tree.start(node.left), tree.end(node.left), right),
        (tree.start(node.right), tree.end(node.right), left),
    )
    return Change(kind, spans)


def factor_forgotten(tree: Tree) -> Iterator[Change | None]:
    """``2 * x`` as if it were ``x``."""
    for node in _products(tree, ast.Mult):
        if isinstance(node.left, ast.Constant):
            at = tree.operator(node, "*")
            if at is not None:
                rest = tree.source[at + 1 :]
                end = at + 1 + len(rest) - len(rest.lstrip(b" "))
                yield Change("factor-forgotten", ((tree.start(node), end, ""),))
    for node in _products(tree, ast.Div):
        if isinstance(node.right, ast.Constant):
            at = tree.operator(node, "/")
            if at is not None:
                start = len(tree.source[:at].rstrip())
                yield Change("factor-forgotten", ((start, tree.end(node), ""),))


def in_place(tree: Tree) -> Iterator[Change | None]:
    """In place read as out of place, and the other way round."""
    for call in (n for n in tree.nodes if isinstance(n, ast.Call)):
        name = called(call)
        if not isinstance(call.func, ast.Attribute):
            continue
        statement = tree.parents[call]
        if is_in_place(name):
            if isinstance(statement, ast.Expr):
                yield passed("in-place-ignored", tree, statement)
            elif name[:-1] in _HAS_TWIN:
                yield renamed("out-for-in-place", tree, call.func, name[:-1])
        elif name in _HAS_TWIN and isinstance(call.func.value, ast.Name):
            yield renamed("in-place-for-out", tree, call.func, f"{name}_")
    for statement in tree.statements():
        yield _assignment(tree, statement)


def _assignment(tree: Tree, statement: ast.stmt) -> Change | None:
    match statement:
        case ast.AugAssign(target=ast.Name(id=name), op=op, value=value) if type(op) in _SIGNS:
            text = f"{name} = {name} {_SIGNS[type(op)]} ({tree.text(value)})"
            return replaced("out-for-in-place", tree, statement, text)
        case ast.Assign(
            targets=[ast.Name(id=name)],
            value=ast.BinOp(left=ast.Name(id=left), op=op, right=right) as value,
        ) if type(op) in _IN_PLACE_OF:
            if name == left:
                text = f"{name} {_SIGNS.get(type(op), '**')}= {tree.text(right)}"
                return replaced("in-place-for-out", tree, statement, text)
            text = f"{left}.{_IN_PLACE_OF[type(op)]}({tree.text(right)})"
            return replaced("in-place-for-out", tree, value, text)
    return None


def copies(tree: Tree) -> Iterator[Change | None]:
    """A copy taken for another name of the same numbers, and the other way round."""
    for call in tree.calls("clone"):
        if isinstance(call.func, ast.Attribute) and not call.args:
            yield receiver("drop-clone", tree, call.func, call)
    for statement in tree.statements():
        match statement:
            case ast.Assign(targets=[ast.Name()], value=ast.Name() | ast.Subscript() as value):
                yield behind("add-clone", tree, value, ".clone()")
            case ast.Assign(targets=[ast.Name()], value=ast.Call() as value) if (
                called(value) in _ALIASES
            ):
                yield behind("add-clone", tree, value, ".clone()")
