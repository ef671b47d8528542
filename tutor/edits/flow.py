"""Edits of what runs at all: rounds of a loop, lines and arguments that are overlooked."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from tutor.edits.changes import passed, replaced, without_argument
from tutor.edits.cuts import is_update
from tutor.edits.tree import called, is_call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.edits.edit import Change
    from tutor.edits.tree import Tree

#: Arguments that change numbers and are easily not seen.
_OPTIONS: Final = frozenset(
    ["momentum", "dampening", "weight_decay", "nesterov", "correction", "unbiased", "keepdim"]
)
#: Calls that other edits are about, or that change no number.
_OTHERS: Final = frozenset(["backward", "print", "register_hook", "retain_grad", "manual_seed"])


def rounds(tree: Tree) -> Iterator[Change | None]:
    """A loop as if it ran once, or once less."""
    for node in tree.nodes:
        if not isinstance(node, ast.For) or not is_call(node.iter, "range"):
            continue
        match node.iter.args:
            case [ast.Constant(value=int(count)) as given] if count > 1:
                yield replaced("one-round-only", tree, given, "1")
                if count > 2:
                    yield replaced("one-round-fewer", tree, given, str(count - 1))


def overlooked(tree: Tree) -> Iterator[Change | None]:
    """A line that changes something, as if it were not there."""
    for statement in tree.statements():
        match statement:
            case ast.Expr(value=ast.Call() as call) if called(call) not in _OTHERS:
                yield passed("line-overlooked", tree, statement)
            case _ if is_update(statement):
                yield passed("line-overlooked", tree, statement)


def options_ignored(tree: Tree) -> Iterator[Change | None]:
    for node in tree.nodes:
        if isinstance(node, ast.keyword) and node.arg in _OPTIONS:
            yield without_argument("option-ignored", tree, node)
