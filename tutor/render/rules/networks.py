"""Losses, softmaxes, norms of layers, convolutions: functions that have a node of their own."""

from __future__ import annotations

from typing import Final

from tutor.i18n import N_
from tutor.render.rules.types import Rule, Way, of_x

_POOLED_MEAN: Final = of_x(
    N_("each window's mean: every entry of it gets an equal share"), N_("G shared over each window")
)
_POOLED_MAX: Final = of_x(
    N_("each window's largest entry alone gets the gradient"),
    N_("G at each window's largest entry"),
)
_SOFTMAX: Final = of_x(
    N_("y = softmax(x):  dx = y·(G − Σ G·y): what all get alike is taken off"),
    "{y} · ({G} − Σ {G}·{y})",
    y="result",
)
_AB: Final = {"a": "self", "b": "target"}


def _loss(
    name: str,
    first: tuple[str, str],
    second: tuple[str, str],
    numbers: dict[str, str],
    each: str,
    total: str,
    mean: str,
    *,
    mean_way: str = "",
) -> dict[str, Rule]:
    """A loss entry by entry (``NameEach``), summed (``NameSum``), and averaged (``Name``)."""
    ways = tuple(Way(*way) for way in (first, second))
    shared = tuple(Way(way.name, way.formula and f"{way.formula} / {{N}}") for way in ways)
    if mean_way:
        shared = (Way(first[0], mean_way), ways[1])
    return {
        f"{name}Each": Rule(each, ways, numbers),
        f"{name}Sum": Rule(total, ways, numbers),
        name: Rule(mean, shared, numbers),
    }


