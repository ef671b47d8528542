"""The steps of a session that can be taken back: reviews and marks, all of them events in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.schedule.days import day_number, day_start, utc_offset
from tutor.store.marks import Mark, MarkKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from tutor.agenda.filters import Filters
    from tutor.schedule.memory import Scheduler
    from tutor.store.records import Rating, Review
    from tutor.store.store import Store


class Steps:
    """Reviews and marks of this session that are not undone, oldest first, and what was before it."""

    def __init__(self, store: Store, clock: Callable[[], int], scheduler: Scheduler) -> None:
        self._store = store
        self._clock = clock
        self.scheduler = scheduler
        self._taken: list[Review | Mark] = []
        #: Whether this device has reviews of today from before the session; asked for once.
        self._more_today = self._last_today() is not None

    def add(self, step: Review) -> None:
        """A review that has just been committed."""
        self._taken.append(step)

    def mark(self, kind: MarkKind, subject: str, body: Mapping[str, Any] | None) -> Mark:
        """Commit a mark; burying lasts until the learner's next day if ``body`` says nothing else."""
        if kind is MarkKind.BURY and not body:
            body = {"until": self.day_starts(1)}
        mark = self._store.mark(kind, subject, self._clock(), body)
        self._taken.append(mark)
        return mark

    def lower(self, review_uuid: str, rating: Rating) -> Mark:
        """Let a review count as rated lower, by a mark that can be taken back."""
        mark = self._store.lower(review_uuid, rating, self._clock(), self.scheduler)
        self._taken.append(mark)
        return mark

    def can_undo(self, filters: Filters) -> bool:
        return bool(self._taken) or (self._more_today and not filters.unrecorded)

    def undo(self, filters: Filters) -> Review | Mark | None:
        """Take the last step back, in the log, and say which; None if there is none.

        Cramming leaves no trace, so a session that crams takes nothing back from before it.
        """
        if not self.can_undo(filters):
            return None
        step = self._taken[-1] if self._taken else self._last_today()
        if step is None:
            return None
        if isinstance(step, Mark):
            self._store.undo_mark(step.uuid, self._clock(), self.scheduler)
        else:
            self._store.undo(step.uuid, self._clock(), self.scheduler)
        if self._taken:
            self._taken.pop()
        else:
            self._more_today = self._last_today() is not None
        return step

    def _last_today(self) -> Review | None:
        return self._store.last_review(since=self.day_starts(0))

    def day_starts(self, days: int) -> int:
        """When (UTC ms) the learner's day begins that is ``days`` after today."""
        settings, now = self.scheduler.settings, self._clock()
        today = day_number(now, utc_offset(now, settings.zone), settings.rollover_hour)
        return day_start(today + days, settings.rollover_hour, settings.zone)
