"""The one error of this package: what was typed cannot be read."""

from __future__ import annotations

from typing import Final

from tutor.answer.messages import MESSAGES

#: Longer pieces of the learner's text are cut in messages.
SHOWN: Final = 40
#: These parts are our own words, lists of what is on offer most of them, and are never cut.
_OURS: Final = frozenset({"there", "names", "letters", "lines", "reason"})


class InvalidAnswer(Exception):
    """Text that cannot be read as an answer; it costs the learner nothing.

    ``key`` and ``params`` name the message for translation; ``message`` is it in English.  ``line`` and
    ``column`` count from 1, in characters, on the text as it was typed.
    """

    def __init__(self, key: str, line: int = 1, column: int = 1, **params: str | int) -> None:
        self.key = key
        self.params: dict[str, str | int] = {
            k: v if k in _OURS else shorten(v) for k, v in params.items()
        }
        self.line = line
        self.column = column
        self.message = MESSAGES[key].format(**self.params)
        super().__init__(self.message)


def shorten(part: str | int) -> str | int:
    """A piece of text made short enough for a sentence, on one line."""
    if isinstance(part, int):
        return part
    flat = " ".join(part.split())
    return flat if len(flat) <= SHOWN else flat[: SHOWN - 1] + "…"
