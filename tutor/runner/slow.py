"""Does a program use parts of torch that are slow to import?  Told from its text, before it runs.

A wrong yes costs nothing once they are imported; a wrong no costs the program 1.5 of its two seconds.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

#: Torch imports its compiler when these are first used.
_WORDS: Final = (
    "torch.func", "import func", "functorch", "optim", "lr_scheduler", "checkpoint", "gradcheck",
    "torch.compile", "_dynamo", ".jit", "use_deterministic_algorithms", "jacfwd", "jvp",
    "autograd.functional", "grad_outputs",
)  # fmt: skip
#: A gradient that is given has its shape compared by the compiler's rules for shapes.
_GIVEN_FROM: Final = {"backward(": 1, "grad(": 3}
_OPEN, _CLOSE = "([{", ")]}"
#: A learner's text may be anything: this many calls are looked at, and so much of each.
_MOST_CALLS: Final = 50
_MOST_TEXT: Final = 1_000


@lru_cache(maxsize=1024)
def uses_slow_parts(source: str) -> bool:
    """Whether a program, or an expression, seems to."""
    return any(word in source for word in _WORDS) or any(
        _is_given(source, name, count) for name, count in _GIVEN_FROM.items()
    )


def _is_given(source: str, name: str, count: int) -> bool:
    """Whether a call of ``name`` has at least ``count`` arguments without a keyword, or ``gradient``."""
    at = source.find(name)
    for _ in range(_MOST_CALLS):
        if at < 0:
            break
        at += len(name)
        given = _arguments(source, at)
        plain = [text for text in given if text and "=" not in text.replace("==", "")]
        if len(plain) >= count or any(text.startswith("grad") and "=" in text for text in given):
            return True
        at = source.find(name, at)
    return False


def _arguments(source: str, at: int) -> list[str]:
    """The texts between the commas of a call whose arguments begin at ``at``."""
    found, depth, begin = [], 0, at
    for place in range(at, min(at + _MOST_TEXT, len(source))):
        char = source[place]
        if char in _CLOSE and depth == 0:
            found.append(source[begin:place].strip())
            break
        if char == "," and depth == 0:
            found.append(source[begin:place].strip())
            begin = place + 1
        depth += (char in _OPEN) - (char in _CLOSE)
    return found
