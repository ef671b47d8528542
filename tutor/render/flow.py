"""Parts in rows of a given width: broken after spaces, and before and after Chinese characters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from tutor.render.breaks import may_break
from tutor.render.spans import Line, Part

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Only in these is a row broken gladly; inside the others only where there is nothing better.
_LOOSE: Final = frozenset(("text", "edge", "error", "head"))

#: Rows are never narrower than this, whatever was asked for.
LEAST_WIDTH: Final = 12


def flow(parts: Iterable[Part], width: int, *, indent: int = 0) -> list[Line]:
    """Rows of at most ``width`` cells; every row after the first begins with ``indent`` spaces."""
    parts = [part for part in parts if part.text]
    width = max(LEAST_WIDTH, width)
    indent = indent if indent <= width // 2 else 2
    text = "".join(part.text for part in parts)
    if cell_len(text) <= width:
        return [Line(tuple(parts))]
    loose = [part.role in _LOOSE for part in parts for _ in part.text]
    return _divided(parts, _cuts(text, loose, width, indent), indent)


def _cuts(text: str, loose: list[bool], width: int, indent: int) -> list[int]:
    """Where rows begin: indices of characters."""
    cuts: list[int] = []
    used = start = good = fair = 0
    for i, character in enumerate(text):
        if i > start and may_break(text[i - 1], character):
            fair = i
            if loose[i - 1] or loose[i]:
                good = i
        cells = cell_len(character)
        # Twice, where what follows the last break is still too wide for a row with this.
        while used + cells > width and character != " ":
            far = next((at for at in (good, fair) if at - start > (width - indent) // 3), i)
            start = far if far > start else max(good, fair, start)
            start = start if not cuts or start > cuts[-1] else i
            cuts.append(start)
            used = indent + cell_len(text[start:i])
        used += cells
    return cuts


def _divided(parts: list[Part], cuts: list[int], indent: int) -> list[Line]:
    rows: list[list[Part]] = [[]]
    pending, at = list(cuts), 0
    for part in parts:
        text = part.text
        while pending and pending[0] < at + len(text):
            cut = pending.pop(0) - at
            if cut > 0:
                rows[-1].append(Part(text[:cut], part.role))
            rows.append([Part(" " * indent)] if indent else [])
            text, at = text[cut:], at + cut
        rows[-1].append(Part(text, part.role))
        at += len(text)
    return [Line(_without_end(row)) for row in rows]


def _without_end(row: list[Part]) -> tuple[Part, ...]:
    """A row without the spaces at its end."""
    kept = list(row)
    while kept:
        last = kept.pop()
        if text := last.text.rstrip(" "):
            return (*kept, Part(text, last.role))
    return ()
