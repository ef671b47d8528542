"""Loading exercises: one file, or all those under some folders."""

from __future__ import annotations

import gc
import os
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from tutor.exercise.cache import Cache
from tutor.exercise.checks import check
from tutor.exercise.deck import DECK_FILE, Deck, Decks
from tutor.exercise.finding import Finding
from tutor.exercise.loaded import Library, LoadedExercise, canonical, hash_of
from tutor.exercise.messages import explain, suggestion
from tutor.exercise.model import Exercise
from tutor.exercise.problems import ExerciseErrors, Problem, told_once
from tutor.exercise.source import problems_of_faults, problems_of_findings, read_file
from tutor.exercise.text_checks import missing_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tutor.exercise.document import Document

__all__ = [
    "SUFFIXES", "Library", "LoadedExercise", "exercise_files", "load_exercise", "load_file",
    "load_library", "read_exercise",
]  # fmt: skip

#: Files; reading one takes about half a millisecond.
TOLD_EVERY: Final = 100
_KEYS: Final = frozenset(Exercise.model_fields)
SUFFIXES: Final = (".yaml", ".yml")


def load_exercise(path: Path) -> Exercise:
    """The exercise of a file.

    Raises:
        ExerciseErrors: with everything that is wrong in it.
    """
    return load_file(path).exercise


def load_file(path: Path, decks: Decks | None = None) -> LoadedExercise:
    """The exercise of a file, with the deck at or above its folder.

    Raises:
        ExerciseErrors: with everything that is wrong in it.
    """
    decks = Decks() if decks is None else decks
    loaded, problems, _ = read_exercise(path, decks.of(path.parent))
    if loaded is None:
        raise ExerciseErrors(problems)
    return loaded