NETWORKS: Final = {
    "SoftmaxRows": of_x(
        N_("y = softmax(x):  dx = y·(G − Σ G·y): what all get alike is taken off"),
        N_("y · (G − Σ G·y), Σ along each row or column"),
    ),
    "LogSoftmaxRows": of_x(
        N_("y = x − ln Σ eˣ:  dx = G − softmax(x)·Σ G,  softmax(x) = e^y"),
        N_("G − e^y · Σ G, Σ along each row or column"),
    ),
    "SafeSoftmax": _SOFTMAX,
    "Softmax": _SOFTMAX,
    "LogSoftmax": of_x(
        N_("y = x − ln Σ eˣ:  dx = G − softmax(x)·Σ G,  softmax(x) = e^y"),
        "{G} − e^{y} · Σ {G}", y="result",
    ),
    **_loss(
        "MseLoss", ("a", "{G} · 2 · ({a} − {b})"), ("b", "−{G} · 2 · ({a} − {b})"), _AB,
        "y = (a − b)²:  dy/da = 2·(a − b),  dy/db = −2·(a − b)",
        N_("y = the sum of (a − b)²:  dy/da = 2·(a − b),  dy/db = −2·(a − b)"),
        N_("y = the mean of (a − b)²:  dy/da = 2·(a − b)/N,  dy/db = −2·(a − b)/N"),
    ),
    **_loss(
        "BinaryCrossEntropy", ("p", "{G} · ({p} − {t}) / ({p} · (1 − {p}))"), ("t", ""),
        {"p": "self", "t": "target"},
        "y = −t·ln p − (1 − t)·ln(1 − p):  dy/dp = (p − t)/(p·(1 − p))",
        N_("y = the sum of −t·ln p − (1 − t)·ln(1 − p):  dy/dp = (p − t)/(p·(1 − p))"),
        N_("y = the mean of −t·ln p − (1 − t)·ln(1 − p):  dy/dp = (p − t)/(p·(1 − p)·N)"),
    ),
    **_loss(
        "BinaryCrossEntropyWithLogits", ("x", "{G} · (σ({x}) − {t})"), ("t", ""),
        {"x": "self", "t": "target"},
        N_("y = the cross-entropy of σ(x) and t:  dy/dx = σ(x) − t"),
        N_("y = the sum of the cross-entropies of σ(x) and t:  dy/dx = σ(x) − t"),
        N_("y = the mean of the cross-entropies of σ(x) and t:  dy/dx = (σ(x) − t)/N"),
    ),
    **_loss(
        "SmoothL1Loss", ("a", ""), ("b", ""), {},
        *[N_("a square near 0, |a − b| beyond: the slope is (a − b)/β near 0, its sign beyond")] * 3,
    ),
    **_loss(
        "HuberLoss", ("a", ""), ("b", ""), {},
        *[N_("a square near 0, a line beyond: the slope is a − b near 0, ±δ beyond")] * 3,
    ),
    **_loss(
        "SoftMarginLoss", ("x", ""), ("t", ""), {},
        *["y = ln(1 + e^(−t·x)):  dy/dx = −t·σ(−t·x)"] * 3,
    ),
    **_loss(
        "NllLoss", ("x", N_("−G at each row's target, else 0")), ("t", ""), {},
        N_("y = −x at each row's target: only these entries count"),
        N_("y = the sum of −x at each row's target: only these entries count"),
        N_("y = the mean of −x at each row's target: only these entries count"),
        mean_way=N_("−G/N at each row's target, else 0"),
    ),
    "KlDiv": Rule("y = t·(ln t − x):  dy/dx = −t", (Way("x", "−{G} · {t}"),), {"t": "target"}),
    "NativeLayerNorm": Rule(
        N_(
            "x̂ = (x − mean)/std of each row: what would move the mean or the spread of a row is taken off "
            "the gradient, the rest divided by std"
        ),
        (Way("x", "(G·w − mean(G·w) − x̂·mean(G·w·x̂)) / std"), Way("w", N_("Σ G·x̂ over the rows")),
         Way("b", N_("Σ G over the rows"))),
    ),
    "NativeBatchNorm": Rule(
        N_(
            "x̂ = (x − mean)/std of each column: what would move the mean or the spread of a column is taken "
            "off the gradient, the rest divided by std"
        ),
        (Way("x", "(G·w − mean(G·w) − x̂·mean(G·w·x̂)) / std"), Way("w", N_("Σ G·x̂ over the batch")),
         Way("b", N_("Σ G over the batch"))),
    ),
    "NativeGroupNorm": Rule(
        N_(
            "x̂ = (x − mean)/std of each group: what would move the mean or the spread of a group is taken "
            "off the gradient, the rest divided by std"
        ),
        (Way("x", "(G·w − mean(G·w) − x̂·mean(G·w·x̂)) / std"), Way("w", N_("Σ G·x̂ over the batch")),
         Way("b", N_("Σ G over the batch"))),
    ),
    "FusedRmsNorm": of_x(
        N_("x̂ = x/rms: what would move the size is taken off the gradient, the rest divided by rms"),
        "(G·w − x̂·mean(G·w·x̂)) / rms",
    ),
    "Convolution": Rule(
        N_(
            "each output is a window times the weight: the input gets G times the weight at every place it "
            "was under, the weight gets every window times its G"
        ),
        (Way("x", N_("G convolved with the weight turned round")),
         Way("w", N_("Σ over the places of G · window")), Way("b", N_("Σ G over the places"))),
    ),
    "MaxPool2DWithIndices": _POOLED_MAX, "MaxPool3DWithIndices": _POOLED_MAX,
    "AdaptiveMaxPool2D": _POOLED_MAX,
    "AvgPool2D": _POOLED_MEAN, "AvgPool3D": _POOLED_MEAN, "AdaptiveAvgPool2D": _POOLED_MEAN,
    "MeanPool": _POOLED_MEAN,
    "UpsampleNearest1D": of_x(
        N_("one entry stands in many places: their gradients are summed"),
        N_("G summed over the places"),
    ),
    "NativeDropout": of_x(
        N_("what was dropped had no part in the result; the rest was scaled up, and so is its gradient"),
        N_("G · scale where kept, else 0"),
    ),
    "Glu": of_x(N_("y = a·σ(b): the rules of the product and of σ"), ""),
    "ScaledDotProductFlashAttentionForCpu": Rule(
        N_("softmax(Q·Kᵀ/√d)·V: the rules of the products and of the softmax, in one node"),
        (Way("Q", ""), Way("K", ""), Way("V", "")),
    ),
    "ScaledDotProductEfficientAttention": Rule(
        N_("softmax(Q·Kᵀ/√d)·V: the rules of the products and of the softmax, in one node"),
        (Way("Q", ""), Way("K", ""), Way("V", "")),
    ),
}  # fmt: skip
