"""Reading an order of lines: their letters as shown, or the lines themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tutor.answer.letters import bare_letter, find_text, letters
from tutor.answer.prepare import Prepared, prepare

if TYPE_CHECKING:
    from collections.abc import Sequence

_BETWEEN: Final = re.compile(r"\s*(?:->|→|⇒|=>|[,;>\s])\s*")
_SHOWN: Final = re.compile(r"(?:\(\s*)?([A-Za-z]{1,2})\s*[).:]\s*(?=\S)")


def read_order(text: str, lines: Sequence[str]) -> tuple[int, ...]:
    """The lines in the order typed, as indices (from 0) into ``lines`` as they are shown.

    ``b a c``, ``b, a, c``, ``bac``, ``b > a > c``, one letter a line, or one line's text a line (over
    as many lines as it has itself).

    Raises:
        InvalidAnswer: something that is not one of the lines, or a line more often than it is there.
    """
    prepared = prepare(text)
    order: list[int] = []
    at = 0
    rows = prepared.text.split("\n")
    while rows:
        block = _block_at(prepared, rows, at, lines)
        if block:
            _append(prepared, block, at, lines, order)
        elif rows[0].strip():
            _read_row(prepared, rows[0], at, lines, order)
        height = lines[block[0]].count("\n") + 1 if block else 1
        at += sum(len(row) + 1 for row in rows[:height])
        del rows[:height]
    return tuple(order)


def _block_at(prepared: Prepared, rows: list[str], at: int, lines: Sequence[str]) -> list[int]:
    """The lines of several rows whose text the next rows are; of different heights the highest."""
    heights = sorted({line.count("\n") + 1 for line in lines}, reverse=True)
    for height in heights:
        if 1 < height <= len(rows):
            typed = prepared.raw(at, at + sum(map(len, rows[:height])) + height - 1)
            wanted = [row.rstrip() for row in typed.splitlines()]
            found = [
                index
                for index, line in enumerate(lines)
                if [row.rstrip() for row in line.split("\n")] == wanted
            ]
            if found:
                return found
    return []


def _read_row(
    prepared: Prepared, row: str, at: int, lines: Sequence[str], order: list[int]
) -> None:
    start = at + len(row) - len(row.lstrip())
    by_letter = dict(zip(letters(len(lines)), range(len(lines)), strict=True))
    pieces = _letters_of(row, by_letter)
    if pieces is not None:
        for index, offset in pieces:
            _append(prepared, [index], at + offset, lines, order)
        return
    found = _lines_of(prepared, row, at, lines, by_letter)
    if found:
        _append(prepared, found, start, lines, order)
        return
    offer = " ".join(list(by_letter)[:3])
    raise prepared.invalid("order-offer", _stranger(row, at, by_letter), text=row, letters=offer)


def _lines_of(
    prepared: Prepared, row: str, at: int, lines: Sequence[str], by_letter: dict[str, int]
) -> list[int]:
    """The lines that the row is the text of, with or without the letter shown before it."""
    raw = prepared.raw(at, at + len(row))
    found = find_text(raw, lines)
    # Indentation tells lines apart that are the same without it.
    indented = [index for index in found if lines[index].rstrip() == raw.rstrip()]
    if found:
        return indented or found
    row = row.strip()
    shown = _SHOWN.match(row)
    index = by_letter.get(shown[1].lower()) if shown else None
    if shown and index is not None and find_text(row[shown.end() :], [lines[index]]):
        return [index]
    return []


def _letters_of(row: str, by_letter: dict[str, int]) -> list[tuple[int, int]] | None:
    """The lines named by letter in a row, each with its place in the row; None if it has other things."""
    pieces: list[tuple[int, int]] = []
    at = len(row) - len(row.lstrip())
    for piece in _split(row.strip(" ,;[]()")):
        at = row.index(piece, at)
        one = by_letter.get(bare_letter(piece))
        word = piece.lower()
        if one is not None:
            pieces.append((one, at))
        elif word.isalpha() and all(c in by_letter for c in word):
            pieces.extend((by_letter[c], at + i) for i, c in enumerate(word))
        else:
            return None
        at += len(piece)
    return pieces or None


def _split(row: str) -> list[str]:
    return [piece for piece in _BETWEEN.split(row) if piece]


def _append(
    prepared: Prepared, found: list[int], at: int, lines: Sequence[str], order: list[int]
) -> None:
    """Append the first of ``found`` that is not used yet: the same line may be there twice."""
    free = next((index for index in found if index not in order), None)
    if free is None:
        raise prepared.invalid("order-twice", at, text=lines[found[0]].strip())
    order.append(free)


def _stranger(row: str, at: int, by_letter: dict[str, int]) -> int:
    """Where the first piece stands that names no line, if the row begins with letters; else its start."""
    pieces = list(re.finditer(r"[^\s,;>]+", row))
    if pieces and bare_letter(pieces[0][0]) in by_letter:
        for piece in pieces:
            if bare_letter(piece[0]) not in by_letter:
                return at + piece.start()
    return at + len(row) - len(row.lstrip())
