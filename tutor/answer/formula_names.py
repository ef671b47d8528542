"""What a formula may use beside its variables and signs."""

from __future__ import annotations

import math
from typing import Final

CONSTANTS: Final = {"pi": math.pi, "e": math.e}

_ELEMENTWISE: Final = "exp log sqrt sin cos tan tanh sinh cosh sigmoid relu abs sign"
_REDUCTIONS: Final = "sum mean prod max min norm trace"
_PRODUCTS: Final = "matmul mm mv dot inner outer einsum kron"
_SHAPES: Final = (
    "transpose reshape diag ones_like zeros_like eye ones zeros unsqueeze squeeze flatten"
)
_LINALG: Final = "linalg.inv linalg.det linalg.norm linalg.solve inv det slogdet logdet"
_SOFTMAX: Final = "softmax log_softmax logsumexp"

FUNCTIONS: Final = tuple(
    " ".join((_ELEMENTWISE, _REDUCTIONS, _PRODUCTS, _SHAPES, _LINALG, _SOFTMAX)).split()
)
#: torch has these as functions only.
_NO_METHODS: Final = frozenset({"einsum", "ones_like", "zeros_like", "eye", "ones", "zeros"})
METHODS: Final = tuple(name for name in FUNCTIONS if "." not in name and name not in _NO_METHODS)
ATTRIBUTES: Final = ("T", "mT")
_BY_PLACE: Final = "dim keepdim axis keepdims dim0 dim1 start_dim end_dim diagonal offset"
KEYWORDS: Final = tuple(f"{_BY_PLACE} p ord other".split())
#: The functions that take text: an equation, or the name of a norm.
TAKES_TEXT: Final = frozenset({"einsum", "norm", "linalg.norm"})


def resolve(dotted: str) -> str | None:
    """``torch.linalg.inv`` → ``linalg.inv``, ``torch.exp`` → ``exp``; None if it is not there."""
    name = dotted.removeprefix("torch.")
    if name.removeprefix("linalg.") == "slogdet":
        return "slogdet"
    return name if name in FUNCTIONS else None
