"""Fills the library's search behind the screen; what is read can be found at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from tutor.exercise.problems import ExerciseErrors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tutor.exercise.load import LoadedExercise
    from tutor.progress.catalogue import SearchIndex

#: Exercises read at a time, and the seconds left to the keys in between.
CHUNK: Final = 20
REST: Final = 0.01


async def fill(
    index: SearchIndex, exercises: Iterable[LoadedExercise], wanted: Callable[[], bool]
) -> None:
    """Read every exercise in a thread, as long as it is ``wanted``."""
    left = list(exercises)
    while left and wanted():
        chunk, left = left[:CHUNK], left[CHUNK:]
        await asyncio.to_thread(_add, index, chunk)
        await asyncio.sleep(REST)


def _add(index: SearchIndex, chunk: Iterable[LoadedExercise]) -> None:
    for loaded in chunk:
        try:
            index.add(loaded)
        except ExerciseErrors:
            continue  # its file was broken meanwhile: `check` says how
