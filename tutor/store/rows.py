"""Between records and the rows and JSON that hold them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tutor.store.marks import Mark, MarkKind
from tutor.store.records import Attempt, Pending, Rating, Remembered, Review

if TYPE_CHECKING:
    from collections.abc import Sequence

REVIEW_COLUMNS: Final = (
    "uuid, device, at, utc_offset, exercise_id, revision, content_hash, seed, params, language, "
    "attempts, hints_used, gave_up, seconds, rating, score, torch_version, app_version"
)
EVENT_COLUMNS: Final = "uuid, device, at, kind, subject, body"
PENDING_COLUMNS: Final = (
    "review_uuid, exercise_id, revision, content_hash, seed, language, attempts, hints_used, "
    "shown_solution, started_at, seconds, draft"
)
MEMORY_COLUMNS: Final = (
    "exercise_id, stability, difficulty, first_review, last_review, last_day, reps, lapses, due, "
    "revision, content_hash"
)


def placeholders(columns: str) -> str:
    """``?, ?, …``, one for each of ``columns``."""
    return ", ".join("?" for _ in columns.split(","))


def review_row(review: Review) -> tuple[Any, ...]:
    return (
        review.uuid,
        review.device,
        review.at,
        review.utc_offset,
        review.exercise_id,
        review.revision,
        review.content_hash,
        review.seed,
        canonical(dict(review.params)),
        review.language,
        dump_attempts(review.attempts),
        review.hints_used,
        int(review.gave_up),
        float(review.seconds),
        int(review.rating),
        float(review.score),
        review.torch_version,
        review.app_version,
    )


def read_review(row: Sequence[Any]) -> Review:
    # In the order of REVIEW_COLUMNS; positions, because a log of a million rows is read through
    # here.
    return Review(
        row[0],
        row[1],
        row[2],
        row[3],
        row[4],
        row[5],
        row[6],
        row[7],
        json.loads(row[8]),
        row[9],
        load_attempts(row[10]),
        row[11],
        bool(row[12]),
        row[13],
        Rating(row[14]),
        row[15],
        row[16],
        row[17],
    )


def mark_row(mark: Mark) -> tuple[Any, ...]:
    body = canonical(dict(mark.body))
    return (mark.uuid, mark.device, mark.at, str(mark.kind), mark.subject, body)


def read_mark(row: Sequence[Any]) -> Mark:
    return Mark(row[0], row[1], row[2], MarkKind(row[3]), row[4], json.loads(row[5]))


def pending_row(pending: Pending) -> tuple[Any, ...]:
    return (
        pending.review_uuid,
        pending.exercise_id,
        pending.revision,
        pending.content_hash,
        pending.seed,
        pending.language,
        dump_attempts(pending.attempts),
        pending.hints_used,
        int(pending.shown_solution),
        pending.started_at,
        float(pending.seconds),
        canonical(dict(pending.draft)),
    )


def read_pending(row: Sequence[Any]) -> Pending:
    attempts = load_attempts(row[6])
    return Pending(
        row[0],
        row[1],
        row[2],
        row[3],
        row[4],
        row[5],
        attempts,
        row[7],
        bool(row[8]),
        row[9],
        row[10],
        json.loads(row[11]),
    )


def memory_row(exercise_id: str, memory: Remembered) -> tuple[Any, ...]:
    return (
        exercise_id,
        memory.stability,
        memory.difficulty,
        memory.first_review,
        memory.last_review,
        memory.last_day,
        memory.reps,
        memory.lapses,
        memory.due,
        memory.revision,
        memory.content_hash,
    )


def read_memory(row: Sequence[Any]) -> tuple[str, Remembered]:
    return row[0], Remembered(*row[1:])


def dump_attempts(attempts: Sequence[Attempt]) -> str:
    return canonical(
        [
            {
                "answers": dict(attempt.answers),
                "verdict": attempt.verdict,
                "near": list(attempt.near),
                "at": attempt.at,
                "seconds": attempt.seconds,
            }
            for attempt in attempts
        ]
    )


def load_attempts(text: str) -> tuple[Attempt, ...]:
    return tuple(
        Attempt(each["answers"], each["verdict"], tuple(each["near"]), each["at"], each["seconds"])
        for each in json.loads(text)
    )


def canonical(value: Any) -> str:
    """``value`` as JSON, in the one form in which it is stored."""
    # ASCII: a lone surrogate that a terminal delivered cannot be stored as UTF-8, only escaped.
    return json.dumps(value, separators=(",", ":"))
