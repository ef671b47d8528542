"""Places in a program's text: where a node of its syntax tree begins and ends."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias

from tutor import syntax

if TYPE_CHECKING:
    import ast

#: First character and the one after the last, from 0.
Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Source:
    """A program with its tree.

    Raises (when made by :meth:`of`):
        SyntaxError: it is not Python.
    """

    text: str
    tree: ast.Module
    _lines: tuple[bytes, ...]
    _starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Source:
        lines = text.splitlines(keepends=True)
        starts = (0, *accumulate(map(len, lines)))
        return cls(text, syntax.parse(text), tuple(line.encode() for line in lines), starts)

    def offset(self, line: int, column: int) -> int:
        """The character at a line (from 1) and column (from 0, in bytes, as the tree counts)."""
        return self._starts[line - 1] + len(self._lines[line - 1][:column].decode())

    def span(self, node: ast.expr | ast.stmt) -> Span:
        assert node.end_lineno is not None  # noqa: S101 - the parser sets both
        assert node.end_col_offset is not None  # noqa: S101
        return (
            self.offset(node.lineno, node.col_offset),
            self.offset(node.end_lineno, node.end_col_offset),
        )

    def whole_lines(self, span: Span) -> Span:
        """The lines that a span lies on, without the last one's end of line."""
        start = self.text.rfind("\n", 0, span[0]) + 1
        end = self.text.find("\n", span[1])
        return start, len(self.text) if end < 0 else end


def replaced(text: str, changes: list[tuple[Span, str]]) -> str:
    """The text with spans (that do not overlap) replaced."""
    for (start, end), new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    return text
