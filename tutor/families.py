"""The families of misconceptions: one wrong idea, in whatever exercise it shows itself.

A near miss belongs to a family by its ``idea:`` in the exercise's file, or because it is one of the edits
that every program is tried with (``tutor.edits``); see ``tutor.misconceptions``.
"""

from __future__ import annotations

from typing import Final

from tutor.i18n import N_

#: Family → title, in the order in which they are listed.  A released name stays: logs are read by it.
FAMILIES: Final[dict[str, str]] = {
    "accumulation": N_("gradients accumulate"),
    "detach": N_("what detach cuts"),
    "no-grad": N_("what no_grad leaves out"),
    "leaf": N_("leaves, and who gets a .grad"),
    "none-or-zeros": N_("None is not zero"),
    "value-for-gradient": N_("values for gradients"),
    "other-leaf": N_("another tensor than the one asked for"),
    "vector": N_("the vector handed to backward"),
    "reduction": N_("sum and mean"),
    "broadcasting": N_("broadcasting sums back"),
    "shape": N_("shapes"),
    "transpose": N_("transposes and the order of a product"),
    "product": N_("products entry by entry and of matrices"),
    "chain-rule": N_("the chain rule"),
    "paths": N_("a path or a term left out"),
    "power-rule": N_("the power rule"),
    "sign": N_("signs"),
    "factor": N_("constant factors"),
    "indexing": N_("entries and their places"),
    "in-place": N_("in place or out of place"),
    "aliasing": N_("copies and views"),
    "graph-freed": N_("what the graph keeps and frees"),
    "higher-order": N_("gradients of gradients"),
    "hooks": N_("hooks and retain_grad"),
    "control-flow": N_("loops and branches"),
    "overlooked-line": N_("a line overlooked"),
    "options": N_("arguments overlooked"),
    "counting": N_("counting off by one"),
    "numerics": N_("numerics and types"),
    "approximation": N_("the terms of an approximation"),
    "inverse": N_("inverting and dividing"),
    "rank": N_("rank and size"),
    "invariance": N_("what a function does not notice"),
    "optimality": N_("what holds at a minimum"),
    "optimizer": N_("what a step makes of the gradient"),
    "modes": N_("training and evaluation"),
    "probability": N_("probabilities as weights"),
    "randomness": N_("samples and seeds"),
}

#: Before the ids of relations in verdicts and in the log.
RELATION_PREFIX: Final = "rel:"

#: What a relation of the numbers suggests; one that suggests nothing in particular is its own family.
RELATION_FAMILIES: Final[dict[str, str]] = {
    "transposed": "transpose",
    "negated": "sign",
    "signs": "sign",
    "magnitudes": "sign",
    "factor-count": "reduction",
    "factor-two": "factor",
    "factor-exponent": "power-rule",
    "factor-number": "factor",
    "factor": "factor",
    "permuted": "indexing",
    "reciprocal": "factor",
    "times-input": "power-rule",
    "over-input": "power-rule",
    "not-summed": "broadcasting",
    "summed": "reduction",
    "averaged": "reduction",
    "shape": "shape",
    "dimensions-permuted": "shape",
    "zeros-for-none": "none-or-zeros",
    "none-for-zeros": "none-or-zeros",
    "none-for-gradient": "none-or-zeros",
    "gradient-for-none": "none-or-zeros",
    "inner-derivative": "chain-rule",
    "other-value": "other-leaf",
    "shape-of": "shape",
    "one-off": "counting",
    "exchanged": "other-leaf",
    "offset": "factor",
    "is-leaf-only": "leaf",
    "requires-grad-only": "leaf",
    "parallel": "factor",
    "term": "factor",
    "at-zero-only": "chain-rule",
}
