"""Expressions of ``let`` and ``where``: a small part of Python, never ``eval``.

An expression is checked once and becomes a tree of closures.  Whatever an author writes, it ends
soon and stays small: steps, the length of what is built, and the size of whole numbers are bounded.
"""

from __future__ import annotations

import math
import re
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from tutor import syntax
from tutor.exercise.expr_build import Builder
from tutor.exercise.expr_values import FUNCTIONS, Evaluate, ExpressionError, Run, power

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FUNCTIONS", "Expression", "ExpressionError", "parse", "power", "to_plain"]

MAX_SOURCE: Final = 2_000
#: What becomes a list.  A tuple: a union would be made anew for every value.
_LISTED: Final = (list, tuple, range)
_ONE_EQUALS: Final = re.compile(r"(?<![=!<>])=(?!=)")


class Expression:
    """An expression that was read; ``names`` are those that it takes from outside."""

    __slots__ = ("_evaluate", "names", "source")

    def __init__(self, source: str, names: frozenset[str], evaluate: Evaluate) -> None:
        self.source = source
        self.names = names
        self._evaluate = evaluate

    def __call__(self, names: Mapping[str, Any]) -> Any:
        """The value: None, bool, int, float, str, list, tuple, set or range.

        Raises:
            ExpressionError: if there is none, or it would be too large.
        """
        try:
            return self._evaluate(Run(dict(names)))
        except ExpressionError:
            raise
        except ZeroDivisionError:
            raise ExpressionError("division by zero") from None
        except OverflowError:
            raise ExpressionError("a number grows too large") from None
        except KeyError as error:
            raise ExpressionError(f"there is no `{error.args[0]}`") from None
        except (TypeError, ValueError, IndexError, ArithmeticError, RecursionError) as error:
            raise ExpressionError(str(error)) from None


@lru_cache(maxsize=4096)
def parse(source: str) -> Expression:
    """The expression in ``source``.

    Raises:
        ExpressionError: for anything but the small part of Python that is allowed.
    """
    if len(source) > MAX_SOURCE:
        raise ExpressionError(f"more than {MAX_SOURCE:,} characters; split it over several `let`")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's remarks on style would reach the screen
            tree = syntax.parse(source.strip(), mode="eval").body
    except SyntaxError as error:
        message = f"this is not an expression: {error.msg}"
        if error.msg.startswith("invalid") and _ONE_EQUALS.search(source):
            message += "; write `==` to compare"
        raise ExpressionError(message) from None
    except (ValueError, RecursionError, MemoryError):
        raise ExpressionError("this is not an expression, or nested too deep") from None
    builder = Builder()
    evaluate = builder.build(tree, 0)
    return Expression(source, frozenset(builder.free), evaluate)


def to_plain(value: Any) -> Any:
    """A value as JSON has it: tuples and ranges become lists, sets sorted lists.

    Raises:
        ExpressionError: if a number is not finite.
    """
    if isinstance(value, set):
        value = sorted(value)
    if isinstance(value, _LISTED):
        return [to_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise ExpressionError(f"{value} is not a finite number")
    return value
