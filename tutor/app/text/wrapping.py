"""Where texts and programs are broken into rows, with Chinese in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from tutor.render.breaks import may_break

if TYPE_CHECKING:
    from textual.content import Content


def wrap(text: Content, width: int, hang: int = 0) -> list[Content]:
    """``text`` in rows of at most ``width`` cells; what goes on in a further row begins at ``hang``.

    Rows are broken after spaces, and before and after wide characters: a run of Chinese fills the
    row that it begins in, which breaking at spaces alone would not do.
    """
    rows: list[Content] = []
    hang = hang if hang < width // 2 else 0
    for paragraph in text.split("\n", allow_blank=True):
        cuts = _prose_cuts(paragraph.plain, max(2, width), hang)
        first, *later = paragraph.divide(cuts) if cuts else [paragraph]
        rows.append(first.rstrip() if later else first)
        rows += [row.rstrip().pad_left(hang) for row in later]
    return rows


def _prose_cuts(text: str, width: int, hang: int) -> list[int]:
    cuts: list[int] = []
    used, good = 0, 0
    for i, character in enumerate(text):
        if i > 0 and may_break(text[i - 1], character):
            good = i
        cells = cell_len(character)
        # Twice, where what follows the last good break is still too wide for a row with this.
        while used + cells > width and character != " ":
            start = cuts[-1] if cuts else 0
            cut = good if good > start else i
            cuts.append(cut)
            used = hang + cell_len(text[cut:i])
        used += cells
    return cuts


def fold(line: Content, width: int) -> list[tuple[int, Content]]:
    """A line of code in rows of at most ``width`` cells, each with its own further indentation.

    Later rows are indented by two more than the line.  They begin after a space or a comma if one is
    near enough, else where they must.
    """
    plain = line.plain
    if cell_len(plain) <= width:
        return [(0, line)]
    indent = len(plain) - len(plain.lstrip()) + 2
    indent = indent if indent < width // 2 else 0
    first, *later = line.divide(_code_cuts(plain, width, indent))
    return [(0, first), *((indent, part) for part in later)]


def _code_cuts(text: str, width: int, indent: int) -> list[int]:
    cuts: list[int] = []
    start, used, good = 0, 0, 0
    for i, character in enumerate(text):
        cells = cell_len(character)
        if used + cells > width:
            start = good if good - start > width // 2 else i
            cuts.append(start)
            used = indent + cell_len(text[start:i])
        used += cells
        if character in " ,":
            good = i + 1
    return cuts
