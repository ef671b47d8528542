"""What the review screen is waiting for, and which of its keys work meanwhile."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from tutor.app.widgets.answer.code_field import CodeField
from tutor.app.widgets.answer.field import AnswerField
from tutor.app.widgets.answer.form import AnswerForm
from tutor.app.widgets.verdict.tabs import VerdictTabs

if TYPE_CHECKING:
    from tutor.app.screens.review.screen import ReviewScreen


class Phase(Enum):
    """``OVER`` is a question with its verdict on the screen; the next one is an Enter away."""

    OPENING = auto()
    ASKING = auto()
    CHECKING = auto()
    OVER = auto()


def works(screen: ReviewScreen, action: str) -> bool:
    """Whether an action would do something now: only then its key is there."""
    asking, over = screen.phase is Phase.ASKING, screen.phase is Phase.OVER
    session, answered = screen.session, screen.answered
    match action:
        case "answer":
            return asking and not isinstance(screen.focused, CodeField)
        case "submit" | "give_up" | "editor":
            return asking
        case "grid":
            panel = screen.query_one(AnswerForm).here if asking else None
            return panel is not None and panel.form.view == "grid"
        case "hint":
            turn = session.turn if session is not None else None
            return asking and turn is not None and turn.hints_left > 0
        case "file":
            return over and bool(screen.question.exercise_id)
        case "next":
            # In the fields of what-if Enter is theirs.
            return over and not isinstance(screen.focused, AnswerField)
        case "tab" | "turn_tab" | "scroll_verdict":
            return over and answered is not None
        case "mark":
            return (asking or over) and session is not None and bool(screen.question.exercise_id)
        case "harder":
            # Only where its rating is told; the other tabs need the footer for their own keys.
            told = over and screen.query_one(VerdictTabs).current == "why"
            return (
                told
                and answered is not None
                and session is not None
                and session.can_lower(answered)
            )
        case "undo":
            return (asking or over) and session is not None and session.can_undo
    return True
