"""Python source as a syntax tree, by one thread at a time.

CPython counts the depth of a tree that it makes in one place for all threads (before 3.11.9 and 3.12.3,
python/cpython#106905): where two make one at once, it may raise ``SystemError: AST constructor recursion
depth mismatch``.  A draw is made ahead in a thread while the learner's typing is read.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from threading import Lock
from typing import Final, Literal, overload

_one_at_a_time: Final = Lock()


@overload
def parse(
    source: str, filename: str = "<unknown>", mode: Literal["exec"] = "exec"
) -> ast.Module: ...
@overload
def parse(source: str, filename: str = "<unknown>", *, mode: Literal["eval"]) -> ast.Expression: ...
@overload
def parse(source: str, filename: str = "<unknown>", *, mode: str) -> ast.AST: ...
def parse(source: str, filename: str = "<unknown>", mode: str = "exec") -> ast.AST:
    """As :func:`ast.parse`, which raises what this raises."""
    with _one_at_a_time:
        return ast.parse(source, filename, mode)


@lru_cache(maxsize=256)
def module(source: str) -> ast.Module:
    """The tree of a program, made once for all who only look at it.  Raises as :func:`parse`."""
    return parse(source)
