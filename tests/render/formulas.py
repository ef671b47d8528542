"""Formulas of the local rules, computed: ``{G} · {b}`` with the numbers that the walk shows for them."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from tutor.values import Number, Tensor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.values import Value

_POWERS = {"²": 2, "³": 3, "⁴": 4, "⁵": 5, "⁶": 6, "⁷": 7, "⁸": 8}
_FUNCTIONS: dict[str, Any] = {
    "cos": np.cos, "sin": np.sin, "cosh": np.cosh, "sinh": np.sinh, "ln": np.log, "sqrt": np.sqrt,
    "sign": np.sign, "total": np.sum, "inverse": np.linalg.inv, "e": math.e, "eye": np.eye,
    "turned": lambda x: np.swapaxes(x, -1, -2) if x.ndim > 1 else x,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)), "cross": lambda a, b: np.cross(a.ravel(), b.ravel()),
}  # fmt: skip


def computed(formula: str, known: Mapping[str, Value], result: Tensor) -> np.ndarray | None:
    """The formula's value; ``None`` where it has no symbols, or one whose number is not known."""
    symbols = set(re.findall(r"\{(\w+)\}", formula))
    if not symbols or any(not isinstance(known.get(s), Tensor | Number) for s in symbols):
        return None
    with np.errstate(all="ignore"):
        # Vectors are columns in a matrix product, as on paper.
        columns = bool(re.search(r"ᵀ|⁻¹\)|\S·\S", formula)) and "Σ" not in formula
        names = {f"v_{s}": _array(known[s], columns) for s in symbols}
        if "· I" in formula:
            names["I"] = np.eye(*result.shape)
        try:
            value = eval(_python(formula), {**_FUNCTIONS, **names})  # noqa: S307 - our own tables
        except np.linalg.LinAlgError:
            return None  # no inverse: torch has another way
    return np.asarray(value, dtype=float)


def _array(value: Value, columns: bool) -> np.ndarray:
    if isinstance(value, Number):
        return np.asarray(float(value.number))
    assert isinstance(value, Tensor)
    array = np.array([float(x) for x in value.entries]).reshape(value.shape)
    return array.reshape(-1, 1) if columns and array.ndim == 1 else array


def _python(formula: str) -> str:
    text = re.sub(r"\{(\w+)\}", r"v_\1", formula)
    text = re.sub(r"\((v_\w+)⁻¹\)ᵀ", r"turned(inverse(\1))", text)
    text = re.sub(r"e\^(v_\w+)", r"e**\1", text).replace("^(", "**(")
    text = re.sub(r"\b(cosh|sinh|cos|sin|ln|sign) (v_\w+)", r"\1(\2)", text)
    text = text.replace("√(", "sqrt(").replace("σ(", "sigmoid(")
    text = re.sub(r"Σ (v_\w+)·(v_\w+)", r"total(\1*\2)", text)
    text = re.sub(r"Σ (v_\w+)", r"total(\1)", text)
    text = re.sub(r"(v_\w+) × (v_\w+)", r"cross(\1, \2)", text)
    text = (
        re.sub(r"(v_\w+)ᵀ", r"turned(\1)", text)
        .replace(" · ", " * ")
        .replace("·", " @ ")
        .replace("−", "-")
    )
    for sign, power in _POWERS.items():
        text = text.replace(sign, f"**{power}")
    return text
