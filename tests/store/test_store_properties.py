"""Any sequence of reviews and undos: the stored memory is the log's, and undo is exact."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_helpers import MINUTE, RULE, START, hurried, make_review

from tutor.schedule.memory import replay
from tutor.schedule.settings import Settings
from tutor.store import Memory, Rating, Review, Store, open_store

#: One step: a review of one of three exercises some minutes later (or earlier: clocks are set
#: back), or the undo of the last so many reviews.
_REVIEW = st.tuples(
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(list(Rating)),
    st.integers(-3 * 1_440, 400 * 1_440),
    st.sampled_from([-720, 0, 345, 840]),
)
_STEPS = st.lists(st.one_of(_REVIEW, _REVIEW, st.integers(1, 4)), max_size=25)


def state(store: Store) -> tuple[dict[str, Memory], list[Review], int]:
    return dict(store.memories()), list(store.reviews()), store.review_count()


@given(steps=_STEPS)
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
def test_memory_is_the_replay_of_the_log_and_undo_is_exact(
    steps: list[tuple[str, Rating, int, int] | int],
) -> None:
    with tempfile.TemporaryDirectory() as home, open_store(Path(home)) as opened:
        store = hurried(opened)
        at, before = START, [state(store)]
        for step in steps:
            if isinstance(step, int):
                for _ in range(min(step, len(before) - 1)):
                    last = store.last_review()
                    assert last is not None
                    store.undo(last.uuid, at, RULE)
                    before.pop()
                    assert state(store) == before[-1]
            else:
                exercise_id, rating, minutes, offset = step
                at += minutes * MINUTE
                review = make_review(
                    store, at, exercise_id=exercise_id, rating=rating, utc_offset=offset
                )
                memory = store.record(review, RULE)
                assert memory == replay(store.reviews(exercise_id), Settings())
                before.append(state(store))
        assert store.check_consistency(RULE) == []
        store.rederive(type(RULE)(Settings(retention=0.8)))
        store.rederive(RULE)
        assert state(store) == before[-1]