def load_library(
    paths: Iterable[Path], cache: Path | None = None, tell: Callable[[int], None] | None = None
) -> Library:
    """All exercises of files and folders; what is wrong in them is in its ``problems``.

    With ``cache``, a file that may be written, files that have not changed are not read again.
    ``tell`` is told now and then how many files have been read so far; what it raises ends the loading.
    """
    with _collector_paused():
        return _load_library(paths, Cache(cache), tell or (lambda _: None))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """No cyclic garbage is made here, and looking for it among so many new objects doubles the time.

    What was loaded stays for as long as the program runs: it is not looked through later either, which
    takes 30 ms a time with 10,000 exercises.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()
            gc.enable()


def _load_library(paths: Iterable[Path], cache: Cache, tell: Callable[[int], None]) -> Library:
    decks = Decks()
    exercises: dict[str, LoadedExercise] = {}
    faults: list[Problem] = []
    broken: dict[str, Path] = {}
    folder: str | None = None
    deck: Deck | None = None
    prefix = absolute = ""
    read = 0
    for where, name, stat in exercise_files(paths):
        if where != folder:  # once a folder: each of these takes longer than an exercise to find
            folder, deck = where, decks.of(Path(where))
            prefix, absolute = (os.path.join(one, "") for one in (where, os.path.abspath(where)))  # noqa: PTH100, PTH118
        if name == DECK_FILE:
            continue
        loaded = cache.get(absolute + name, prefix + name, stat, deck)
        if loaded is None:
            read += 1
            if read % TOLD_EVERY == 0:
                tell(read)
            path = Path(where, name)
            loaded, found, identity = _read_for(cache, path, stat, deck)
            if loaded is None:
                faults += found
                if identity:
                    broken.setdefault(identity, path)
                continue
        if first := exercises.get(loaded.id):
            faults += (*loaded.warnings, _duplicate(loaded, first))
        else:
            exercises[loaded.id] = loaded
    cache.save()
    for identity in exercises:
        broken.pop(identity, None)
    return Library(decks.all(), MappingProxyType(exercises), (*decks.problems, *faults), broken)


def _read_for(
    cache: Cache, path: Path, stat: os.stat_result | None, deck: Deck | None
) -> tuple[LoadedExercise | None, tuple[Problem, ...], str]:
    document = read_file(path)
    loaded, problems, identity = _exercise_of(path, document, deck)
    if loaded is not None:
        cache.put(loaded, stat, document.data)
    return loaded, problems, identity


def exercise_files(paths: Iterable[Path]) -> Iterator[tuple[str, str, os.stat_result | None]]:
    """Folder, name and status of every YAML file named or under a folder named, each once, in order.

    A file that is not there has no status.  Text and not paths: with ten thousand files it is their
    making that takes the time.
    """
    seen: set[tuple[int, int]] = set()
    for path in paths:
        for where, names in _files_under(path) if path.is_dir() else [_parted(path)]:
            for name, stat in _stats(where, names):
                if stat is None:
                    yield where, name, None
                elif (file := (stat.st_dev, stat.st_ino)) not in seen:
                    seen.add(file)
                    yield where, name, stat


def _parted(file: Path) -> tuple[str, list[str]]:
    where, name = os.path.split(file)
    return where, [name]


def _files_under(folder: Path) -> Iterator[tuple[str, list[str]]]:
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        names = (name for name in files if name.endswith(SUFFIXES) and not name.startswith("."))
        yield where, sorted(names)


def _stats(where: str, names: list[str]) -> Iterator[tuple[str, os.stat_result | None]]:
    """The status of files in one folder."""
    # Relative to the folder, held open: a third of the time of looking up each whole path.
    with _opened(where) as handle:
        for name in names:
            try:
                path = name if handle is not None else os.path.join(where, name)  # noqa: PTH118
                yield name, os.stat(path, dir_fd=handle)
            except (OSError, ValueError):
                yield name, None


@contextmanager
def _opened(folder: str) -> Iterator[int | None]:
    """A handle on a folder, where the system has such."""
    try:
        handle = os.open(folder or ".", os.O_RDONLY) if os.stat in os.supports_dir_fd else None
    except (OSError, ValueError):
        handle = None
    try:
        yield handle
    finally:
        if handle is not None:
            os.close(handle)


def read_exercise(
    path: Path, deck: Deck | None
) -> tuple[LoadedExercise | None, tuple[Problem, ...], str]:
    """The exercise (none if it has an error), its errors and warnings, and its id if it has one."""
    return _exercise_of(path, read_file(path), deck)


def _exercise_of(
    path: Path, document: Document, deck: Deck | None
) -> tuple[LoadedExercise | None, tuple[Problem, ...], str]:
    data = document.data
    identity = data.get("id") if isinstance(data, dict) else None
    identity = identity if isinstance(identity, str) else ""
    exercise, problems = _validate(path, document)
    if exercise is not None:
        findings = [*check(exercise, data), *_check_skill(exercise, deck)]
        warnings = missing_texts(exercise, deck.languages if deck else ())
        problems += problems_of_findings(path, document, (*findings, *warnings))
    in_order = told_once(sorted(problems, key=lambda problem: (problem.line, problem.column)))
    if exercise is None or any(problem.severity == "error" for problem in in_order):
        return None, in_order, identity
    names = (exercise.id, exercise.skill)
    told = [(p.line, p.column, p.field, p.message) for p in in_order]
    loaded = LoadedExercise(names, exercise, path, deck, hash_of(canonical(data)), told)
    return loaded, in_order, identity


def _validate(path: Path, document: Document) -> tuple[Exercise | None, list[Problem]]:
    problems = problems_of_faults(path, document.faults)
    if document.root is None:
        return None, problems
    if not isinstance(document.data, dict):
        message = "an exercise is a map of keys and values that begins with `format: 1`"
        return None, problems or [Problem(path, *document.position(()), "file", message)]
    if not _KEYS.intersection(document.data):
        message = (
            "this is no exercise: it has none of its keys, such as `format`, `id` and `answers`; move it "
            "out of the deck's folders"
        )
        return None, problems or [Problem(path, *document.position(()), "file", message)]
    try:
        return Exercise.model_validate(document.data), problems
    except ValidationError as error:
        faults = explain(error, Exercise, document)
        known = {(problem.field, problem.line) for problem in problems}
        found = problems_of_faults(path, faults)
        return None, problems + [p for p in found if (p.field, p.line) not in known]


def _check_skill(exercise: Exercise, deck: Deck | None) -> Iterator[Finding]:
    if deck is not None and exercise.skill not in deck.skills:
        known = list(deck.skills)
        line = read_file(deck.path).position(("skills",), key=True)[0]
        message = (
            f"`{exercise.skill}` is no skill of the deck ({deck.path}:{line}); "
            f"{suggestion(exercise.skill, known)}add it there, or take one of {', '.join(known)}"
        )
        yield Finding(("skill",), message)


def _duplicate(loaded: LoadedExercise, first: LoadedExercise) -> Problem:
    line, column = first.position(("id",))
    message = (
        f"`{loaded.id}` is also the id at {first.path}:{line}:{column}; "
        "ids are unique: rename one of the two"
    )
    return loaded.problem(("id",), message)
