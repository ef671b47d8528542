"""Which draw of an exercise is asked."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

#: Draws that the app asks are those with the seeds 0 … 99: the very ones that `tutor check` proves.
DEPLOYED_SEEDS: Final = 100


def fresh_seed(key: str, used: Sequence[int], clashing: Container[int]) -> int:
    """A deployed seed that was not among the last ``used``, oldest first; the same on every call.

    Not one of ``clashing`` either, where there is another.
    """
    digest = hashlib.sha256(f"{key}:{len(used)}".encode()).digest()
    start = int.from_bytes(digest[:4], "big")
    lately = set(used[-(DEPLOYED_SEEDS // 2) :])
    seeds = [(start + step) % DEPLOYED_SEEDS for step in range(DEPLOYED_SEEDS)]
    new = [seed for seed in seeds if seed not in lately]
    return next((seed for seed in new if seed not in clashing), new[0])
