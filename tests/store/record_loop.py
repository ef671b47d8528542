"""A process that records reviews, marks and backs up, and says so: ``record_loop.py HOME WHO COUNT``.

Prints ``ready``, then the uuid of each review once ``record`` has returned.
"""

import sys
from pathlib import Path

from store_helpers import MINUTE, RULE, START, make_pending, make_review

from tutor.store import MarkKind, backup, new_uuid, open_store

home, who, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
store = open_store(home, timeout_s=30)
print("ready", flush=True)
for number in range(count):
    at = START + number * MINUTE
    uuid = new_uuid(at)
    exercise = f"exercise-{number % 3}"
    store.save_pending(make_pending(review_uuid=uuid, exercise_id=exercise))
    store.record(make_review(store, at, uuid=uuid, exercise_id=exercise, language=who), RULE)
    if number % 5 == 4:
        last = store.last_review()
        assert last is not None
        store.undo(last.uuid, at, RULE)
        print("undo", flush=True)
    store.mark(MarkKind.NOTE, exercise, at, {"text": str(number)})
    if number % 20 == 10:
        backup.make(home, f"by-{who}", at)
    print(uuid, flush=True)
store.close()
