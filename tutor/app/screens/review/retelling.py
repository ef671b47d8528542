"""A question and what was said of it, in the language that is in use from now on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.app.widgets.answer.form import AnswerForm
from tutor.app.widgets.verdict.panel import VerdictPanel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.app.screens.review.screen import ReviewScreen
    from tutor.presenting.outcome import Done
    from tutor.session import Answered, Session


def renamed_all(all_done: list[Done], session: Session) -> list[Done]:
    """What was finished, by the titles in the language in use."""
    if not all_done:
        return []
    from tutor.presenting.outcome import renamed  # not before the first paint

    return [renamed(one, session) for one in all_done]


async def say_again(
    screen: ReviewScreen, session: Session, told: Answered, texts: Mapping[str, str]
) -> None:
    """Show ``told`` in place of what it was told from; ``texts`` are what stands in the fields."""
    from tutor.presenting.outcome import shown  # not before the first paint

    form, panel = screen.query_one(AnswerForm), screen.query_one(VerdictPanel)
    attempts = told.turn.pending.attempts
    graded = dict(attempts[-1].answers) if attempts else {}
    with screen.app.batch_update():
        if told.over:
            await screen.question.show(told.turn, session)
            form.load(texts)
            if told.truths is not None:
                await screen.question.show_live(told.turn, told.truths)
        form.show_verdicts(told.verdict.answers, graded)
        harder = session.can_lower(told)
        panel.show(shown(told, form.forms, session.clock(), harder=harder))
        if told.over:
            form.close()
    if screen.answered is not None:
        screen.answered = told
        await screen.relabel_tabs()
