"""The symbols of a rule's formula, and the numbers that stand for them in this visit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tutor import values
from tutor.render import numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.render.rules import Rule
    from tutor.runner.explained import GraphNode, Visit
    from tutor.values import Value

_SYMBOL: Final = re.compile(r"\{(\w+)\}")


def numbers_of(rule: Rule, visit: Visit, node: GraphNode, gradient: Value) -> dict[str, Value]:
    """The value of every symbol that is known."""
    saved = {one.name: one.value for one in node.saved if one.value is not None}
    found: dict[str, Value] = {}
    for symbol, name in rule.numbers.items():
        if name in saved:
            found[symbol] = saved[name]
        elif name in node.attributes:
            found[symbol] = _attribute(node.attributes[name])
    if "y" not in found and node.value is not None:
        found["y"] = node.value
    used = [gradient for gradient in visit.incoming if gradient is not None]
    if len(used) == 1:
        found["G"] = used[0]
        if isinstance(gradient, values.Tensor) and isinstance(found["G"], values.Tensor):
            inputs, outputs = len(gradient.entries), len(found["G"].entries)
            if outputs and not inputs % outputs:
                found["N"] = values.Number(inputs // outputs)
    return found


def _attribute(text: str) -> Value:
    """An attribute of a node: a number, where it is one."""
    try:
        return (
            values.Tensor("float32", (), (float(text),))
            if "." in text
            else values.Number(int(text))
        )
    except ValueError:
        return values.Opaque("attribute", text)


def symbols_in(formula: str) -> list[str]:
    return _SYMBOL.findall(formula)


def without_braces(formula: str) -> str:
    return _SYMBOL.sub(r"\1", formula)


def filled_in(formula: str, found: Mapping[str, Value]) -> str:
    """The formula with numbers for its symbols; empty unless all of them are known."""
    wanted = symbols_in(formula)
    if not wanted or any(symbol not in found for symbol in wanted):
        return ""

    def number(match: re.Match[str]) -> str:
        text = numbers.inline(found[match[1]], numbers.ALL)
        return f"({text})" if text.startswith("-") and match.start() else text

    return _SYMBOL.sub(number, formula)
