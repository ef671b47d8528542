"""Reading code: its syntax is checked here, it runs only in the runner."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass
from typing import Final

from tutor import syntax
from tutor.answer.invalid import InvalidAnswer
from tutor.answer.prepare import check_characters, prepare
from tutor.answer.prompts import check_prompt

_FILE: Final = "<answer>"
_BY_NAME: Final = frozenset({"getattr", "setattr", "hasattr", "delattr"})


@dataclass(frozen=True, slots=True)
class CodeRead:
    """``source`` is as typed, with line feeds only and one at the end."""

    source: str


def read_code(text: str) -> CodeRead:
    """Python source with at least one statement.

    Raises:
        InvalidAnswer: a syntax error (with its place), nothing but comments, or code nested too deep.
    """
    prepared = prepare(text)
    plain = text.removeprefix("\ufeff")
    source = re.sub("\r\n?", "\n", plain).rstrip() + "\n"
    try:
        tree = _parse(source)
        if not tree.body:
            raise InvalidAnswer("code-empty")
        if not _nests_finally(tree):
            _compile(tree)
    except InvalidAnswer as error:
        # Only now: a line of a docstring may begin like a prompt.
        check_prompt(prepared)
        if error.line == 1:
            error.column += len(text) - len(plain)
        raise
    return CodeRead(source)


def used_names(source: str) -> frozenset[str]:
    """Every name, attribute and called function in the source, for ``forbid`` and ``require``.

    Dotted names are there with every part and run of parts: ``torch.linalg.inv`` gives ``torch``,
    ``linalg``, ``inv``, ``torch.linalg``, ``linalg.inv`` and itself.  What is imported counts under its
    own name, and so does an attribute that is named in ``getattr(x, "name")``.

    Raises:
        InvalidAnswer: the source cannot be parsed.
    """
    check_characters(source)
    names: set[str] = set()
    for node in ast.walk(_parse(source)):
        match node:
            case ast.Name(id=name):
                names.add(name)
            case ast.Attribute():
                names |= _runs(_dotted(node))
            case ast.ImportFrom(module=module, names=aliases):
                for alias in aliases:
                    names |= _runs([*(module or "").split("."), alias.name])
            case ast.Import(names=aliases):
                for alias in aliases:
                    names |= _runs(alias.name.split("."))
            case ast.Call(func=ast.Name(id=f), args=[_, ast.Constant(value=str(a)), *_]) if (
                f in _BY_NAME
            ):
                names.add(a)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
            case ast.ClassDef(name=name) | ast.arg(arg=name):
                names.add(name)
    return frozenset(names - {""})


def _dotted(node: ast.Attribute) -> list[str]:
    """The names of ``a.b.c``; of ``f(x).b.c`` only those after the call."""
    parts = [node.attr]
    inner = node.value
    while isinstance(inner, ast.Attribute):
        parts.append(inner.attr)
        inner = inner.value
    if isinstance(inner, ast.Name):
        parts.append(inner.id)
    return parts[::-1]


def _runs(parts: list[str]) -> set[str]:
    # Longer chains than any real name would make this quadratic.
    parts = [part for part in parts if part][-8:]
    return {".".join(parts[i:j]) for i in range(len(parts)) for j in range(i + 1, len(parts) + 1)}


def _parse(source: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return syntax.parse(source, _FILE)
    except SyntaxError as error:
        raise _syntax_error(error) from None
    except (RecursionError, MemoryError, ValueError, OverflowError):
        # Python's parser answers code that is nested too deep with one of these.
        raise InvalidAnswer("code-deep") from None


def _compile(tree: ast.Module) -> None:
    """Find what the parser lets pass: a ``return`` outside a function, a ``break`` outside a loop."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(tree, _FILE, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise _syntax_error(error) from None
    except (RecursionError, MemoryError, ValueError, OverflowError):
        raise InvalidAnswer("code-deep") from None


def _nests_finally(tree: ast.Module) -> bool:
    """Whether a ``finally`` is inside another: Python compiles its body once for every way out."""
    stack: list[tuple[ast.AST, bool]] = [(tree, False)]
    while stack:
        node, inside = stack.pop()
        has_one = isinstance(node, ast.Try | ast.TryStar) and bool(node.finalbody)
        if inside and has_one:
            return True
        stack.extend((child, inside or has_one) for child in ast.iter_child_nodes(node))
    return False


def _syntax_error(error: SyntaxError) -> InvalidAnswer:
    line = max(1, error.lineno or 1)
    # A message of Python may quote the learner's text; it is shortened like any other.
    return InvalidAnswer(
        "code-syntax", line, max(1, error.offset or 1), number=line, reason=error.msg
    )
