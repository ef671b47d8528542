"""What was said of a submission, said in another language: the same draw, run and graded once more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.grading.grade import grade
from tutor.grading.verdict import Verdict, broken

if TYPE_CHECKING:
    from tutor.grading.truths import Truths
    from tutor.question import Question
    from tutor.runner.client import Runner
    from tutor.session.turn import Answered


async def said_again(
    answered: Answered, question: Question, truths: Truths | str, runner: Runner
) -> Answered:
    """``answered`` with the words of ``question``, its own in another language; what counts is untouched.

    ``truths`` are what that question's run gave, or what went wrong in words.

    Raises:
        RunnerFailure: the learner's code could not be run once more.
    """
    turn = replace(answered.turn, question=question)
    was_broken = answered.verdict.verdict is Verdict.BROKEN
    if isinstance(truths, str):
        return replace(answered, turn=turn, verdict=broken(truths)) if was_broken else answered
    if was_broken:
        return answered  # what broke then does not now: there are no other words for it
    verdict = answered.verdict
    gave_up = answered.review is not None and answered.review.gave_up
    if turn.pending.attempts and not gave_up:
        again = await grade(question, truths, turn.pending.attempts[-1].answers, runner)
        # Code may do something else the second time; what was told stands.
        verdict = again if again.verdict is verdict.verdict else verdict
    return replace(
        answered,
        turn=turn,
        verdict=verdict,
        texts=None if answered.texts is None else truths.texts,
        truths=None if answered.truths is None else truths,
    )
