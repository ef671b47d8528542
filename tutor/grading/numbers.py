"""When one typed number equals one live number."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.values import Scalar

EXACT_TOLERANCE = 1e-6
RTOL, ATOL = 1e-3, 1e-6
LEAST_DIGITS = 3

_LITERAL = re.compile(r"[+-]?(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?", re.IGNORECASE)


def same_number(
    typed: float, truth: float, *, literal: str | None = None, printed: float | None = None
) -> bool:
    """Whether ``typed`` is a right answer for ``truth``.

    Exact where the truth is integral; elsewhere within tolerance, or a correct rounding to three or
    more significant figures of what was typed as ``literal``, or what torch itself ``printed``.
    """
    if math.isnan(truth) or math.isnan(typed):
        return math.isnan(truth) and math.isnan(typed)
    if math.isinf(truth) or math.isinf(typed):
        return truth == typed
    if truth == round(truth):
        return abs(typed - truth) <= EXACT_TOLERANCE * max(1.0, abs(truth))
    if abs(typed - truth) <= ATOL + RTOL * abs(truth):
        return True
    if printed is not None and typed == printed:
        return True
    return literal is not None and rounds_to(truth, literal)


def rounds_to(truth: float, literal: str) -> bool:
    """Whether ``literal``, as written, is ``truth`` rounded to three or more significant figures.

    A tie may go either way.  Trailing zeros of a whole number may or may not be significant: ``1230``
    is 1234.4 to three figures, and ``1200`` has too few.
    """
    match = _LITERAL.fullmatch(literal)
    if match is None:
        return False
    whole, fraction, exponent = match[1], match[2], int(match[3] or 0)
    if abs(exponent) > 400:
        return False
    digits = (whole + (fraction or "")).lstrip("0")
    most = len(digits)
    fewest = most if fraction is not None else len(digits.rstrip("0"))
    lowest_place = exponent - len(fraction or "")
    written, exact = Decimal(literal), Decimal(truth)
    for figures in range(max(fewest, LEAST_DIGITS), most + 1):
        unit = Decimal(10) ** (lowest_place + most - figures)
        # float32 noise must not turn a tie into a miss.
        slack = abs(exact) * Decimal("1e-7")
        if abs(written - exact) <= unit / 2 + slack:
            return True
    return False


def within(a: Scalar, b: Scalar, *, rtol: float, atol: float) -> bool:
    """``torch.isclose`` with ``equal_nan`` for one pair of numbers."""
    if isinstance(a, float) and math.isnan(a):
        return isinstance(b, float) and math.isnan(b)
    if math.isinf(a) or math.isinf(b):
        return a == b
    return abs(a - b) <= atol + rtol * abs(b)
