"""A learner's session from YAML to SQLite: real files, real torch, a clock that is set by hand."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tutor.agenda.filters import Filters
from tutor.grading.grade import right_answers
from tutor.grading.truths import find_truths
from tutor.schedule.memory import Scheduler
from tutor.schedule.optimise import keep
from tutor.schedule.reasons import AheadNow, GroundNow, NewNow, PlacementNow, RevisedNow
from tutor.schedule.settings import Settings
from tutor.session import Session
from tutor.store import MarkKind, Rating, open_store

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.asyncio(loop_scope="session")

MINUTE, DAY = 60_000, 86_400_000

DETACH = """
format: 1
id: detach
skill: autograd.detach
title: A factor behind detach
params: {c: {int: [2, 4]}, a: {choice: [3, 5, 7]}}
program: |
  x = torch.tensor([{{ a }}.0, 1.0], requires_grad=True)
  y = ({{ c }} * x.detach() * x).sum()
  y.backward()
ask: What is `x.grad`?
answers:
  grad:
    kind: value
    value: x.grad
    near:
      detach-ignored:
        patch: [{replace: x.detach(), with: x}]
        says: That is the gradient with `.detach()` deleted.
      nothing-flows: {value: null, says: One path is left.}
hints: [Which factor has a path back to x?, The other one is a constant.]
explain: "dy/dx = {{ c }}·x = {{ live('x.grad') }}"
"""
BROKEN = """
format: 1
id: broken
skill: autograd.errors
title: It raises
program: |
  x = torch.ones(2)
  x.backward()
ask: What is x?
answers: {x: {kind: value, value: x}}
"""
SLOW = """
format: 1
id: slow
skill: autograd.slow
title: It never ends
program: |
  while True: pass
ask: What is 1?
answers: {x: {kind: value, value: "1"}}
"""


class Clock:
    """Set by hand."""

    def __init__(self) -> None:
        self.now = 1_800_000_000_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def start(home, runner, clock):
    """``start(library)``: a session on the home; the last one's store is closed first, as on exit."""
    stores = []

    def session(library, **kwargs) -> Session:
        if stores:
            stores.pop().close()
        stores.append(open_store(home))
        return Session(library, stores[0], runner, clock=clock, **kwargs)

    yield session
    for store in stores:
        store.close()


async def right(session: Session) -> dict[str, str]:
    truths = await find_truths(session.turn.question, session.runner)
    return right_answers(session.turn.question, truths)


async def test_a_right_answer_is_in_the_log_before_its_verdict_is_seen(
    start, library_of, home, clock
):
    session = start(library_of(detach=DETACH))
    turn = session.next()
    answered = await session.submit(await right(session))

    assert answered.verdict.verdict == "correct"
    assert answered.over
    with open_store(home, read_only=True) as other:  # another process would see the same
        (review,) = other.reviews()
    assert review == answered.review
    assert (review.exercise_id, review.seed) == ("detach", turn.question.seed)
    assert review.params == turn.question.params
    assert review.rating == Rating.GOOD
    assert review.attempts[0].verdict == "correct"
    assert review.torch_version
    assert answered.due >= clock.now + DAY
    assert answered.texts.explain.endswith(f"·x = {(await right_text(session, turn))}")


async def right_text(session, turn) -> str:
    truths = await find_truths(turn.question, session.runner)
    return right_answers(turn.question, truths)["grad"]


async def test_a_near_miss_is_named_and_leaves_two_attempts(start, library_of):
    session = start(library_of(detach=DETACH))
    turn = session.next()
    c, a = turn.question.params["c"], turn.question.params["a"]
    answered = await session.submit({"grad": f"[{2 * c * a}, {2 * c}]"})

    assert answered.verdict.verdict == "wrong"
    assert answered.verdict.near == ("detach-ignored",)
    assert "deleted" in answered.verdict.answers["grad"].message
    assert not answered.over
    assert session.turn.attempts_left == 2
    again = await session.submit(await right(session))
    assert again.review.rating == Rating.HARD
    assert [a.verdict for a in again.review.attempts] == ["wrong", "correct"]


