"""What was proved already: an exercise is proved again only when something it depends on has changed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import tutor

if TYPE_CHECKING:
    from tutor.check.prove import Proof
    from tutor.exercise.load import LoadedExercise

_PACKAGE: Final = Path(tutor.__file__).parent


def program_stamp() -> str:
    """Changes whenever a module of this program does: a new grader may see what an old one did not."""
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        stat = path.stat()
        digest.update(f"{path.relative_to(_PACKAGE)}:{stat.st_size}:{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


@dataclass(slots=True)
class Cache:
    """Proofs without a finding, by what they were proved of.  A file that cannot be read is no cache."""

    path: Path
    stamp: str
    _clean: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def open(cls, path: Path, *, torch_version: str) -> Cache:
        stamp = f"{program_stamp()}:{torch_version}"
        cache = cls(path, stamp)
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            if data["stamp"] == stamp:
                cache._clean = dict(data["clean"])
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return cache

    def get(self, loaded: LoadedExercise, seeds: int) -> dict[str, Any] | None:
        """Counts of the clean proof over at least so many seeds, ``None`` if there is none."""
        entry = self._clean.get(_key(loaded))
        if entry and entry["content"] == _content(loaded) and entry["seeds"] >= seeds:
            return entry
        return None

    def put(self, proof: Proof, seeds: int) -> None:
        if proof.findings:
            self._clean.pop(_key(proof.loaded), None)
            return
        self._clean[_key(proof.loaded)] = {
            "content": _content(proof.loaded),
            "seeds": seeds,
            "draws": proof.draws,
            "gradings": proof.gradings,
        }

    def save(self) -> None:
        """Write the cache; a place that cannot be written only means proving again."""
        self._clean = {path: one for path, one in self._clean.items() if Path(path).exists()}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part = self.path.with_suffix(".part")
            part.write_text(
                json.dumps({"stamp": self.stamp, "clean": self._clean}), encoding="utf-8"
            )
            part.replace(self.path)
        except OSError:
            pass


def _key(loaded: LoadedExercise) -> str:
    return str(loaded.path.resolve())


def _content(loaded: LoadedExercise) -> str:
    deck = loaded.deck
    return f"{loaded.content_hash}:{','.join(deck.languages) if deck else ''}"
