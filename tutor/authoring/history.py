"""Which earlier statements a cell depends on, so that its exercise stands alone and stays short.

Names say what a statement needs; effects do not: ``y.backward()`` changes ``x.grad`` and never names
``x``.  Therefore values that went into each other are *linked*, and a cell that needs one of them gets
every statement that may have changed another.  This errs to the side of too much, and
:mod:`tutor.authoring.replay` runs what is left and compares it with the recorded output.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tutor import syntax

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MAGIC = re.compile(r"^[ \t]*[%!].*$|^.*\?\??[ \t]*$", re.MULTILINE)
#: What comes along when code is copied from a web page, and Python does not take for a space.
_PASTED: Final = {0xA0: " ", 0x3000: " ", 0x2003: " ", 0x200B: "", 0xFEFF: ""}
_INGREDIENTS: Final = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
)
_BLOCKS: Final = (ast.For, ast.While, ast.If, ast.With, ast.Try, ast.AsyncFor, ast.AsyncWith)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement at the top of a cell, without comments."""

    source: str
    node: ast.stmt
    line: int

    @property
    def is_torch_import(self) -> bool:
        """``import torch``, which every program has anyway."""
        node = self.node
        return isinstance(node, ast.Import) and [(a.name, a.asname) for a in node.names] == [
            ("torch", None)
        ]

    @property
    def only_shows(self) -> bool:
        """Whether it does nothing but show something: left out where another cell is concerned."""
        if not isinstance(self.node, ast.Expr):
            return False
        value = self.node.value
        called = [node.func for node in ast.walk(value) if isinstance(node, ast.Call)]
        return not called or (
            isinstance(value, ast.Call) and isinstance(value.func, ast.Name)
            and value.func.id in ("print", "display") and len(called) == 1
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Code:
    """A cell's statements, and its comments as the author's remarks."""

    statements: tuple[Statement, ...]
    comments: tuple[str, ...]
    #: The whole cell, without comments and IPython's own lines.
    source: str
    #: Whether the last statement is an expression that the notebook shows.
    shows_last: bool


def parse_cell(source: str) -> Code:
    """The statements of a cell; lines of IPython's own (``%matplotlib``, ``!pip``) are left out.

    Raises:
        SyntaxError: it is not Python, also for cells that are magic as a whole (``%%time``).
    """
    try:
        tree = syntax.parse(source)
    except SyntaxError:
        if source.lstrip().startswith("%%"):
            raise
        # Emptied, not deleted: the lines of a recorded error count them.
        source = _MAGIC.sub("", source.translate(_PASTED))
        tree = syntax.parse(source)
    bare, comments = _without_comments(source)
    statements = tuple(_statements(bare, syntax.parse(bare)))
    last = tree.body[-1] if tree.body else None
    shows = isinstance(last, ast.Expr) and not bare.rstrip().endswith(";")
    return Code(statements, comments, bare, shows)


def _statements(source: str, tree: ast.Module) -> Iterator[Statement]:
    lines = source.splitlines()
    for node in tree.body:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        if first < node.lineno:
            text = "\n".join(lines[first - 1 : node.end_lineno])
        else:
            text = ast.get_source_segment(source, node) or ""
        kept = "\n".join(line.rstrip() for line in text.splitlines() if line.strip())
        yield Statement(kept, node, first)


def _without_comments(source: str) -> tuple[str, tuple[str, ...]]:
    lines = source.splitlines()
    comments = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column].rstrip()
            comments.append(token.string.lstrip("#! ").rstrip())
    return "\n".join(lines), tuple(filter(None, comments))


class History:
    """The statements of all cells run so far, in that order."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self._bound: dict[str, int] = {}
        self._needs: list[frozenset[int]] = []
        self._parent: list[int] = []

    def add(self, statements: Iterable[Statement]) -> None:
        """Append what was run; mere showing is left out."""
        for statement in statements:
            if not (statement.only_shows or statement.is_torch_import):
                self._append(statement)

    def _append(self, statement: Statement) -> None:
        reads, writes = _names(statement.node)
        needs = frozenset(self._bound[name] for name in reads if name in self._bound)
        index = len(self.statements)
        self.statements.append(statement)
        self._needs.append(needs)
        self._parent.append(index)
        if not isinstance(statement.node, _INGREDIENTS):
            for other in needs:
                if _links(self.statements[other].node):
                    self._parent[self._root(other)] = self._root(index)
        self._bound.update(dict.fromkeys(writes, index))

    def _root(self, index: int) -> int:
        while self._parent[index] != index:
            index = self._parent[index]
        return index

    def needed_by(self, statements: Iterable[Statement]) -> list[Statement]:
        """The earlier statements that these depend on, in order."""
        wanted: set[int] = set()
        own: set[str] = set()
        for statement in statements:
            reads, writes = _names(statement.node)
            wanted |= {self._bound[name] for name in reads - own if name in self._bound}
            own |= writes
        needed: set[int] = set()
        while wanted:
            needed |= wanted
            groups = {self._root(i) for i in needed if _links(self.statements[i].node)}
            effects = {
                i
                for i, statement in enumerate(self.statements)
                if _has_effect(statement.node) and self._root(i) in groups
            }
            wanted = {other for i in needed for other in self._needs[i]} | effects
            wanted -= needed
        return [self.statements[i] for i in sorted(needed)]


def _names(node: ast.stmt) -> tuple[set[str], set[str]]:
    """The names that a statement reads, and those that it binds."""
    reads, writes = set(), set()
    for one in ast.walk(node):
        match one:
            case ast.Name(id=name, ctx=ast.Load()):
                reads.add(name)
            case ast.Name(id=name):
                writes.add(name)
            case ast.alias(name=name, asname=asname):
                writes.add(asname or name.partition(".")[0])
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                writes.add(name)
    if isinstance(node, ast.AugAssign):
        reads |= writes
    return reads, writes


def _links(node: ast.stmt) -> bool:
    """Whether what a statement binds can be changed through something else: not modules and numbers."""
    if isinstance(node, ast.Assign):
        return any(
            isinstance(one, ast.Call | ast.Name | ast.Subscript) for one in ast.walk(node.value)
        )
    return not isinstance(node, _INGREDIENTS)


def _has_effect(node: ast.stmt) -> bool:
    """Whether a statement may change what it does not bind."""
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.Delete):
        targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
        simple = all(isinstance(target, ast.Name | ast.Tuple | ast.List) for target in targets)
        return not simple or _calls_in_place(node)
    return isinstance(node, (ast.Expr, ast.AugAssign, *_BLOCKS))


def _calls_in_place(node: ast.AST) -> bool:
    return any(
        isinstance(one, ast.Attribute) and one.attr.endswith("_") and not one.attr.startswith("_")
        for one in ast.walk(node)
    )
