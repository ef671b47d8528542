"""Why an answer is wrong, as far as it can be told: near misses that it is consistent with, or relations.

In this order: the author's near misses, all that match; else the standard ones, at most two; else one
relation of the numbers.  A later group speaks only where the earlier ones have nothing to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from tutor.grading.context import Context
    from tutor.grading.relations import Relation
    from tutor.grading.standards import Standards

#: Standard near misses that a message has room for.
MOST_TOLD: Final = 2


@dataclass(frozen=True, slots=True)
class Explanation:
    """``near`` are the ids for the verdict and the log, ``says`` their messages in the same order."""

    near: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    #: Whether it is a relation: a fact about the numbers, which leaves the first message its place.
    beside: bool = False

    def message(self, first: str) -> str:
        """What the learner is told; ``first`` is how the answer differs from the truth."""
        if not self.says:
            return first
        return " ".join((first, *self.says) if self.beside else self.says)


async def explain(
    name: str,
    context: Context,
    author: tuple[str, ...],
    matches: Callable[[Any], bool],
    relate: Callable[[Standards], Relation | None],
) -> Explanation:
    """Explain a wrong answer: ``author`` are the author's near misses that match.

    ``matches`` says whether a standard near miss's value is what was typed; ``relate`` finds a relation.
    """
    if author:
        return Explanation(author, context.says(name, author))
    if context.find_standards is None:
        return Explanation()
    standards = await context.find_standards()
    found = [one for one in standards.near.get(name, ()) if matches(one.value)][:MOST_TOLD]
    if found:
        return Explanation(tuple(one.id for one in found), tuple(one.says for one in found))
    told = relate(standards)
    if told is None:
        return Explanation()
    return Explanation((told.id,), (told.says,), beside=True)
