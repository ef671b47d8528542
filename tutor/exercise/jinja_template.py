"""Templates that take Jinja to read: conditions, loops, filters, expressions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from jinja2 import TemplateError as JinjaError
from jinja2 import TemplateSyntaxError, UndefinedError, meta, nodes

from tutor.exercise.filters import OWN_FILTERS, FilterError
from tutor.exercise.sandbox import Budget, BudgetError, Environment
from tutor.exercise.template import GLOBALS, TemplateError

if TYPE_CHECKING:
    from collections.abc import Mapping

ENVIRONMENT: Final = Environment()


class JinjaTemplate:
    """A template compiled by Jinja into its sandbox."""

    __slots__ = ("_template", "names")

    def __init__(self, source: str) -> None:
        tree, self.names = _read(source)
        try:
            self._template = ENVIRONMENT.from_tree(tree)
        except (JinjaError, SyntaxError, RecursionError, MemoryError, ValueError):
            # Python has to compile what Jinja makes of a template.
            raise TemplateError("this template nests too deep, or cannot be compiled") from None

    def render(self, values: Mapping[str, Any]) -> str:
        """The text; see :class:`tutor.exercise.template.Template`."""
        try:
            return ENVIRONMENT.render(self._template, values, Budget())
        except UndefinedError as error:
            raise TemplateError(str(error.message).replace("'", "`")) from None
        except (JinjaError, FilterError, BudgetError) as error:
            raise TemplateError(str(error)) from None
        except RecursionError:
            raise TemplateError("this nests too deep") from None
        except OverflowError:
            raise TemplateError("a number grows too large") from None
        except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
            raise TemplateError(str(error)) from None


# A line with nothing but `{% … %}` or `{# … #}` on it leaves no empty line behind.
_OWN_LINE = re.compile(
    r"^[ \t]*((?:\{%(?:(?!%\})[^\n])*%\}|\{#(?:(?!#\})[^\n])*#\})+)[ \t]*\n", re.MULTILINE
)


def names_by_jinja(source: str) -> frozenset[str]:
    """The names that a template takes from outside.

    Raises:
        TemplateError: for a syntax error.
    """
    return _read(source)[1]


def _read(source: str) -> tuple[nodes.Template, frozenset[str]]:
    """The syntax tree and the names that it takes from outside."""
    try:
        return _parsed(_OWN_LINE.sub(r"\1", source))
    except TemplateSyntaxError as error:
        line = error.lineno
        try:
            _parsed(source)  # the same error, with the lines as the author has them
        except TemplateSyntaxError as again:
            line = again.lineno
        except (SyntaxError, RecursionError, MemoryError, ValueError):
            pass
        raise TemplateError(f"this template cannot be read: {_remedy(error)}", line) from None
    except (SyntaxError, RecursionError, MemoryError, ValueError):
        raise TemplateError("this template nests too deep") from None


def _parsed(source: str) -> tuple[nodes.Template, frozenset[str]]:
    tree = ENVIRONMENT.parse(source)
    names = frozenset(meta.find_undeclared_variables(tree)) - GLOBALS
    return tree, names


def _remedy(error: TemplateSyntaxError) -> str:
    message = (error.message or "").rstrip(".").replace("'", "`")
    if message.startswith("No filter named"):
        own = ", ".join(OWN_FILTERS)
        return f"{message}; there are {own} and those of Jinja that are not random"
    if message == "unexpected `}`":
        return "a `{{` is closed by `}}`, and by nothing else"
    return message
