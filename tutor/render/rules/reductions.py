"""Many entries into fewer: sums, means, the largest, norms, running sums."""

from __future__ import annotations

from typing import Final

from tutor.i18n import N_
from tutor.render.rules.types import Rule, Way, of_ab, of_x

_CHOSEN: Final = of_x(
    N_("only the entry that was taken moves the result: 1 there, 0 elsewhere"),
    N_("G at the entry that was taken, else 0"),
)
_TIES: Final = of_x(
    N_("only the entries that equal the result move it; several share the gradient evenly"),
    N_("G shared among the entries equal to y, else 0"),
)
_ORDERED: Final = of_x(
    N_("each result is one of the entries: its gradient goes back to that one"),
    N_("G put back to where each entry came from"),
)

REDUCTIONS: Final = {
    "Sum": of_x(
        N_("d(Σ x)/dxᵢ = 1: every entry gets the gradient of its sum, unchanged"),
        N_("G for every entry"),
    ),
    "Nansum": of_x(N_("like a sum: 1 for every entry, 0 where it is nan"), N_("G for every entry")),
    "Mean": of_x(
        N_("d(Σ x / N)/dxᵢ = 1/N: every entry gets an N-th of the gradient of its mean"),
        "{G} / {N}",
    ),
    "Prod": of_x(N_("d(Π x)/dxᵢ = the product of the others = y/xᵢ"), "{G} · {y} / {x}",
                 y="result", x="self"),
    "Max": _CHOSEN, "Min": _CHOSEN, "Median": _TIES, "Nanmedian": _TIES,
    "Mode": _CHOSEN, "Kthvalue": _CHOSEN,
    "Max1": _TIES, "Min1": _TIES, "Amax": _TIES, "Amin": _TIES, "Aminmax": _TIES,
    "Sort": _ORDERED, "Topk": _ORDERED, "Cummax": _ORDERED, "Cummin": _ORDERED,
    "Var": of_x(
        "y = Σ(x − x̄)²/(N − c):  dy/dxᵢ = 2·(xᵢ − x̄)/(N − c)", "G · 2·(x − x̄)/(N − c)"
    ),
    "Std": of_x(N_("y = √(variance):  dy/dxᵢ = (xᵢ − x̄)/(y·(N − c))"), "G · (x − x̄)/(y·(N − c))"),
    "VarMean": of_x(N_("the rules of the variance and of the mean, added"), ""),
    "StdMean": of_x(N_("the rules of the standard deviation and of the mean, added"), ""),
    "LinalgVectorNorm": of_x(
        N_("y = ‖x‖, the p-th root of Σ|x|ᵖ:  dy/dx = sign(x)·(|x|/y)ᵖ⁻¹"),
        "G · sign(x)·(|x|/y)ᵖ⁻¹",
    ),
    "EuclideanNorm": of_x(
        N_("y = ‖x‖ = √(Σ x²):  dy/dx = x/y, and torch takes 0 at x = 0"),
        "{G} · {x} / {y}", x="self", y="result",
    ),
    "AbsoluteNorm": of_x(
        N_("y = Σ|x|:  dy/dx = sign x, and torch takes 0 at 0"), "{G} · sign {x}", x="self"
    ),
    "Norm": of_x("y = ‖x‖:  dy/dx = sign(x)·(|x|/y)ᵖ⁻¹", "G · sign(x)·(|x|/y)ᵖ⁻¹"),
    "Dist": of_ab(N_("y = ‖a − b‖: the rule of the norm for a, its negative for b"), "", ""),
    "Cdist": of_ab(N_("the distances of all pairs: the rule of the norm, summed over pairs"), "", ""),
    "Logsumexp": of_x(
        N_("y = ln Σ eˣ:  dy/dx = e^(x − y), the softmax of x"), "{G} · e^({x} − {y})",
        x="self", y="result",
    ),
    "Cumsum": of_x(
        N_("yᵢ = x₁ + … + xᵢ: entry j counts in every later sum"), N_("G summed from j to the end")
    ),
    "Cumprod": of_x(
        N_("yᵢ = x₁ · … · xᵢ: entry j counts in every later product"),
        N_("Σ over i ≥ j of Gᵢ·yᵢ / xⱼ"),
    ),
    "Logcumsumexp": of_x(
        N_("yᵢ = ln(e^x₁ + … + e^xᵢ): entry j counts in every later one"),
        N_("Σ over i ≥ j of Gᵢ·e^(xⱼ − yᵢ)"),
    ),
    "Trace": of_x(N_("d(tr A)/dA = I: the gradient goes to the diagonal"), "{G} · I"),
    "Renorm": Rule(N_("the gradient of a norm that was scaled down to a bound"), (Way("x", ""),)),
}  # fmt: skip
