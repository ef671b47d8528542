"""Rendering the templates of one question: strings, texts in a language, live values to come."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from tutor import syntax
from tutor.exercise.drawing import DrawingError
from tutor.exercise.template import Template, TemplateError, compile_template

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tutor.exercise.document import FieldPath

Localized: TypeAlias = str | dict[str, str]
#: What stands for a live value as long as the program has not run.
PENDING: Final = "…"


class Renderer:
    """Renders with the drawn values, in the first of ``languages`` that a text has.

    ``live`` collects the expressions of every ``live('…')`` met, ``waiting`` the texts with one.
    """

    __slots__ = ("_texts_values", "languages", "live", "texts", "values", "waiting")

    def __init__(self, values: Mapping[str, Any], languages: Sequence[str]) -> None:
        self.values = values
        self.languages = languages
        self.live: dict[str, None] = {}
        self.texts: dict[FieldPath, str] = {}
        self.waiting: dict[FieldPath, Template] = {}
        self._texts_values = {**values, "live": self._collect}

    def _collect(self, expression: Any) -> str:
        if not isinstance(expression, str):
            raise TemplateError("`live` takes an expression in quotes, such as live('x.grad')")
        self.live[expression] = None
        return PENDING

    def string(self, source: str, path: FieldPath) -> str:
        """A template of no language."""
        try:
            return compile_template(source).render(self.values)
        except TemplateError as error:
            raise DrawingError(path, error.message) from None

    def expression(self, source: str, path: FieldPath) -> str:
        """A template that has to render to one Python expression."""
        text = self.string(source, path).strip()
        if problem := syntax_problem(text, "eval"):
            raise DrawingError(path, f"`{_short(text)}` is no Python expression: {problem}")
        return text

    def text(self, source: Localized, path: FieldPath) -> str:
        """A text in the question's language; it may hold live values and is then rendered again."""
        try:
            template = compile_template(pick(source, self.languages)[0])
            if "live" in template.names:
                self.waiting[path] = template
                rendered = template.render(self._texts_values)
            else:
                rendered = template.render(self.values)
        except TemplateError as error:
            raise DrawingError(path, error.message) from None
        self.texts[path] = rendered
        return rendered


def pick(text: Localized, languages: Sequence[str]) -> tuple[str, str | None]:
    """The text in the first language that there is, and that language (None: it names none)."""
    if isinstance(text, str):
        return text, None
    for language in languages:
        if language in text:
            return text[language], language
    language, found = next(iter(text.items()))
    return found, language


def preference(language: str, deck_languages: Sequence[str]) -> tuple[str, ...]:
    """The languages to try in turn: the one asked for (``pt`` for ``pt-BR``), the deck's first, English."""
    base = language.split("-")[0]
    return tuple(dict.fromkeys((language, base, *deck_languages[:1], "en")))


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """What keeps Python from reading a source, and on which line (from 1; 0 if that is not known)."""

    message: str
    line: int = 0

    def __str__(self) -> str:
        return self.message


#: Plain numbers that touch nothing: to the syntax, which they are makes no difference.
_NUMBER: Final = re.compile(r"(?<![\w.\\])(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,18})?(?![\w.])")


def syntax_problem(source: str, mode: Literal["exec", "eval"]) -> SyntaxProblem | None:
    """What keeps Python from reading ``source``, None if nothing does.

    Draws of one exercise often differ in their numbers alone: these are read once.
    """
    # A character's name may end in a number.
    form = source if "\\N" in source else _NUMBER.sub("1", source)
    return _syntax_problem(form, mode)


@lru_cache(maxsize=4096)
def _syntax_problem(source: str, mode: Literal["exec", "eval"]) -> SyntaxProblem | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's remarks on style would reach the screen
            syntax.parse(source, mode=mode)
    except SyntaxError as error:
        where = f" on line {error.lineno}" if mode == "exec" and error.lineno else ""
        return SyntaxProblem(f"{error.msg}{where}", error.lineno or 0)
    except (ValueError, RecursionError, MemoryError):
        return SyntaxProblem("it nests too deep, or holds a NUL")
    return None


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
