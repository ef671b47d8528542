"""The format's own filters, and how a value is written into a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable


#: No template writes more characters.
MAX_OUTPUT: Final = 100_000
#: What has a form in a text beside texts.  A tuple: a union would be made anew for every value.
_WRITTEN: Final = (type(None), bool, int, float, list, tuple, dict, range)


class FilterError(Exception):
    """A filter or a place of a template got a value that it cannot take."""


def floats(value: Any) -> Any:
    """Whole numbers as floats, nested lists too: ``[1, [2]]`` → ``[1.0, [2.0]]``."""
    if isinstance(value, list | tuple):
        return [floats(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            raise FilterError("`floats`: this number is too large for a float") from None
    if isinstance(value, float):
        return value
    raise FilterError(f"`floats` is for numbers and lists of them, not {value!r:.40}")


def matrix(value: Any) -> str:
    """A list of lists, one row a line, as torch prints it and Python reads it."""
    rows = list(value) if isinstance(value, list | tuple) else []
    if not rows or not all(isinstance(row, list | tuple) for row in rows):
        raise FilterError(f"`matrix` is for a list of lists, not {value!r:.40}")
    cells = [[text_of(item) for item in row] for row in rows]
    width = max((len(cell) for row in cells for cell in row), default=0)
    lines = ["[" + ", ".join(cell.rjust(width) for cell in row) + "]" for row in cells]
    return "[" + ",\n ".join(lines) + "]"


def signed(value: Any) -> str:
    """A number with its sign set apart, to go on a sum: ``+ 3``, ``- 3``."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FilterError(f"`signed` is for a number, not {value!r:.40}")
    return f"- {text_of(-value)}" if value < 0 else f"+ {text_of(value)}"


def text_of(value: Any) -> str:
    """What stands in the text: a string as it is, everything else as Python writes it.

    Raises:
        FilterError: for what has no such form (a function), or is too large.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, _WRITTEN):
        try:
            return str(value)
        except ValueError:
            raise FilterError("a whole number is too large to be written") from None
    raise FilterError(f"a {type(value).__name__} cannot stand in a text")


OWN_FILTERS: Final[dict[str, Callable[[Any], Any]]] = {
    "floats": floats,
    "matrix": matrix,
    "signed": signed,
}
