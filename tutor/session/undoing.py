"""What the learner says beside answering, and the way back: marks, lowered ratings, undo."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.session.turn import unanswered
from tutor.store.marks import Mark, MarkKind
from tutor.store.records import Rating, Remembered

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from tutor.agenda.agenda import Agenda, Clock
    from tutor.agenda.filters import Filters
    from tutor.session.steps import Steps
    from tutor.session.turn import Answered, Turn
    from tutor.store.records import Review
    from tutor.store.store import Store


class Undoing:
    """The part of a session that changes what is in the log already, always by adding to it."""

    store: Store
    filters: Filters
    turn: Turn | None
    agenda: Agenda
    clock: Clock
    done: list[Review]
    _steps: Steps
    _asked: list[str]
    _over: set[str]

    def mark(self, kind: MarkKind, subject: str, body: Mapping[str, Any] | None = None) -> Mark:
        """Suspend, bury, flag, note …: what is said about an exercise or a skill, in the log.

        Burying lasts until the learner's next day if ``body`` names no other end.  The open question
        stays open; after a mark that puts its exercise to rest, :meth:`next` gives another one.
        """
        return self._steps.mark(kind, subject, body)

    def next_day(self) -> int:
        """When (UTC ms) the learner's next day begins: what is buried rests until then."""
        return self._steps.day_starts(1)

    def lower(self, review_uuid: str, rating: Rating) -> Mark:
        """Let a review count as rated lower than it was; ValueError if that is not lower."""
        return self._steps.lower(review_uuid, rating)

    def can_lower(self, answered: Answered) -> bool:
        """Whether the question is over, counts, and counts as more than Again."""
        review = answered.review
        return review is not None and not answered.crammed and review.rating > Rating.AGAIN

    def harder(self, answered: Answered) -> Answered:
        """It was harder than it looks: let the question count one rating lower; how it stands then.

        ValueError if there is no lower one.
        """
        review = answered.review
        if review is None or not self.can_lower(answered):
            raise ValueError("there is no lower rating: ask can_lower() first")
        self.lower(review.uuid, Rating(review.rating - 1))
        return self.as_it_counts(answered)

    def as_it_counts(self, answered: Answered) -> Answered:
        """A question that is over with the rating that it counts as now, and the date that follows."""
        review = answered.review
        if review is None or answered.crammed:
            return answered
        ours = (r for r in self.store.reviews(review.exercise_id) if r.uuid == review.uuid)
        return replace(answered, review=next(ours, review), due=self.due_of(review.exercise_id))

    def due_of(self, exercise_id: str) -> int | None:
        """When the exercise is asked next (UTC ms); ``None`` if it was never answered."""
        memory = self.store.memory(exercise_id)
        return memory.due if isinstance(memory, Remembered) else None

    @property
    def can_undo(self) -> bool:
        """Whether :meth:`undo` has something to take back."""
        return self._steps.can_undo(self.filters)

    def undo(self) -> Review | Mark | None:
        """Take the last step back, a review or a mark, and say which; again for the one before.

        A review's question is asked again, with the same numbers; the question that is open now waits
        until after it.  Beyond the beginning of this session it goes on with the reviews that were
        made on this device earlier today.
        """
        step = self._steps.undo(self.filters)
        if isinstance(step, Mark) and step.kind in (MarkKind.SUSPEND, MarkKind.BURY):
            self._put_first(step.subject)
        if step is None or isinstance(step, Mark):
            return step
        if self.done and self.done[-1].uuid == step.uuid:
            self.done.pop()
            self._asked.pop()
            self._over.discard(step.uuid)
        if self.turn is not None and self.turn.pending.exercise_id == step.exercise_id:
            # It was asked because of the review that is no more.
            self.store.clear_pending(self.turn.pending.review_uuid)
        again = unanswered(
            self.agenda.review_uuid(step.exercise_id), step.exercise_id, step.revision,
            step.content_hash, step.seed, step.language, self.clock(),
        )  # fmt: skip
        self.store.save_pending(again)
        return step

    def _put_first(self, exercise_id: str) -> None:
        """The question that was open on the exercise when it was put to rest is asked before others."""
        for pending in self.store.all_pending():
            if pending.exercise_id == exercise_id:
                self.store.save_pending(pending)