async def test_a_typo_costs_nothing(start, library_of):
    session = start(library_of(detach=DETACH))
    session.next()
    for text in ("[1, 2", "", "abc", "2x"):
        answered = await session.submit({"grad": text})
        assert answered.verdict.verdict == "invalid"
        assert session.turn.attempts_left == 3
    assert session.store.pending().attempts == ()
    assert (await session.submit(await right(session))).review.rating == Rating.GOOD


async def test_three_wrong_attempts_end_the_question_with_again(start, library_of, clock):
    session = start(library_of(detach=DETACH))
    session.next()
    for _ in range(3):
        answered = await session.submit({"grad": "[0, 0]"})
    assert answered.over
    assert answered.review.rating == Rating.AGAIN
    assert answered.due == clock.now + 10 * MINUTE


async def test_a_hint_makes_it_hard_and_is_remembered(start, library_of):
    library = library_of(detach=DETACH)
    session = start(library)
    session.next()
    assert "path back" in session.hint()
    session = start(library)  # the terminal was closed
    session.next()
    assert len(session.turn.hints) == 1
    assert "constant" in session.hint()
    assert session.hint() is None
    assert (await session.submit(await right(session))).review.rating == Rating.HARD


async def test_giving_up_shows_the_truth_and_is_again(start, library_of):
    session = start(library_of(detach=DETACH))
    session.next()
    answered = await session.give_up()
    assert answered.review.gave_up
    assert answered.review.rating == Rating.AGAIN
    assert answered.texts.explain


async def test_a_closed_terminal_goes_on_with_the_same_question(start, library_of):
    library = library_of(detach=DETACH)
    session = start(library)
    first = session.next()
    await session.submit({"grad": "[0, 0]"})
    session = start(library)
    second = session.next()
    assert second.question.seed == first.question.seed
    assert second.attempts_left == 2
    assert second.reason is None


async def test_an_edited_exercise_is_asked_anew(start, library_of):
    session = start(library_of(detach=DETACH))
    session.next()
    await session.submit({"grad": "[0, 0]"})
    session = start(library_of(detach=DETACH.replace("choice: [3, 5, 7]", "choice: [2, 4]")))
    assert session.next().attempts_left == 3


async def test_undo_is_exact_and_asks_the_same_again(start, library_of, home):
    session = start(library_of(detach=DETACH))
    first = session.next()
    before = session.store.memory("detach")
    await session.give_up()
    assert session.undo().exercise_id == "detach"
    assert session.store.memory("detach") == before
    assert session.store.check_consistency(Scheduler()) == []
    again = session.next()
    assert again.question.seed == first.question.seed
    assert again.attempts_left == 3
    assert session.undo() is None
    assert len(list(session.store.reviews(undone=True))) == 1  # nothing leaves the log


async def test_undo_works_at_the_end_too(start, library_of):
    session = start(library_of(detach=DETACH))
    session.next()
    await session.submit(await right(session))
    assert session.next() is None
    assert session.undo() is not None
    assert session.next().question.exercise.id == "detach"


TWO = {name: DETACH.replace("id: detach", f"id: {name}") for name in ("one", "two")}


async def test_undo_goes_back_to_the_beginning_and_the_open_question_waits(start, library_of):
    session = start(library_of(**TWO))
    states = []
    for _ in range(2):
        session.next()
        states.append((dict(session.store.memories()), session.store.marks()))
        await session.give_up()
        session.mark(MarkKind.FLAG, "one", {"text": str(len(states))})
    asked = [review.exercise_id for review in session.done]
    assert session.next() is None
    assert session.can_undo
    assert session.undo().kind is MarkKind.FLAG
    assert session.undo().exercise_id == asked[1]
    assert (session.store.memories(), session.store.marks().flags) == (states[1][0], {"one": "1"})
    session.next()
    session.hint()
    session.undo(), session.undo()
    assert (session.store.memories(), session.store.marks()) == states[0]
    assert not session.can_undo
    assert session.undo() is None
    assert session.next().question.exercise.id == asked[0]
    await session.give_up()
    turn = session.next()  # the one that was open when undo was asked for, as it was left
    assert (turn.question.exercise.id, turn.pending.hints_used) == (asked[1], 1)


