"""How much of each skill is known, kept from one question to the next.

With ten thousand exercises, working it out takes longer than all the rest of finding the next question.
So it is worked out for the full hour, and after that only what has changed is mended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.schedule.days import HOUR_MS
from tutor.schedule.knowledge import Tally, contribution
from tutor.schedule.memory import recall_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tutor.schedule.settings import Settings
    from tutor.schedule.skills import Candidate
    from tutor.store.records import Remembered


class KnownSkills:
    """The tallies of the skills of some candidates, as they were at the beginning of the hour."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._hour = -1
        self._candidates: Sequence[Candidate] = ()
        self._skills: dict[str, str] = {}
        self._memories: Mapping[str, Remembered] = {}
        self._tallies: dict[str, Tally] = {}

    def tallies(
        self, candidates: Sequence[Candidate], memories: Mapping[str, Remembered], at_ms: int
    ) -> Mapping[str, Tally]:
        """By skill, its tally; to be looked at before the next call.

        ``candidates`` are the same object from call to call while they are the same.
        """
        hour = at_ms // HOUR_MS
        same = hour == self._hour and candidates is self._candidates
        if not same or len(memories) < len(self._memories):
            self._begin(candidates, hour)
        if memories is not self._memories:
            self._mend(memories)
        return self._tallies

    def _begin(self, candidates: Sequence[Candidate], hour: int) -> None:
        self._hour, self._candidates, self._memories = hour, candidates, {}
        self._skills = {one.exercise_id: one.skill for one in candidates}
        self._tallies = {}
        for one in candidates:
            self._tallies.setdefault(one.skill, Tally()).exercises += 1

    def _mend(self, memories: Mapping[str, Remembered]) -> None:
        recall, before, skills = (
            recall_at(self._hour * HOUR_MS, self._settings),
            self._memories,
            self._skills,
        )
        for id_, memory in memories.items():
            old = before.get(id_) if before else None
            if old is not memory and (skill := skills.get(id_)) is not None:
                tally = self._tallies[skill]
                tally.begun += old is None
                tally.known += contribution(memory, recall)
                if old is not None:
                    tally.known -= contribution(old, recall)
        self._memories = memories
