"""Which skills are known, which are open, and where a learner is placed."""

from __future__ import annotations

import random
from statistics import fmean

from hypothesis import given
from hypothesis import strategies as st

from tutor.schedule import placement
from tutor.schedule.days import DAY_MS, HOUR_MS
from tutor.schedule.knowledge import SkillState, states, tallies
from tutor.schedule.known import KnownSkills
from tutor.schedule.placement import LEAST, MOST, start
from tutor.schedule.settings import Settings
from tutor.schedule.skills import Candidate, required_by, requires_of
from tutor.store.records import Memory, Remembered

NOON = 20_000 * DAY_MS + DAY_MS // 2
SETTINGS = Settings(zone="UTC")
REQUIRES = {"a": (), "empty": ("a",), "b": ("empty",), "c": ("a", "b")}
CANDIDATES = [Candidate(f"{skill}{n}", skill) for skill in "abc" for n in (1, 2)]


def memory(stability: float, days_ago: float, *, right: bool = True) -> Remembered:
    last = NOON - round(days_ago * DAY_MS)
    rest = round(stability * DAY_MS) if right else 600_000
    return Remembered(stability, 5, last, last, last // DAY_MS, 2, 0, last + rest)


def state_of(skill: str, memories: dict[str, Memory], opened: dict[str, str] | None = None):
    return states(CANDIDATES, memories, REQUIRES, NOON, SETTINGS, opened)[skill]


def test_a_skill_opens_when_what_it_requires_is_known() -> None:
    assert state_of("a", {}) == SkillState("a", "open", 0, 2, 0)
    assert state_of("b", {}) == SkillState("b", "closed", 0, 2, 0, ("empty",))
    half: dict[str, Memory] = {"a1": memory(9, 1)}
    assert state_of("a", half).state == "begun"
    assert state_of("b", half).state == "closed"
    both = {**half, "a2": memory(9, 1)}
    assert state_of("a", both).state == "known"
    assert state_of("b", both).state == "open"  # through one without exercises
    assert state_of("c", both).missing == ("b",)


def test_what_was_wrong_or_is_forgotten_is_not_known() -> None:
    known: dict[str, Memory] = {"a1": memory(9, 1), "a2": memory(9, 1)}
    assert state_of("b", {**known, "a2": memory(0.2, 0.01, right=False)}).state == "closed"
    forgotten: dict[str, Memory] = {"a1": memory(2, 300), "a2": memory(2, 300)}
    assert state_of("a", forgotten).known < 0.6
    assert state_of("b", forgotten).state == "closed"
    # What was begun goes on.
    assert state_of("b", {**forgotten, "b1": memory(5, 1)}).state == "begun"


def test_opened_by_hand_or_by_a_test() -> None:
    assert state_of("c", {}, {"c": "hand"}).state == "open"
    assert state_of("c", {}, {"c": "hand"}).opened == "hand"
    assert state_of("c", {}, {"b": "hand"}).state == "closed"  # open is not known
    tested = {"a": "test", "b": "test"}
    assert state_of("c", {}, tested).state == "open"


def test_a_threshold_of_nothing_opens_all() -> None:
    free = Settings(zone="UTC", known_at=0)
    found = states(CANDIDATES, {}, REQUIRES, NOON, free)
    assert {one.state for one in found.values()} == {"open"}


def test_circles_and_skills_that_no_deck_describes_bar_nothing_for_ever() -> None:
    circle = {"a": ("b",), "b": ("a",), "x": ("elsewhere",)}
    found = states([Candidate("x1", "x"), Candidate("y1", "y")], {}, circle, NOON, SETTINGS)
    assert found["x"].state == "open"
    assert found["y"].state == "open"
    assert found["a"].state == "closed"  # without exercises: nothing is lost


@given(st.dictionaries(st.sampled_from([c.exercise_id for c in CANDIDATES]), st.booleans()))
def test_answering_what_is_open_opens_all_in_the_end(right: dict[str, bool]) -> None:
    """The queue never starves: while something is new, something new or begun can be asked."""
    memories: dict[str, Memory] = {id_: memory(9, 1, right=ok) for id_, ok in right.items()}
    for _ in range(20):
        found = states(CANDIDATES, memories, REQUIRES, NOON, SETTINGS)
        new = [c for c in CANDIDATES if c.exercise_id not in memories]
        askable = [c for c in new if found[c.skill].state != "closed"]
        wrong = [id_ for id_, one in memories.items() if one.due - one.last_review < DAY_MS]
        if not new:
            return
        assert askable or wrong
        memories |= {c.exercise_id: memory(9, 1) for c in askable}
        memories |= dict.fromkeys(wrong, memory(9, 1))
    raise AssertionError("something was never opened")


def test_what_is_required_indirectly() -> None:
    assert required_by("c", REQUIRES) == {"a", "b", "empty"}
    assert required_by("a", {"a": ("b",), "b": ("a",)}) == {"b"}
    assert required_by("none", {}) == frozenset()


# -- placement --------------------------------------------------------------------------------------


def placed(requires, truth: set[str], seed: int) -> placement.Placement:
    rng, test = random.Random(seed), start(requires, requires)
    while (skill := test.next()) is not None:
        test = test.answered(skill, rng.random() < (0.9 if skill in truth else 0.05))
    return test


def learner(requires, rng: random.Random) -> set[str]:
    """One who went through the course up to a point, with gaps."""
    depth = placement.depths(requires)
    order = sorted(requires, key=depth.__getitem__)
    reached, known = rng.randrange(len(order) + 1), set[str]()
    for n, skill in enumerate(order):
        chance = 0.92 if n < reached else 0.04
        if all(one in known for one in requires[skill]) and rng.random() < chance:
            known.add(skill)
    return known


def test_learners_are_placed_within_fifteen_questions(shipped) -> None:
    requires, rng = requires_of(shipped), random.Random(5)
    right, too_far = [], []
    for n in range(8):
        truth = learner(requires, rng)
        test = placed(requires, truth, n)
        assert LEAST <= len(test.answers) <= MOST
        assert len({skill for skill, _ in test.answers}) == len(test.answers)
        found = test.known()
        assert all(required_by(skill, requires) <= found for skill in found)
        right.append(1 - len(found ^ truth) / len(requires))
        too_far.append(len(found - truth) / len(requires))
    assert fmean(right) > 0.82
    assert fmean(too_far) < 0.1


def test_who_knows_nothing_and_who_knows_all_are_told_apart_from_the_rest(shipped) -> None:
    requires = requires_of(shipped)
    assert placed(requires, set(), 1).known() == frozenset()
    assert len(placed(requires, set(requires), 1).known()) > 0.9 * len(requires)


def test_the_same_answers_give_the_same_questions() -> None:
    first, second = (placed(REQUIRES, {"a", "empty"}, 3) for _ in range(2))
    assert first.answers == second.answers
    assert first == second


def test_only_what_can_be_asked_is_asked() -> None:
    test = start(REQUIRES, ["b"])
    assert test.next() == "b"
    assert test.answered("b", right=True).next() is None
    assert test.answered("b", right=True).known() >= {"a", "empty", "b"}
    assert start({}, []).next() is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from([c.exercise_id for c in CANDIDATES]),
            st.floats(0.1, 50),
            st.booleans(),
            st.sampled_from([0, 0, 1, 5 * 60, 26 * 60]),
        ),
        max_size=20,
    )
)
def test_tallies_that_are_mended_are_those_worked_out_anew(answers) -> None:
    kept, memories, at = KnownSkills(SETTINGS), {}, NOON
    for id_, stability, right, minutes in answers:
        at += minutes * 60_000
        if id_ in memories and stability < 1:
            memories = {each: one for each, one in memories.items() if each != id_}  # undone
        else:
            last, day = at, at // DAY_MS
            rest = round(stability * DAY_MS) if right and stability >= 1 else 600_000
            memories = memories | {
                id_: Remembered(stability, 5, last, last, day, 2, 0, last + rest)
            }
        hour = at // HOUR_MS * HOUR_MS
        anew = tallies(CANDIDATES, memories, hour, SETTINGS)
        found = kept.tallies(CANDIDATES, memories, at)
        assert found.keys() == anew.keys()
        for skill, tally in found.items():
            assert (tally.exercises, tally.begun) == (anew[skill].exercises, anew[skill].begun)
            assert abs(tally.share - anew[skill].share) < 1e-9
