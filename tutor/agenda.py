"""What to ask a learner next, and what there is to do: the schedule over a library and its log.

Joins the library, the store and the pure functions of ``schedule``; runs no program and reads no clock
but the one it is given. The session asks it for the next exercise, the front ends for all that they
tell about the plan.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tutor.exercise.problems import ExerciseErrors
from tutor.filters import Filters
from tutor.misconceptions import diagnoses, families_missed, title
from tutor.schedule import placement, queue
from tutor.schedule.credit import due_after, practices, weights_of
from tutor.schedule.days import day_number, utc_offset
from tutor.schedule.fuzz import lightest
from tutor.schedule.knowledge import opened_skills, states_of
from tutor.schedule.known import KnownSkills
from tutor.schedule.leeches import leeches
from tutor.schedule.memory import recall_at, retrievability, review
from tutor.schedule.plan import Pace, plan
from tutor.schedule.reasons import CramNow, GroundNow, NewNow, PlacementNow, SameIdeaNow
from tutor.schedule.skills import Candidate, candidates_of, required_by, requires_of
from tutor.store.marks import MarkKind
from tutor.store.records import NEW, Rating, Remembered
from tutor.store.uuids import new_uuid

if TYPE_CHECKING:
    from tutor.exercise.load import Library, LoadedExercise
    from tutor.schedule.knowledge import SkillState
    from tutor.schedule.leeches import Leech
    from tutor.schedule.plan import Plan
    from tutor.schedule.reasons import Reason
    from tutor.schedule.settings import Settings
    from tutor.store.marks import Mark
    from tutor.store.records import Review
    from tutor.store.store import Store

Clock = Callable[[], int]

#: How many of the last reviews tell the learner's pace.
PACE_OVER: Final = 200
#: Of so many ids for a review the one is taken that leads to the lightest day.
UUIDS_DRAWN: Final = 12
#: After a miss, an exercise that is known better than this is left for its own day.
HALF_FORGOTTEN: Final = 0.95
#: After a miss, so many exercises are looked into.
LOOKED_INTO: Final = 40
#: Deeper than any graph.
FAR: Final = 100_000


class Agenda:
    """The plan of one learner.  ``left_out`` are exercises that are not asked: they broke today."""

    def __init__(
        self,
        library: Library,
        store: Store,
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
        self._arranged = candidates_of(library) if arranged is None else arranged
        #: Of exercises that were edited since they were asked.
        self._revisions: dict[str, int] = {}
        self._requires = requires_of(library)
        #: That order as the opened skills change it, and those skills.
        self._moved: tuple[Mapping[str, str], tuple[Candidate, ...]] | None = None
        self._known = KnownSkills(settings)
        #: The placement test, once it was begun.
        self._placement: placement.Placement | None = None
        #: What was last worked out, with what it was worked out from.
        self._resting: tuple[tuple[Candidate, ...], set[str], tuple[Candidate, ...]] | None = None
        self._admitted: tuple[Filters, tuple[Candidate, ...], tuple[Candidate, ...]] | None = None
        #: The stored memories, and those with implicit credit that follow from them.
        self._credited: tuple[Mapping[str, Remembered], Mapping[str, Remembered]] | None = None
        #: An exercise that was missed, and what is to be asked right after it.
        self._follow_up: tuple[str, queue.Planned] | None = None

    def take_settings(self, settings: Settings) -> None:
        """Plan by other settings from now on."""
        self.settings, self._known, self._credited = settings, KnownSkills(settings), None

    def over(self, store: Store) -> Agenda:
        """The whole plan as of now, without filters, over another connection: for another thread."""
        now = self.clock()
        return Agenda(self.library, store, self.settings, lambda: now, arranged=self._arranged)

    # -- what to ask ----------------------------------------------------------------------------

    def next(self, recent: Sequence[str] = ()) -> queue.Planned | None:
        """What to ask now; ``recent`` are the ids asked in this sitting, the last one last."""
        if self.filters.cram:
            return self._next_to_cram(recent)
        if self.filters.place:
            return self._next_to_place(recent)
        if self._follow_up is not None and recent:
            missed, follow_up = self._follow_up
            if recent[-1] == missed and self.may_ask(follow_up.exercise_id):
                return follow_up
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
        awake = self._awake()
        if self.filters == Filters():
            return awake
        exercises, admits = self.library.exercises, self.filters.admits
        if self._admitted is None or self._admitted[:2] != (self.filters, awake):
            admitted = tuple(one for one in awake if admits(exercises[one.exercise_id]))
            self._admitted = self.filters, awake, admitted
        return self._admitted[2]

    def _awake(self) -> tuple[Candidate, ...]:
        """Every exercise that does not rest, in the order of learning; the same object while it can be."""
        marks, now, order = self.store.marks(), self.clock(), self._in_order()
        resting = {id_ for id_ in (*marks.suspended, *marks.adopted) if marks.rests(id_, now)}
        resting |= {id_ for id_ in marks.buried if marks.rests(id_, now)} | {*self.left_out}
        if self._resting is None or self._resting[:2] != (order, resting):
            awake = order
            if resting:
                awake = tuple(one for one in order if one.exercise_id not in resting)
            self._resting = order, resting, awake
        return self._resting[2]

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
        """An exercise, neither the easiest nor the hardest, of the skill that tells most."""
        if not recent:
            self._placement = None  # begun anew
        test = self._test()
        while (skill := test.next()) is not None:
            offered = [one for one in self._awake() if one.skill == skill]
            if offered:
                break
            # They broke meanwhile; other skills' answers tell about this one.
            test = self._placement = replace(test, testable=test.testable - {skill})
        else:
            return None
        exercises = self.library.exercises
        offered.sort(key=lambda one: exercises[one.exercise_id].exercise.difficulty or 3)
        chosen = offered[len(offered) // 2]
        return queue.Planned(
            chosen.exercise_id, skill, PlacementNow(len(test.answers) + 1, placement.MOST, skill)
        )

    def _test(self) -> placement.Placement:
        if self._placement is None:
            testable = {one.skill for one in self._awake()}
            self._placement = placement.start(self._requires, testable)
        return self._placement

    def known_by_test(self) -> int:
        """How many skills the placement test has found known, as far as it has come."""
        return len(self._test().known())

    def placed(self, exercise_id: str, *, right: bool) -> list[Mark]:
        """Take in an answer of the placement test; the marks that it ends with, once it does.

        One for each deck, with the skills found to be known: they count as known and open what
        requires them, and their own new exercises come last.
        """
        test = self._test().answered(self.library.exercises[exercise_id].skill, right)
        self._placement = test
        if test.next() is not None:
            return []
        known = test.known()
        return [
            self.store.mark(
                MarkKind.PLACED,
                deck.id,
                self.clock(),
                {
                    "asked": len(test.answers),
                    "known": [skill for skill in deck.skills if skill in known],
                },
            )
            for deck in self.library.decks
        ]

    # -- what it goes by ------------------------------------------------------------------------

    def _scope(self) -> queue.Scope:
        filters = self.filters
        return queue.Scope(self._closed(), self._raised(), filters.ahead, filters.soon)

    def _closed(self) -> frozenset[str]:
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

    def _in_order(self) -> tuple[Candidate, ...]:
        """Every exercise in the order of learning: skills opened by hand first, those that a test
        found known last."""
        opened = opened_skills(self.store.marks())
        if not opened:
            return self._arranged
        if self._moved is None or self._moved[0] != opened:
            place = {"hand": -1, "test": 1}
            moved = [
                one._replace(depth=one.depth + FAR * place.get(opened.get(one.skill, ""), 0))
                for one in self._arranged
            ]
            self._moved = opened, tuple(sorted(moved, key=lambda one: one.depth))
        return self._moved[1]

    # -- after a miss ---------------------------------------------------------------------------

    async def learn_from(self, missed: Review, recent: Sequence[str]) -> None:
        """After a miss with a named misconception, see whether another exercise turns on it too.

        First one of a skill that the missed one requires; then one that looks different. It has to be
        due, or new and open, or half forgotten: else it would be asked for nothing.

        Looking into an exercise takes some milliseconds, so others have their turn in between. (Not on
        a thread: it reads programs by ``ast``, which two threads at once cannot do safely everywhere.)
        """
        self._follow_up = None
        loaded = self.library.exercises.get(missed.exercise_id)
        if loaded is None or self.filters.cram:
            return
        names = families_missed(missed, loaded)
        if names:
            eligible = self._worth_asking(missed, recent)
            found = await self._turns_on(names, loaded, eligible)
            self._follow_up = None if found is None else (missed.exercise_id, found)

    def _worth_asking(self, missed: Review, recent: Sequence[str]) -> list[Candidate]:
        memories, now = self.memories(), self.clock()
        counts = self.due()
        shut = self._closed()
        recall = recall_at(now, self.settings)
        asked = {*recent, missed.exercise_id}
        found = []
        for one in self.candidates():
            memory = memories.get(one.exercise_id, NEW)
            if one.exercise_id in asked:
                continue
            if isinstance(memory, Remembered):
                if recall(memory) <= HALF_FORGOTTEN:
                    found.append(one)
            elif counts.new and one.skill not in shut:
                found.append(one)
        return found

    async def _turns_on(
        self, families: Sequence[str], missed: LoadedExercise, eligible: Sequence[Candidate]
    ) -> queue.Planned | None:
        ground = required_by(missed.skill, self._requires)
        # What it requires first, then other skills, then its own: looking different is the point.
        order = sorted(
            eligible, key=lambda one: (one.skill not in ground, one.skill == missed.skill)
        )
        for one in order[:LOOKED_INTO]:
            await asyncio.sleep(0)
            known = diagnoses(self.library.exercises[one.exercise_id])
            for family in families:
                if family in known:
                    name = title(family)
                    reason: Reason = SameIdeaNow(name)
                    if one.skill in ground:
                        reason = GroundNow(name, one.skill)
                    return queue.Planned(one.exercise_id, one.skill, reason)
        return None

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
