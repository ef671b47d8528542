"""Finding an exercise by its id or by the path of its file."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path

from tutor.exercise.load import SUFFIXES, Library, LoadedExercise, load_file
from tutor.exercise.problems import ExerciseErrors, UnknownExercise


def find(library: Library, id_or_path: str) -> LoadedExercise:
    """The exercise of this id, or that of the file at this path (in the library or not).

    Raises:
        UnknownExercise: with the ids that come close.
        ExerciseErrors: if the file is there and has errors.
    """
    if loaded := library.exercises.get(id_or_path):
        return loaded
    if id_or_path in library.broken:
        path = library.broken[id_or_path]
        raise ExerciseErrors([p for p in library.faults if p.path == path])
    if os.sep in id_or_path or "/" in id_or_path or id_or_path.endswith(SUFFIXES):
        return _find_file(library, id_or_path)
    raise _unknown(library, id_or_path)


def _find_file(library: Library, name: str) -> LoadedExercise:
    path = Path(name)
    if "\0" in name or not path.is_file():
        what = "a folder, not the file of an exercise" if path.is_dir() else "no such file"
        raise UnknownExercise(f"{name}: {what}")
    real = os.path.realpath(path)
    for loaded in library.exercises.values():
        if os.path.realpath(loaded.path) == real:
            return loaded
    return load_file(path)


def _unknown(library: Library, name: str) -> UnknownExercise:
    ids = [*library.exercises, *library.broken]
    close = get_close_matches(name[:200], ids, n=3, cutoff=0.5)
    if not close:
        close = [identity for identity in ids if name and name in identity][:3]
    shown = name if len(name) <= 80 else name[:79] + "…"
    message = f"there is no exercise `{shown}`"
    if close:
        message += f"; did you mean {' or '.join(f'`{identity}`' for identity in close)}?"
    else:
        message += f"; {len(ids)} exercises were found, `tutor deck list` tells where"
    return UnknownExercise(message, close)
