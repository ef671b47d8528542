"""A cache of loaded exercises: a thousand unchanged files need not be read to start.

The first line of the file is the SHA-256 of the second.  That is JSON: the version, and for every
exercise its file, that file's time and size, its deck's, its id, skill, content hash and warnings.
Below stands the content of each, one JSON document a line, which is only looked at when the exercise
itself is.  A file that is damaged in any way counts as none.
"""

from __future__ import annotations

import json
import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pydantic import ValidationError

import tutor
from tutor.exercise.loaded import LoadedExercise, canonical, hash_of
from tutor.exercise.model import Exercise
from tutor.exercise.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from tutor.exercise.deck import Deck

#: Files that were not met this time are forgotten above this number.
MAX_ENTRIES: Final = 10_000

#: Path, time and size, the deck's; id, skill, content hash; warnings as line, column, field, message.
_Header: TypeAlias = tuple[str, list[int], list[int], str, str, str, list[list[Any]]]


class Cache:
    """The cache in a file; without one, nothing is found and nothing is kept."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._entries: dict[str, tuple[_Header, bytes]] = {} if path is None else _read(path)
        self._met: set[str] = set()
        self._changed = False
        self._decks: dict[int, list[int]] = {}

    def get(
        self, path: Path, stat: os.stat_result | None, deck: Deck | None
    ) -> LoadedExercise | None:
        """The exercise of a file that is as it was, in a deck that is as it was."""
        if self._path is None or stat is None:
            return None
        entry = self._entries.get(str(path)) or self._entries.get(os.path.abspath(path))  # noqa: PTH100
        if entry is None:
            return None
        (where, times, deck_times, identity, skill, content, told), body = entry
        if times != [stat.st_mtime_ns, stat.st_size] or deck_times != self._deck_times(deck):
            return None
        self._met.add(where)
        warnings = tuple(Problem(path, a, b, field, text, "warning") for a, b, field, text in told)
        make = _maker(body, content, path)
        return LoadedExercise((identity, skill), make, path, deck, content, warnings)

    def put(self, loaded: LoadedExercise, stat: os.stat_result | None, data: Any) -> None:
        """Keeps an exercise just read; ``data`` is the plain content of its file."""
        if self._path is None or stat is None:
            return
        # In the file's own order: `let` is evaluated, and answers are asked, in the order they stand.
        body = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        # JSON has neither whole numbers as keys nor infinity: the few files with such are read anew.
        if json.loads(body) != data or "Infinity" in body:
            return
        where = os.path.abspath(loaded.path)  # noqa: PTH100
        told = [[p.line, p.column, p.field, p.message] for p in loaded.warnings]
        header = (where, [stat.st_mtime_ns, stat.st_size], self._deck_times(loaded.deck), loaded.id,
                  loaded.skill, loaded.content_hash, told)  # fmt: skip
        self._entries[where] = (header, body.encode())
        self._met.add(where)
        self._changed = True

    def save(self) -> None:
        """Writes the file, if anything changed and it can be written."""
        if self._path is None or not self._changed:
            return
        kept = self._entries
        if len(kept) > MAX_ENTRIES:
            kept = {where: entry for where, entry in kept.items() if where in self._met}
        headers = [header for header, _ in kept.values()]
        head = json.dumps([_version(), headers], ensure_ascii=False, separators=(",", ":"))
        lines = [hash_of(head).encode(), head.encode(), *(body for _, body in kept.values())]
        try:
            _write(self._path, b"\n".join(lines))
        except OSError:
            return  # a cache that cannot be kept only costs time

    def _deck_times(self, deck: Deck | None) -> list[int]:
        if deck is None:
            return []
        known = self._decks.get(id(deck))
        if known is None:
            try:
                stat = deck.path.stat()
                known = [stat.st_mtime_ns, stat.st_size]
            except OSError:
                known = [-1]
            self._decks[id(deck)] = known
        return known


def _maker(body: bytes, content: str, path: Path) -> Callable[[], Exercise]:
    def make() -> Exercise:
        try:
            data = json.loads(body)
            if hash_of(canonical(data)) == content:
                return Exercise.model_validate(data)
        except (ValueError, ValidationError):
            pass
        from tutor.exercise.load import load_file

        return load_file(path).exercise

    return make


def _read(path: Path) -> dict[str, tuple[_Header, bytes]]:
    try:
        digest, head, *bodies = path.read_bytes().split(b"\n")
        text = head.decode()
        if hash_of(text).encode() != digest:
            return {}
        version, headers = json.loads(text)
    except (OSError, ValueError, TypeError):
        return {}
    if version != _version() or not isinstance(headers, list) or len(headers) != len(bodies):
        return {}
    entries = {}
    for header, body in zip(headers, bodies, strict=True):
        if not _is_header(header):
            return {}
        entries[header[0]] = (tuple(header), body)
    return entries


_SHAPE: Final = (str, list, list, str, str, str, list)
_WARNING: Final = (int, int, str, str)


def _is_header(header: Any) -> bool:
    if type(header) is not list or tuple(map(type, header)) != _SHAPE:
        return False
    for warning in header[6]:
        if type(warning) is not list or tuple(map(type, warning)) != _WARNING:
            return False
    return True


def _write(path: Path, content: bytes) -> None:
    """In one step: whoever reads meanwhile sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


@lru_cache(maxsize=1)
def _version() -> str:
    """The program's version and the state of this package: what it checks may have changed."""
    times = [file.stat().st_mtime_ns for file in Path(__file__).parent.glob("*.py")]
    return f"2:{tutor.__version__}:{len(times)}:{max(times, default=0)}"