async def test_undo_reaches_back_over_a_restart_but_not_over_a_day(start, library_of, clock):
    library = library_of(**TWO)
    session = start(library)
    session.next()
    await session.give_up()
    clock.now += MINUTE
    session = start(library)
    assert session.can_undo
    assert session.undo() is not None
    assert session.store.memories() == {}
    assert not session.can_undo
    session.next()
    await session.give_up()
    clock.now += DAY
    session = start(library)
    assert not session.can_undo
    assert session.undo() is None
    assert len(session.store.memories()) == 1


async def test_an_edit_keeps_progress_and_a_raised_revision_asks_once(start, library_of, clock):
    session = start(library_of(detach=DETACH))
    session.next()
    await session.submit(await right(session))
    memory = session.store.memory("detach")
    clock.now += DAY // 24
    session = start(library_of(detach=DETACH.replace("A factor behind", "The factor behind")))
    assert session.store.memory("detach") == memory
    assert session.next() is None
    session = start(library_of(detach=DETACH.replace("skill:", "revision: 2\nskill:")))
    assert session.store.memory("detach") == memory
    assert isinstance(session.next().reason, RevisedNow)
    await session.submit(await right(session))
    assert session.store.memory("detach").revision == 2
    assert session.next() is None


async def test_a_session_starts_on_memories_of_its_own_settings(start, library_of):
    session = start(library_of(detach=DETACH))
    session.next()
    await session.submit(await right(session))
    usual = session.store.memory("detach")
    strict = Settings(retention=0.97)
    session = start(library_of(detach=DETACH), settings=strict)
    assert session.store.memory("detach").due < usual.due
    assert session.store.check_consistency(Scheduler(strict)) == []


async def test_what_rests_is_not_asked_until_it_wakes(start, library_of, clock):
    session = start(library_of(detach=DETACH))
    session.next()
    session.hint()
    session.mark(MarkKind.SUSPEND, "detach")
    assert session.next() is None
    session.undo()
    assert session.next().pending.hints_used == 1
    session.mark(MarkKind.BURY, "detach")
    assert session.next() is None
    assert session.due().new == 0
    clock.now += DAY
    assert session.next().pending.hints_used == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [(BROKEN, "RuntimeError"), (SLOW, "stopped after")],
    ids=["raises", "never-ends"],
)
async def test_our_own_fault_costs_nothing_and_the_next_question_works(
    start, library_of, text, says
):
    session = start(library_of(bad=text, detach=DETACH))
    if session.next().question.exercise.id == "detach":
        await session.submit(await right(session))
        session.next()
    answered = await session.submit({"x": "1"})
    assert answered.verdict.verdict == "broken"
    assert says in answered.verdict.fault
    assert answered.review is None
    assert session.store.memory(answered.turn.question.exercise.id) == session.store.memory("none")
    following = session.next()
    if following is not None:  # it was the last one
        assert following.question.exercise.id == "detach"
        assert (await session.submit(await right(session))).verdict.verdict == "correct"


async def test_fresh_numbers_each_time(start, library_of, clock):
    session = start(library_of(detach=DETACH))
    seeds = []
    for _ in range(4):
        turn = session.next()
        seeds.append(turn.question.seed)
        await session.give_up()
        clock.now += 11 * MINUTE
    assert len(set(seeds)) == 4


async def test_due_counts_follow_the_clock(start, library_of, clock):
    session = start(library_of(detach=DETACH))
    assert (session.due().due, session.due().new) == (0, 1)
    session.next()
    due = (await session.submit(await right(session))).due
    assert (session.due().due, session.due().new) == (0, 0)
    clock.now = due
    assert session.due().due == 1
    assert session.next() is not None


