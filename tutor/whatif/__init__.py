"""What if the program were another one: run both, compare, and keep nothing.

Only for a question that is over: what is compared is its truth.
"""

from __future__ import annotations

from tutor.whatif.bench import Asked, Bench, Suggestion, bench_of
from tutor.whatif.differences import Difference, differences
from tutor.whatif.pairs import Pair, telling_pair
from tutor.whatif.run import Row, WhatIf, what_if

__all__ = [
    "Asked",
    "Bench",
    "Difference",
    "Pair",
    "Row",
    "Suggestion",
    "WhatIf",
    "bench_of",
    "differences",
    "telling_pair",
    "what_if",
]
