"""Plain scalars by the core schema of YAML 1.2."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

#: Python itself refuses to read longer integers (from 4,300 digits).
MAX_DIGITS: Final = 1_000

_INT = re.compile(r"[-+]?[0-9]+")
_OTHER_INT = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_WORDS: Final[dict[str, bool | float | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((f"{s}{w}" for s in ("", "+") for w in (".inf", ".Inf", ".INF")), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_MAY_BE_NUMBER = frozenset("0123456789+-.")


@lru_cache(maxsize=8192)
def resolve_plain(text: str) -> bool | int | float | str | None:
    """The value of a plain (unquoted) scalar by the core schema of YAML 1.2.

    Raises:
        ValueError: for an integer of more than :data:`MAX_DIGITS` digits.
    """
    if text[:1] in _MAY_BE_NUMBER and text:
        if _INT.fullmatch(text):
            if len(text) > MAX_DIGITS:
                raise ValueError(f"a number of more than {MAX_DIGITS} digits")
            return int(text)
        if _FLOAT.fullmatch(text):
            return float(text)
        if _OTHER_INT.fullmatch(text):
            if len(text) > MAX_DIGITS:
                raise ValueError(f"a number of more than {MAX_DIGITS} digits")
            return int(text, 0)
    return _WORDS.get(text, text)
