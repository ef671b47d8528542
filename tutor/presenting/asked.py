"""What is said of the question in front of the learner: why it is asked, and how much is to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.i18n import _, ngettext
from tutor.presenting.words import title_of
from tutor.schedule.reasons import PlacementNow
from tutor.schedule.why import sentence

if TYPE_CHECKING:
    from tutor.session import Session, Turn


def why_asked(turn: Turn, session: Session) -> str:
    """One sentence; of a question that was begun before, what is left of it."""
    if turn.pending.attempts:
        left = turn.attempts_left
        again = ngettext(
            "Taken up where you left it: {n} attempt left.",
            "Taken up where you left it: {n} attempts left.",
            left,
        )
        return again.format(n=left)
    return sentence(
        turn.reason, lambda skill: title_of(skill, session.library, turn.question.language)
    )


def how_much_is_left(session: Session) -> str:
    """For the top row: what is due and new, or how far what is asked beside the schedule has come."""
    if session.filters.place:
        reason = session.turn.reason if session.turn is not None else None
        if not isinstance(reason, PlacementNow):
            return _("placement test")
        return _("placement test: {n} of at most {most}").format(n=reason.number, most=reason.most)
    if session.filters.cram:
        return _("practice: {n} left").format(n=session.left_to_practise)
    due = session.due()
    return _("{due} due · {new} new").format(due=due.due, new=due.new)
