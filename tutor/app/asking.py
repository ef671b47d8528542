"""What the review screen asks: the plan, or for a while something beside it; and what comes then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tutor.agenda.filters import Filters
from tutor.i18n import _, ngettext

if TYPE_CHECKING:
    from tutor.app.app import TutorApp
    from tutor.app.screens.summary import Wish
    from tutor.session import Session


#: Seconds for which it is told what came of questions beside the plan.
SAID_FOR: Final = 3.0


@dataclass(frozen=True, slots=True)
class Aside:
    """Questions asked instead of the plan; ``usual`` is what the session asked before, once it does.

    At their end ``says`` is told where they were begun; for an empty one there is a summary.
    """

    filters: Filters
    says: str
    usual: Filters | None = None


class Asking:
    """Sends the learner to the review screen, and on from it."""

    def __init__(self, app: TutorApp) -> None:
        self._app = app
        self._navigation = app.navigation
        #: What is asked at the moment instead of the plan.
        self._aside: Aside | None = None

    # -- begun ----------------------------------------------------------------------------------

    async def plan(self) -> None:
        """Ask what is planned: the open question as it was left, or the next one."""
        await self._app.action_go("review")
        if self._app.session is not None:
            await self.enter(self._app.session)

    async def aside(self, filters: Filters, says: str) -> None:
        """Ask what ``filters`` admit instead of the plan, then come back here and say ``says``."""
        await self._app.action_go("review")
        self._aside = Aside(filters, says)
        if self._app.session is not None:
            await self.enter(self._app.session)

    async def first_question(self) -> None:
        """From the welcome: one question, then Home."""
        await self._app.action_go("home")
        says = _("That was your first question. Home shows what comes next.")
        await self.aside(Filters(limit=1), says)

    async def placement(self) -> None:
        """The placement test, then back."""
        await self.aside(Filters(place=True), "")

    async def resting(self) -> None:
        """What was not right a moment ago, before its minutes are over, each once; then its summary."""
        session = self._app.session
        if session is None or not (resting := session.due().resting):
            return
        asked = len(session.done)  # those count for the limit
        filters = replace(session.filters, soon=True, limit=asked + resting)
        await self.aside(filters, "")

    async def enter(self, session: Session) -> None:
        """The learner stands before the review screen: have it ask what is to be asked now."""
        anew = self._aside is not None and self._aside.usual is None
        if self._aside is not None and anew:
            self._aside = replace(self._aside, usual=session.filters)
            session.ask_for(self._aside.filters)
        await self._navigation.review.enter(session, anew=anew)

    # -- over -----------------------------------------------------------------------------------

    def end_aside(self) -> str:
        """What was asked beside the plan is left: from now on the plan is asked again."""
        aside, session = self._aside, self._app.session
        if aside is None or not self._navigation.is_review(self._app.screen):
            return ""
        self._aside = None
        says = aside.says
        if session is not None and aside.usual is not None:
            if aside.filters.place:
                says = _placed(session)
            session.ask_for(aside.usual)
            self._navigation.review.rest()
        return says

    async def finished(self) -> None:
        """Nothing is left to ask: back from what was asked beside the plan, or to the summary."""
        session = self._navigation.review.session
        assert session is not None  # noqa: S101 - it has just been asked
        if not self._navigation.is_review(self._app.screen):
            return  # it was left meanwhile
        says = self.end_aside()
        if says:
            self._app.pop_screen()
            # Not for long: the next Enter brings a question, which it would lie over.
            self._app.notify(says, timeout=SAID_FOR, markup=False)
            return
        self._summarise(session)
        self._offer_to_fit(session)

    def _summarise(self, session: Session) -> None:
        from tutor.app.screens.summary import SummaryScreen

        due = session.due()
        moments = [at for at in (due.next_due_at, due.next_new_at) if at is not None]
        done = self._navigation.review.done
        at = min(moments, default=None)
        resting = 0 if session.filters.unrecorded else due.resting
        summary = SummaryScreen(done, at, session.clock(), resting=resting)
        self._app.push_screen(summary, self._after_summary)

    async def _after_summary(self, wish: Wish | None) -> None:
        review = self._navigation.review
        review.take_up()
        match wish:
            case "undo":
                await review.action_undo()
            case "resting":
                await self.resting()
            case "again":
                due = self._app.session.due() if self._app.session is not None else None
                if due is not None and not due.due + due.new:
                    self._app.notify(_("Nothing more is due yet."), markup=False)
                await review.action_next()
            case _:
                await self._app.action_go("home")

    def _offer_to_fit(self, session: Session) -> None:
        from tutor.schedule.settings import ENOUGH  # not before the first paint

        if session.store.review_count() >= ENOUGH and not self._navigation.alone:
            from tutor.app.screens.fit import offer  # only for a long log

            self._app.run_worker(offer(self._app, session), group="offer", exclusive=True)


def _placed(session: Session) -> str:
    """What the placement test has found, at its end."""
    known, of = session.agenda.known_by_test(), len(session.agenda.skills())
    said = ngettext(
        "You are placed: {n} of {of} skills counts as known, and what builds on it is open.",
        "You are placed: {n} of {of} skills count as known, and what builds on them is open.",
        known,
    )
    return said.format(n=known, of=of)
