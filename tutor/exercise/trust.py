"""Whose programs may run where confinement is incomplete: shipped ones, and what the learner trusts.

Trust is given to content, not to a name: one changed byte in a deck's files asks again.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.exercise.load import LoadedExercise

FILE_NAME: Final = "trusted.json"


class UntrustedError(Exception):
    """A program from elsewhere would run without full protection; ``message`` says how to allow it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def origin(loaded: LoadedExercise) -> Path:
    """What is trusted as one: the deck's folder, or the file itself outside any deck."""
    return (loaded.deck.folder if loaded.deck else loaded.path).resolve()


def fingerprint(place: Path) -> str:
    """A SHA-256 (hexadecimal) of every YAML file of a deck's folder, names and bytes, or of one file."""
    from tutor.exercise.source import read_bytes  # brings YAML: not before the first paint

    files = [place] if place.is_file() else sorted(place.rglob("*.y*ml"))
    digest = hashlib.sha256()
    for file in files:
        source = read_bytes(file)  # no more than is ever loaded; why not, where it cannot be read
        source = source.encode() if isinstance(source, str) else source
        content = hashlib.sha256(source).hexdigest()
        digest.update(f"{file.relative_to(place.parent)}\0{content}\n".encode())
    return digest.hexdigest()


def is_trusted(home: Path, place: Path, shipped: Path) -> bool:
    """Whether the deck or file at ``place`` is shipped, or is trusted as it stands now."""
    place = place.resolve()
    if place.is_relative_to(shipped.resolve()):
        return True
    known = _load(home).get(str(place))
    return known is not None and known == fingerprint(place)


def trust(home: Path, place: Path) -> str:
    """Trust the deck or file at ``place`` as it stands now; its fingerprint.

    Raises:
        UntrustedError: the home cannot be written.
    """
    place = place.resolve()
    known = _load(home)
    known[str(place)] = fingerprint(place)
    path = home / FILE_NAME
    part = path.with_suffix(".part")
    try:
        home.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise UntrustedError(f"{path} cannot be written: {error.strerror}") from error
    return known[str(place)]


def _load(home: Path) -> dict[str, str]:
    """What is trusted; a list that cannot be read trusts nothing."""
    try:
        data = json.loads((home / FILE_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in data.items()} if isinstance(data, dict) else {}
