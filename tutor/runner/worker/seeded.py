"""Whether the seed may have had a part in a run: if not, the same program gives the same with any other.

Torch's own random numbers leave a trace (:func:`tutor.runner.worker.state.drew_random`); what a program
could learn of the seed besides is told from its names.  A wrong yes only costs another run.
"""

from __future__ import annotations

import re
from types import CodeType
from typing import Final

#: Parts of names behind which there are random numbers of Python's or numpy's, or the seed itself.
_found: Final = re.compile("random|numpy|seed|enerator|rng|import|attr|exec|eval").search


def reads_seed(code: CodeType) -> bool:
    """Whether ``code`` mentions anything by which it could know its seed."""
    if _found(" ".join(code.co_names)):
        return True
    return any(reads_seed(inner) for inner in code.co_consts if isinstance(inner, CodeType))
