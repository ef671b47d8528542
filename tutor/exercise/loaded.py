"""Loaded exercises and the library that holds them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from tutor.exercise.model import Exercise
from tutor.exercise.problems import Problem
from tutor.exercise.source import dotted, read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tutor.exercise.deck import Deck
    from tutor.exercise.document import FieldPath, Position


class LoadedExercise:
    """An exercise with where it came from; each is equal only to itself.

    ``id`` and ``skill`` are those of the exercise.  ``content_hash`` is a SHA-256 (hexadecimal) of
    what the file says, apart from comments and layout.  ``warnings`` concern this file alone.
    """

    __slots__ = (
        "__weakref__", "_source", "content_hash", "deck", "id", "path", "skill", "warnings"
    )  # fmt: skip

    def __init__(
        self,
        names: tuple[str, str],
        source: Exercise | Callable[[], Exercise],
        path: Path,
        deck: Deck | None,
        content_hash: str,
        warnings: tuple[Problem, ...] = (),
    ) -> None:
        """``names`` are the id and the skill; ``source`` is the exercise, or makes it when asked for."""
        self.id, self.skill = names
        self._source = source
        self.path = path
        self.deck = deck
        self.content_hash = content_hash
        self.warnings = warnings

    @property
    def exercise(self) -> Exercise:
        """The exercise itself.

        Raises:
            ExerciseErrors: if it was only known from a cache, and neither that nor its file will do.
        """
        if not isinstance(self._source, Exercise):
            self._source = self._source()
        return self._source

    def glance(self) -> Exercise:
        """The exercise, not kept if it was not yet: for looking through very many of them.

        Raises:
            ExerciseErrors: as :attr:`exercise`.
        """
        return self._source if isinstance(self._source, Exercise) else self._source()

    def __repr__(self) -> str:
        return f"LoadedExercise({self.id!r}, {str(self.path)!r})"

    def position(self, path: FieldPath, *, key: bool = False) -> Position:
        """Line and column (from 1) of a field, read anew from the file: only errors ask for it."""
        return read_file(self.path).position(path, key=key)

    def problem(self, path: FieldPath, message: str, line: int = 0) -> Problem:
        """A problem at a field that showed itself only later; ``line`` is one of its own, from 1."""
        place = read_file(self.path).line_position(path, line)
        return Problem(self.path, *place, dotted(path), message)


@dataclass(frozen=True, slots=True)
class Library:
    """Everything loaded: ``exercises`` by id, without those that have errors.

    ``problems`` holds errors and warnings of all files, ``broken`` the files of ids with errors.
    """

    decks: tuple[Deck, ...] = ()
    exercises: Mapping[str, LoadedExercise] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    broken: Mapping[str, Path] = field(default_factory=dict)


def canonical(data: Any) -> str:
    """Plain data as JSON, the same for the same content whatever the order of keys."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def hash_of(text: str) -> str:
    """A SHA-256, hexadecimal."""
    return sha256(text.encode()).hexdigest()
