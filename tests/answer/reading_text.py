"""One line of text for a reading or an error, so that tables of examples stay readable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tutor.answer import (
    BoolRead,
    InvalidAnswer,
    NameRead,
    NoneRead,
    Numbers,
    Reading,
    SizeRead,
    TupleRead,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def shown(reading: Reading) -> str:
    """``bare (2,): 1 2 | …`` with the alternatives after bars."""
    return " | ".join(_shown(read) for read in reading.readings)


def _shown(read: Any) -> str:
    match read:
        case Numbers(shape, entries, wrote):
            values = " ".join(str(entry.value) for entry in entries)
            return f"{wrote} {shape}: {values}".rstrip()
        case NoneRead():
            return "None"
        case BoolRead(true):
            return str(true)
        case SizeRead(dims):
            return f"Size{dims}"
        case NameRead(name):
            return f"name {name}"
        case TupleRead(items):
            return f"tuple <{'> <'.join(map(_shown, items))}>"
    raise AssertionError(read)


def outcome(read: Callable[[], Any]) -> str:
    """What a reader gives: the reading, or ``!key line:column``."""
    try:
        value = read()
    except InvalidAnswer as error:
        return f"!{error.key} {error.line}:{error.column}"
    return shown(value) if isinstance(value, Reading) else str(value)