async def test_every_shipped_exercise_can_be_answered_in_the_app(start, shipped, clock):
    """The whole way, for each: drawn, run, answered as shown, recorded."""
    session = start(shipped, settings=Settings(new_per_day=1000))
    seen = set()
    while (turn := session.next()) is not None:
        answered = await session.submit(await right(session))
        assert answered.verdict.verdict == "correct", (turn.question.exercise.id, answered)
        seen.add(turn.question.exercise.id)
    assert seen == set(shipped.exercises)
    assert session.faults == {}


OTHER = DETACH.replace("id: detach", "id: other").replace("autograd.detach", "autograd.other")


async def test_filters_by_skill_tag_misconception_and_difficulty(start, library_of):
    hard = OTHER + "difficulty: 4\ntags: [cut]\n"
    hard = hard.replace("nothing-flows", "all-is-cut")
    library = library_of(detach=DETACH + "difficulty: 2\n", hard=hard)

    def asked(**filters) -> set[str]:
        session = start(library, filters=Filters(**filters))
        return {one.exercise_id for one in session.agenda.candidates()}

    assert asked() == {"detach", "other"} == asked(skills=frozenset({"autograd"}))
    assert asked(skills=frozenset({"autograd.detach"})) == {"detach"}
    assert asked(skills=frozenset({"auto"})) == set()
    assert asked(tags=frozenset({"cut", "none"})) == {"other"}
    assert asked(misconceptions=frozenset({"nothing-flows"})) == {"detach"}
    assert asked(misconceptions=frozenset({"detach-ignored"})) == {"detach", "other"}
    assert asked(difficulty=(1, 3)) == {"detach"}
    assert asked(exercises=frozenset({"other"}), difficulty=(1, 3)) == set()


async def test_cramming_asks_everything_once_and_leaves_no_trace(start, library_of):
    library = library_of(detach=DETACH, other=OTHER)
    session = start(library)
    open_question = session.next()
    session = start(library, filters=Filters(cram=True))
    before = session.store.pending()
    asked = set()
    while session.next() is not None:
        session.hint()
        await session.submit({"grad": "[0, 0]"})
        answered = await session.give_up()
        assert (answered.over, answered.crammed) == (True, True)
        assert answered.texts.explain
        asked.add(answered.review.exercise_id)
    assert asked == {"detach", "other"}
    assert session.undo() is None
    assert session.store.review_count() == 0
    assert session.store.memories() == {}
    assert session.store.pending() == before
    session = start(library)  # the sitting before goes on where it was
    assert session.next().question == open_question.question


async def test_studying_ahead_moves_the_schedule(start, library_of, clock):
    library = library_of(detach=DETACH)
    session = start(library)
    session.next()
    due = (await session.submit(await right(session))).due
    clock.now = due - DAY
    assert start(library).next() is None
    session = start(library, filters=Filters(ahead=2))
    assert isinstance(session.next().reason, AheadNow)
    assert (await session.submit(await right(session))).due > due
    assert session.next() is None


async def test_an_exercise_that_does_not_stick_is_told(start, library_of, clock):
    session = start(library_of(detach=DETACH))
    for n in range(5):
        session.next()
        answered = await session.give_up()
        assert (answered.leech is not None) == (n >= 3)
        clock.now += 11 * MINUTE
    assert [one.exercise_id for one in session.agenda.leeches()] == ["detach"]


async def test_the_plan_takes_the_learners_own_times(start, library_of):
    session = start(library_of(detach=DETACH, other=OTHER))
    assert session.agenda.plan().new == 2
    session.next()
    await session.submit(await right(session))
    assert session.agenda.plan().questions == 1


DECK = """
format: 1
id: small
title: Small
languages: [en]
licence: MIT
skills:
  autograd.detach: {title: Detach}
  autograd.other: {title: Other, requires: [autograd.detach]}
"""


