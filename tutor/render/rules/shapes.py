"""The same numbers elsewhere: reshaped, transposed, spread, picked out, put together, copied."""

from __future__ import annotations

from typing import Final

from tutor.i18n import N_
from tutor.render.rules.types import Rule, Way, of_x

_RESHAPED: Final = of_x(
    N_("the same numbers in another shape: the gradient takes the old shape"),
    N_("G in the shape of x"),
)
_TURNED: Final = of_x(
    N_("the same numbers turned round: the gradient is turned back"), N_("G turned back")
)
_PICKED: Final = of_x(
    N_("the entries that were picked get their gradient, all others 0"),
    N_("G where it was picked from, else 0"),
)
_GATHERED: Final = of_x(
    N_("each entry gets the gradients of all places it was picked for, added up"),
    N_("G added where it was picked from, else 0"),
)
_JOINED: Final = Rule(
    N_("each part gets the piece of the gradient that belongs to it"),
    (Way("x", N_("its piece of G")),),
    many=True,
)
_PARTED: Final = of_x(
    N_("the parts' gradients are put together again; 0 for a part that was not used"),
    N_("the pieces of G, put together"),
)
_WRITTEN: Final = (
    Way("x", N_("0 where it was written over, else G")), Way("v", N_("G where v was written"))
)  # fmt: skip
_WRITTEN_LAW: Final = N_(
    "what was written over had no part in the result: 0 there; what was written has"
)

SHAPES: Final = {
    "View": _RESHAPED, "UnsafeView": _RESHAPED, "Reshape": _RESHAPED, "ReshapeAlias": _RESHAPED,
    "Unsqueeze": _RESHAPED, "Squeeze": _RESHAPED, "Flatten": _RESHAPED, "Unflatten": _RESHAPED,
    "ViewAsReal": _RESHAPED, "ViewAsComplex": _RESHAPED,
    "T": of_x("Y = Aᵀ:  dA = Gᵀ", "{G}ᵀ"),
    "Transpose": of_x(N_("two dimensions swapped: the gradient's are swapped back"), "{G}ᵀ"),
    "Permute": of_x(N_("dimensions rearranged: the gradient's are put back"), N_("G rearranged")),
    "Flip": _TURNED, "Roll": _TURNED, "Rot90": _TURNED,
    "Expand": of_x(
        N_("one entry stands in many places: their gradients are summed"),
        N_("G summed over the places"),
    ),
    "Repeat": of_x(
        N_("one entry stands in many places: their gradients are summed"),
        N_("G summed over the places"),
    ),
    "Select": _PICKED, "Slice": _PICKED, "Diagonal": _PICKED, "MaskedSelect": _PICKED,
    "AsStrided": _GATHERED, "Unfold": _GATHERED,
    "Index": _GATHERED, "IndexSelect": _GATHERED, "Gather": _GATHERED, "Take": _GATHERED,
    "Embedding": Rule(
        N_("row i of the table gets the gradients of all places that looked it up, added up"),
        (Way("W", N_("G added row by row, 0 for the others")),),
    ),
    "Scatter": Rule(_WRITTEN_LAW, _WRITTEN), "IndexPut": Rule(_WRITTEN_LAW, _WRITTEN),
    "IndexFill": Rule(_WRITTEN_LAW, _WRITTEN), "IndexCopy": Rule(_WRITTEN_LAW, _WRITTEN),
    "IndexPutImpl": Rule(_WRITTEN_LAW, _WRITTEN), "Put": Rule(_WRITTEN_LAW, _WRITTEN),
    "SelectScatter": Rule(_WRITTEN_LAW, _WRITTEN), "SliceScatter": Rule(_WRITTEN_LAW, _WRITTEN),
    "DiagonalScatter": Rule(_WRITTEN_LAW, _WRITTEN),
    "IndexPutAdded": Rule(
        N_("v was added at the picked places: both get the gradient from there"),
        (Way("x", "{G}"), Way("v", N_("G at the places where v was added"))),
    ),
    "ScatterAdd": Rule(
        N_("v was added at the picked places: both get the gradient from there"),
        (Way("x", "{G}"), Way("v", N_("G at the places where v was added"))),
    ),
    "IndexAdd": Rule(
        N_("v was added at the picked places: both get the gradient from there"),
        (Way("x", "{G}"), Way("v", N_("G at the places where v was added"))),
    ),
    "Cat": _JOINED, "Stack": _JOINED,
    "Unbind": _PARTED, "Split": _PARTED, "SplitWithSizes": _PARTED, "Chunk": _PARTED,
    "UnsafeSplit": _PARTED,
    "DiagEmbed": of_x(N_("x stands on the diagonal"), N_("the diagonal of G")),
    "ConstantPadNd": of_x(N_("the padding is constant"), N_("G without the padding")),
    "Fill": Rule(
        N_("everything was written over: x had no part in the result"),
        (Way("x", "0"), Way("v", N_("the sum of G"))),
    ),
    "Zero": of_x(N_("everything was written over: x had no part in the result"), "0"),
    "Copy": Rule(
        N_("everything was written over by v: x had no part in the result"),
        (Way("x", "0"), Way("v", "{G}")),
    ),
    "CopySlices": Rule(
        N_(
            "an in-place edit of a view: the edited part goes through the edit's own rule, the rest of the "
            "gradient passes"
        ),
        (Way("x", N_("G, through the edit where it was edited")), Way("v", N_("G of the edited part"))),
    ),
}  # fmt: skip
