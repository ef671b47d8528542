"""Which lines belong to which statement of a source: what one step of a trace is."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import Final, NamedTuple

#: Looked at once more when its body ends, without anything being done.
_LOOKED_AT_AGAIN: Final = (ast.With, ast.AsyncWith, ast.For, ast.AsyncFor)


class Statement(NamedTuple):
    """Lines from 1, both ends included; of a statement with a body, those of its head."""

    line: int
    end: int
    looked_at_again: bool = False


@lru_cache(maxsize=64)
def statements(source: str) -> dict[int, Statement]:
    """For each line the innermost statement it belongs to; empty if the source is no Python."""
    found: dict[int, Statement] = {}
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return found
    for node in ast.walk(tree):  # outer ones first
        if isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case):
            statement = _head(node)
            for line in range(statement.line, statement.end + 1):
                found[line] = statement
    return found


def _head(node: ast.stmt | ast.ExceptHandler | ast.match_case) -> Statement:
    body = getattr(node, "body", None)
    if isinstance(node, ast.match_case):
        line = node.pattern.lineno
        return Statement(line, max(line, node.body[0].lineno - 1))
    line = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
    if not body:
        return Statement(line, node.end_lineno or line)
    return Statement(line, max(line, body[0].lineno - 1), isinstance(node, _LOOKED_AT_AGAIN))
