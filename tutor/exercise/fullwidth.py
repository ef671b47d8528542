"""Punctuation as Chinese input methods type it, where YAML wants the plain one."""

from __future__ import annotations

import re
from typing import Final

#: What is meant by each.
ASCII_FOR: Final = {
    "：": ": ", "，": ",", "、": ",", "｛": "{", "｝": "}", "【": "[", "】": "]", "［": "[", "］": "]",
    "“": '"', "”": '"', "‘": "'", "’": "'", "「": '"', "」": '"', "＃": "#", "－": "-",
}  # fmt: skip
#: Those that begin something.
OPENING: Final = "｛【［“‘「"
_ANY: Final = re.compile(f"[{''.join(ASCII_FOR)}]")


def remedy(text: str) -> str:
    """``write `,` for `，` `` for the first such sign in a text, empty if there is none."""
    found = _ANY.search(text)
    return f"write `{ASCII_FOR[found[0]]}` for `{found[0]}`" if found else ""