@pytest.fixture
def graded(library_of, tmp_path):
    """Two exercises, the second of a skill that requires that of the first; both know one idea."""
    (tmp_path / "exercises").mkdir(exist_ok=True)
    (tmp_path / "exercises" / "deck.yaml").write_text(DECK)
    near = "        says: That", "        idea: detach\n        says: That"
    return library_of(detach=DETACH.replace(*near), other=OTHER.replace(*near))


async def test_a_skill_waits_until_what_it_requires_is_known_or_it_is_opened(start, graded):
    session = start(graded)
    assert session.next().question.exercise.id == "detach"
    await session.give_up()
    assert session.next() is None
    assert session.agenda.skills()["autograd.other"].missing == ("autograd.detach",)
    named = start(graded, filters=Filters(skills=frozenset({"autograd.other"})))
    assert named.next().question.exercise.id == "other"
    session = start(graded)
    session.store.clear_pending()
    session.mark(MarkKind.OPEN_SKILL, "autograd.other", {"by": "hand"})
    assert session.next().question.exercise.id == "other"
    session.undo()
    session.store.clear_pending()
    assert session.next() is None


async def test_right_opens_the_next_skill_and_says_what_it_builds_on(start, graded):
    session = start(graded)
    session.next()
    await session.submit(await right(session))
    assert session.next().reason == NewNow(2, 10, ("autograd.detach",))


async def test_a_miss_is_followed_by_its_ground(start, graded, clock):
    session = start(graded)
    session.next()
    await session.submit(await right(session))
    clock.now += 5 * DAY
    session.next()
    await session.submit(await right(session))  # detach again
    clock.now += 30 * DAY
    session = start(graded, filters=Filters(exercises=frozenset({"other"})))
    turn = session.next()
    c, a = turn.question.params["c"], turn.question.params["a"]
    session.agenda.filters = Filters()
    await session.submit({"grad": f"[{2 * c * a}, {2 * c}]"})
    await session.give_up()
    await session.learning
    following = session.next()
    assert following.question.exercise.id == "detach"
    assert following.reason == GroundNow("what detach cuts", "autograd.detach")


async def test_a_rating_is_lowered_and_that_is_taken_back(start, library_of):
    session = start(library_of(detach=DETACH))
    session.next()
    answered = await session.submit(await right(session))
    with pytest.raises(ValueError, match="not lower"):
        session.lower(answered.review.uuid, Rating.EASY)
    session.lower(answered.review.uuid, Rating.AGAIN)
    assert session.store.memory("detach").due < answered.due
    assert session.store.check_consistency(session.scheduler) == []
    session.undo()
    assert session.store.memory("detach").due == answered.due
    assert session.undo().uuid == answered.review.uuid


async def test_harder_goes_down_rating_by_rating_and_tells_the_new_date(start, library_of):
    session = start(library_of(detach=DETACH))
    session.next()
    answered = await session.submit(await right(session))
    assert answered.review.rating == Rating.GOOD
    hard = session.harder(answered)
    assert (hard.review.rating, session.due_of("detach")) == (Rating.HARD, hard.due)
    assert hard.due < answered.due
    again = session.harder(hard)
    assert again.review.rating == Rating.AGAIN
    assert not session.can_lower(again)
    with pytest.raises(ValueError, match="no lower rating"):
        session.harder(again)
    session.undo()
    assert session.as_it_counts(again) == hard
    session.undo()
    assert session.as_it_counts(again) == answered
    assert session.store.check_consistency(session.scheduler) == []


async def test_what_does_not_count_cannot_count_lower(start, library_of):
    session = start(library_of(detach=DETACH), filters=Filters(cram=True))
    session.next()
    answered = await session.submit(await right(session))
    assert answered.review.rating == Rating.GOOD
    assert not session.can_lower(answered)
    assert session.as_it_counts(answered) == answered


async def test_fitted_parameters_are_in_force_in_the_next_session(start, library_of):
    library = library_of(detach=DETACH)
    session = start(library)
    session.next()
    due = (await session.submit(await right(session))).due
    fitted = (0.1, 0.2, 0.3, 0.4, *Settings().parameters[4:])
    keep(session.store, Settings(), fitted, session.clock())
    assert session.store.memory("detach").due < due
    session = start(library)
    assert session.settings.parameters == fitted
    assert session.store.check_consistency(session.scheduler) == []
    keep(session.store, Settings(), (), session.clock())
    assert session.store.memory("detach").due == due


