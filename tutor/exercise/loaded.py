"""Loaded exercises and the library that holds them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from tutor.exercise.model import Exercise
from tutor.exercise.problems import Problem
from tutor.exercise.source import dotted, read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tutor.exercise.deck import Deck
    from tutor.exercise.document import FieldPath, Position


#: A warning: its line, column, field and message.
Told: TypeAlias = tuple[int, int, str, str]


class LoadedExercise:
    """An exercise with where it came from; each is equal only to itself.

    ``id`` and ``skill`` are those of the exercise.  ``content_hash`` is a SHA-256 (hexadecimal) of
    what the file says, apart from comments and layout.  ``told`` are the warnings as they are kept.
    """

    __slots__ = (
        "__weakref__", "_path", "_source", "content_hash", "deck", "id", "skill", "told"
    )  # fmt: skip

    def __init__(
        self,
        names: tuple[str, str],
        source: Exercise | Callable[[], Exercise],
        path: Path | str,
        deck: Deck | None,
        content_hash: str,
        told: list[Told] | None = None,
    ) -> None:
        """``names`` are the id and the skill; ``source`` is the exercise, or makes it when asked for."""
        self.id, self.skill = names
        self._source = source
        self._path = path
        self.deck = deck
        self.content_hash = content_hash
        self.told = told or []

    @property
    def exercise(self) -> Exercise:
        """The exercise itself.

        Raises:
            ExerciseErrors: if it was only known from a cache, and neither that nor its file will do.
        """
        if not isinstance(self._source, Exercise):
            self._source = self._source()
        return self._source

    @property
    def path(self) -> Path:
        """The file, as the library was told of it."""
        # Made when asked for: with ten thousand exercises, which never are, it takes 50 ms.
        if isinstance(self._path, str):
            self._path = Path(self._path)
        return self._path

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is worth mending in this file alone."""
        path = self.path if self.told else Path()
        return tuple(
            Problem(path, line, column, field, message, "warning")
            for line, column, field, message in self.told
        )

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

    ``faults`` are what is wrong in decks and in the files that are left out for it; ``broken`` are these
    files, by the ids that they would have.
    """

    decks: tuple[Deck, ...] = ()
    exercises: Mapping[str, LoadedExercise] = field(default_factory=dict)
    faults: tuple[Problem, ...] = ()
    broken: Mapping[str, Path] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The faults, and then the warnings of the exercises."""
        warnings = (problem for one in self.exercises.values() for problem in one.warnings)
        return (*self.faults, *warnings)


def canonical(data: Any) -> str:
    """Plain data as JSON, the same for the same content whatever the order of keys."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def hash_of(text: str) -> str:
    """A SHA-256, hexadecimal."""
    return sha256(text.encode()).hexdigest()
