"""One thing found wrong in an exercise, before it has a file and a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tutor.exercise.document import FieldPath
    from tutor.exercise.problems import Severity

VERDICTS: Final = ("correct", "wrong", "invalid", "broken")


@dataclass(frozen=True, slots=True)
class Finding:
    """``on_key``: the key itself is wrong, not its value."""

    path: FieldPath
    message: str
    on_key: bool = False
    severity: Severity = "error"
    #: The line within the field's text, from 1, where one is at fault.
    line: int | None = None
