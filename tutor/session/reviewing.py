"""From a question that is over to its review: what is rated and logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor import __version__
from tutor.grading.verdict import Verdict
from tutor.schedule.days import utc_offset
from tutor.schedule.rating import Outcome, habit, rate
from tutor.store.records import Review

if TYPE_CHECKING:
    from tutor.grading.truths import Truths
    from tutor.grading.verdict import QuestionVerdict
    from tutor.session.turn import Turn
    from tutor.store.store import Store


def review_of(
    turn: Turn,
    verdict: QuestionVerdict,
    truths: Truths,
    store: Store,
    *,
    gave_up: bool,
    seconds: float,
    at: int,
    zone: str,
) -> Review:
    """The review of ``turn``, which ended with ``verdict`` at ``at`` (UTC ms).

    ``seconds`` is the whole time on the question.  Of one that was answered it does not count what
    came after the last attempt.
    """
    pending = turn.pending
    correct = verdict.verdict is Verdict.CORRECT
    outcome = Outcome(
        attempts_valid=len(pending.attempts),
        correct=correct,
        hints_used=pending.hints_used,
        # A placement test allows one attempt: it is over then, too.
        gave_up=gave_up or (turn.attempts_left <= 0 and not correct),
        seconds=seconds if gave_up else pending.seconds,
    )
    before = habit(store.reviews(pending.exercise_id), turn.question.params)
    return Review(
        uuid=pending.review_uuid,
        device=store.device_id,
        at=at,
        utc_offset=utc_offset(at, zone),
        exercise_id=pending.exercise_id,
        revision=pending.revision,
        content_hash=pending.content_hash,
        seed=pending.seed,
        params=turn.question.params,
        language=pending.language,
        attempts=pending.attempts,
        hints_used=pending.hints_used,
        gave_up=gave_up,
        seconds=outcome.seconds,
        rating=rate(outcome, before),
        score=verdict.score or 0.0,
        torch_version=truths.torch_version,
        app_version=__version__,
    )
