"""Loaded exercises and the library that holds them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from tutor.exercise.problems import Problem
from tutor.exercise.source import dotted, read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tutor.exercise.deck import Deck
    from tutor.exercise.document import FieldPath, Position
    from tutor.exercise.model import Exercise


class LoadedExercise:
    """An exercise with where it came from; each is equal only to itself.

    ``id`` and ``skill`` are those of the exercise.  ``content_hash`` is a SHA-256 (hexadecimal) of
    what the file says, apart from comments and layout.  ``warnings`` concern this file alone.
    """

    __slots__ = (
        "__weakref__",
        "_exercise",
        "_later",
        "content_hash",
        "deck",
        "id",
        "path",
        "skill",
        "warnings",
    )

    def __init__(
        self,
        exercise: Exercise,
        path: Path,
        deck: Deck | None,
        content_hash: str,
        warnings: tuple[Problem, ...] = (),
    ) -> None:
        self.path = path
        self.deck = deck
        self.content_hash = content_hash
        self.warnings = warnings
        self.id = exercise.id
        self.skill = exercise.skill
        self._exercise: Exercise | None = exercise
        self._later: Callable[[], Exercise] | None = None

    @classmethod
    def later(
        cls,
        names: tuple[str, str],
        path: Path,
        deck: Deck | None,
        content_hash: str,
        warnings: tuple[Problem, ...],
        make: Callable[[], Exercise],
    ) -> LoadedExercise:
        """One whose ``exercise`` is made when first asked for; ``names`` are its id and skill."""
        loaded = cls.__new__(cls)
        loaded.path = path
        loaded.deck = deck
        loaded.content_hash = content_hash
        loaded.warnings = warnings
        loaded.id, loaded.skill = names
        loaded._exercise = None
        loaded._later = make
        return loaded

    @property
    def exercise(self) -> Exercise:
        """The exercise itself.

        Raises:
            ExerciseErrors: if its file was only known from a cache, and both cannot be read any more.
        """
        if self._exercise is None:
            assert self._later is not None
            self._exercise = self._later()
            self._later = None
        return self._exercise

    def __repr__(self) -> str:
        return f"LoadedExercise({self.id!r}, {str(self.path)!r})"

    def position(self, path: FieldPath, *, key: bool = False) -> Position:
        """Line and column (from 1) of a field, read anew from the file: only errors ask for it."""
        return read_file(self.path).position(path, key=key)

    def problem(self, path: FieldPath, message: str) -> Problem:
        """A problem at a field that showed itself only later."""
        return Problem(self.path, *self.position(path), dotted(path), message)


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
