"""How the source text changes: the few ways in which all edits are made."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tutor.edits.edit import Change
from tutor.edits.tree import PRIMARY

if TYPE_CHECKING:
    from tutor.edits.tree import Tree

Node = ast.expr | ast.stmt | ast.keyword


def replaced(kind: str, tree: Tree, node: Node, text: str) -> Change:
    """The node's source replaced, its lines kept."""
    return Change(kind, ((tree.start(node), tree.end(node), _padded(tree, node, text)),))


def _padded(tree: Tree, node: Node, text: str) -> str:
    lost = tree.text(node).count("\n") - text.count("\n")
    return text + "\n" * lost if isinstance(node, ast.stmt) else text


def passed(kind: str, tree: Tree, *statements: ast.stmt) -> Change:
    """The statements as if they were not there: ``pass`` keeps the lines' numbers."""
    spans = tuple((tree.start(s), tree.end(s), _padded(tree, s, "pass")) for s in statements)
    return Change(kind, spans)


def receiver(kind: str, tree: Tree, attribute: ast.Attribute, whole: ast.expr) -> Change | None:
    """``x.detach()`` becomes ``x``: ``whole`` is the call, or the attribute itself."""
    end = tree.receiver_end(attribute)
    if end is None:
        return None
    return Change(kind, ((end, tree.end(whole), ""),))


def renamed(kind: str, tree: Tree, attribute: ast.Attribute, name: str) -> Change:
    end = tree.end(attribute)
    start = end - len(attribute.attr.encode())
    return Change(kind, ((start, end, name),))


def behind(kind: str, tree: Tree, node: ast.expr, text: str) -> Change:
    """``text`` written behind an expression, which is bracketed if it has to be."""
    end = tree.end(node)
    if isinstance(node, PRIMARY):
        return Change(kind, ((end, end, text),))
    start = tree.start(node)
    return Change(kind, ((start, start, "("), (end, end, f"){text}")))


def before(kind: str, tree: Tree, *statements: ast.stmt, text: str) -> Change:
    """``text`` written before statements, on their lines."""
    spans = tuple((tree.start(s), tree.start(s), text) for s in statements)
    return Change(kind, spans)


def without_argument(kind: str, tree: Tree, argument: ast.keyword | ast.expr) -> Change | None:
    """An argument of a call taken away, with the comma before it."""
    start, end = tree.start(argument), tree.end(argument)
    head = tree.source[:start].rstrip()
    if head.endswith(b","):
        return Change(kind, ((len(head) - 1, end, ""),))
    if not head.endswith(b"("):
        return None
    rest = tree.source[end:]
    comma = rest.lstrip()
    if comma.startswith(b","):
        after = comma[1:].lstrip(b" ")
        end += len(rest) - len(after)
    return Change(kind, ((start, end, ""),))


def with_argument(tree: Tree, call: ast.Call, text: str) -> tuple[int, int, str]:
    """The span that adds a keyword argument at the end of a call."""
    at = tree.end(call) - 1
    head = tree.source[:at].rstrip()
    bare = head.endswith((b"(", b","))
    return (at, at, text if bare else f", {text}")


def changed(tree: Tree, change: Change) -> str:
    """The program with the change made."""
    source = tree.source
    for start, end, text in sorted(change.spans, reverse=True):
        source = source[:start] + text.encode() + source[end:]
    return source.decode()
