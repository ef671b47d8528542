"""What a session hands out: the question in front of the learner, and what became of a submission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.grading.verdict import Verdict
from tutor.schedule.rating import MAX_ATTEMPTS
from tutor.store.records import Pending

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.grading.truths import Truths
    from tutor.grading.verdict import QuestionVerdict
    from tutor.question import FinalTexts, Question
    from tutor.schedule.leeches import Leech
    from tutor.schedule.reasons import Reason
    from tutor.store.records import Review


def unanswered(
    review_uuid: str,
    exercise_id: str,
    revision: int,
    content_hash: str,
    seed: int,
    language: str,
    at: int,
) -> Pending:
    """A question, opened at ``at`` (UTC ms), with nothing used up on it yet."""
    return Pending(
        review_uuid=review_uuid,
        exercise_id=exercise_id,
        revision=revision,
        content_hash=content_hash,
        seed=seed,
        language=language,
        attempts=(),
        hints_used=0,
        shown_solution=False,
        started_at=at,
        seconds=0.0,
    )


@dataclass(frozen=True, slots=True)
class Turn:
    """A question in front of the learner, with what has been used up on it so far.

    ``reason`` is why it is asked now; ``None`` for one that was left open and is taken up again.
    ``tutor.schedule.why.sentence`` says it in words.  ``attempts`` are allowed in all.
    """

    question: Question
    reason: Reason | None
    pending: Pending
    attempts: int = MAX_ATTEMPTS

    @property
    def hints(self) -> tuple[str, ...]:
        """The hints shown so far."""
        return self.question.hints[: self.pending.hints_used]

    @property
    def typed(self) -> Mapping[str, str]:
        """What stands in the answers, by their names: typed since, else submitted last."""
        attempts = self.pending.attempts
        return self.pending.draft or (attempts[-1].answers if attempts else {})

    @property
    def attempts_left(self) -> int:
        return self.attempts - len(self.pending.attempts)

    @property
    def hints_left(self) -> int:
        return len(self.question.hints) - self.pending.hints_used


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one submission.

    ``review`` is there once the question is over (right, given up, or out of attempts) and is committed
    by then; ``texts`` with the explanation comes with it.  ``due`` is when the exercise is asked next,
    in UTC milliseconds.  Of a question that is ``crammed``, and so not recorded, ``due`` is its old
    date, ``None`` if it has none.  ``leech`` is there if the exercise, just answered wrong, is one.
    """

    verdict: QuestionVerdict
    turn: Turn
    review: Review | None = None
    texts: FinalTexts | None = None
    truths: Truths | None = None
    due: int | None = None
    crammed: bool = False
    leech: Leech | None = None

    @property
    def over(self) -> bool:
        return self.review is not None or self.verdict.verdict is Verdict.BROKEN
