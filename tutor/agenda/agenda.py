"""What to ask a learner next, and what there is to do: the schedule over a library and its log.

Joins the library, the store and the pure functions of ``schedule``; runs no program and reads no clock
but the one it is given. The session asks it for the next exercise, the front ends for all that they
tell about the plan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from tutor.agenda.filters import Filters
from tutor.agenda.follow_up import follow_up
from tutor.agenda.order import Order
from tutor.agenda.placing import Placing
from tutor.exercise.problems import ExerciseErrors
from tutor.schedule import queue
from tutor.schedule.credit import due_after, practices, weights_of
from tutor.schedule.days import day_number, utc_offset
from tutor.schedule.fuzz import lightest
from tutor.schedule.knowledge import opened_skills, states_of
from tutor.schedule.known import KnownSkills
from tutor.schedule.leeches import leeches
from tutor.schedule.memory import retrievability, review
from tutor.schedule.plan import Pace, plan
from tutor.schedule.reasons import CramNow, NewNow
from tutor.schedule.skills import Candidate, candidates_of, requires_of
from tutor.store.records import NEW, Rating, Remembered
from tutor.store.uuids import new_uuid

if TYPE_CHECKING:
    from tutor.exercise.load import Library, LoadedExercise
    from tutor.schedule.knowledge import SkillState
    from tutor.schedule.leeches import Leech
    from tutor.schedule.plan import Plan
    from tutor.schedule.settings import Settings
    from tutor.store.reader import StoreReader
    from tutor.store.records import Review

Clock = Callable[[], int]

#: How many of the last reviews tell the learner's pace.
PACE_OVER: Final = 200
#: Of so many ids for a review the one is taken that leads to the lightest day.
UUIDS_DRAWN: Final = 12


class Agenda:
    """The plan of one learner.  ``left_out`` are exercises that are not asked: they broke today."""

    def __init__(
        self,
        library: Library,
        store: StoreReader,
        settings: Settings,
        clock: Clock,
        filters: Filters | None = None,
        left_out: Collection[str] = (),
        *,
        arranged: tuple[Candidate, ...] | None = None,
    ) -> None:
        """``arranged`` are all exercises in the order of learning, where they are known already."""
        self.library = library
        self.store = store
        self.settings = settings
        self.clock = clock
        self.filters = filters or Filters()
        self.left_out = left_out
        self._order = Order(candidates_of(library) if arranged is None else arranged)
        #: Of exercises that were edited since they were asked.
        self._revisions: dict[str, int] = {}
        self._requires = requires_of(library)
        self._known = KnownSkills(settings)
        self._placing = Placing(self._requires)
        #: The stored memories, and those with implicit credit that follow from them.
        self._credited: tuple[Mapping[str, Remembered], Mapping[str, Remembered]] | None = None
        #: An exercise that was missed, and what is to be asked right after it.
        self._follow_up: tuple[str, queue.Planned] | None = None

    def take_settings(self, settings: Settings) -> None:
        """Plan by other settings from now on."""
        self.settings, self._known, self._credited = settings, KnownSkills(settings), None

    def over(self, store: StoreReader) -> Agenda:
        """The whole plan as of now, without filters, over another connection: for another thread."""
        now = self.clock()
        return Agenda(
            self.library, store, self.settings, lambda: now, arranged=self._order.arranged
        )

    # -- what to ask ----------------------------------------------------------------------------

    def next(self, recent: Sequence[str] = ()) -> queue.Planned | None:
        """What to ask now; ``recent`` are the ids asked in this sitting, the last one last."""
        if self.filters.cram:
            return self._next_to_cram(recent)
        if self.filters.place:
            return self._next_to_place(recent)
        if self._follow_up is not None and recent:
            missed, alike = self._follow_up
            if recent[-1] == missed and self.may_ask(alike.exercise_id):
                return alike
        candidates, memories = self.candidates(), self.memories()
        scope = self._scope()
        planned = queue.next_up(candidates, memories, self.clock(), self.settings, recent, scope)
        return None if planned is None else self._with_ground(planned)

    def _with_ground(self, planned: queue.Planned) -> queue.Planned:
        """Of a new exercise, also what it builds on."""
        if not isinstance(planned.reason, NewNow):
            return planned
        builds_on = tuple(self._requires.get(planned.skill, ()))
        return replace(planned, reason=replace(planned.reason, builds_on=builds_on))

    def memories(self) -> Mapping[str, Remembered]:
        """The memories that are scheduled by: those of the log, and what was practised along.

        With implicit credit each has the due date that follows from it; nothing of this is stored.
        """
        stored = self.store.memories()
        if not self.settings.implicit_credit:
            return stored
        if self._credited is None or self._credited[0] is not stored:
            self._credited = stored, self._with_credit(stored)
        return self._credited[1]

    def _with_credit(self, stored: Mapping[str, Remembered]) -> Mapping[str, Remembered]:
        skills = {id_: loaded.skill for id_, loaded in self.library.exercises.items()}
        since = min((memory.last_review for memory in stored.values()), default=0)
        found = practices(self.store.reviews(since=since), skills, weights_of(self.library))
        return {
            id_: memory._replace(due=due_after(memory, found[skills[id_]], self.settings))
            if skills.get(id_) in found
            else memory
            for id_, memory in stored.items()
        }

    def candidates(self) -> tuple[Candidate, ...]:
        """What may be asked, in the order of learning."""
        return self._order.admitted(self._awake(), self.filters, self.library.exercises)

    def _awake(self) -> tuple[Candidate, ...]:
        """Every exercise that does not rest, in the order of learning; the same object while it can be."""
        return self._order.awake(self.store.marks(), self.clock(), self.left_out)

    def may_ask(self, exercise_id: str) -> bool:
        """Whether the exercise is among those that this session asks, and does not rest."""
        return (
            exercise_id not in self.left_out
            and self.filters.admits(self.library.exercises[exercise_id])
            and not self.store.marks().rests(exercise_id, self.clock())
        )

    def review_uuid(self, exercise_id: str) -> str:
        """The id of the exercise's next review: one that puts the review after it on a light day.

        Nothing is foretold but that it will be right at once, as most are.
        """
        now = self.clock()
        uuids = [new_uuid(now) for _ in range(UUIDS_DRAWN)]
        memories = self.memories()
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

    def left_to_cram(self, recent: Collection[str]) -> list[Candidate]:
        """What is still to be practised outside the schedule; ``recent`` are the ids asked so far."""
        asked = set(recent)
        return [one for one in self.candidates() if one.exercise_id not in asked]

    def _next_to_cram(self, recent: Sequence[str]) -> queue.Planned | None:
        """Each exercise once, the least well known first, what was never asked last."""
        memories, now = self.memories(), self.clock()
        left = self.left_to_cram(recent)

        def known(one: Candidate) -> float:
            memory = memories.get(one.exercise_id, NEW)
            return retrievability(memory, now, self.settings) if memory is not NEW else 2.0

        chosen = min(left, key=known, default=None)
        if chosen is None:
            return None
        return queue.Planned(chosen.exercise_id, chosen.skill, CramNow())

    # -- the placement test ---------------------------------------------------------------------

    def _next_to_place(self, recent: Sequence[str]) -> queue.Planned | None:
        if not recent:
            self._placing.anew()
        return self._placing.next(self._awake(), self.library.exercises)

    def known_by_test(self) -> int:
        """How many skills the placement test has found known, as far as it has come."""
        return len(self._placing.begun(self._awake()).known())

    def placed(self, exercise_id: str, *, right: bool) -> dict[str, dict[str, Any]]:
        """Take in an answer of the placement test; what is to be kept of it, once it ends.

        A body of a PLACED mark for each deck, with the skills found to be known: they count as known
        and open what requires them, and their own new exercises come last.
        """
        skill = self.library.exercises[exercise_id].skill
        test = self._placing.answered(self._awake(), skill, right=right)
        if test.next() is not None:
            return {}
        known, asked = test.known(), len(test.answers)
        return {
            deck.id: {"asked": asked, "known": [skill for skill in deck.skills if skill in known]}
            for deck in self.library.decks
        }

    # -- what it goes by ------------------------------------------------------------------------

    def _scope(self) -> queue.Scope:
        filters = self.filters
        return queue.Scope(self.closed(), self._raised(), filters.ahead, filters.soon)

    def closed(self) -> frozenset[str]:
        """The skills whose new exercises wait.  What the learner has asked for by name does not."""
        if self.filters.names_content:
            return frozenset()
        return frozenset(skill for skill, one in self.skills().items() if one.state == "closed")

    def _raised(self) -> frozenset[str]:
        """The exercises whose authors have raised their revision since they were asked."""
        exercises = self.library.exercises
        return frozenset(
            id_
            for id_, memory in self.store.memories().items()
            if (loaded := exercises.get(id_)) is not None
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

    # -- after a miss ---------------------------------------------------------------------------

    async def learn_from(self, missed: Review, recent: Sequence[str]) -> None:
        """After a miss, see whether another exercise turns on the same idea: it is asked next."""
        self._follow_up = None
        if not self.filters.cram:
            found = await follow_up(self, missed, recent, self._requires)
            self._follow_up = None if found is None else (missed.exercise_id, found)

    # -- what there is to do --------------------------------------------------------------------

    def due(self) -> queue.DueCount:
        """What is due now, what is new, and when the next one comes."""
        return queue.due(
            self.candidates(), self.memories(), self.clock(), self.settings, self._scope()
        )

    def plan(
        self, counts: queue.DueCount | None = None, lately: Sequence[Review] | None = None
    ) -> Plan:
        """What is planned for the rest of the day, and how long it takes this learner.

        ``counts`` are those of :meth:`due`, ``lately`` the last reviews, where they are known already.
        """
        lately = self.store.latest(PACE_OVER) if lately is None else lately
        pace = Pace.of(lately[:PACE_OVER], self.memories())
        return plan(counts or self.due(), self.settings, pace)

    def skills(self) -> dict[str, SkillState]:
        """The state of every skill: closed, open, begun or known, how far, and what it lacks."""
        found = self._known.tallies(self._awake(), self.store.memories(), self.clock())
        opened = opened_skills(self.store.marks())
        return states_of(found, self._requires, self.settings, opened)

    def leeches(self) -> tuple[Leech, ...]:
        """The exercises that do not stick, the worst first."""
        return leeches(self.library.exercises, self.memories(), self._ratings)

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
