"""Any sequence of reviews and undos: the stored memory is the log's, and undo is exact."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_helpers import MINUTE, RULE, START, hurried, make_review

from tutor.schedule.memory import replay
from tutor.schedule.settings import Settings
from tutor.store import Mark, MarkKind, Rating, Review, Store, open_store, tally
from tutor.store.errors import AdoptionError

#: Kinds that have ways of their own into the log.
APART = (MarkKind.ADOPT, MarkKind.DISOWN, MarkKind.LOWER)

#: One step: a review of one of three exercises some minutes later (or earlier: clocks are set
#: back), a mark on one of them, an adoption, a rating lowered (of the n-th last
#: review), or the undo of the last so many steps.
_REVIEW = st.tuples(
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(list(Rating)),
    st.integers(-3 * 1_440, 400 * 1_440),
    st.sampled_from([-720, 0, 345, 840]),
)
_MARK = st.tuples(
    st.sampled_from([kind for kind in MarkKind if kind not in APART]),
    st.sampled_from(["a", "b", "c"]),
    st.fixed_dictionaries({"text": st.sampled_from(["", "why?"]), "until": st.just(START)}),
)
_ADOPTION = st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from(["a", "b", "c", ""]))
_LOWERING = st.tuples(st.integers(1, 4), st.sampled_from(list(Rating)))
_STEPS = st.lists(
    st.one_of(_REVIEW, _REVIEW, _MARK, _ADOPTION, _LOWERING, st.integers(1, 4)), max_size=25
)


def state(store: Store) -> tuple[object, ...]:
    """All that can be read, and what a connection that has kept nothing reads."""
    found = [
        (
            dict(each.memories()),
            each.marks(),
            list(each.reviews()),
            each.review_count(),
            each.daily(4),
        )
        for each in (store, Store(store.path, store._db))
    ]
    assert found[0] == found[1]
    return found[0]


Step = (
    tuple[str, Rating, int, int]
    | tuple[MarkKind, str, dict[str, object]]
    | tuple[str, str]
    | tuple[int, Rating]
)


def take(store: Store, step: Step, at: int) -> Review | Mark | None:
    """Do one step; ``None`` for an adoption that is refused."""
    if len(step) == 4:
        exercise_id, rating, _, offset = step
        review = make_review(
            store, at, exercise_id=exercise_id, rating=rating, utc_offset=offset, revision=at % 3
        )
        memory = store.record(review, RULE)
        name = store.marks().name(exercise_id)
        assert memory == store.memory(name) == replay(store.reviews(name), Settings())
        return review
    if len(step) == 3:
        return store.mark(step[0], step[1], at, step[2])
    if isinstance(step[0], int):
        return lowered(store, step[0], step[1], at)
    try:
        old, new = step
        return store.adopt(old, new, at, RULE) if new else store.disown(old, at, RULE)
    except AdoptionError:
        return None


def lowered(store: Store, n: int, rating: Rating, at: int) -> Mark | None:
    """Lower the n-th last review; ``None`` if there is none, or it is as low already."""
    reviews = list(store.reviews())
    if len(reviews) < n or reviews[-n].rating <= rating:
        return None
    mark = store.lower(reviews[-n].uuid, rating, at, RULE)
    (review,) = [each for each in store.reviews() if each.uuid == reviews[-n].uuid]
    assert review == replace(reviews[-n], rating=rating)
    memory = store.memory(review.exercise_id)
    assert memory == replay(store.reviews(review.exercise_id), Settings())
    return mark


@given(steps=_STEPS)
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
def test_memory_is_the_replay_of_the_log_and_undo_is_exact(steps: list[Step | int]) -> None:
    with tempfile.TemporaryDirectory() as home, open_store(Path(home)) as opened:
        store = hurried(opened)
        at, before = START, [state(store)]
        done: list[Review | Mark] = []
        for step in steps:
            if isinstance(step, int):
                for _ in range(min(step, len(done))):
                    last = done.pop()
                    if isinstance(last, Review):
                        store.undo(last.uuid, at, RULE)
                    else:
                        store.undo_mark(last.uuid, at, RULE)
                    before.pop()
                    assert state(store) == before[-1]
            else:
                at += step[2] * MINUTE if len(step) == 4 else 0
                taken = take(store, step, at)
                if taken is not None:
                    done.append(taken)
                    before.append(state(store))
                assert state(store) == before[-1]
        assert store.check_consistency(RULE) == []
        assert tally.is_right(store._db)
        store.rederive(type(RULE)(Settings(retention=0.8)))
        store.rederive(RULE)
        assert state(store) == before[-1]
