"""Which rule a node of the graph goes by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tutor.i18n import _
from tutor.render.rules.elementwise import BINARY, UNARY
from tutor.render.rules.linear import LINEAR
from tutor.render.rules.networks import NETWORKS
from tutor.render.rules.reductions import REDUCTIONS
from tutor.render.rules.shapes import SHAPES
from tutor.render.rules.types import Rule, of_x
from tutor.values import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tutor.runner.explained import GraphNode

RULES: Final[Mapping[str, Rule]] = {
    **UNARY, **BINARY, **REDUCTIONS, **LINEAR, **SHAPES, **NETWORKS,
}  # fmt: skip

_NAME: Final = re.compile(r"(?:.*::)?(?P<base>\w+?)Backwards?(?P<variant>\d*)(?:_copy)?$")
_AGAIN: Final = re.compile(r"(?P<base>\w+?)Backward(?:Data)?$")
_SUPERSCRIPTS: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def base_name(function: str) -> str:
    """A node's function without the ending: ``MulBackward0`` → ``Mul``."""
    found = _NAME.match(function)
    return found["base"] if found else function.split("::")[-1]


def local_rule(node: GraphNode) -> Rule:
    """The rule of a node; for one that nobody described, what is true of every node."""
    if node.custom is not None:
        law = _("{name} is a Function of its own: what its backward returns is passed on as it is")
        return Rule(law.format(name=node.custom))
    return known_rule(node) or Rule(
        _("multiplies the gradient by the Jacobian of {name}, transposed").format(
            name=base_name(node.function)
        )
    )


def known_rule(node: GraphNode) -> Rule | None:
    """The rule that the tables have for a node."""
    found = _NAME.match(node.function)
    if found is None:
        return RULES.get(node.function.split("::")[-1])
    base, variant = found["base"], found["variant"]
    if again := _AGAIN.match(base):
        if again["base"] in ("Select", "Slice", "Diagonal", "Unfold", "Index"):
            return of_x(
                _("the derivative of putting entries back is to pick them: the same ones again"),
                _("G at the entries that are picked"),
            )
        law = _(
            "{name} is itself a step of a backward: this is its derivative, for a gradient of a gradient"
        )
        return Rule(law.format(name=again["base"]))
    if base in _SPECIAL and (special := _SPECIAL[base](node)):
        return special
    return RULES.get(base + variant) or RULES.get(base)


# -- rules that depend on a node's attributes ------------------------------------------------------------


def _power(node: GraphNode) -> Rule | None:
    """``x²`` and its like with the exponent written out."""
    exponent = node.attributes.get("exponent", "")
    if not node.function.endswith("0") or not re.fullmatch(r"[2-9](\.0*)?", exponent):
        return None
    n = int(exponent[0])
    power = str(n).translate(_SUPERSCRIPTS)
    less = "" if n == 2 else str(n - 1).translate(_SUPERSCRIPTS)
    return of_x(f"d(x{power})/dx = {n}·x{less}", f"{{G}} · {n} · {{x}}{less}", x="self")


def _scaled(name: str) -> Callable[[GraphNode], Rule | None]:
    def rule(node: GraphNode) -> Rule | None:
        plain = node.attributes.get("alpha", "1") in ("1", "1.0") or not node.function.endswith("0")
        return None if plain else RULES[name]

    return rule


def _quotient(node: GraphNode) -> Rule | None:
    return RULES["DivRounded"] if node.attributes.get("rounding_mode", "None") != "None" else None


def _vector_norm(node: GraphNode) -> Rule | None:
    names = {
        "2": "EuclideanNorm",
        "2.0": "EuclideanNorm",
        "1": "AbsoluteNorm",
        "1.0": "AbsoluteNorm",
    }
    name = names.get(node.attributes.get("ord", node.attributes.get("p", "")))
    return RULES[name] if name else None


def _reduced(name: str) -> Callable[[GraphNode], Rule | None]:
    endings = {"0": "Each", "1": "", "2": "Sum"}

    def rule(node: GraphNode) -> Rule | None:
        return RULES[name + endings.get(node.attributes.get("reduction", "1"), "")]

    return rule


def _written(node: GraphNode) -> Rule | None:
    return RULES["IndexPutAdded"] if node.attributes.get("accumulate") == "True" else None


def _determinant(node: GraphNode) -> Rule | None:
    zero = isinstance(node.value, Tensor) and not any(node.value.entries)
    return RULES["LinalgDetZero"] if zero else None


def _in_rows(name: str) -> Callable[[GraphNode], Rule | None]:
    def rule(node: GraphNode) -> Rule | None:
        return RULES[name] if node.shape is not None and len(node.shape) > 1 else None

    return rule


_SPECIAL: Final[Mapping[str, Callable[[GraphNode], Rule | None]]] = {
    "Pow": _power,
    "Add": _scaled("AddScaled"),
    "Sub": _scaled("SubScaled"),
    "Div": _quotient,
    "LinalgVectorNorm": _vector_norm,
    "Norm": _vector_norm,
    "LinalgDet": _determinant,
    "Softmax": _in_rows("SoftmaxRows"),
    "SafeSoftmax": _in_rows("SoftmaxRows"),
    "LogSoftmax": _in_rows("LogSoftmaxRows"),
    "IndexPut": _written,
    "IndexPutImpl": _written,
    **{
        loss: _reduced(loss)
        for loss in (
            "MseLoss", "BinaryCrossEntropy", "BinaryCrossEntropyWithLogits", "SmoothL1Loss",
            "HuberLoss", "SoftMarginLoss", "NllLoss",
        )
    },
}  # fmt: skip
