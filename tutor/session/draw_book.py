"""Draws that are better not asked: two of their answers cannot be told from each other.

In some draws a near miss gives just what the truth does, or what another near miss does; what would be told
to whoever types it is then not true of one of them.  ``tutor check`` proves the shipped draws free of that;
of others it shows itself when they are run.  What was found is kept in a file of the home, by the content of
the exercise, so that it is not found twice.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

#: The file's name in the home.
FILE_NAME: Final = "draws.json"
#: Exercises that are remembered; the oldest are forgotten first.
MOST_EXERCISES: Final = 2_000


class DrawBook:
    """What is known of draws, by content hash and seed.  Read when first asked, written when one clashes.

    The file is a help and no more: one that cannot be read counts as empty, one that cannot be written
    is let be.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._clashing: dict[str, set[int]] | None = None

    def clashing(self, content_hash: str) -> frozenset[int]:
        """The seeds that are better not asked."""
        return frozenset(self._known().get(content_hash, ()))

    def note(self, content_hash: str, seed: int) -> None:
        """The draw clashes."""
        known = self._known()
        if seed not in known.get(content_hash, ()):
            known[content_hash] = known.pop(content_hash, set()) | {seed}
            self._write(known)

    def _known(self) -> dict[str, set[int]]:
        if self._clashing is None:
            self._clashing = {} if self._path is None else _read(self._path)
        return self._clashing

    def _write(self, known: dict[str, set[int]]) -> None:
        if self._path is None:
            return
        latest = list(known.items())[-MOST_EXERCISES:]
        data = {"format": 1, "clashing": {key: sorted(seeds) for key, seeds in latest}}
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            beside.write_text(json.dumps(data), encoding="utf-8")
            beside.replace(self._path)
        except OSError:
            beside.unlink(missing_ok=True)


def _read(path: Path) -> dict[str, set[int]]:
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        found = data["clashing"] if data["format"] == 1 else {}
        return {
            str(key): {seed for seed in seeds if isinstance(seed, int)}
            for key, seeds in found.items()
        }
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}
