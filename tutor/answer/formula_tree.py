"""From Python's syntax tree of a formula to a tree of plain data; whatever is not listed is refused."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from tutor.answer import arithmetic
from tutor.answer.arithmetic import CannotCompute, Real
from tutor.answer.formula_names import (
    ATTRIBUTES,
    CONSTANTS,
    FUNCTIONS,
    KEYWORDS,
    METHODS,
    TAKES_TEXT,
    resolve,
)

if TYPE_CHECKING:
    from tutor.answer.invalid import InvalidAnswer

Tree = list[Any]
#: ``invalid(key, node, **params)``: the error that points at a node.
Invalid = Callable[..., "InvalidAnswer"]

#: Each step down takes two or three Python frames, here and in the worker.
MAX_DEPTH: Final = 120
_MAX_INT: Final = 2**63
_SIGNS: Final[dict[type[ast.operator], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
    ast.MatMult: "@",
}
_OTHER_SIGNS: Final[dict[type[ast.operator], str]] = {
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.BitOr: "|",
    ast.BitAnd: "&",
    ast.LShift: "<<",
    ast.RShift: ">>",
}
_WHAT: Final[dict[type[ast.AST], str]] = {
    ast.Lambda: "A lambda",
    ast.Compare: "A comparison",
    ast.BoolOp: "and/or",
    ast.IfExp: "if/else",
    ast.ListComp: "A loop",
    ast.GeneratorExp: "A loop",
    ast.SetComp: "A loop",
    ast.DictComp: "A loop",
    ast.NamedExpr: "An assignment",
    ast.Starred: "A star",
    ast.Dict: "A dict",
    ast.Set: "A set",
    ast.JoinedStr: "Formatted text",
    ast.Await: "await",
    ast.Yield: "yield",
}


class Converter:
    """Converts the nodes of one formula over the given variables."""

    def __init__(self, variables: Mapping[str, tuple[int, ...]], invalid: Invalid) -> None:
        self._variables = variables
        self._invalid = invalid

    def convert(self, node: ast.expr, depth: int = 0) -> Tree:
        """The tree of ``node``; raises InvalidAnswer for anything that a formula may not contain."""
        if depth > MAX_DEPTH:
            raise self._invalid("formula-deep", node)
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return ["num", self._bounded(node, value)]
            case ast.Name(id=name):
                return self._name(node, name)
            case ast.BinOp(left=left, op=op, right=right):
                sign = self._sign(node, op)
                left_tree = self.convert(left, depth + 1)
                return self._binary(node, sign, left_tree, self.convert(right, depth + 1))
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as op, operand=operand):
                inner = self.convert(operand, depth + 1)
                sign = "neg" if isinstance(op, ast.USub) else "pos"
                return _signed(sign, inner)
            case ast.Call():
                return self._call(node, depth)
            case ast.Attribute(value=value, attr=attr):
                return self._attribute(node, value, attr, depth)
            case ast.Subscript(value=value, slice=index):
                parts = index.elts if isinstance(index, ast.Tuple) else [index]
                converted = self.convert(value, depth + 1)
                return ["index", converted, [self._index(part) for part in parts]]
        raise self._refused(node)

    def _bounded(self, node: ast.expr, value: Real) -> Real:
        if isinstance(value, int) and abs(value) >= _MAX_INT:
            try:
                value = float(value)
            except OverflowError:
                value = math.inf
        if math.isinf(value):
            raise self._invalid("overflow", node)
        return value

    def _name(self, node: ast.Name, name: str) -> Tree:
        if name in self._variables:
            return ["var", name]
        if name in CONSTANTS:
            return ["num", CONSTANTS[name]]
        if resolve(name):
            raise self._invalid("formula-function", node, text=name)
        raise self._unknown("formula-name", node, name, (*self._variables, *FUNCTIONS))

    def _sign(self, node: ast.BinOp, op: ast.operator) -> str:
        sign = _SIGNS.get(type(op))
        if sign is None:
            what = f"`{_OTHER_SIGNS.get(type(op), '^')}`"
            raise self._invalid("formula-part", node, what=what, there="+, -, *, /, ** and @")
        return sign

    def _binary(self, node: ast.expr, sign: str, left: Tree, right: Tree) -> Tree:
        """Two numbers are computed here, where the result is bounded: ``9**9**9`` is refused."""
        if sign == "@" or not (left[0] == right[0] == "num"):
            return ["bin", sign, left, right]
        try:
            return ["num", self._bounded(node, arithmetic.binary(sign, left[1], right[1]))]
        except CannotCompute as error:
            raise self._invalid(error.key, node, text=sign) from error

    # ---- calls

    def _call(self, node: ast.Call, depth: int) -> Tree:
        dotted = self._dotted(node.func)
        if dotted is not None:
            if dotted in self._variables:
                raise self._invalid("formula-operator", node, text="(")
            name, args = resolve(dotted), [*node.args]
            if name is None:
                raise self._unknown("formula-name", node, dotted, FUNCTIONS)
        elif isinstance(node.func, ast.Attribute):
            name, args = node.func.attr, [node.func.value, *node.args]
            if name not in METHODS:
                raise self._unknown("formula-method", node, name, (*ATTRIBUTES, *METHODS))
        else:
            raise self._invalid("formula-operator", node, text="(")
        named: dict[str, Tree] = {}
        for keyword in node.keywords:
            if keyword.arg not in KEYWORDS:
                text = keyword.arg or "**"
                raise self._unknown("formula-keyword", keyword.value, text, KEYWORDS)
            named[keyword.arg] = self._argument(keyword.value, name, depth + 1)
        return ["call", name, [self._argument(arg, name, depth + 1) for arg in args], named]

    def _dotted(self, func: ast.expr) -> str | None:
        """``torch.linalg.inv`` as a name; None if the call is a method of a value."""
        parts: list[str] = []
        while isinstance(func, ast.Attribute):
            parts.append(func.attr)
            func = func.value
        if not isinstance(func, ast.Name):
            return None
        in_module = func.id in ("torch", "linalg") and func.id not in self._variables
        return ".".join([func.id, *reversed(parts)]) if not parts or in_module else None

    def _argument(self, node: ast.expr, function: str, depth: int) -> Tree:
        """An argument may also be True, False, None, a list or tuple, or text where it is asked for."""
        match node:
            case ast.Constant(value=None | bool() as value):
                return ["const", value]
            case ast.Constant(value=str() as value):
                if function not in TAKES_TEXT:
                    raise self._invalid("formula-text", node)
                return ["const", value]
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                if depth > MAX_DEPTH:
                    raise self._invalid("formula-deep", node)
                kind = "list" if isinstance(node, ast.List) else "tuple"
                return [kind, [self._argument(each, function, depth + 1) for each in elements]]
        return self.convert(node, depth)

    # ---- attributes and subscripts

    def _attribute(self, node: ast.Attribute, value: ast.expr, attr: str, depth: int) -> Tree:
        dotted = self._dotted(node)
        if dotted == "torch.pi" or (dotted is not None and resolve(dotted)):
            if dotted == "torch.pi":
                return ["num", CONSTANTS["pi"]]
            raise self._invalid("formula-function", node, text=dotted)
        if dotted is not None:
            raise self._unknown("formula-name", node, dotted, FUNCTIONS)
        if attr not in ATTRIBUTES:
            if attr in METHODS:
                raise self._invalid("formula-function", node, text=f".{attr}")
            raise self._unknown("formula-method", node, attr, (*ATTRIBUTES, *METHODS))
        return ["attr", attr, self.convert(value, depth + 1)]

    def _index(self, part: ast.expr) -> Tree:
        match part:
            case ast.Constant(value=None):
                return ["const", None]
            case ast.Constant(value=value) if value is Ellipsis:
                return ["ellipsis"]
            case ast.Slice(lower=lower, upper=upper, step=step):
                bounds = [None if b is None else self._whole(b) for b in (lower, upper, step)]
                return ["slice", *bounds]
        return self._whole(part)

    def _whole(self, node: ast.expr) -> Tree:
        if isinstance(node, ast.Constant | ast.UnaryOp | ast.BinOp):
            tree = self.convert(node, MAX_DEPTH // 2)
            if tree[0] == "num" and isinstance(tree[1], int):
                return tree
        raise self._invalid("formula-index", node)

    # ---- errors

    def _refused(self, node: ast.expr) -> InvalidAnswer:
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str | bytes):
                return self._invalid("formula-text", node)
            what = f"`{node.value}`"
        elif isinstance(node, ast.Tuple | ast.List):
            return self._invalid("formula-tensor", node)
        elif isinstance(node, ast.UnaryOp):
            what = "`not`" if isinstance(node.op, ast.Not) else "`~`"
        else:
            what = _WHAT.get(type(node), "This")
        return self._invalid("formula-part", node, what=what, there=self._there())

    def _there(self) -> str:
        names = ", ".join(self._variables)
        return f"{names}, the signs + - * / ** @, .T, .mT and {', '.join(FUNCTIONS)}"

    def _unknown(
        self, key: str, node: ast.expr, text: str, known: tuple[str, ...] | list[str]
    ) -> InvalidAnswer:
        close = get_close_matches(text[:40], known, 1, 0.75)
        first = f"{close[0]}, or any of " if close else ""
        names = known if key == "formula-keyword" or key == "formula-method" else ()
        return self._invalid(
            key, node, text=text, there=first + (", ".join(names) if names else self._there())
        )


def _signed(sign: str, inner: Tree) -> Tree:
    if inner[0] == "num":
        return ["num", -inner[1]] if sign == "neg" else inner
    return [sign, inner]
