"""Checking templates without compiling them: a thousand files have to load in a moment.

Jinja takes a millisecond to read a template.  Most of what stands between ``{{`` and ``}}`` is Python
as well as Jinja, and Python's own parser takes some microseconds: whatever that finds to be of the
part that both languages share is right.  All else goes to Jinja, which has the last word.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from tutor import syntax
from tutor.exercise.template import GLOBALS, is_template

if TYPE_CHECKING:
    from collections.abc import Iterable

_TAGS = re.compile(r"\{\{([-+]?)(.*?)-?\}\}|\{%[-+]?(.*?)[-+]?%\}|\{#.*?#\}", re.DOTALL)
_MARKS = re.compile(r"\{[{%#]")
_STRINGS = re.compile(r"""'[^'\\\n]*'|"[^"\\\n]*\"""")
# Python, but not Jinja: prefixed strings, escapes, comments, `1.` and `.5`; and `1if`, of which Python
# warns.
_DIFFERENT = re.compile(r"""\w'|[\\#\n\r]|\d[A-Za-z_]|\d\.(?!\d)|(?<!\d)\.\d""")
_TILDE = re.compile(r"([\w)\]}'][ \t]*)~")
_FOR = re.compile(r"for\s+(\w+(?:\s*,\s*\w+)*)\s+in\s+(.*)")
_SET = re.compile(r"set\s+([^\W\d]\w*)\s*=(?!=)\s*(.*)")
_COMMON_FILTERS: Final = frozenset(
    ("abs", "batch", "capitalize", "first", "float", "floats", "format", "int", "join", "last",
     "length", "list", "lower", "map", "matrix", "max", "min", "reject", "replace", "reverse", "round",
     "select", "signed", "sort", "string", "sum", "title", "tojson", "trim", "unique", "upper")
)  # fmt: skip
_CONSTANTS: Final = frozenset(("true", "false", "none", "True", "False", "None"))


class _Unsure(Exception):
    """Not in the part that is surely the same in both languages."""


@lru_cache(maxsize=8192)
def template_names(source: str) -> frozenset[str]:
    """The names that a template takes from outside.

    Raises:
        TemplateError: for a syntax error.
    """
    if not is_template(source):
        return frozenset()
    try:
        return _quick_names(source)
    except _Unsure:
        from tutor.exercise.jinja_template import names_by_jinja

        return names_by_jinja(source)


def _quick_names(source: str) -> frozenset[str]:
    names: set[str] = set()
    opened: list[tuple[str, frozenset[str]]] = []  # the open `if` and `for`, with their names
    assigned: set[str] = set()
    end = 0
    for tag in _TAGS.finditer(source):
        if _MARKS.search(source, end, tag.start()):
            raise _Unsure
        end = tag.end()
        expression, statement = tag[2], tag[3]
        if expression is not None:
            found: Iterable[str] = _expression_names(expression.strip())
        elif statement is not None:
            found = _statement_names(statement.strip(), opened, assigned)
        else:
            continue
        local = assigned.union(*(bound for _, bound in opened))
        names.update(name for name in found if name not in local)
    if opened or _MARKS.search(source, end):
        raise _Unsure
    return frozenset(names - GLOBALS - _CONSTANTS)


def _statement_names(
    statement: str, opened: list[tuple[str, frozenset[str]]], assigned: set[str]
) -> frozenset[str]:
    word = statement.split(maxsplit=1)[0] if statement else ""
    rest = statement[len(word) :].strip()
    last = opened[-1][0] if opened else ""
    if word == "if":
        opened.append(("if", frozenset()))
        return _expression_names(rest)
    if word == "elif" and last == "if":
        return _expression_names(rest)
    if statement == "else" and last in ("if", "for"):
        opened[-1] = (f"else of {last}", opened[-1][1])
        return frozenset()
    if statement in ("endif", "endfor") and last.removeprefix("else of ") == statement[3:]:
        opened.pop()
        return frozenset()
    if match := _FOR.fullmatch(statement):
        # The list is read before the names of the loop are there.
        outside = _expression_names(match[2]) - assigned.union(*(bound for _, bound in opened))
        targets = frozenset(re.split(r"\s*,\s*", match[1]))
        if outside & targets or any(target[0].isdigit() for target in targets):
            raise _Unsure
        opened.append(("for", targets | {"loop"}))
        return outside
    if match := _SET.fullmatch(statement):
        found = _expression_names(match[2])
        if match[1] in found or opened:
            raise _Unsure  # what is seen where takes Jinja to say
        assigned.add(match[1])
        return found
    raise _Unsure


@lru_cache(maxsize=8192)
def _expression_names(source: str) -> frozenset[str]:
    """The names in an expression that is the same in Python and in Jinja."""
    bare = _STRINGS.sub("''", source)  # what is in a string does not matter
    if len(source) > 1_000 or _DIFFERENT.search(bare):
        raise _Unsure
    try:
        # Jinja's `~` between two values stands where a `+` may stand.
        tree = syntax.parse(_TILDE.sub(r"\1+", bare), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _Unsure from None
    names: set[str] = set()
    _collect(tree, names, 40)
    return frozenset(names)


def _collect(node: ast.AST, names: set[str], depth: int) -> None:
    """Adds the names below a node; raises _Unsure for everything that is not surely Jinja."""
    if isinstance(node, ast.Name):
        names.add(node.id)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        _collect(node.left, names, depth - 1)
        _collect_filter(node.right, names, depth - 1)
    elif isinstance(node, _SHARED) and _is_shared(node) and depth:
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, _SIGNS):
                _collect(child, names, depth - 1)
    else:
        raise _Unsure


def _collect_filter(node: ast.expr, names: set[str], depth: int) -> None:
    """The right side of ``|``: a filter's name, perhaps called."""
    if isinstance(node, ast.Call) and _is_shared(node):
        for child in (*node.args, *node.keywords):
            _collect(child, names, depth)
        node = node.func
    if not isinstance(node, ast.Name) or node.id not in _COMMON_FILTERS:
        raise _Unsure


def _is_shared(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=value):
            return value is None or isinstance(value, str | int | float)
        case ast.Dict(keys=keys):
            return None not in keys  # no `**`
        case ast.Call(keywords=keywords):
            return all(keyword.arg for keyword in keywords)  # no `**`
    return True


_SHARED: Final = (
    ast.Constant, ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.IfExp, ast.Call, ast.keyword,
    ast.Subscript, ast.Slice, ast.Attribute, ast.List, ast.Tuple, ast.Dict,
)  # fmt: skip
_SIGNS: Final = (
    ast.Load, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.USub, ast.UAdd,
    ast.Not, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.And, ast.Or,
)  # fmt: skip
