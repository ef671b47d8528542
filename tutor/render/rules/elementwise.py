"""Functions of single entries: ``x`` alone, and ``a`` with ``b`` (broadcast where their shapes differ)."""

from __future__ import annotations

from typing import Final

from tutor.i18n import N_
from tutor.render.rules.types import Rule, Way, of_ab, of_x

_FLAT: Final = of_x(N_("flat between its steps: derivative 0"), "0")
_SAME: Final = of_x(N_("the same numbers: derivative 1"), "{G}")

UNARY: Final = {
    "Neg": of_x("d(−x)/dx = −1", "−{G}"),
    "Abs": of_x(N_("d|x|/dx = sign x, and torch takes 0 at 0"), "{G} · sign {x}", x="self"),
    "Exp": of_x("d(eˣ)/dx = eˣ = y", "{G} · {y}", y="result"),
    "Exp2": of_x("d(2ˣ)/dx = 2ˣ·ln 2 = y·ln 2", "{G} · {y} · 0.6931", y="result"),
    "Expm1": of_x("d(eˣ − 1)/dx = eˣ = y + 1", "{G} · ({y} + 1)", y="result"),
    "Log": of_x("d(ln x)/dx = 1/x", "{G} / {x}", x="self"),
    "Log2": of_x("d(log₂ x)/dx = 1/(x·ln 2)", "{G} / ({x} · 0.6931)", x="self"),
    "Log10": of_x("d(log₁₀ x)/dx = 1/(x·ln 10)", "{G} / ({x} · 2.3026)", x="self"),
    "Log1P": of_x("d ln(1 + x)/dx = 1/(1 + x)", "{G} / (1 + {x})", x="self"),
    "Sqrt": of_x("d(√x)/dx = 1/(2·√x) = 1/(2·y)", "{G} / (2 · {y})", y="result"),
    "Rsqrt": of_x("d(1/√x)/dx = −y³/2", "−{G} · {y}³ / 2", y="result"),
    "Reciprocal": of_x("d(1/x)/dx = −1/x² = −y²", "−{G} · {y}²", y="result"),
    "Pow0": of_x("d(xⁿ)/dx = n·xⁿ⁻¹", "{G} · {n} · {x}^({n} − 1)", n="exponent", x="self"),
    "Pow1": of_ab(
        "d(aᵇ)/da = b·aᵇ⁻¹,  d(aᵇ)/db = aᵇ·ln a = y·ln a",
        "{G} · {b} · {a}^({b} − 1)", "{G} · {y} · ln {a}", a="self", b="exponent", y="result",
    ),
    "Pow2": of_x("d(cˣ)/dx = cˣ·ln c = y·ln c", "{G} · {y} · ln {c}", c="self", y="result"),
    "Sin": of_x("d(sin x)/dx = cos x", "{G} · cos {x}", x="self"),
    "Cos": of_x("d(cos x)/dx = −sin x", "−{G} · sin {x}", x="self"),
    "Tan": of_x("d(tan x)/dx = 1 + tan² x = 1 + y²", "{G} · (1 + {y}²)", y="result"),
    "Asin": of_x("d(arcsin x)/dx = 1/√(1 − x²)", "{G} / √(1 − {x}²)", x="self"),
    "Acos": of_x("d(arccos x)/dx = −1/√(1 − x²)", "−{G} / √(1 − {x}²)", x="self"),
    "Atan": of_x("d(arctan x)/dx = 1/(1 + x²)", "{G} / (1 + {x}²)", x="self"),
    "Sinh": of_x("d(sinh x)/dx = cosh x", "{G} · cosh {x}", x="self"),
    "Cosh": of_x("d(cosh x)/dx = sinh x", "{G} · sinh {x}", x="self"),
    "Tanh": of_x("d(tanh x)/dx = 1 − tanh² x = 1 − y²", "{G} · (1 − {y}²)", y="result"),
    "Sigmoid": of_x("dσ(x)/dx = σ·(1 − σ) = y·(1 − y)", "{G} · {y} · (1 − {y})", y="result"),
    "LogSigmoid": of_x("d(ln σ(x))/dx = 1 − σ(x)", "{G} · (1 − σ({x}))", x="self"),
    "Softplus": of_x("d ln(1 + eˣ)/dx = σ(x)", "{G} · σ({x})", x="self"),
    "Relu": of_x(
        N_("d relu(x)/dx = 1 where x > 0, else 0 (at x = 0 too: torch's choice)"),
        N_("G where x > 0, else 0"),
    ),
    "LeakyRelu": of_x(
        N_("d/dx = 1 where x > 0, else the slope s"),
        N_("G where x > 0, else s·G"), s="negative_slope",
    ),
    "PreluKernel": Rule(
        N_("y = x where x > 0, else w·x:  dy/dx = 1 or w,  dy/dw = 0 or x"),
        (Way("x", N_("G where x > 0, else w·G")), Way("w", N_("x·G where x ≤ 0, else 0"))),
    ),
    "Elu": of_x(
        N_("y = x where x > 0, else α·(eˣ − 1):  dy/dx = 1, or α·eˣ"),
        N_("G where x > 0, else G·α·eˣ"),
    ),
    "Gelu": of_x("y = x·Φ(x):  dy/dx = Φ(x) + x·φ(x)", "G · (Φ(x) + x·φ(x))"),
    "Silu": of_x(
        "y = x·σ(x):  dy/dx = σ(x)·(1 + x·(1 − σ(x)))", "G · σ(x)·(1 + x·(1 − σ(x)))"
    ),
    "Mish": of_x(N_("the derivative of x·tanh(ln(1 + eˣ))"), ""),
    "Hardtanh": of_x(
        N_("1 strictly between the bounds, 0 at and beyond them"),
        N_("G strictly between the bounds, else 0"),
    ),
    "Hardsigmoid": of_x(N_("1/6 where −3 < x < 3, else 0"), N_("G/6 where −3 < x < 3, else 0")),
    "Hardswish": of_x(
        N_("y = x·(x + 3)/6 between −3 and 3: dy/dx = x/3 + 1/2; below 0, above 1"), ""
    ),
    "Threshold": of_x(N_("1 above the threshold, else 0"), N_("G above the threshold, else 0")),
    "Clamp": of_x(
        N_("1 where x is within the bounds (at a bound too), 0 where it was clamped"),
        N_("G within the bounds, else 0"),
    ),
    "Clamp0": Rule(
        N_("the gradient goes to whichever of x, min, max was taken"),
        tuple(Way(name, N_("G where it was taken, else 0")) for name in ("x", "min", "max")),
        {}, True,
    ),
    "ClampMin": of_x(N_("1 where x ≥ min, 0 where it was clamped"), N_("G where x ≥ min, else 0")),
    "ClampMax": of_x(N_("1 where x ≤ max, 0 where it was clamped"), N_("G where x ≤ max, else 0")),
    "Erf": of_x("d erf(x)/dx = 2/√π · e^(−x²)", "{G} · 1.1284 · e^(−{x}²)", x="self"),
    "Erfc": of_x("d erfc(x)/dx = −2/√π · e^(−x²)", "−{G} · 1.1284 · e^(−{x}²)", x="self"),
    "Erfinv": of_x("d erf⁻¹(x)/dx = √π/2 · e^(y²)", "{G} · 0.8862 · e^({y}²)"),
    "Lgamma": of_x(N_("d ln Γ(x)/dx = ψ(x), the digamma function"), "{G} · ψ({x})", x="self"),
    "Digamma": of_x("dψ(x)/dx = ψ′(x)", "{G} · ψ′({x})", x="self"),
    "Polygamma": of_x("dψ⁽ⁿ⁾(x)/dx = ψ⁽ⁿ⁺¹⁾(x)", "G · ψ⁽ⁿ⁺¹⁾(x)"),
    "Logit": of_x("d ln(x/(1 − x))/dx = 1/(x·(1 − x))", "{G} / ({x} · (1 − {x}))", x="self"),
    "Sinc": of_x(N_("the derivative of sin(πx)/(πx)"), ""),
    "Sign": _FLAT, "Sgn": _FLAT, "Floor": _FLAT, "Ceil": _FLAT, "Round": _FLAT, "Trunc": _FLAT,
    "Frac": _SAME, "Clone": _SAME, "Alias": _SAME, "Contiguous": _SAME, "Identity": _SAME,
    "ToCopy": of_x(N_("the same numbers in another type: derivative 1"), "{G}"),
    "UndefinedGrad": of_x(N_("stands in for an output that got no gradient: it passes on nothing"), ""),
    "NotImplemented": of_x(N_("torch has no derivative for this operation"), ""),
    "Remainder": of_x(N_("x − c·⌊x/c⌋: derivative 1 with respect to x"), "{G}"),
    "Fmod": of_x(N_("what a division of x leaves over: derivative 1 with respect to x"), "{G}"),
}  # fmt: skip

