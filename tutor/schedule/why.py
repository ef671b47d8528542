"""The schedule in words: why this exercise, and what a sitting will take.  One sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from tutor.i18n import _, ngettext
from tutor.schedule.reasons import (
    AgainNow,
    AheadNow,
    CramNow,
    DueNow,
    GroundNow,
    NewNow,
    PlacementNow,
    RevisedNow,
    SameIdeaNow,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tutor.schedule.fitting import Fit
    from tutor.schedule.plan import Plan
    from tutor.schedule.reasons import Reason


def _same(name: str) -> str:
    return name


def sentence(reason: Reason | None, title: Callable[[str], str] = _same) -> str:
    """Why it is asked now, in the language in use; ``title`` names a skill for the learner.

    ``None`` is the reason of a question that was left open.
    """
    match reason:
        case None:
            return _("It was left open, and is taken up where it was.")
        case AgainNow(minutes):
            return _again(minutes)
        case DueNow(recall, wanted, days):
            said = _(
                "Due: last asked {ago}; by now you know it with a probability of {recall} %, and below "
                "{wanted} % it is asked again."
            )
            return said.format(ago=ago(days), recall=_percent(recall), wanted=_percent(wanted))
        case NewNow():
            return _new(reason, title)
        case RevisedNow(days):
            said = _(
                "It means something else now: its author changed it since you answered it {ago}."
            )
            return said.format(ago=ago(days))
        case SameIdeaNow(misconception):
            said = _("It looks different and turns on the same idea as your last answer: {name}.")
            return said.format(name=misconception)
        case GroundNow(_misconception, skill):
            said = _(
                "Your last answer showed a gap one step before, in “{skill}”: here it is on its own."
            )
            return said.format(skill=title(skill))
        case AheadNow(days, recall):
            said = _(
                "You study ahead: it would be due {when}; you know it with a probability of {recall} %."
            )
            return said.format(when=ahead(days), recall=_percent(recall))
        case CramNow():
            return _("Practice outside the schedule: this answer changes no date.")
        case PlacementNow(number, most, skill):
            said = _(
                "Placement test, question {n} of at most {most}, on “{skill}”: one attempt, nothing "
                "counts, so give up what you do not know."
            )
            return said.format(n=number, most=most, skill=title(skill))
    assert_never(reason)


def planned(plan: Plan) -> str:
    """What is planned for now and how long it takes, and what of a backlog waits for later days."""
    if not plan.questions:
        return _("Nothing is due.")
    parts = []
    if plan.reviews:
        parts.append(ngettext("{n} review", "{n} reviews", plan.reviews).format(n=plan.reviews))
    if plan.new:
        parts.append(ngettext("{n} new exercise", "{n} new exercises", plan.new).format(n=plan.new))
    minutes = max(round(plan.minutes), 1)
    said = ngettext("{what}: about {n} minute.", "{what}: about {n} minutes.", minutes)
    said = said.format(what=_(" and ").join(parts), n=minutes)
    if not plan.waiting:
        return said
    rest = ngettext(
        "{n} more waits and is asked on the next days, what is lost soonest first: "
        "caught up in {days}.",
        "{n} more wait and are asked on the next days, what is lost soonest first: "
        "caught up in {days}.",
        plan.waiting,
    )
    days = ngettext("{n} day", "{n} days", plan.days).format(n=plan.days)
    return said + " " + rest.format(n=plan.waiting, days=days)


def fitted(fit: Fit, *, kept: bool) -> str:
    """What came of fitting the memory model to the learner's log."""
    if not fit.parameters:
        said = ngettext(
            "{n} review counts so far (one a day and exercise, the first ones apart); a fit takes {needed}.",
            "{n} reviews count so far (one a day and exercise, the first ones apart); a fit takes {needed}.",
            fit.reviews,
        )
        return said.format(n=fit.reviews, needed=fit.needed)
    said = _(
        "Of {n} reviews, the newest {foretold} were foretold with a log loss of {before} before "
        "and {after} after (less is better)."
    ).format(
        n=fit.reviews,
        foretold=fit.foretold,
        before=f"{fit.before:.4f}",
        after=f"{fit.after:.4f}",
    )
    if kept:
        return said + " " + _("The fitted parameters are in force, and all dates follow them.")
    if fit.better:
        return said + " " + _("The fitted parameters are better; nothing was changed.")
    return said + " " + _("The fitted parameters are no better, and were not kept.")


def ago(days: float) -> str:
    """``5 minutes ago``, ``3 hours ago``, ``12 days ago``: as people say it."""
    minutes = round(days * 1_440)
    if minutes < 60:
        n = max(minutes, 1)
        return ngettext("{n} minute ago", "{n} minutes ago", n).format(n=n)
    if minutes < 1_440:
        n = round(minutes / 60)
        return ngettext("{n} hour ago", "{n} hours ago", n).format(n=n)
    n = round(days)
    return ngettext("{n} day ago", "{n} days ago", n).format(n=n)


def ahead(days: float) -> str:
    """``tomorrow``, ``in 12 days``."""
    n = max(round(days), 1)
    return _("tomorrow") if n == 1 else ngettext("in {n} day", "in {n} days", n).format(n=n)


def _again(minutes: int) -> str:
    if minutes < 1:
        return _("It was not right just now, and comes back while the explanation is fresh.")
    said = ngettext(
        "It was not right {n} minute ago, and comes back while the explanation is fresh.",
        "It was not right {n} minutes ago, and comes back while the explanation is fresh.",
        minutes,
    )
    return said.format(n=minutes)


def _new(reason: NewNow, title: Callable[[str], str]) -> str:
    if reason.builds_on:
        names = _(" and ").join(f"“{title(one)}”" for one in reason.builds_on)
        said = _("New, number {n} of {of} today; it builds on {skills}.")
        return said.format(n=reason.number, of=reason.per_day, skills=names)
    said = _("New, number {n} of {of} today.")
    return said.format(n=reason.number, of=reason.per_day)


def _percent(share: float) -> int:
    """Whole percent; certainty is never claimed."""
    return min(max(round(share * 100), 1), 99)
