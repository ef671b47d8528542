"""What somebody may have answered instead of what is asked: another tensor's gradient, a value.

The program stays as it is; another expression is evaluated after it.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING

from tutor import syntax
from tutor.edits.changes import changed
from tutor.edits.edit import PREFIX, Change, Edit
from tutor.edits.gradients import vector_ignored
from tutor.edits.tree import Tree, called, is_call, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Flags that are taken for each other.
_FLAGS = {"is_leaf": "requires_grad", "requires_grad": "is_leaf"}


@lru_cache(maxsize=512)
def expression_edits(
    program: str, expression: str, variables: tuple[str, ...] = ()
) -> tuple[Edit, ...]:
    """The expressions that may have been meant instead of ``expression``.

    ``variables`` are those of a formula, by which else could have been differentiated.
    """
    try:
        tree = Tree(expression)
        around = tree_of(program)
    except (SyntaxError, ValueError, RecursionError):
        return ()
    seen = {ast.dump(tree.root)}
    numbers: dict[str, int] = {}
    edits = []
    for change in _changes(tree, around, variables):
        if change is None:
            continue
        text = changed(tree, change)
        try:
            form = ast.dump(syntax.parse(text, mode="eval"))
            full = ast.dump(syntax.parse(text))
        except (SyntaxError, ValueError, RecursionError):
            continue
        if full in seen or not form:
            continue
        seen.add(full)
        number = numbers[change.kind] = numbers.get(change.kind, 0) + 1
        id_ = PREFIX + change.kind + (f"-{number}" if number > 1 else "")
        edits.append(Edit(id_, change.kind, 0, program, expression, text, text))
    return tuple(edits)


def _changes(tree: Tree, around: Tree, variables: tuple[str, ...]) -> Iterator[Change | None]:
    yield from _value_for_gradient(tree, around)
    yield from _other_leaf(tree, around)
    yield from _of_a_derivative(tree, variables)
    yield from vector_ignored(tree)
    yield _flag(tree)


def _gradients(tree: Tree) -> list[tuple[ast.Attribute, str]]:
    return [
        (node, node.value.id)
        for node in tree.nodes
        if isinstance(node, ast.Attribute)
        and node.attr == "grad"
        and isinstance(node.value, ast.Name)
    ]


def _everywhere(kind: str, tree: Tree, nodes: list[ast.Attribute], text: str) -> Change | None:
    if not nodes:
        return None
    spans = tuple((tree.start(node), tree.end(node), text) for node in nodes)
    return Change(kind, spans)


def _value_for_gradient(tree: Tree, around: Tree) -> Iterator[Change | None]:
    """``x.grad`` read as ``x``, or as the value of what backward was called on."""
    found = _gradients(tree)
    if len({name for _, name in found}) != 1:
        return
    nodes = [node for node, _ in found]
    yield _everywhere("value-for-gradient", tree, nodes, f"{found[0][1]}.detach()")
    for call in around.calls("backward"):
        match call.func:
            case ast.Attribute(value=ast.Name(id=name)):
                yield _everywhere("value-for-gradient", tree, nodes, f"{name}.detach()")


def _other_leaf(tree: Tree, around: Tree) -> Iterator[Change | None]:
    found = _gradients(tree)
    if len({name for _, name in found}) != 1:
        return
    nodes = [node for node, _ in found]
    for name in _leaves(around):
        if name != found[0][1]:
            yield _everywhere("other-leaf", tree, nodes, f"{name}.grad")


def _leaves(around: Tree) -> list[str]:
    """Names that ``requires_grad`` is given to: as an argument, or by the method."""
    names: dict[str, None] = {}
    for statement in around.statements():
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as value):
                asked = any(k.arg == "requires_grad" for k in value.keywords)
                if asked or called(value) == "requires_grad_":
                    names[name] = None
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="requires_grad_") as method)):
                if isinstance(method.value, ast.Name):
                    names[method.value.id] = None
    return list(names)


def _of_a_derivative(tree: Tree, variables: tuple[str, ...]) -> Iterator[Change | None]:
    """``torch.autograd.grad(f, x)[0]`` read as f, or as the gradient by another variable."""
    for node in tree.nodes:
        match node:
            case ast.Subscript(value=ast.Call() as call) if _differentiates(call):
                output, by = tree.text(call.args[0]), call.args[1]
                span = (tree.start(node), tree.end(node), f"({output})")
                yield Change("value-for-gradient", (span,))
                for name in variables:
                    if name != tree.text(by):
                        yield Change("other-leaf", ((tree.start(by), tree.end(by), name),))


def _differentiates(call: ast.Call) -> bool:
    return is_call(call, "grad") and len(call.args) > 1


def _flag(tree: Tree) -> Change | None:
    """``is_leaf`` read as ``requires_grad``, and the other way round."""
    nodes = [n for n in tree.nodes if isinstance(n, ast.Attribute) and n.attr in _FLAGS]
    if len({node.attr for node in nodes}) != 1:
        return None
    kind = "requires-grad-for-leaf" if nodes[0].attr == "is_leaf" else "leaf-for-requires-grad"
    spans = []
    for node in nodes:
        end = tree.end(node)
        spans.append((end - len(node.attr), end, _FLAGS[node.attr]))
    return Change(kind, tuple(spans))
