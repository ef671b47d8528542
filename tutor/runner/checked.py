"""Parts of results, checked one by one: what a child sent is a value, an error, a text, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tutor.runner.job import Raised
from tutor.runner.limits import AS_ERROR, in_words
from tutor.values import Value, from_json
from tutor.visible import clean_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.runner.limits import Limits

Json = dict[str, Any]

#: Where an error can be, beside the run's own sections.
_OTHER_SECTIONS: Final = ("", "expression", "formula")
_MAX_TEXT: Final = 10_000
MAX_LINE: Final = 1_000_000
_MAX_BASES: Final = 50
_MAX_DIMS: Final = 64
_MAX_DEPTH: Final = 32


class MalformedReply(ValueError):
    """What a child sent is not a result of the run it was given."""


def value_or_raised_from(data: Any, sources: Mapping[str, str], limits: Limits) -> Value | Raised:
    if isinstance(data, dict) and data.get("t") == "raised":
        return raised_from(data, sources, limits)
    return value_from(data)


def value_from(data: Any) -> Value:
    _check_dims(data)
    return from_json(data)


def _check_dims(data: Any, depth: int = 0) -> None:
    """Multiplying thousands of dimensions takes seconds: refuse them before that is tried."""
    if depth > _MAX_DEPTH:
        raise MalformedReply("too deep")
    if isinstance(data, dict) and len(data.get("shape", ())) > _MAX_DIMS:
        raise MalformedReply("too many dimensions")
    if isinstance(data, dict) and isinstance(data.get("items"), list):
        for item in data["items"]:
            _check_dims(item, depth + 1)


def raised_from(data: Any, sources: Mapping[str, str], limits: Limits) -> Raised:
    section = text_from(data["section"], 200)
    line = min(max(0, exactly(int, data["line"])), MAX_LINE)
    limit = text_from(data["limit"], 20)
    if (section not in sources and section not in _OTHER_SECTIONS) or (
        limit and limit not in AS_ERROR
    ):
        raise MalformedReply("an error at no place")
    bases = tuple(text_from(name, 200) for name in list_from(data["bases"])[:_MAX_BASES])
    message = text_from(data["message"], _MAX_TEXT)
    if limit:
        message = f"{in_words(limit, limits)}\n{message}"
    lines = sources.get(section, "").split("\n")
    return Raised(
        class_name=text_from(data["class"], 200),
        bases=bases,
        section=section,
        line=line,
        message=message,
        line_text=lines[line - 1] if 0 < line <= len(lines) else "",
        limit=limit,
    )


def exactly(kind: type, x: Any) -> Any:
    if type(x) is not kind:
        raise MalformedReply(f"not a {kind.__name__}")
    return x


def list_from(x: Any) -> list[Any]:
    """The items of a list, and of nothing else."""
    return list(exactly(list, x))


def text_from(x: Any, limit: int) -> str:
    """A text that may be written to a terminal, cut after ``limit`` characters."""
    return clean_lines(exactly(str, x)[:limit])
