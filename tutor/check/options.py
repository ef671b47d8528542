"""Whether a wrong option of a ``choice`` says the same as a right one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.grading.apart import apart
from tutor.render.value import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.grading.kinds.choice import Side
    from tutor.question import DrawnChoice


def right_by_accident(answer: DrawnChoice, side: Side) -> Iterator[tuple[int, str]]:
    """Wrong options whose live value is that of a right one: the author's index (from 0), and why."""
    right = [side.values[place] for place in side.right]
    for option, value in zip(answer.options, side.values, strict=True):
        if option.correct or value is None:
            continue
        if any(other is not None and not apart(value, other) for other in right):
            yield option.index, f"is right as well: its value is {show(value)}, as the right one's"
