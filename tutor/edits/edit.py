"""One standard edit, and the change of the source text that makes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: Before the ids of standard edits in verdicts and in the log.
PREFIX: Final = "std:"


@dataclass(frozen=True, slots=True)
class Change:
    """Spans of bytes to replace: ``(start, end, text)``."""

    kind: str
    spans: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """A program, or another expression after it, that a common wrong idea would have had in mind.

    ``id`` is ``std:KIND``, or ``std:KIND-2`` for the second place in the same program.  ``line`` is the
    first that differs, counted from 1; 0 where another expression is asked for instead.  ``was`` and
    ``now`` are that line (or the expression) before and after.
    """

    id: str
    kind: str
    line: int
    program: str
    was: str
    now: str
    #: What is evaluated instead of the answer's expression; ``None``: the answer's own.
    expression: str | None = None
