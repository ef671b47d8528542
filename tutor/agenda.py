"""What to ask a learner next, and what there is to do: the schedule over a library and its log.

Joins the library, the store and the pure functions of ``schedule``; runs no program and reads no clock
but the one it is given. The session asks it for the next exercise, the front ends for all that they
tell about the plan.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Container, Sequence
from typing import TYPE_CHECKING, Final

from tutor.exercise.problems import ExerciseErrors
from tutor.filters import Filters
from tutor.schedule import queue
from tutor.schedule.days import DAY_MS, day_number, utc_offset
from tutor.schedule.fuzz import lightest
from tutor.schedule.leeches import leeches
from tutor.schedule.memory import retrievability, review
from tutor.schedule.plan import Pace, plan
from tutor.schedule.reasons import CramNow
from tutor.schedule.skills import Candidate, candidates_of
from tutor.store.records import NEW, Rating, Remembered
from tutor.store.uuids import new_uuid

if TYPE_CHECKING:
    from tutor.exercise.load import Library, LoadedExercise
    from tutor.schedule.leeches import Leech
    from tutor.schedule.plan import Plan
    from tutor.schedule.settings import Settings
    from tutor.store.store import Store

Clock = Callable[[], int]

#: The learner's pace is that of at most so many reviews, not older than so many milliseconds.
PACE_OVER: Final = 200
PACE_OVER_MS: Final = 14 * DAY_MS
#: Of so many ids for a review the one is taken that leads to the lightest day.
UUIDS_DRAWN: Final = 12


class Agenda:
    """The plan of one learner.  ``left_out`` are exercises that are not asked: they broke today."""

    def __init__(
        self,
        library: Library,
        store: Store,
        settings: Settings,
        clock: Clock,
        filters: Filters | None = None,
        left_out: Container[str] = (),
    ) -> None:
        self.library = library
        self.store = store
        self.settings = settings
        self.clock = clock
        self.filters = filters or Filters()
        self.left_out = left_out
        self._arranged = candidates_of(library)
        #: Of exercises that were edited since they were asked.
        self._revisions: dict[str, int] = {}

    # -- what to ask ----------------------------------------------------------------------------

    def next(self, recent: Sequence[str] = ()) -> queue.Planned | None:
        """What to ask now; ``recent`` are the ids asked in this sitting, the last one last."""
        if self.filters.cram:
            return self._next_to_cram(recent)
        return queue.next_up(
            self.candidates(),
            self.store.memories(),
            self.clock(),
            self.settings,
            recent,
            self._scope(),
        )

    def candidates(self) -> tuple[Candidate, ...]:
        """What may be asked, in the order of learning."""
        may_ask = self._judge()
        return tuple(one for one in self._arranged if may_ask(one.exercise_id))

    def may_ask(self, exercise_id: str) -> bool:
        """Whether the exercise is among those that this session asks, and does not rest."""
        return self._judge()(exercise_id)

    def _judge(self) -> Callable[[str], bool]:
        """:meth:`may_ask` as of now, for many exercises."""
        marks, now = self.store.marks(), self.clock()
        return lambda exercise_id: (
            exercise_id not in self.left_out
            and self.filters.admits(self.library.exercises[exercise_id])
            and not marks.rests(exercise_id, now)
        )

    def review_uuid(self, exercise_id: str) -> str:
        """The id of the exercise's next review: one that puts the review after it on a light day.

        Nothing is foretold but that it will be right at once, as most are.
        """
        now = self.clock()
        uuids = [new_uuid(now) for _ in range(UUIDS_DRAWN)]
        memories = self.store.memories()
        memory = memories.get(exercise_id, NEW)
        offset, rollover = utc_offset(now, self.settings.zone), self.settings.rollover_hour
        load = Counter(
            day_number(other.due, offset, rollover)
            for other in memories.values()
            if other is not memory
        )

        def day_of(uuid: str) -> int:
            after = review(memory, Rating.GOOD, now, settings=self.settings, key=uuid)
            return day_number(after.due, offset, rollover)

        return lightest(uuids, day_of, load, day_of(""))

    def _next_to_cram(self, recent: Sequence[str]) -> queue.Planned | None:
        """Each exercise once, the least well known first, what was never asked last."""
        memories, now, asked = self.store.memories(), self.clock(), set(recent)
        left = [one for one in self.candidates() if one.exercise_id not in asked]

        def known(one: Candidate) -> float:
            memory = memories.get(one.exercise_id, NEW)
            return retrievability(memory, now, self.settings) if memory is not NEW else 2.0

        chosen = min(left, key=known, default=None)
        if chosen is None:
            return None
        return queue.Planned(chosen.exercise_id, chosen.skill, CramNow())

    def _scope(self) -> queue.Scope:
        return queue.Scope(raised=self._raised(), ahead_days=self.filters.ahead)

    def _raised(self) -> frozenset[str]:
        """The exercises whose authors have raised their revision since they were asked."""
        memories = self.store.memories()
        return frozenset(
            id_
            for id_, loaded in self.library.exercises.items()
            if isinstance(memory := memories.get(id_, NEW), Remembered)
            # Only one that was edited is read for its revision.
            and memory.content_hash != loaded.content_hash
            and self._revision(loaded) > memory.revision
        )

    def _revision(self, loaded: LoadedExercise) -> int:
        if loaded.id not in self._revisions:
            try:
                self._revisions[loaded.id] = loaded.glance().revision
            except ExerciseErrors:
                self._revisions[loaded.id] = 0  # it will be told when it is to be asked
        return self._revisions[loaded.id]

    # -- what there is to do --------------------------------------------------------------------

    def due(self) -> queue.DueCount:
        """What is due now, what is new, and when the next one comes."""
        return queue.due(
            self.candidates(), self.store.memories(), self.clock(), self.settings, self._scope()
        )

    def plan(self) -> Plan:
        """What is planned for the rest of the day, and how long it takes this learner."""
        return plan(
            self.candidates(), self.store.memories(), self.clock(), self.settings, self._pace()
        )

    def _pace(self) -> Pace:
        lately = deque(self.store.reviews(since=self.clock() - PACE_OVER_MS), maxlen=PACE_OVER)
        return Pace.of(lately, self.store.memories())

    def leeches(self) -> tuple[Leech, ...]:
        """The exercises that do not stick, the worst first."""
        return leeches(self.library.exercises, self.store.memories(), self._ratings)

    def leech(self, exercise_id: str) -> Leech | None:
        """The leech that the exercise is; None if it is none."""
        memory = self.store.memory(exercise_id)
        found = leeches(
            [exercise_id],
            {exercise_id: memory} if isinstance(memory, Remembered) else {},
            self._ratings,
        )
        return found[0] if found else None

    def _ratings(self, exercise_id: str) -> list[Rating]:
        return [review.rating for review in self.store.reviews(exercise_id)]
