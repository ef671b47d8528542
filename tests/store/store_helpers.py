"""Reviews and stores for the tests of the store."""

from __future__ import annotations

import os
import sys
import traceback
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.schedule.memory import Scheduler
from tutor.store import Attempt, Pending, Rating, Review, Store, new_uuid

if TYPE_CHECKING:
    from collections.abc import Callable

START = 1_750_000_000_000
MINUTE = 60_000
DAY = 86_400_000
RULE = Scheduler()
KILL_LOOP = Path(__file__).with_name("kill_loop.py")
RECORD_LOOP = Path(__file__).with_name("record_loop.py")

_REVIEW = Review(
    uuid="",
    device="",
    at=START,
    utc_offset=120,
    exercise_id="autograd.detach",
    revision=1,
    content_hash="c0ffee",
    seed=3,
    params={"c": 2, "v": [1.5, -2], "name": "矩阵"},
    language="zh",
    attempts=(
        Attempt({"grad": "[1, 2", "leaf": "\udcff"}, "wrong", ("detach-ignored",), START - 5, 7.5),
        Attempt({"grad": "None"}, "correct", (), START, 12.25),
    ),
    hints_used=1,
    gave_up=False,
    seconds=12.25,
    rating=Rating.HARD,
    score=1.0,
    torch_version="2.13.0",
    app_version="0.1.0",
)


def make_review(store: Store, at: int = START, **changes: Any) -> Review:
    return replace(_REVIEW, **{"uuid": new_uuid(at), "device": store.device_id, "at": at} | changes)


def make_pending(**changes: Any) -> Pending:
    pending = Pending(
        review_uuid=new_uuid(START),
        exercise_id="autograd.detach",
        revision=1,
        content_hash="c0ffee",
        seed=2**63 - 1,
        language="en",
        attempts=_REVIEW.attempts,
        hints_used=2,
        shown_solution=False,
        started_at=START,
        seconds=4.5,
        draft={"grad": "[1, 2"},
    )
    return replace(pending, **changes)


def hurried(store: Store) -> Store:
    """The same store without waiting for the disk, for tests of thousands of commits."""
    store._db.execute("PRAGMA synchronous = OFF")
    return store


def as_ordinary_user(action: Callable[[], None]) -> None:
    """Run ``action`` in a forked child that has no root rights, and fail if it fails.

    Permissions do not bind root, and tests in a container often run as root.
    """

    def without_rights() -> None:
        if os.getuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        action()

    in_a_child(without_rights)


def in_a_child(action: Callable[[], None]) -> None:
    """Run ``action`` in a forked child, for what would stick to this process; fail if it fails."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            action()
            status = 0
        except BaseException:  # noqa: BLE001 - a forked child must never return into pytest
            traceback.print_exc(file=sys.__stderr__)
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0, "see the child's traceback on stderr"