BINARY: Final = {
    "Add": of_ab("d(a + b)/da = 1,  d(a + b)/db = 1", "{G}", "{G}"),
    "Add1": of_x("d(x + c)/dx = 1", "{G}"),
    "AddScaled": of_ab("d(a + α·b)/da = 1,  d(a + α·b)/db = α", "{G}", "{α} · {G}", α="alpha"),
    "Sub": of_ab("d(a − b)/da = 1,  d(a − b)/db = −1", "{G}", "−{G}"),
    "Sub1": of_x("d(x − c)/dx = 1", "{G}"),
    "SubScaled": of_ab("d(a − α·b)/da = 1,  d(a − α·b)/db = −α", "{G}", "−{α} · {G}", α="alpha"),
    "Rsub": of_ab("d(b − a)/da = −1,  d(b − a)/db = 1", "−{G}", "{G}"),
    "Rsub1": of_x("d(c − x)/dx = −1", "−{G}"),
    "Mul": of_ab("d(a·b)/da = b,  d(a·b)/db = a", "{G} · {b}", "{G} · {a}", a="self", b="other"),
    "Mul1": of_x("d(c·x)/dx = c", "{G} · {c}", c="other"),
    "Div": of_ab(
        "d(a/b)/da = 1/b,  d(a/b)/db = −a/b²", "{G} / {b}", "−{G} · {a} / {b}²", a="self", b="other"
    ),
    "Div1": of_x("d(x/c)/dx = 1/c", "{G} / {c}", c="other"),
    "DivRounded": of_ab(N_("a rounded quotient is flat between its steps: derivative 0"), "0", "0"),
    "Maximum": of_ab(
        N_("the gradient goes to the larger of a and b; where they are equal, half to each"),
        N_("G where a > b, G/2 where a = b, else 0"), N_("G where b > a, G/2 where a = b, else 0"),
    ),
    "Minimum": of_ab(
        N_("the gradient goes to the smaller of a and b; where they are equal, half to each"),
        N_("G where a < b, G/2 where a = b, else 0"), N_("G where b < a, G/2 where a = b, else 0"),
    ),
    "Fmax": of_ab(
        N_("the gradient goes to the larger of a and b"),
        N_("G where a ≥ b, else 0"), N_("G where b > a, else 0"),
    ),
    "Fmin": of_ab(
        N_("the gradient goes to the smaller of a and b"),
        N_("G where a ≤ b, else 0"), N_("G where b < a, else 0"),
    ),
    "Where": of_ab(
        N_("the gradient goes to the branch that was taken, and 0 to the other"),
        N_("G where the condition holds, else 0"), N_("G where it does not, else 0"),
    ),
    "MaskedFill": Rule(
        N_("what was filled over had no part in the result: 0 there"),
        (Way("x", N_("0 where the mask is, else G")), Way("v", N_("the sum of G over the mask"))),
    ),
    "MaskedScatter": Rule(
        N_("what was written over had no part in the result: 0 there"),
        (Way("x", N_("0 where the mask is, else G")), Way("v", N_("G where the mask is"))),
    ),
    "Atan2": of_ab(
        "d/da = b/(a² + b²),  d/db = −a/(a² + b²)",
        "{G} · {b} / ({a}² + {b}²)", "−{G} · {a} / ({a}² + {b}²)", a="self", b="other",
    ),
    "Hypot": of_ab(
        "y = √(a² + b²):  dy/da = a/y,  dy/db = b/y",
        "{G} · {a} / {y}", "{G} · {b} / {y}", a="self", b="other", y="result",
    ),
    "Lerp": of_ab(
        "y = a + w·(b − a):  dy/da = 1 − w,  dy/db = w", "{G} · (1 − {w})", "{G} · {w}", w="weight"
    ),
    "Xlogy": of_ab(
        "d(a·ln b)/da = ln b,  d(a·ln b)/db = a/b",
        "{G} · ln {b}", "{G} · {a} / {b}", a="self", b="other",
    ),
    "Logaddexp": of_ab(
        "y = ln(eᵃ + eᵇ):  dy/da = σ(a − b),  dy/db = σ(b − a)",
        "{G} · σ({a} − {b})", "{G} · σ({b} − {a})", a="self", b="other",
    ),
    "Addcmul": Rule(
        "y = x + v·a·b:  dy/dx = 1,  dy/da = v·b,  dy/db = v·a",
        (Way("x", "{G}"), Way("a", "{G} · {v} · {b}"), Way("b", "{G} · {v} · {a}")),
        {"v": "value", "a": "tensor1", "b": "tensor2"}, True,
    ),
    "Addcdiv": Rule(
        "y = x + v·a/b:  dy/dx = 1,  dy/da = v/b,  dy/db = −v·a/b²",
        (Way("x", "{G}"), Way("a", "{G} · {v} / {b}"), Way("b", "−{G} · {v} · {a} / {b}²")),
        {"v": "value", "a": "tensor1", "b": "tensor2"}, True,
    ),
    "Complex": of_ab(N_("a + i·b: each gets its own part of G"), "Re G", "Im G", spreads=False),
}  # fmt: skip
