"""Templates: Jinja2, sandboxed and bounded, over the drawn parameters.

Most texts hold no template or only ``{{ name }}`` with at most one of the format's own filters:
those are split once and never reach Jinja.  The rest is compiled by Jinja into a sandbox in which
loops, calls and sizes are counted, and nothing random or mutable is left.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from tutor.exercise.filters import MAX_OUTPUT, OWN_FILTERS, FilterError, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


MAX_SOURCE: Final = 50_000


class TemplateError(Exception):
    """A template cannot be read or rendered; ``line`` counts from 1 within the template."""

    def __init__(self, message: str, line: int = 1) -> None:
        self.message = message
        self.line = line
        super().__init__(message)


class Template(Protocol):
    """A compiled template; ``names`` are those it takes from outside."""

    @property
    def names(self) -> frozenset[str]: ...

    def render(self, values: Mapping[str, Any]) -> str:
        """The text.

        Raises:
            TemplateError: if it cannot be rendered, or takes too long or too much room.
        """


class _Constant:
    __slots__ = ("_text", "names")

    def __init__(self, text: str) -> None:
        self._text = text
        self.names: frozenset[str] = frozenset()

    def render(self, values: Mapping[str, Any]) -> str:
        return self._text


#: ``{{ name }}``, ``{{ name | filter }}`` or ``{{ live('…') }}``: a name, and what is done with it.
_Place: TypeAlias = tuple[str, Callable[[Any], Any] | None]


class _Simple:
    """Texts and simple places in turn."""

    __slots__ = ("_parts", "names")

    def __init__(self, parts: Sequence[str | _Place]) -> None:
        self._parts = parts
        self.names = frozenset(part[0] for part in parts if isinstance(part, tuple))

    def render(self, values: Mapping[str, Any]) -> str:
        out = []
        size = 0
        try:
            for part in self._parts:
                if isinstance(part, str):
                    text = part
                else:
                    name, apply = part
                    value = values[name]
                    text = text_of(value if apply is None else apply(value))
                size += len(text)
                out.append(text)
        except KeyError as error:
            raise TemplateError(f"`{error.args[0]}` is undefined") from None
        except FilterError as error:
            raise TemplateError(str(error)) from None
        if size > MAX_OUTPUT:
            raise TemplateError(f"this writes more than {MAX_OUTPUT:,} characters")
        return "".join(out)


#: What templates have besides the parameters.
GLOBALS: Final = frozenset(("range", "dict", "namespace", "cycler", "joiner"))

_NAME = r"([^\W\d]\w*)[ \t]*(?:\|[ \t]*(" + "|".join(OWN_FILTERS) + r")[ \t]*)?"
_LIVE = r"""live\([ \t]*(?:'([^'{}\\\n]*)'|"([^"{}\\\n]*)")[ \t]*\)[ \t]*"""
_SIMPLE = re.compile(r"(?<!\{)\{\{[ \t]*(?:" + _LIVE + "|" + _NAME + r")\}\}")
_MARKS = re.compile(r"\{[{%#]")
#: Words that are not looked up among the parameters.
RESERVED: Final = frozenset(keyword.kwlist) | GLOBALS | {"true", "false", "none", "loop", "self"}


def is_template(source: str) -> bool:
    """Whether there is anything to fill in."""
    return "{" in source and _MARKS.search(source) is not None


@lru_cache(maxsize=8192)
def compile_template(source: str) -> Template:
    """The compiled template; texts that were compiled before are found again.

    Raises:
        TemplateError: for a syntax error.
    """
    if not is_template(source):
        return _Constant(source)
    if len(source) > MAX_SOURCE:
        raise TemplateError(f"a template of more than {MAX_SOURCE:,} characters; shorten it")
    parts = _split(source)
    if parts is not None:
        return _Simple(parts)
    from tutor.exercise.jinja_template import JinjaTemplate

    return JinjaTemplate(source)


def _split(source: str) -> list[str | _Place] | None:
    """The parts of a simple template, None if it takes Jinja to read it."""
    parts: list[str | _Place] = []
    end = 0
    for match in _SIMPLE.finditer(source):
        place = _place(match)
        if place is None:
            return None
        parts += (source[end : match.start()], place)
        end = match.end()
    parts.append(source[end:])
    if any(isinstance(part, str) and _MARKS.search(part) for part in parts):
        return None
    return parts


def _place(match: re.Match[str]) -> _Place | None:
    single, double, name, filter_name = match.groups()
    if name is None:
        expression = double if single is None else single
        return "live", lambda live: live(expression)
    if name in RESERVED:
        return None
    return name, OWN_FILTERS[filter_name] if filter_name else None
