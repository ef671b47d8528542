"""Small facts in words: how long until, how many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tutor.i18n import _, ngettext

if TYPE_CHECKING:
    from tutor.exercise.load import Library
    from tutor.question import Question

MINUTE: Final = 60_000
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR


def until(due_ms: int, now_ms: int) -> str:
    """How long it is until ``due_ms``, rounded as people say it: ``in 3 days``, ``in 10 minutes``."""
    left = due_ms - now_ms
    if left < MINUTE:
        return _("now")
    if left < HOUR:
        n = round(left / MINUTE)
        return ngettext("in {n} minute", "in {n} minutes", n).format(n=n)
    if left < DAY:
        n = round(left / HOUR)
        return ngettext("in {n} hour", "in {n} hours", n).format(n=n)
    days = round(left / DAY)
    if days < 60:
        return ngettext("in {n} day", "in {n} days", days).format(n=days)
    if days < 730:
        n = round(days / 30.44)
        return ngettext("in {n} month", "in {n} months", n).format(n=n)
    n = round(days / 365.25)
    return ngettext("in {n} year", "in {n} years", n).format(n=n)


def skill_title(library: Library, question: Question) -> str:
    """What the question practises, in the question's language where the deck has it."""
    exercise = question.exercise
    deck = library.exercises[exercise.id].deck
    skill = deck.skills.get(exercise.skill) if deck is not None else None
    if skill is None:
        return exercise.skill
    if isinstance(skill.title, str):
        return skill.title
    return skill.title.get(question.language) or next(iter(skill.title.values()))


def percent(score: float) -> str:
    """A score as whole percent; only a full one is 100 %, only nothing at all is 0 %."""
    whole = round(score * 100)
    if 0 < score < 1:
        whole = min(max(whole, 1), 99)
    return f"{whole} %"
