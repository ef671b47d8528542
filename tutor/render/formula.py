"""A formula that was read, written so that its grouping shows: ``2 * A @ x`` is ``(2·A) @ x``."""

from __future__ import annotations

from typing import Any, Final

#: How strongly a sign binds, and how it is written.
_SIGNS: Final = {
    "+": (1, " + "), "-": (1, " − "), "*": (2, "·"), "/": (2, "/"), "@": (2, " @ "), "**": (4, "^"),
}  # fmt: skip
_NEGATION, _ATOM = 3, 5
_SUPERSCRIPTS: Final = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def formula(tree: list[Any]) -> str:
    """The tree of :func:`tutor.answer.read_formula` in one line."""
    return _write(tree)[0]


def _write(tree: list[Any]) -> tuple[str, int]:
    """The text, and how strongly its outermost sign binds."""
    match tree:
        case ["num", value]:
            return str(value).replace("-", "−"), _ATOM if value >= 0 else _NEGATION
        case ["var", name]:
            return name, _ATOM
        case ["bin", sign, left, right]:
            return _binary(sign, left, right)
        case ["neg", operand]:
            return "−" + _within(operand, _NEGATION), _NEGATION
        case ["pos", operand]:
            return _write(operand)
        case ["attr", _, operand]:
            return _within(operand, _ATOM) + "ᵀ", _ATOM
        case ["call", name, args, keywords]:
            inside = [_write(one)[0] for one in args]
            inside += [f"{key}={_write(one)[0]}" for key, one in keywords.items()]
            return f"{name}({', '.join(inside)})", _ATOM
        case ["index", operand, parts]:
            return f"{_within(operand, _ATOM)}[{', '.join(_part(part) for part in parts)}]", _ATOM
        case ["list" | "tuple" as kind, items]:
            inner = ", ".join(_write(item)[0] for item in items)
            return (f"[{inner}]" if kind == "list" else f"({inner})"), _ATOM
        case ["const", value]:
            return repr(value), _ATOM
    return "…", _ATOM


def _binary(sign: str, left: list[Any], right: list[Any]) -> tuple[str, int]:
    binds, written = _SIGNS[sign]
    if sign == "**":
        if right[0] == "num" and isinstance(right[1], int):
            return _within(left, _ATOM) + str(right[1]).translate(_SUPERSCRIPTS), binds
        return f"{_within(left, _ATOM)}^{_within(right, _ATOM)}", binds
    first = _within(left, binds)
    if left[0] == "bin" and binds == _SIGNS[left[1]][0] == 2 and left[1] != sign:
        first = f"({first})"  # left to right is not how everybody reads 2 * A @ x
    return first + written + _within(right, binds + 1), binds


def _within(tree: list[Any], binds: int) -> str:
    text, own = _write(tree)
    return text if own >= binds else f"({text})"


def _part(part: list[Any]) -> str:
    match part:
        case ["slice", start, stop, step]:
            ends = [("" if one is None else _write(one)[0]) for one in (start, stop)]
            return ":".join(ends) + (f":{_write(step)[0]}" if step is not None else "")
        case ["ellipsis"]:
            return "…"
    return _write(part)[0]
