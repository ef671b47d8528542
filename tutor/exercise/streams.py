"""Random whole numbers that are the same on every machine, under every version of Python.

Each parameter has a stream of its own: a chain of SHA-256 digests that begins with
``sha256("ID:REVISION:SEED:NAME:TRY")``.  A new parameter therefore changes none of the others.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import MutableSequence, Sequence

T = TypeVar("T")

_WORD_BYTES: Final = 8
_WORD: Final = 1 << (8 * _WORD_BYTES)


class Stream:
    """An endless stream of 64-bit words: four from each digest, big-endian, then the digest's digest."""

    __slots__ = ("_at", "_block")

    def __init__(self, key: str) -> None:
        self._block = sha256(key.encode()).digest()
        self._at = 0

    def _word(self) -> int:
        if self._at == len(self._block):
            self._block = sha256(self._block).digest()
            self._at = 0
        word = int.from_bytes(self._block[self._at : self._at + _WORD_BYTES], "big")
        self._at += _WORD_BYTES
        return word

    def below(self, count: int) -> int:
        """A whole number from 0 to ``count - 1``, each as likely; ``count`` from 1 to 2**64."""
        # Words above the last full multiple would make small numbers likelier.
        limit = _WORD - _WORD % count
        while (word := self._word()) >= limit:
            pass
        return word % count

    def pick(self, items: Sequence[T]) -> T:
        """One of the items, each as likely."""
        return items[self.below(len(items))]

    def shuffle(self, items: MutableSequence[Any]) -> None:
        """Puts the items into a random order (Fisher-Yates, from the end)."""
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]
