"""May this program run here?  Shipped ones always; others where they are confined, or are trusted.

Shipped decks run at once.  A deck from elsewhere runs at once too where every protection is active;
where one is missing, only after the learner has allowed that very content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.exercise.trust import UntrustedError, is_trusted, origin
from tutor.locations import exercises_dir
from tutor.runner.protections import complete

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tutor.exercise.load import LoadedExercise
    from tutor.runner.client import Runner
    from tutor.runner.protections import Protection


def missing(protections: Iterable[Protection]) -> list[str]:
    """The names of the protections that are not active on this machine."""
    return [protection.name for protection in protections if not protection.active]


def untrusted(exercises: Iterable[LoadedExercise], home: Path) -> list[Path]:
    """Where the exercises come from that are neither shipped nor trusted as they stand now."""
    # One exercise a deck, or a file outside any: finding out where ten thousand are takes half a second.
    ones = {loaded.deck.folder if loaded.deck else loaded.path: loaded for loaded in exercises}
    places = dict.fromkeys(origin(loaded) for loaded in ones.values())
    return [place for place in places if not is_trusted(home, place, exercises_dir())]


async def allow(exercises: Iterable[LoadedExercise], home: Path, runner: Runner) -> None:
    """Return when all of them may run.

    Raises:
        UntrustedError: one may not; the message says how to look at it and allow it.
        WorkerUnavailable: torch's process cannot be started.
    """
    places = untrusted(exercises, home)
    if not places:
        return
    await runner.wait_ready()
    if complete(runner.protections):
        return
    lacking = ", ".join(missing(runner.protections)) or "all of them"
    raise UntrustedError(
        f"{places[0]} is not shipped with the program, and this machine cannot confine programs "
        f"fully (missing: {lacking}; see `tutor doctor`). Read what it runs, then allow it with "
        f"`tutor deck trust {places[0]}`"
    )
