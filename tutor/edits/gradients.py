"""Edits of how gradients are asked for: backward, what accumulates, what is kept of the graph."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tutor.edits.changes import before, passed, replaced, with_argument, without_argument
from tutor.edits.cuts import is_creator
from tutor.edits.edit import Change
from tutor.edits.tree import called, is_call, is_const, keyword

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tutor.edits.tree import Tree


def grads_read(roots: Sequence[ast.AST]) -> list[str]:
    """The names whose ``.grad`` is read or written anywhere, in the order met."""
    names: dict[str, None] = {}
    for root in roots:
        for node in ast.walk(root):
            match node:
                case ast.Attribute(attr="grad", value=ast.Name(id=name)) if name != "autograd":
                    names[name] = None
    return [name for name in names if name != "torch"]


def _backward_statements(tree: Tree) -> list[ast.Expr]:
    return [
        node
        for node in tree.nodes
        if isinstance(node, ast.Expr) and is_call(node.value, "backward")
    ]


def first_backward_only(tree: Tree) -> Iterator[Change | None]:
    """As if the second ``backward`` added nothing."""
    later = _backward_statements(tree)[1:]
    if later:
        yield passed("first-backward-only", tree, *later)


def last_backward_only(tree: Tree, names: Sequence[str]) -> Iterator[Change | None]:
    """As if each ``backward`` put its gradient in the place of what was there."""
    statements = _backward_statements(tree)
    again = [s for i, s in enumerate(statements) if i > 0 or tree.in_loop(s)]
    if again and names:
        reset = "".join(f"{name}.grad = None; " for name in names)
        yield before("last-backward-only", tree, *again, text=reset)


def drop_zero_grad(tree: Tree) -> Iterator[Change | None]:
    """As if nothing had been cleared."""
    for statement in tree.statements():
        if _clears(statement):
            yield passed("drop-zero-grad", tree, statement)


def _clears(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Attribute(attr="grad")], value=value):
            return is_const(value, None) or is_call(value, "zeros_like", "zeros")
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="zero_grad"))):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="zero_", value=cleared))):
            return isinstance(cleared, ast.Attribute) and cleared.attr == "grad"
    return False


def zeros_for_none(tree: Tree) -> Iterator[Change | None]:
    """A gradient that is cleared to None, as if to zeros, and the other way round."""
    for call in tree.calls("zero_grad"):
        given = keyword(call, "set_to_none")
        if given is not None and isinstance(given.value, ast.Constant):
            flip = "True" if is_const(given.value, False) else "False"
            kind = "none-for-zeros" if flip == "True" else "zeros-for-none"
            yield replaced(kind, tree, given.value, flip)
        elif given is None:
            span = with_argument(tree, call, "set_to_none=False")
            yield Change("zeros-for-none", (span,))
    for statement in tree.statements():
        match statement:
            case ast.Assign(
                targets=[ast.Attribute(attr="grad", value=ast.Name(id=name))], value=value
            ) if is_const(value, None):
                yield replaced("zeros-for-none", tree, value, f"torch.zeros_like({name})")
            case ast.Expr(
                value=ast.Call(
                    func=ast.Attribute(attr="zero_", value=ast.Attribute(attr="grad") as cleared)
                )
            ):
                yield replaced("none-for-zeros", tree, statement, f"{tree.text(cleared)} = None")


def retain_graph(tree: Tree) -> Iterator[Change | None]:
    yield from _keyword_edits(tree, "retain_graph", "backward", "grad")


def create_graph(tree: Tree) -> Iterator[Change | None]:
    yield from _keyword_edits(tree, "create_graph", "backward", "grad")


def _keyword_edits(tree: Tree, name: str, *functions: str) -> Iterator[Change | None]:
    """``name=True`` taken away where it is, and put everywhere if it is nowhere."""
    calls = [call for call in tree.calls(*functions) if _is_gradient(call)]
    given = [found for call in calls if (found := keyword(call, name)) is not None]
    words = name.replace("_", "-")
    for one in given:
        yield without_argument(f"drop-{words}", tree, one)
    if calls and not given:
        spans = tuple(with_argument(tree, call, f"{name}=True") for call in calls)
        yield Change(f"add-{words}", spans)


def _is_gradient(call: ast.Call) -> bool:
    """``backward`` of a tensor, or ``torch.autograd.grad``; not ``torch.func.grad``."""
    if called(call) == "backward":
        return isinstance(call.func, ast.Attribute) and not is_call(call.func.value, "super")
    match call.func:
        case ast.Attribute(attr="grad", value=ast.Attribute(attr="autograd")):
            return True
    return False


def vector_ignored(tree: Tree) -> Iterator[Change | None]:
    """``y.backward(v)`` as if v were all ones."""
    for call in tree.calls("backward", "grad"):
        if not _is_gradient(call) or not isinstance(call.func, ast.Attribute):
            continue
        if called(call) == "backward":
            end = tree.receiver_end(call.func)
            output = tree.source[tree.start(call.func) : end].decode()
            vector = keyword(call, "gradient")
            given = vector.value if vector else (call.args[0] if call.args else None)
        elif call.args:
            output = tree.text(call.args[0])
            vector = keyword(call, "grad_outputs")
            given = vector.value if vector else (call.args[2] if len(call.args) > 2 else None)
        else:
            continue
        if given is not None and not is_const(given, None):
            yield replaced("vector-ignored", tree, given, f"torch.ones_like({output})")


def retain_grad(tree: Tree, names: Sequence[str]) -> Iterator[Change | None]:
    """``h.retain_grad()`` overlooked, or imagined."""
    for call in tree.calls("retain_grad"):
        if isinstance(statement := tree.parents[call], ast.Expr):
            yield passed("drop-retain-grad", tree, statement)
    statements = _backward_statements(tree)
    for name in names:
        if statements and _is_computed(tree, name):
            text = f"{name}.retain_grad(); "
            yield before("add-retain-grad", tree, statements[0], text=text)


def _is_computed(tree: Tree, name: str) -> bool:
    return any(
        isinstance(s, ast.Assign)
        and isinstance(s.targets[0], ast.Name)
        and s.targets[0].id == name
        and isinstance(s.value, ast.BinOp | ast.Call | ast.Subscript)
        and not (isinstance(s.value, ast.Call) and makes_a_leaf(s.value))
        for s in tree.statements()
    )


def makes_a_leaf(call: ast.Call) -> bool:
    """Whether a call gives a tensor that no operation has made."""
    return is_creator(call) or called(call) == "requires_grad_"


def hook_ignored(tree: Tree) -> Iterator[Change | None]:
    for call in tree.calls("register_hook", "register_post_accumulate_grad_hook"):
        if isinstance(statement := tree.parents[call], ast.Expr):
            yield passed("hook-ignored", tree, statement)
