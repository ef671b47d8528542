"""What is known from other times, under a verdict: a habit of the learner's, a leech's two programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.app.widgets.verdict.pair_view import PairView
from tutor.app.widgets.verdict.panel import VerdictPanel

if TYPE_CHECKING:
    from tutor.app.screens.review.frame import ReviewFrame
    from tutor.session import Answered, Session
    from tutor.whatif import Pair


class Reminders:
    """They come when they are there: the verdict never waits for them."""

    def __init__(self, screen: ReviewFrame) -> None:
        self._screen = screen

    def clear(self) -> None:
        self._show_pair("", None)

    def begin(self, answered: Answered, session: Session) -> None:
        """Look for what there is to be said of this answer."""
        if answered.verdict.near or answered.leech is not None:
            work = self._remind(answered, session)
            self._screen.run_worker(work, group="reminding", exclusive=True)

    async def _remind(self, answered: Answered, session: Session) -> None:
        from tutor.app.afterwards import habit_words, leech_words, reason_of

        panel = self._screen.query_one(VerdictPanel)
        shown_for = panel.shown
        try:
            habit = await session.misses_like(answered)
            if habit is not None and panel.shown is shown_for:
                panel.add_habit(habit_words(habit))
            if answered.leech is not None:
                pair = await session.telling_pair(answered)
                if pair is not None and panel.shown is shown_for:
                    self._show_pair(leech_words(answered.leech), pair)
        except Exception as error:  # noqa: BLE001 - the verdict stands without it
            uuid = answered.turn.pending.review_uuid
            self._screen.log.error(f"no reminder for {uuid}: {reason_of(error)}")

    def _show_pair(self, head: str, pair: Pair | None) -> None:
        """In both of its places: which of them is seen is a matter of room."""
        for view in self._screen.query(PairView):
            view.show(head, pair)
