"""Edits of what is cut out of the graph, and of what is in it at all: detach, no_grad, requires_grad."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from tutor.edits.changes import before, behind, passed, receiver, replaced, with_argument
from tutor.edits.edit import Change
from tutor.edits.tree import called, is_call, is_const, keyword, root_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.edits.tree import Tree

#: Functions of torch that make a tensor out of nothing.
CREATORS: Final = frozenset(
    ("tensor", "arange", "ones", "zeros", "full", "randn", "rand", "eye", "linspace", "empty")
)
_GUARDS: Final = frozenset(("no_grad", "inference_mode"))


def drop_detach(tree: Tree) -> Iterator[Change | None]:
    """``x.detach()`` and ``x.data`` as if they cut nothing."""
    for call in tree.calls("detach", "detach_"):
        if isinstance(call.func, ast.Attribute) and not call.args:
            yield receiver("drop-detach", tree, call.func, call)
    for node in tree.nodes:
        if isinstance(node, ast.Attribute) and node.attr == "data":
            yield receiver("drop-data", tree, node, node)


def add_detach(tree: Tree) -> Iterator[Change | None]:
    """One operand, or one intermediate value, taken for a constant."""
    yield from _add_detach_to_operands(tree)
    for statement in tree.statements():
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if tree.loaded(name):
                plain = isinstance(value, ast.Name | ast.BinOp | ast.Subscript | ast.UnaryOp)
                if plain or (isinstance(value, ast.Call) and not is_creator(value)):
                    yield behind("add-detach-result", tree, value, ".detach()")


def _add_detach_to_operands(tree: Tree) -> Iterator[Change | None]:
    for node in tree.nodes:
        above = tree.parents[node]
        if isinstance(node, ast.Name) and isinstance(above, ast.BinOp):
            yield behind("add-detach", tree, node, ".detach()")


def is_creator(call: ast.Call) -> bool:
    return called(call) in CREATORS and root_name(call.func) == "torch"


def drop_no_grad(tree: Tree) -> Iterator[Change | None]:
    """``with torch.no_grad():`` as if it changed nothing."""
    for node in tree.nodes:
        if not isinstance(node, ast.With | ast.FunctionDef):
            continue
        guards = (
            [item.context_expr for item in node.items]
            if isinstance(node, ast.With)
            else node.decorator_list
        )
        for guard in guards:
            if is_call(guard, *_GUARDS) and not (guard.args and is_const(guard.args[0], False)):
                yield replaced("drop-no-grad", tree, guard, "torch.enable_grad()")
    for call in tree.calls("set_grad_enabled"):
        if call.args and is_const(call.args[0], False):
            yield replaced("drop-no-grad", tree, call.args[0], "True")


def add_no_grad(tree: Tree) -> Iterator[Change | None]:
    """An update that is not under ``no_grad``, as if it were."""
    for statement in tree.statements():
        if is_update(statement) and tree.alone_on_its_line(statement):
            yield before("add-no-grad", tree, statement, text="with torch.no_grad(): ")


def is_update(statement: ast.stmt) -> bool:
    """Whether a statement changes what is there: ``x += 1``, ``x.add_(1)``, ``x = x + 1``."""
    match statement:
        case ast.AugAssign():
            return True
        case ast.Expr(value=ast.Call() as call):
            return is_in_place(called(call))
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(value))
    return False


def is_in_place(name: str) -> bool:
    """Whether torch calls a method of this name for changing the tensor's numbers."""
    return (
        name.endswith("_")
        and not name.endswith("__")
        and name not in ("requires_grad_", "detach_", "clip_grad_norm_", "clip_grad_value_", "_")
    )


def requires_grad(tree: Tree) -> Iterator[Change | None]:
    """``requires_grad`` given where it is not, and not given where it is."""
    for node in tree.nodes:
        if isinstance(node, ast.keyword) and node.arg == "requires_grad":
            flip = "False" if is_const(node.value, True) else "True"
            kind = "drop-requires-grad" if flip == "False" else "add-requires-grad"
            if isinstance(node.value, ast.Constant):
                yield replaced(kind, tree, node.value, flip)
    for call in tree.calls("requires_grad_"):
        if call.args and is_const(call.args[0], False):
            yield replaced("add-requires-grad", tree, call.args[0], "True")
        elif isinstance(statement := tree.parents[call], ast.Expr):
            yield passed("drop-requires-grad", tree, statement)
        elif isinstance(call.func, ast.Attribute):
            yield receiver("drop-requires-grad", tree, call.func, call)
    for statement in tree.statements():
        match statement:
            case ast.Assign(value=ast.Call() as made) if (
                is_creator(made) and keyword(made, "requires_grad") is None
            ):
                span = with_argument(tree, made, "requires_grad=True")
                yield Change("add-requires-grad", (span,))
