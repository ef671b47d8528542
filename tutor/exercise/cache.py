"""A cache of loaded exercises: a thousand unchanged files need not be read to start.

The first line of the file is the SHA-256 of the second.  That is JSON: the version, what many exercises
share (folders, their decks' times and sizes, warnings), and a row for every exercise.  Below stands the
content of each, one JSON document a line, which is only looked at when the exercise itself is.  A file
that is damaged in any way counts as none.
"""

from __future__ import annotations

import json
import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pydantic import ValidationError

import tutor
from tutor.exercise.loaded import LoadedExercise, Told, canonical, hash_of
from tutor.exercise.model import Exercise

if TYPE_CHECKING:
    from collections.abc import Callable

    from tutor.exercise.deck import Deck

#: Files that were not met this time are forgotten above this number.
MAX_ENTRIES: Final = 10_000


class _Entry(NamedTuple):
    """A file's time and size, its deck's, and what stands in it; ``body`` is its content as JSON."""

    time: int
    size: int
    deck: list[int]
    id: str
    skill: str
    content_hash: str
    told: list[Told]
    body: bytes


class Cache:
    """The cache in a file; without one, nothing is found and nothing is kept."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._entries: dict[str, _Entry] = {} if path is None else _read(path)
        self._met: set[str] = set()
        self._changed = False
        self._decks: dict[int, list[int]] = {}

    def get(
        self, where: str, path: str, stat: os.stat_result | None, deck: Deck | None
    ) -> LoadedExercise | None:
        """The exercise of a file that is as it was, in a deck that is as it was.

        ``where`` is its absolute path, ``path`` the one that it goes by.
        """
        entry = self._entries.get(where)
        if entry is None or stat is None:
            return None
        time, size, deck_times, identity, skill, content, told, body = entry
        if (stat.st_mtime_ns, stat.st_size) != (time, size) or deck_times != self._deck_times(deck):
            return None
        self._met.add(where)
        make = _maker(body, content, path)
        return LoadedExercise((identity, skill), make, path, deck, content, told)

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
        self._entries[where] = _Entry(
            stat.st_mtime_ns, stat.st_size, self._deck_times(loaded.deck), loaded.id, loaded.skill,
            loaded.content_hash, loaded.told, body.encode(),
        )  # fmt: skip
        self._met.add(where)
        self._changed = True

    def save(self) -> None:
        """Writes the file, if anything changed and it can be written."""
        if self._path is None or not self._changed:
            return
        kept = self._entries
        if len(kept) > MAX_ENTRIES:
            kept = {where: entry for where, entry in kept.items() if where in self._met}
        head = json.dumps([_version(), *_packed(kept)], ensure_ascii=False, separators=(",", ":"))
        lines = [hash_of(head).encode(), head.encode(), *(entry.body for entry in kept.values())]
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


def _maker(body: bytes, content: str, path: str) -> Callable[[], Exercise]:
    def make() -> Exercise:
        try:
            data = json.loads(body)
            if hash_of(canonical(data)) == content:
                return Exercise.model_validate(data)
        except (ValueError, ValidationError):
            pass
        from tutor.exercise.load import load_file

        return load_file(Path(path)).exercise

    return make


def _packed(entries: dict[str, _Entry]) -> tuple[list[str], list[Any], list[Any]]:
    """The folders, what is shared besides, and the rows: places in these two lists, and an entry."""
    folders: dict[str, int] = {}
    shared: dict[str, int] = {}
    rows = []
    for where, (time, size, deck, identity, skill, content, told, _) in entries.items():
        folder, name = os.path.split(where)
        places = [shared.setdefault(json.dumps(one), len(shared)) for one in (deck, told)]
        rows.append(
            [folders.setdefault(folder, len(folders)), name, time, size, places[0], identity, skill,
             content, places[1]]
        )  # fmt: skip
    return [*folders], [json.loads(one) for one in shared], rows


def _read(path: Path) -> dict[str, _Entry]:
    try:
        digest, head, *bodies = path.read_bytes().split(b"\n")
        text = head.decode()
        if hash_of(text).encode() != digest:
            return {}
        version, folders, shared, rows = json.loads(text)
        if version != _version():
            return {}
        prefixes = [os.path.join(folder, "") for folder in folders]  # noqa: PTH118
        return {
            prefixes[folder] + name: _Entry(
                time, size, shared[deck], identity, skill, content, shared[told], body
            )
            for (folder, name, time, size, deck, identity, skill, content, told), body in zip(
                rows, bodies, strict=True
            )
        }
    except (OSError, ValueError, TypeError, IndexError):
        return {}


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
    return f"3:{tutor.__version__}:{len(times)}:{max(times, default=0)}"
