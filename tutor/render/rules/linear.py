"""Products of matrices and vectors, and what is made of matrices: inverses, determinants, decompositions."""

from __future__ import annotations

from typing import Final

from tutor.i18n import N_
from tutor.render.rules.types import Rule, Way, of_x

_PRODUCT_LAW: Final = "Y = A·B:  dA = G·Bᵀ,  dB = Aᵀ·G"
_PRODUCT: Final = (Way("A", "{G}·{B}ᵀ"), Way("B", "{A}ᵀ·{G}"))

LINEAR: Final = {
    "Mm": Rule(_PRODUCT_LAW, _PRODUCT, {"A": "self", "B": "mat2"}),
    "Bmm": Rule(
        N_("Y = A·B for each matrix of the batch:  dA = G·Bᵀ,  dB = Aᵀ·G"),
        _PRODUCT, {"A": "self", "B": "mat2"},
    ),
    "Matmul": Rule(_PRODUCT_LAW, _PRODUCT),
    "Linear": Rule(
        "Y = X·Wᵀ + c:  dX = G·W,  dW = Gᵀ·X,  dc = Σ G",
        (Way("X", "{G}·{W}"), Way("W", "{G}ᵀ·{X}"), Way("c", N_("G summed over the rows"))),
        {"X": "input", "W": "weight"},
    ),
    "Mv": Rule(
        N_("y = A·v:  dA = G·vᵀ (every Gᵢ·vⱼ),  dv = Aᵀ·G"),
        (Way("A", "{G}·{v}ᵀ"), Way("v", "{A}ᵀ·{G}")), {"A": "self", "v": "vec"},
    ),
    "Dot": Rule(
        "d(a·b)/da = b,  d(a·b)/db = a", (Way("a", "{G} · {b}"), Way("b", "{G} · {a}")),
        {"a": "self", "b": "tensor"},
    ),
    "Vdot": Rule(
        "d(a·b)/da = b,  d(a·b)/db = a", (Way("a", "{G} · {b}"), Way("b", "{G} · {a}")),
        {"a": "self", "b": "other"},
    ),
    "Ger": Rule(
        "Y = a·bᵀ:  da = G·b,  db = Gᵀ·a", (Way("a", "{G}·{b}"), Way("b", "{G}ᵀ·{a}")),
        {"a": "self", "b": "vec2"},
    ),
    "Addmm": Rule(
        "Y = C + A·B:  dC = G,  dA = G·Bᵀ,  dB = Aᵀ·G",
        (Way("C", "{G}"), *_PRODUCT), {"A": "mat1", "B": "mat2"}, True,
    ),
    "Addmv": Rule(
        "y = c + A·v:  dc = G,  dA = G·vᵀ,  dv = Aᵀ·G",
        (Way("c", "{G}"), Way("A", "{G}·{v}ᵀ"), Way("v", "{A}ᵀ·{G}")),
        {"A": "mat", "v": "vec"}, True,
    ),
    "Baddbmm": Rule(
        N_("Y = C + A·B for each matrix of the batch:  dC = G,  dA = G·Bᵀ,  dB = Aᵀ·G"),
        (Way("C", "{G}"), *_PRODUCT), {"A": "batch1", "B": "batch2"}, True,
    ),
    "Addr": Rule(
        "Y = C + a·bᵀ:  dC = G,  da = G·b,  db = Gᵀ·a",
        (Way("C", "{G}"), Way("a", "{G}·{b}"), Way("b", "{G}ᵀ·{a}")),
        {"a": "vec1", "b": "vec2"}, True,
    ),
    "LinalgCross": Rule(
        "y = a × b:  da = b × G,  db = G × a",
        (Way("a", "{b} × {G}"), Way("b", "{G} × {a}")), {"a": "self", "b": "other"},
    ),
    "Trilinear": Rule(
        N_("a product of three, summed: each factor gets G times the product of the others"),
        (Way("a", ""),),
    ),
    "LinalgInvEx": Rule(
        "Y = A⁻¹:  dA = −Yᵀ·G·Yᵀ", (Way("A", "−{Y}ᵀ·{G}·{Y}ᵀ"),), {"Y": "inverse"}
    ),
    "LinalgInv": Rule("Y = A⁻¹:  dA = −Yᵀ·G·Yᵀ", (Way("A", "−{Y}ᵀ·{G}·{Y}ᵀ"),), {"Y": "result"}),
    "LinalgPinv": Rule(N_("the pseudo-inverse: as for A⁻¹, and what it projects away"), (Way("A", ""),)),
    "LinalgDet": Rule(
        "y = det A:  dA = G·det A·(A⁻¹)ᵀ", (Way("A", "{G} · {y} · ({A}⁻¹)ᵀ"),),
        {"A": "A", "y": "result"},
    ),
    "LinalgDetZero": Rule(
        N_("y = det A:  dA = G times the cofactors of A, since A has no inverse here"),
        (Way("A", N_("G times the cofactors of A")),),
    ),
    "LinalgSlogdet": Rule(
        "y = ln|det A|:  dA = G·(A⁻¹)ᵀ", (Way("A", "{G} · ({A}⁻¹)ᵀ"),), {"A": "A"}
    ),
    "LinalgSolveEx": Rule(
        "A·X = B:  dB = (A⁻¹)ᵀ·G,  dA = −dB·Xᵀ",
        (Way("A", "−(({A}⁻¹)ᵀ·{G})·{X}ᵀ"), Way("B", "({A}⁻¹)ᵀ·{G}")),
        {"A": "A", "X": "result"},
    ),
    "LinalgSolveTriangular": Rule(
        N_("A·X = B with a triangular A:  dB = (A⁻¹)ᵀ·G,  dA = −dB·Xᵀ, its triangle only"),
        (Way("A", N_("the triangle of −dB·Xᵀ")), Way("B", "({A}⁻¹)ᵀ·{G}")), {"A": "self"},
    ),
    "LinalgLstsq": Rule(N_("least squares: the rules of the pseudo-inverse"), (Way("A", ""), Way("B", ""))),
    "LinalgEigh": Rule(
        N_(
            "A = V·Λ·Vᵀ: an eigenvalue's gradient goes to A by dλᵢ/dA = vᵢ·vᵢᵀ; an eigenvector's is divided "
            "by the gaps between eigenvalues"
        ),
        (Way("A", N_("V·diag(G)·Vᵀ, and what the eigenvectors add")),),
    ),
    "LinalgEig": Rule(
        N_("A = V·Λ·V⁻¹: dλᵢ/dA from the left and right eigenvectors of λᵢ"), (Way("A", ""),)
    ),
    "LinalgSvd": Rule(
        N_(
            "A = U·S·Vᵀ: a singular value's gradient goes to A by dσᵢ/dA = uᵢ·vᵢᵀ; a singular vector's is "
            "divided by the gaps between squared singular values"
        ),
        (Way("A", N_("U·diag(G)·Vᵀ, and what the singular vectors add")),),
    ),
    "LinalgCholeskyEx": Rule(
        N_("A = L·Lᵀ: the gradient of the triangle, solved back through L on both sides"),
        (Way("A", ""),),
    ),
    "LinalgQr": Rule(
        N_("A = Q·R: the gradients of Q and R, solved back through R"), (Way("A", ""),)
    ),
    "LinalgMatrixExp": Rule(
        N_("Y = e^A: the derivative of the matrix exponential at Aᵀ, in the direction G"),
        (Way("A", ""),),
    ),
    "Triu": of_x(N_("only the upper triangle was kept"), N_("G in the upper triangle, else 0")),
    "Tril": of_x(N_("only the lower triangle was kept"), N_("G in the lower triangle, else 0")),
}  # fmt: skip
