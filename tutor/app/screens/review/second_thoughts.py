"""What was answered counts otherwise: taken back and asked once more, or rated lower."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.app import keys
from tutor.app.keymap import key_of
from tutor.app.screens.review.phase import Phase
from tutor.app.widgets.answer.form import AnswerForm
from tutor.app.widgets.verdict.panel import VerdictPanel
from tutor.i18n import _

if TYPE_CHECKING:
    from tutor.app.screens.review.screen import ReviewScreen
    from tutor.session import Answered, Session


async def undo(screen: ReviewScreen, session: Session) -> None:
    """Take the last step back, whatever it was."""
    from tutor.store.marks import Mark, MarkKind  # not before the first paint

    step = session.undo()
    if isinstance(step, Mark) and step.kind is MarkKind.LOWER:
        await _rated_again(screen, session, step.subject)
    elif isinstance(step, Mark):
        await screen.ask_next()
        screen.say(_("Taken back."), "warning")
    elif step is not None:
        screen.done = [one for one in screen.done if one.uuid != step.uuid]
        await screen.ask_next()
        screen.say(_("Taken back: this question is asked once more."), "warning")


def harder(screen: ReviewScreen, session: Session) -> None:
    """The answer was right, but not as easy as it looks: one rating lower, told where it stands."""
    from tutor.presenting.outcome import rating_word  # not before the first paint

    answered = screen.answered
    if answered is None or not session.can_lower(answered):
        return
    answered = session.harder(answered)
    assert answered.review is not None  # noqa: S101 - it is over
    _show_rating(screen, session, answered)
    said = _("It counts as “{rating}” now; {key} takes that back.")
    rating = rating_word(answered.review.rating)
    screen.say(said.format(rating=rating, key=key_of(keys.UNDO)))


async def _rated_again(screen: ReviewScreen, session: Session, review_uuid: str) -> None:
    """The lowering of a review was taken back: of the one that is shown, or of one before."""
    from tutor.presenting.outcome import redated  # not before the first paint

    screen.done = redated(screen.done, review_uuid, session)
    answered = screen.answered
    if answered is not None and answered.turn.pending.review_uuid == review_uuid:
        await screen.action_tab("why")
        _show_rating(screen, session, session.as_it_counts(answered))
    elif screen.phase is Phase.OVER:
        await screen.ask_next()
    screen.say(_("Taken back: the question counts as it did."), "warning")


def _show_rating(screen: ReviewScreen, session: Session, answered: Answered) -> None:
    """A question that is over counts otherwise now, and comes back on another day."""
    from tutor.presenting.outcome import redated, shown

    screen.answered = answered
    screen.done = redated(screen.done, answered.turn.pending.review_uuid, session)
    forms, now = screen.query_one(AnswerForm).forms, session.clock()
    offered = session.can_lower(answered)
    screen.query_one(VerdictPanel).rate(shown(answered, forms, now, harder=offered))
    screen.show_count()
    screen.refresh_bindings()
