"""What each relation says to the learner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from tutor.families import RELATION_PREFIX
from tutor.i18n import N_, _

#: Relation → what it says.  Its family is in ``tutor.families``.
RELATIONS: Final[dict[str, str]] = {
    "zeros-for-none": N_("There is no gradient here at all. None is not the same as zeros."),
    "none-for-zeros": N_(
        "There is a gradient here, and it is zero. Zeros are not the same as None."
    ),
    "none-for-gradient": N_("There is a gradient here: `.grad` is not None."),
    "gradient-for-none": N_("There is no gradient here: `.grad` is None."),
    "shape": N_("The numbers are right, one after the other, but in the wrong shape."),
    "transposed": N_("This is the right answer transposed: rows and columns are exchanged."),
    "negated": N_("Every number has the wrong sign, and is right otherwise."),
    "signs": N_("Every number is right up to its sign."),
    "magnitudes": N_("These are the right numbers without their signs."),
    "inverted": N_("Every one of them is the other way round."),
    "factor-count": N_(
        "Every number is off by the factor {k}, a number of entries here: consistent with a mean taken "
        "for a sum, or the other way round."
    ),
    "factor-exponent": N_(
        "Every number is off by the factor {k}, which is an exponent on line {line}: consistent with "
        "an exponent that was not brought down, or brought down once too often."
    ),
    "factor-number": N_(
        "Every number is off by the factor {k}, which stands on line {line}: consistent with that "
        "number left out, or counted once too often."
    ),
    "factor-two": N_(
        "Every number is off by the factor 2: consistent with the 2 of a square, or one of two equal "
        "paths, left out or counted twice."
    ),
    "factor": N_("Every number is off by the same factor."),
    "reciprocal": N_("Each number is one over the right one."),
    "times-input": N_(
        "Each number is the right one times that of `{name}`: consistent with an exponent that was "
        "not lowered."
    ),
    "over-input": N_(
        "Each number is the right one divided by that of `{name}`: consistent with a factor `{name}` "
        "left out."
    ),
    "not-summed": N_(
        "Added up, your numbers are the right answer: consistent with a sum that is missing, as over "
        "a batch or over what was broadcast."
    ),
    "summed": N_("Your numbers are the right ones added up: one stands for each entry instead."),
    "averaged": N_(
        "Your numbers are the mean of the right ones: one stands for each entry instead."
    ),
    "permuted": N_("The numbers are right, but not all of them in their places."),
    "dimensions-permuted": N_("The dimensions are right, but not in this order."),
    "shape-of": N_("That is the shape of `{name}`."),
    "other-value": N_("These are the numbers of `{name}`."),
    "one-off": N_("The count is off by one."),
    "exchanged": N_("This is the right answer to `{name}`, and there you have the one to this."),
    "offset": N_("Every number is off by the same amount."),
    "is-leaf-only": N_("All that is wrong is about `is_leaf`."),
    "requires-grad-only": N_("All that is wrong is about `requires_grad`."),
    "parallel": N_(
        "At every point your formula has the right direction, but not the right length: a factor that "
        "depends on the point is missing or too many."
    ),
    "term": N_(
        "At every point your formula is off by just `{name}`: consistent with that term left out, or "
        "with the wrong sign or number in front."
    ),
    "inner-derivative": N_(
        "Your formula is the right one without the factor `{name}`: consistent with the chain rule's "
        "inner derivative left out."
    ),
    "at-zero-only": N_(
        "Your formula is right where every variable is zero, but not at other points: consistent with "
        "a derivative taken at zero."
    ),
}


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation that holds; ``parts`` fill its words in."""

    kind: str
    parts: dict[str, Any]

    @property
    def id(self) -> str:
        return RELATION_PREFIX + self.kind

    @property
    def says(self) -> str:
        return _(RELATIONS[self.kind]).format(**self.parts)


def relation(kind: str, **parts: Any) -> Relation:
    return Relation(kind, parts)
