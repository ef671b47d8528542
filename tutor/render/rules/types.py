"""What a local rule is made of.

A formula holds its symbols in braces - ``{G} · {b}`` - so that it can be shown twice: with the symbols, and
with this draw's numbers in their places.  ``{G}`` is the gradient that comes in, ``{y}`` what the node made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Way:
    """What one input gets: its name in the rule, and the formula of its gradient.

    A formula in words has no braces; one with an empty text has nothing to say beyond the law.
    """

    name: str
    formula: str


@dataclass(frozen=True, slots=True)
class Rule:
    """The local rule of a kind of node.

    Attributes:
        law: the derivative in mathematical words, ``d(a·b)/da = b``; translated where it has words.
        ways: one an input, in the order of the inputs.
        many: any number of inputs, all like the first way.
        numbers: where a symbol's number is found: a saved value or an attribute, by torch's name for it.
        spreads: an operand may have been broadcast; its gradient is then summed back to its shape.
    """

    law: str
    ways: tuple[Way, ...] = ()
    numbers: Mapping[str, str] = field(default_factory=dict)
    spreads: bool = False
    many: bool = False


def of_x(law: str, formula: str, **numbers: str) -> Rule:
    """The rule of a function of one ``x``."""
    return Rule(law, (Way("x", formula),), numbers)


def of_ab(law: str, for_a: str, for_b: str, *, spreads: bool = True, **numbers: str) -> Rule:
    """The rule of a function of ``a`` and ``b``, entry by entry."""
    return Rule(law, (Way("a", for_a), Way("b", for_b)), numbers, spreads)
