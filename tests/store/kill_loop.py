"""Kills a process of ours at random moments and looks at what is left: ``kill_loop.py HOME MOMENTS SEED``.

The process records, marks and undoes, and says so after each; it is a fork of this one, so that a moment
costs milliseconds.  Prints one JSON object with what was found; fails at the first thing that is wrong.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time
from pathlib import Path

from store_helpers import MINUTE, RULE, START, make_pending, make_review

from tutor.store import MarkKind, new_uuid, open_store

#: How often what was said is in the log: exactly once.
COUNTED = {
    "review": "SELECT count(*) FROM review WHERE uuid = ?",
    "event": "SELECT count(*) FROM event WHERE uuid = ?",
    "undo": "SELECT count(*) FROM event WHERE subject = ?",
}


def work(home: Path, said: int, first: int) -> None:
    """The cycle of a session, until it is killed: question, attempt, review, next question."""
    with open_store(home) as store:
        for number in range(first, first + 100_000):
            at = START + number * MINUTE
            uuid, exercise = new_uuid(at), f"exercise-{number % 7}"
            pending = make_pending(review_uuid=uuid, exercise_id=exercise, attempts=())
            store.save_pending(pending)
            os.write(said, f"open {uuid}\n".encode())
            store.save_pending(make_pending(review_uuid=uuid, exercise_id=exercise))
            store.record(make_review(store, at, uuid=uuid, exercise_id=exercise), RULE)
            os.write(said, f"review {uuid}\n".encode())
            if number % 4 == 0:
                mark = store.mark(MarkKind.FLAG, exercise, at, {"text": str(number)})
                os.write(said, f"event {mark.uuid}\n".encode())
            if number % 5 == 0:
                store.undo(uuid, at, RULE)
                os.write(said, f"undo {uuid}\n".encode())


def killed_at(home: Path, after_s: float, first: int) -> list[list[str]]:
    """What the process had said by the time it was killed, ``after_s`` after its first word."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            work(home, writer, first)
        finally:
            os._exit(1)
    os.close(writer)
    assert select.select([reader], [], [], 30)[0], "the process never began"
    time.sleep(after_s)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it ended by itself"
    with os.fdopen(reader) as pipe:
        lines = pipe.read().split("\n")[:-1]  # what was cut off was not said
    return [line.split() for line in lines]


def check(home: Path, said: list[list[str]], *, thorough: bool) -> str | None:
    """Everything that was said is there, and the file is sound; the question left open, if any."""
    with open_store(home) as store:
        for what, uuid in said:
            if what in COUNTED:
                (found,) = store._db.execute(COUNTED[what], [uuid]).fetchone()
                assert found == 1, f"{what} {uuid}: {found} of it"
        assert store.check_integrity() == []
        assert store.check_tally()
        if thorough:
            assert store.check_consistency(RULE) == []
        pending = store.all_pending()
        assert len(pending) <= 1
        opened = [uuid for what, uuid in said if what == "open"]
        done = [uuid for what, uuid in said if what == "review"]
        if opened and opened[-1] not in done and not pending:
            # Killed between the commit of the review and the word about it.
            assert store._db.execute(COUNTED["review"], [opened[-1]]).fetchone() == (1,)
        store.clear_pending()
        return pending[0].review_uuid if pending else None


def main() -> None:
    home, moments, rng = Path(sys.argv[1]), int(sys.argv[2]), random.Random(sys.argv[3])
    open_store(home).close()
    found = {"moments": 0, "reviews": 0, "left open": 0}
    for moment in range(moments):
        said = killed_at(home, rng.uniform(0, 0.012), found["reviews"] * 2)
        left = check(home, said, thorough=moment % 20 == 19)
        found["moments"] += 1
        found["reviews"] += sum(what == "review" for what, _ in said)
        found["left open"] += left is not None
    with open_store(home) as store:
        assert store.check_consistency(RULE) == []
    print(json.dumps(found))


if __name__ == "__main__":
    main()
