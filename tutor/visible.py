"""Text from elsewhere without what would move a terminal's cursor, or hide, or turn what is written round.

Programs print what they like, and name their errors as they like; a deck's author may be a stranger.
"""

from __future__ import annotations


def clean(text: str) -> str:
    """One line: whatever is not seen, or is more than seen, made visible; a tab becomes four spaces."""
    return text if text.isprintable() else "".join(map(_visible, text))


def clean_lines(text: str) -> str:
    """The same for a text of several lines, which it keeps."""
    if text.isprintable():
        return text
    return "\n".join(map(clean, text.split("\n")))


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    if character == "\t":
        return "    "
    if character < " ":
        return chr(0x2400 + ord(character))  # ␛ and its like
    from unicodedata import category

    # Spaces of other widths; and directions, joiners, surrogates, which have none.
    return " " if category(character) == "Zs" else "\N{REPLACEMENT CHARACTER}"