async def test_other_settings_hold_once_all_is_derived_anew(start, library_of):
    session = start(library_of(detach=DETACH, other=OTHER))
    session.next()
    before = (await session.submit(await right(session))).due
    taking = asyncio.create_task(session.take_settings(Settings(retention=0.75)))
    session.next()
    await session.submit(await right(session))
    await taking
    assert session.store.memory("detach").due > before
    assert session.agenda.settings.retention == 0.75
    assert session.store.check_consistency(session.scheduler) == []


async def test_implicit_credit_is_off_unless_asked_for_and_stores_nothing(
    start, library_of, tmp_path, clock
):
    (tmp_path / "exercises").mkdir(exist_ok=True)
    practises = "{title: Other, exercises: {autograd.detach: 0.5}}"
    deck = DECK.replace("{title: Other, requires: [autograd.detach]}", practises)
    (tmp_path / "exercises" / "deck.yaml").write_text(deck)
    library = library_of(detach=DETACH, other=OTHER)
    session = start(library)
    session.next()
    due = (await session.submit(await right(session))).due
    clock.now = due
    session = start(library, filters=Filters(skills=frozenset({"autograd.other"})))
    session.next()
    await session.submit(await right(session))
    stored = dict(session.store.memories())
    assert start(library).agenda.memories() == stored
    credited = start(library, settings=Settings(implicit_credit=True))
    assert credited.agenda.memories()["detach"].due > due
    assert credited.agenda.memories()["other"] == stored["other"]
    assert credited.due().due == 0
    assert dict(credited.store.memories()) == stored
    assert credited.store.check_consistency(credited.scheduler) == []


async def test_the_placement_test_charges_nothing_and_is_one_mark(start, graded):
    session = start(graded, filters=Filters(place=True))
    asked = []
    while (turn := session.next()) is not None:
        assert isinstance(turn.reason, PlacementNow)
        assert (turn.reason.number, turn.attempts_left) == (len(asked) + 1, 1)
        asked.append(turn.reason.skill)
        if turn.reason.skill == "autograd.detach":
            answered = await session.submit(await right(session))
        else:
            answered = await session.submit({"grad": "[0, 0]"})
        assert (answered.over, answered.crammed, answered.leech) == (True, True, None)
    assert set(asked) == {"autograd.detach", "autograd.other"}
    assert session.store.review_count() == 0
    assert session.store.pending() is None
    found = session.store.marks().placed["small"]
    assert (found["asked"], found["known"]) == (2, ["autograd.detach"])

    usual = start(graded)
    assert usual.agenda.skills()["autograd.detach"].opened == "test"
    assert usual.next().question.exercise.id == "other"  # what is known already comes last
    usual.store.clear_pending()


async def test_a_placement_is_taken_back_as_a_whole(start, graded):
    session = start(graded, filters=Filters(place=True))
    while session.next() is not None:
        await session.submit(await right(session))
    assert session.store.marks().placed
    session.undo()
    assert not session.store.marks().placed
    assert session.undo() is None


async def test_what_breaks_in_a_placement_test_is_passed_over(start, library_of, tmp_path):
    (tmp_path / "exercises").mkdir(exist_ok=True)
    (tmp_path / "exercises" / "deck.yaml").write_text(DECK)
    broken = BROKEN.replace("autograd.errors", "autograd.detach")
    session = start(library_of(broken=broken, other=OTHER), filters=Filters(place=True))
    asked = []
    while (turn := session.next()) is not None:
        asked.append(turn.question.exercise.id)
        await session.submit(dict.fromkeys(turn.question.answers, "[0, 0]"))
    assert sorted(asked) == ["broken", "other"]
    assert session.store.marks().placed["small"]["known"] == []
