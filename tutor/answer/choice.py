"""Reading a choice: letters as shown, whole texts, or the value of an option that is an expression."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from tutor.answer.invalid import InvalidAnswer
from tutor.answer.letters import bare_letter, find_text
from tutor.answer.prepare import Prepared, prepare
from tutor.answer.reading import Reading
from tutor.answer.value import read_value

if TYPE_CHECKING:
    from collections.abc import Sequence

_SEPARATORS: Final = (r"\n", r"[;\n]", r"[;,\n]", r"[\s;,/&+]+(?:and[\s,]+)?")


@dataclass(frozen=True, slots=True)
class OptionText:
    """An option as shown. ``text`` is None where nothing but a live value is shown."""

    letter: str
    text: str | None
    has_expr: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceRead:
    """The options chosen by letter or text, and the values typed for options that are expressions.

    Whether a value is on offer is known only after the live run.  ``others``: what else the text may
    mean, where several may be chosen: ``9, 3`` is one value or two.
    """

    indices: frozenset[int]
    values: tuple[Reading, ...] = ()
    others: tuple[ChoiceRead, ...] = field(default=(), repr=False, compare=False)


def read_choice(text: str, options: Sequence[OptionText], many: bool) -> ChoiceRead:
    """The options that the text names; with ``many`` any number of them, otherwise one.

    Raises:
        InvalidAnswer: something that is not on offer, or several where one is asked.
    """
    prepared = prepare(text)
    whole = _one(prepared.typed.strip(), options)
    if whole is not None:
        return ChoiceRead(frozenset({whole}))
    several = _several(prepared, options)
    if several is not None:
        if not many and len(several) > 1:
            raise prepared.invalid("choice-one", _start(prepared), letters=_offer(options))
        return ChoiceRead(several)
    if any(option.has_expr for option in options):
        return _with_values(prepared, options, many)
    raise _not_on_offer(prepared, options)


def _with_values(prepared: Prepared, options: Sequence[OptionText], many: bool) -> ChoiceRead:
    apart = _apart(prepared, options) if many else ()
    try:
        return ChoiceRead(frozenset(), (read_value(prepared.typed),), apart)
    except InvalidAnswer:
        if apart:
            return replace(apart[0], others=apart[1:])
        pieces = list(re.finditer(r"[^;\n]*[^;\s][^;\n]*", prepared.text))
        if not many or len(pieces) > _pieces_at_most(options):
            raise
    indices, values = set[int](), list[Reading]()
    for piece in pieces:
        index = _one(piece[0].strip(), options)
        if index is not None:
            indices.add(index)
            continue
        try:
            values.append(read_value(piece[0]))
        except InvalidAnswer as error:
            # Its place would be that in the piece alone.
            params = {"text": piece[0].strip(), "letters": _offer(options)}
            raise prepared.invalid("choice-offer", piece.start(), **params) from error
    return ChoiceRead(frozenset(indices), tuple(values))


def _apart(prepared: Prepared, options: Sequence[OptionText]) -> tuple[ChoiceRead, ...]:
    """The text as several values, letters and texts, by each separator that makes sense of it."""
    meanings = []
    for separator in (r"[;\n]", r"[;,\n]", r"[;,\s]+"):
        pieces = [piece.strip() for piece in re.split(separator, prepared.text) if piece.strip()]
        if not 1 < len(pieces) <= _pieces_at_most(options):
            continue
        found = [(_one(piece, options), piece) for piece in pieces]
        try:
            values = tuple(read_value(piece) for index, piece in found if index is None)
        except InvalidAnswer:
            continue
        meanings.append(ChoiceRead(frozenset(i for i, _ in found if i is not None), values))
    return tuple(meanings)


def _one(piece: str, options: Sequence[OptionText]) -> int | None:
    """The option that a piece of text is: its letter, its text, or both as they are shown."""
    wanted = bare_letter(piece)
    for index, option in enumerate(options):
        if wanted and wanted == option.letter.lower():
            return index
    found = find_text(piece, [option.text for option in options])
    if len(found) == 1:
        return found[0]
    shown = re.match(r"(?:\(\s*)?([A-Za-z]{1,2})\s*[).:]\s*(?=\S)", piece)
    if shown:
        rest = piece[shown.end() :]
        for index, option in enumerate(options):
            if option.letter.lower() == shown[1].lower() and find_text(rest, [option.text]):
                return index
    return None


def _several(prepared: Prepared, options: Sequence[OptionText]) -> frozenset[int] | None:
    """Several options with something between them, or letters in one word; None if it is neither."""
    text = prepared.text.strip()
    for separator in _SEPARATORS:
        pieces = [piece.strip() for piece in re.split(separator, text) if piece.strip()]
        if not 1 < len(pieces) <= _pieces_at_most(options):
            continue
        found = [_one(piece, options) for piece in pieces]
        if None not in found:
            return frozenset(index for index in found if index is not None)
    by_letter = {option.letter.lower(): index for index, option in enumerate(options)}
    if (
        len(text) > 1
        and len(set(text.lower())) == len(text)
        and set(text.lower()) <= by_letter.keys()
    ):
        return frozenset(by_letter[c] for c in text.lower())
    return None


def _pieces_at_most(options: Sequence[OptionText]) -> int:
    """Far more pieces than options are no list of options, and looking each up would take long."""
    return 4 * len(options)


def _not_on_offer(prepared: Prepared, options: Sequence[OptionText]) -> InvalidAnswer:
    """The error, at the first piece that is not on offer if those before it are."""
    text = prepared.text.strip()
    at, shown = 0, text
    for match in re.finditer(r"[^\s,;]+", text):
        if _one(match[0], options) is None:
            if match.start() > 0:
                at, shown = match.start(), match[0]
            break
    params = {"text": shown, "letters": _offer(options)}
    return prepared.invalid("choice-offer", _start(prepared) + at, **params)


def _start(prepared: Prepared) -> int:
    return len(prepared.text) - len(prepared.text.lstrip())


def _offer(options: Sequence[OptionText]) -> str:
    return ", ".join(option.letter for option in options)
