"""A program as its syntax tree with exact places in the source."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING, TypeGuard

from tutor import syntax

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Nodes that bind more tightly than any operator: ``.detach()`` can be written behind their source.
PRIMARY = (ast.Name, ast.Attribute, ast.Call, ast.Subscript)


class Tree:
    """A parsed program.  Places are offsets into ``source``, which is UTF-8, as ``ast`` counts it.

    Raises:
        SyntaxError: it is no Python, or of a form whose places cannot be told.
    """

    def __init__(self, program: str) -> None:
        if "\r" in program or "\f" in program:
            raise SyntaxError("lines end in other ways than a newline")
        self.source = program.encode()
        self.root = syntax.module(program)
        self._line_starts = [0]
        for line in self.source.splitlines(keepends=True):
            self._line_starts.append(self._line_starts[-1] + len(line))
        self.nodes: list[ast.AST] = []
        self.parents: dict[ast.AST, ast.AST] = {}
        self._collect(self.root)

    def _collect(self, node: ast.AST) -> None:
        """Every node in the order of the source, save those within f-strings: these have no places."""
        for child in ast.iter_child_nodes(node):
            self.parents[child] = node
            self.nodes.append(child)
            if not isinstance(child, ast.JoinedStr):
                self._collect(child)

    def start(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        return self._line_starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        line, column = node.end_lineno, node.end_col_offset
        if line is None or column is None:
            raise SyntaxError("a node without an end")
        return self._line_starts[line - 1] + column

    def text(self, node: ast.expr | ast.stmt | ast.keyword) -> str:
        return self.source[self.start(node) : self.end(node)].decode()

    def statements(self) -> Iterator[ast.stmt]:
        return (node for node in self.nodes if isinstance(node, ast.stmt))

    def calls(self, *names: str) -> Iterator[ast.Call]:
        """Calls of a method or function of one of these names, whatever stands before the dot."""
        return (node for node in self.nodes if is_call(node, *names))

    def loaded(self, name: str) -> bool:
        """Whether the name is read anywhere."""
        return any(
            isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
            for node in self.nodes
        )

    def receiver_end(self, attribute: ast.Attribute) -> int | None:
        """Where the expression before the ``.name`` ends, its closing brackets included."""
        at = self.end(attribute) - len(attribute.attr.encode())
        before = self.source[:at].rstrip()
        if not before.endswith(b"."):
            return None
        return len(before[:-1].rstrip())

    def operator(self, node: ast.BinOp, sign: str) -> int | None:
        """The place of a binary operator: between the operands stand only it and brackets."""
        start, end = self.end(node.left), self.start(node.right)
        between = self.source[start:end]
        if b"#" in between or between.count(sign.encode()) != 1:
            return None
        return start + between.index(sign.encode())

    def in_loop(self, node: ast.AST) -> bool:
        return any(isinstance(above, ast.For | ast.While) for above in self.above(node))

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        while node in self.parents:
            node = self.parents[node]
            yield node

    def alone_on_its_line(self, node: ast.stmt) -> bool:
        """Whether a word can be put before the statement: nothing but a comment shares its lines."""
        before = self.source[self._line_starts[node.lineno - 1] : self.start(node)]
        rest = self.source[self.end(node) :].split(b"\n", 1)[0].strip()
        return not before.strip() and (not rest or rest.startswith(b"#"))


@lru_cache(maxsize=16)
def tree_of(program: str) -> Tree:
    """The tree of a program, made once for its edits and those of what is asked after it."""
    return Tree(program)


def is_call(node: ast.AST, *names: str) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and called(node) in names


def called(node: ast.Call) -> str:
    """The name of what is called, without what stands before its dot; empty if it has none."""
    match node.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def keyword(call: ast.Call, name: str) -> ast.keyword | None:
    return next((k for k in call.keywords if k.arg == name), None)


def is_const(node: ast.AST | None, *values: object) -> bool:
    """Whether it is one of these constants; True is not 1."""
    if not isinstance(node, ast.Constant):
        return False
    return any(type(node.value) is type(value) and node.value == value for value in values)


def root_name(node: ast.AST) -> str | None:
    """``torch`` of ``torch.linalg.inv``; ``None`` if it does not begin with a name."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None
