"""What to ask next, why, and how much is due."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tutor.schedule.days import DAY_MS, HOUR_MS, MINUTE_MS
from tutor.schedule.memory import retrievability, review
from tutor.schedule.queue import (
    AgainNow,
    AheadNow,
    DueCount,
    DueNow,
    NewNow,
    Planned,
    RevisedNow,
    Scope,
    due,
    next_up,
)
from tutor.schedule.settings import Settings
from tutor.schedule.skills import Candidate, arrange
from tutor.store.records import NEW, Memory, Rating, Remembered

NOON = 20_000 * DAY_MS + 12 * HOUR_MS
FOUR = 20_000 * DAY_MS + 4 * HOUR_MS
SETTINGS = Settings(zone="UTC")

A1, A2 = Candidate("a1", "a"), Candidate("a2", "a")
B1, B2 = Candidate("b1", "b"), Candidate("b2", "b")
DEEP = Candidate("deep", "c", 1)


def memory(stability: float, days_ago: float, rests_days: float | None = None) -> Remembered:
    last = round(NOON - days_ago * DAY_MS)
    rest = round((stability if rests_days is None else rests_days) * DAY_MS)
    day = (last - 4 * HOUR_MS) // DAY_MS
    return Remembered(stability, 5, last, last, day, 1, 0, last + rest)


def asked(
    candidates: list[Candidate], memories: dict[str, Memory], recent: list[str] | None = None
) -> str | None:
    planned = next_up(candidates, memories, NOON, SETTINGS, recent or [])
    return planned.exercise_id if planned else None


def test_nothing_to_ask() -> None:
    assert next_up([], {}, NOON, SETTINGS) is None
    assert next_up([A1], {"a1": memory(5, 1)}, NOON, SETTINGS) is None
    assert due([], {}, NOON, SETTINGS) == DueCount(0, 0, None, None)


def test_the_most_forgotten_is_asked_first_with_its_numbers() -> None:
    memories: dict[str, Memory] = {"a1": memory(10, 12), "b1": memory(2, 6), "b2": memory(30, 40)}
    planned = next_up([A1, B1, B2], memories, NOON, SETTINGS)
    recall = retrievability(memories["b1"], NOON, SETTINGS)
    assert planned == Planned("b1", "b", DueNow(recall, 0.9, 6))
    assert recall < 0.9


def test_a_lapse_of_minutes_ago_comes_before_what_is_due() -> None:
    lapsed = memory(0.2, 11 / 1440, 10 / 1440)
    memories: dict[str, Memory] = {"a1": lapsed, "b1": memory(2, 6)}
    planned = next_up([A1, B1], memories, NOON, SETTINGS)
    assert planned == Planned("a1", "a", AgainNow(11))
    early = {**memories, "a1": memory(0.2, 9 / 1440, 10 / 1440)}
    assert asked([A1, B1], early) == "b1"
    # The session over, it is the only thing left, and not due for another minute.
    alone = due([A1], {"a1": early["a1"]}, NOON, SETTINGS)
    assert alone == DueCount(0, 0, NOON + MINUTE_MS, None, resting=1)


def test_a_lapse_of_another_day_is_simply_due() -> None:
    planned = next_up([A1], {"a1": memory(0.2, 2, 10 / 1440)}, NOON, SETTINGS)
    assert planned is not None
    assert isinstance(planned.reason, DueNow)


def test_new_ones_come_when_nothing_is_due_in_the_order_of_the_graph() -> None:
    planned = next_up([A1, B1, DEEP], {}, NOON, SETTINGS)
    assert planned == Planned("a1", "a", NewNow(1, 10))
    assert asked([A1, B1, DEEP], {"b1": memory(2, 6)}) == "b1"
    seen: dict[str, Memory] = {"a1": memory(9, 0.01), "b1": memory(9, 0.01)}
    assert next_up([A1, B1, DEEP], seen, NOON, SETTINGS) == Planned("deep", "c", NewNow(3, 10))


def test_new_skills_alternate_only_where_they_do_not_build_on_each_other() -> None:
    seen: dict[str, Memory] = {"a1": memory(9, 0.01)}
    assert asked([A1, A2, B1, DEEP], seen, ["a1"]) == "b1"
    assert asked([A1, A2, DEEP], seen, ["a1"]) == "a2"


def test_the_days_number_of_new_ones_is_kept() -> None:
    many = [Candidate(f"n{n}", "s") for n in range(5)]
    two = Settings(zone="UTC", new_per_day=2)
    begun: dict[str, Memory] = {"n0": memory(5, 0.1), "gone": memory(5, 0.2)}
    assert next_up(many, begun, NOON, two) is None
    assert due(many, begun, NOON, two).new == 0
    assert due(many, begun, NOON, two).next_new_at == FOUR + DAY_MS
    yesterday: dict[str, Memory] = {"n0": memory(5, 0.4)}  # before four in the morning
    planned = next_up(many, yesterday, NOON, two)
    assert planned is not None
    assert planned.reason == NewNow(1, 2)
    assert due(many, yesterday, NOON, two).new == 2


def test_skills_alternate_where_possible() -> None:
    memories: dict[str, Memory] = {
        "a1": memory(2, 20),
        "a2": memory(2, 15),
        "b1": memory(9, 10),
    }
    assert asked([A1, A2, B1], memories) == "a1"
    assert asked([A1, A2, B1], memories, ["a2"]) == "b1"
    assert asked([A1, A2], memories, ["a2"]) == "a1"


def test_never_the_same_twice_in_a_row_unless_it_is_the_only_one() -> None:
    memories: dict[str, Memory] = {"a1": memory(2, 20)}
    assert asked([A1], memories, ["a1"]) == "a1"
    assert asked([A1, A2], memories, ["a1"]) == "a2"  # rather a new one
    assert asked([A1, A2], memories, ["a2", "a1"]) == "a2"
    assert asked([A1, B1], {**memories, "b1": memory(3, 4)}, ["a1"]) == "b1"


def test_what_falls_due_this_evening_is_due_this_morning() -> None:
    evening = memory(3, 2.7)  # due at 19:12 today
    assert asked([A1], {"a1": evening}) == "a1"
    night = memory(3, 2.4)  # due at 2:24, before the day ends
    assert asked([A1], {"a1": night}) == "a1"
    tomorrow = memory(3, 2.2)
    assert asked([A1], {"a1": tomorrow}) is None
    assert due([A1], {"a1": tomorrow}, NOON, SETTINGS) == DueCount(0, 0, FOUR + DAY_MS, None)


def test_a_day_of_25_hours_does_not_bring_it_back_at_once() -> None:
    berlin = Settings(zone="Europe/Berlin")
    four = (
        1_792_807_200_000 + 30 * MINUTE_MS
    )  # 2026-10-24 04:30, the day before the clock goes back
    one_day = review(NEW, Rating.AGAIN, four - 10 * MINUTE_MS, settings=berlin)
    good = review(one_day, Rating.GOOD, four, settings=berlin)
    assert good.due - four == DAY_MS
    assert next_up([A1], {"a1": good}, four + HOUR_MS, berlin) is None
    when = due([A1], {"a1": good}, four + HOUR_MS, berlin).next_due_at
    assert when == good.due


def test_counts_tell_when_there_will_be_more() -> None:
    memories: dict[str, Memory] = {
        "a1": memory(2, 20),
        "a2": memory(9, 3),
        "b1": memory(0.2, 1 / 1440, 10 / 1440),
        "gone": memory(1, 90),
    }
    counted = due([A1, A2, B1, B2], memories, NOON, SETTINGS)
    assert counted == DueCount(1, 1, NOON + 9 * MINUTE_MS, None, resting=1)


def test_a_clock_that_was_set_back_still_gives_a_plan() -> None:
    future = memory(0.2, -2, 10 / 1440)
    assert asked([A1, B1], {"a1": future}) == "b1"
    assert due([A1], {"a1": future}, NOON, SETTINGS).next_due_at == future.due


def test_skills_come_after_all_they_require() -> None:
    requires = {"c": ["b", "a"], "b": ["a"], "a": [], "x": ["missing"], "d": ["c"]}
    exercises = [("e-d", "d"), ("e-c", "c"), ("e-b2", "b"), ("e-b1", "b"), ("e-a", "a")]
    arranged = arrange([*exercises, ("e-x", "x"), ("loose", "unknown")], requires)
    assert [(one.exercise_id, one.depth) for one in arranged] == [
        ("e-a", 0),
        ("e-x", 0),
        ("e-b2", 1),
        ("e-b1", 1),
        ("e-c", 2),
        ("e-d", 3),
        ("loose", 4),
    ]


def test_circles_and_long_chains_of_skills_end() -> None:
    circle = arrange([("1", "a"), ("2", "b"), ("3", "c")], {"a": ["b"], "b": ["a"], "c": ["c"]})
    assert {one.exercise_id for one in circle} == {"1", "2", "3"}
    chain = {f"s{n}": [f"s{n - 1}"] if n else [] for n in reversed(range(5_000))}
    arranged = arrange([("end", "s4999"), ("start", "s0")], chain)
    assert [(one.exercise_id, one.depth) for one in arranged] == [("start", 0), ("end", 4_999)]


@given(
    st.dictionaries(
        st.sampled_from("abcdef"),
        st.one_of(
            st.just(NEW),
            st.builds(
                memory,
                st.floats(0.01, 100),
                st.floats(-1, 300),
                st.one_of(st.none(), st.just(10 / 1440)),
            ),
        ),
    ),
    st.lists(st.sampled_from("abcdef"), max_size=3),
    st.integers(0, 3),
)
def test_a_plan_agrees_with_the_counts(
    memories: dict[str, Memory], recent: list[str], new_per_day: int
) -> None:
    settings = Settings(zone="UTC", new_per_day=new_per_day)
    candidates = [Candidate(each, each if each < "d" else "s") for each in "abcdef"]
    planned = next_up(candidates, memories, NOON, settings, recent)
    counted = due(candidates, memories, NOON, settings)
    assert (planned is None) == (counted.due + counted.new == 0)
    if planned is not None and counted.due + counted.new > 1 and recent:
        assert planned.exercise_id != recent[-1]
    if planned is not None and counted.due > 1:
        assert not isinstance(planned.reason, NewNow)
    if counted.next_due_at is not None:
        assert counted.next_due_at > NOON


def test_another_skill_than_the_last_two() -> None:
    c1 = Candidate("c1", "c")
    memories: dict[str, Memory] = {"a1": memory(2, 20), "b1": memory(2, 15), "c1": memory(9, 10)}
    assert asked([A1, A2, B1, B2, c1], memories, ["a2", "b2"]) == "c1"
    assert asked([A1, A2, B1, B2], memories, ["a2", "b2"]) == "a1"


def test_a_backlog_is_taken_in_daily_portions_and_nothing_new_begins_meanwhile() -> None:
    settings = Settings(zone="UTC", reviews_per_day=2)
    memories: dict[str, Memory] = {
        "a1": memory(2, 20),
        "a2": memory(3, 20),
        "b1": memory(4, 20),
    }
    counted = due([A1, A2, B1, B2], memories, NOON, settings)
    assert (counted.due, counted.new, counted.waiting) == (2, 0, 1)
    assert counted.next_due_at == FOUR + DAY_MS
    # Two older ones were reviewed today: the day's number is reached.
    old = memory(9, 0.1)
    done = old._replace(first_review=old.first_review - 9 * DAY_MS, reps=2)
    after = {**memories, "x": done, "y": done}
    assert next_up([A1, A2, B1, B2], after, NOON, settings) is None
    # Begun today is not reviewed today.
    begun = {**memories, "x": old, "y": old}
    assert next_up([A1, A2, B1, B2], begun, NOON, settings) is not None
    # Whoever studies ahead has said that the number is no limit today.
    ahead = next_up([A1, A2, B1, B2], after, NOON, settings, scope=Scope(ahead_days=1))
    assert ahead is not None
    assert isinstance(ahead.reason, DueNow)


def test_new_exercises_of_closed_skills_wait() -> None:
    scope = Scope(closed=frozenset("a"))
    assert next_up([A1], {}, NOON, SETTINGS, scope=scope) is None
    assert due([A1, A2], {}, NOON, SETTINGS, scope).new == 0
    planned = next_up([A1, DEEP], {}, NOON, SETTINGS, scope=scope)
    assert planned == Planned("deep", "c", NewNow(1, 10))
    # What was begun goes on, whatever became of the skill.
    assert next_up([A1], {"a1": memory(2, 20)}, NOON, SETTINGS, scope=scope) is not None


def test_a_changed_exercise_is_asked_before_its_day_and_before_what_is_due() -> None:
    scope = Scope(raised=frozenset({"a1"}))
    memories: dict[str, Memory] = {"a1": memory(30, 3), "b1": memory(2, 6)}
    planned = next_up([A1, B1], memories, NOON, SETTINGS, scope=scope)
    assert planned == Planned("a1", "a", RevisedNow(3))
    assert due([A1, B1], memories, NOON, SETTINGS, scope).due == 2


def test_studying_ahead_takes_the_soonest_first_after_all_else_and_nothing_of_today() -> None:
    memories: dict[str, Memory] = {"a1": memory(9, 7.5), "b1": memory(9, 8), "b2": memory(9, 2)}
    candidates = [A1, B1, B2]
    assert next_up(candidates, memories, NOON, SETTINGS) is None
    scope = Scope(ahead_days=2)
    planned = next_up(candidates, memories, NOON, SETTINGS, scope=scope)
    assert planned is not None
    assert planned.exercise_id == "b1"
    assert isinstance(planned.reason, AheadNow)
    assert planned.reason.days == 1
    assert due(candidates, memories, NOON, SETTINGS, scope).due == 2
    assert asked_ahead([A1, A2], {"a1": memory(9, 8)}) == "a2"  # new ones first
    today: dict[str, Memory] = {"a1": memory(1, 0.2)._replace(due=NOON + DAY_MS)}
    assert asked_ahead([A1], today) is None


def asked_ahead(candidates: list[Candidate], memories: dict[str, Memory]) -> str | None:
    planned = next_up(candidates, memories, NOON, SETTINGS, scope=Scope(ahead_days=2))
    return planned.exercise_id if planned else None


def test_the_next_moment_is_that_of_the_day_also_before_a_step_of_tomorrow() -> None:
    slow = Settings(zone="UTC", again_minutes=1_440)
    step = memory(0.2, 0.1, 0.9)._replace(due=FOUR + DAY_MS + HOUR_MS)
    rest = memory(3, 2)._replace(due=FOUR + DAY_MS + 9 * HOUR_MS)
    counted = due([A1, B1], {"a1": step, "b1": rest}, NOON, slow)
    assert counted == DueCount(0, 0, FOUR + DAY_MS, None)


def test_what_opens_on_the_way_counts_as_new_today():
    candidates = [Candidate("a", "first"), *(Candidate(f"b{n}", "second", 1) for n in range(20))]
    scope = Scope(closed=frozenset({"second"}))
    settings = Settings(new_per_day=10)
    assert due(candidates, {}, NOON, settings, scope).new == 10
    # With no way to it as yet, what is closed is nothing to be done today.
    assert due(candidates[1:], {}, NOON, settings, scope).new == 0


def test_what_rests_for_minutes_is_asked_at_once_if_that_is_wished_once_nothing_else_is_left() -> (
    None
):
    early = memory(0.2, 2 / 1440, 10 / 1440)
    earlier = memory(0.2, 4 / 1440, 10 / 1440)
    memories: dict[str, Memory] = {"a1": early, "a2": earlier, "b1": memory(2, 6)}
    soon = Scope(soon=True)
    rest = {"a1": early, "a2": earlier}
    assert next_up([A1, A2, B1], memories, NOON, SETTINGS, scope=soon).exercise_id == "b1"
    assert next_up([A1, A2], rest, NOON, SETTINGS, scope=soon) == Planned("a2", "a", AgainNow(4))
    assert next_up([A1, A2], rest, NOON, SETTINGS) is None
    assert next_up([A1], {"a1": memory(5, 1)}, NOON, SETTINGS, scope=soon) is None
