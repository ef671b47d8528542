"""Where a row may be broken: after spaces, and before and after Chinese characters."""

from __future__ import annotations

from typing import Final

from rich.cells import cell_len

#: Punctuation that no row begins with, and that no row ends with.
_CLOSING: Final = frozenset("，。、；：？！）】」』》”’…,.;:?!)]}")
_OPENING: Final = frozenset("（【「『《“‘([{")


def may_break(before: str, after: str) -> bool:
    """Whether a row may end with the one character and the next begin with the other."""
    if after in _CLOSING or after == " " or before in _OPENING:
        return False
    return before == " " or cell_len(before) == 2 or cell_len(after) == 2
