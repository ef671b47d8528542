"""Small facts in words: how long until, how many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tutor.i18n import N_, _, ngettext
from tutor.render.calendar import date_of

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


def short_until(due_ms: int, now_ms: int) -> str:
    """As :func:`until`, for a column: ``due``, ``10 min``, ``3 d``, ``5 mo``."""
    left = due_ms - now_ms
    if left <= 0:
        return _("due")
    if left < HOUR:
        return _("{n} min").format(n=max(1, round(left / MINUTE)))
    if left < DAY:
        return _("{n} h").format(n=round(left / HOUR))
    days = round(left / DAY)
    if days < 60:
        return _("{n} d").format(n=days)
    if days < 730:
        return _("{n} mo").format(n=round(days / 30.44))
    return _("{n} y").format(n=round(days / 365.25))


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


_WEEKDAYS: Final = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
_MONTHS: Final = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
    N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
)  # fmt: skip


def weekday_name(weekday: int) -> str:
    """The short name of a day of the week; 0 is Monday."""
    return _(_WEEKDAYS[weekday])


def month_name(month: int) -> str:
    """The short name of a month, 1 … 12."""
    return _(_MONTHS[month - 1])


def day_in_words(day: int) -> str:
    """A learner's day by its number: ``Wed 25 Nov 2026``."""
    date = date_of(day)
    return _("{weekday} {day} {month} {year}").format(
        weekday=weekday_name(date.weekday()),
        day=date.day,
        month=month_name(date.month),
        year=date.year,
    )


def date_in_words(day: int) -> str:
    """A learner's day by its number, short: ``25 Nov``."""
    date = date_of(day)
    return _("{day} {month}").format(day=date.day, month=month_name(date.month))


def duration(seconds: float) -> str:
    """Time spent: ``45 min``, ``8 h 12 min``."""
    hours, minutes = divmod(round(seconds / 60), 60)
    if not hours:
        return _("{n} min").format(n=minutes)
    return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)


def about_minutes(exact: float) -> str:
    """A plan's length as people say it: ``about 9 minutes``, ``about 1 h 20 min``."""
    minutes = max(1, round(exact))
    if minutes < 60:
        return ngettext("about {n} minute", "about {n} minutes", minutes).format(n=minutes)
    hours, rest = divmod(round(minutes / 5) * 5, 60)
    if not rest:
        return ngettext("about {n} hour", "about {n} hours", hours).format(n=hours)
    return _("about {hours} h {minutes} min").format(hours=hours, minutes=rest)


def title_of(skill: str, library: Library, language: str) -> str:
    """A skill's title in the language, else in another, else its name."""
    for deck in library.decks:
        if (found := deck.skills.get(skill)) is not None:
            return in_one_language(found.title, language)
    return skill


def in_one_language(text: str | dict[str, str], language: str) -> str:
    """A text of a deck or an exercise: in the language, else in the first one that it has."""
    if isinstance(text, str):
        return text
    return text.get(language) or next(iter(text.values()), "")
