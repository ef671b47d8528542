"""The statistics in sentences, charts and tables: what each panel of the screen shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tutor import misconceptions
from tutor.app.skill_states import STATES
from tutor.app.widgets.charts.columns import Bars
from tutor.i18n import _, ngettext
from tutor.presenting.words import date_in_words, duration, title_of
from tutor.render.bars import bar
from tutor.render.calendar import date_of
from tutor.store.aggregates import DayCount

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual_plotext.plot import Plot

    from tutor.app.widgets.charts.chart import Colours
    from tutor.exercise.load import Library
    from tutor.misconceptions import FamilyCount
    from tutor.progress.figures import Figures

#: At most so many bars stand beside each other, and so many dates under a chart.
BARS, DATES = 52, 5
BAR = 12
#: The cells of a date in a table.
DATE = 10


def grouped(found: Figures) -> tuple[int, list[tuple[int, DayCount]]]:
    """The days in groups that fit on a chart: how many days a group has, and each with its first day."""
    size = max(1, -(-found.length // BARS))
    groups = []
    for first in range(found.first_day, found.today + 1, size):
        days = [found.days.get(day, DayCount()) for day in range(first, first + size)]
        reviews, right = sum(d.reviews for d in days), sum(d.right for d in days)
        groups.append((first, DayCount(reviews, right, sum(d.seconds for d in days))))
    return size, groups


# -- reviews a day ----------------------------------------------------------------------------------


def work_says(found: Figures) -> str:
    total = found.total
    if not total.reviews:
        return _("No reviews in this time.")
    reviews = ngettext("{n} review", "{n} reviews", total.reviews).format(n=total.reviews)
    days = ngettext("on {n} day", "on {n} days", len(found.days)).format(n=len(found.days))
    right = _("{percent} % right, {once} % at once").format(
        percent=_percent(total.right, total.reviews), once=_percent(total.at_once, total.reviews)
    )
    return " · ".join((f"{reviews} {days}", right, duration(total.seconds)))


def work_chart(found: Figures) -> Bars:
    _size, groups = grouped(found)
    return Bars(
        [date_in_words(first) for first, _day in groups],
        [(day.right, day.reviews - day.right) for _first, day in groups],
        ("$success", "$error"),
    )


def work_numbers(found: Figures) -> Content:
    size, groups = grouped(found)
    most = max((day.reviews for _first, day in groups), default=0)
    rows = [
        Content.assemble(
            (_padded(date_in_words(first)), "$foreground 60%"),
            (f"{bar(day.reviews / most, BAR):<{BAR}}", "$success"),
            f" {day.reviews:>4} ",
            (_("{n} wrong").format(n=day.reviews - day.right), "$foreground 60%"),
        )
        for first, day in groups
        if day.reviews
    ]
    head = _("By day") if size == 1 else _("By {n} days").format(n=size)
    return Content("\n").join([Content.styled(head, "bold"), *rows])


# -- retention --------------------------------------------------------------------------------------


def retention_says(found: Figures) -> str:
    all_ = found.recalled
    if not all_.reviews:
        return _("Nothing has come back on a later day yet.")
    return _("{true} % of {n} were still known; {predicted} % were expected to be.").format(
        true=_percent(all_.right, all_.reviews),
        n=all_.reviews,
        predicted=round(all_.predicted * 100),
    )


def retention_chart(found: Figures, plot: Plot, colours: Colours) -> None:
    at = [one.first_day - found.first_day for one in found.retention]
    true = [one.true * 100 for one in found.retention]
    predicted = [one.predicted * 100 for one in found.retention]
    plot.plot(at, predicted, color=colours.other, marker="braille")
    plot.plot(at, true, color=colours.line, marker="braille")
    least = max(0, int(min([*true, *predicted, 80]) // 10 * 10))
    plot.ylim(least, 100)
    steps = [float(percent) for percent in range(least, 101, 10 if least >= 50 else 20)]
    plot.yticks(steps, [f"{percent:.0f} %" for percent in steps])
    plot.xaxes(True, False)
    plot.yaxes(True, False)
    _dates(plot, at, [one.first_day for one in found.retention])


def retention_legend() -> Content:
    # Not in the chart: plotext takes a Chinese character for one cell.
    return Content.assemble(("⠒⠒ ", "$primary"), _("true"), ("  ⠒⠒ ", "$warning"), _("expected"))


def retention_numbers(found: Figures) -> Content:
    rows = [
        Content.assemble(
            (_padded(date_in_words(one.first_day)), "$foreground 60%"),
            f"{one.true * 100:>3.0f} % ",
            (_("expected {percent} % · {n} reviews").format(
                percent=round(one.predicted * 100), n=one.reviews), "$foreground 60%"),
        )
        for one in found.retention
    ]  # fmt: skip
    head = _("By day") if found.stretch == 1 else _("By {n} days").format(n=found.stretch)
    return Content("\n").join([Content.styled(head, "bold"), *rows])


# -- what comes -------------------------------------------------------------------------------------


def forecast_says(found: Figures) -> str:
    week = sum(found.forecast[:7])
    due = ngettext("{n} review due", "{n} reviews due", week).format(n=week)
    most = max(range(len(found.forecast)), key=found.forecast.__getitem__)
    if not sum(found.forecast):
        return _("Nothing is planned.")
    return _("{due} within a week; the fullest day is {day} with {n}.").format(
        due=due, day=date_in_words(found.today + most), n=found.forecast[most]
    )


def forecast_chart(found: Figures) -> Bars:
    return Bars(
        [date_in_words(found.today + ahead) for ahead in range(len(found.forecast))],
        [(count, 0) for count in found.forecast],
    )


def forecast_numbers(found: Figures) -> Content:
    most = max(found.forecast, default=0) or 1
    return Content("\n").join(
        Content.assemble(
            (_padded(date_in_words(found.today + ahead)), "$foreground 60%"),
            (f"{bar(count / most, BAR):<{BAR}}", "$primary"),
            f" {count:>4}",
        )
        for ahead, count in enumerate(found.forecast)
        if count
    )


# -- skills and misconceptions ----------------------------------------------------------------------


def skills_says(found: Figures) -> str:
    known = sum(skill.state == "known" for _name, skill in found.skills)
    begun = len(found.skills)
    return ngettext(
        "{known} of {n} skill begun is known; the least known first.",
        "{known} of {n} skills begun are known; the least known first.",
        begun,
    ).format(known=known, n=begun)


def skills_rows(found: Figures, library: Library, language: str) -> Content:
    rows = []
    for name, skill in found.skills:
        sign, colour, _word = STATES[skill.state]
        rows.append(
            Content.assemble(
                (f"{bar(skill.known, BAR):<{BAR}}", colour),
                f" {round(skill.known * 100):>3} % ",
                (sign + " ", colour),
                title_of(name, library, language),
                (f"  {skill.begun}/{skill.exercises}", "$foreground 60%"),
            )
        )
    return Content("\n").join(rows)


def misses_says(misses: Sequence[FamilyCount]) -> str:
    if not misses:
        return _("No wrong answer was told apart in this time.")
    of = misses[0].of
    return ngettext(
        "What your wrong answers were consistent with, in {n} question.",
        "What your wrong answers were consistent with, in {n} questions.",
        of,
    ).format(n=of)


def misses_rows(misses: Sequence[FamilyCount], *, most: int = 10) -> Content:
    top = misses[:most]
    scale = max((one.times for one in top), default=1)
    return Content("\n").join(
        Content.assemble(
            (f"{bar(one.times / scale, BAR):<{BAR}}", "$warning"),
            f" {one.times:>3}× ",
            misconceptions.title(one.family),
        )
        for one in top
    )


# -- helpers ----------------------------------------------------------------------------------------


def _padded(date: str) -> str:
    return date + " " * max(DATE - Content(date).cell_length, 1)


def _percent(part: int, whole: int) -> int:
    return round(part * 100 / whole) if whole else 0


def _dates(plot: Plot, at: Sequence[int], days: Sequence[int]) -> None:
    """At most so many dates under the chart, evenly."""
    if at:
        step = max(1, -(-len(at) // DATES))
        plot.xticks(list(at[::step]), [_narrow(day) for day in days[::step]])


def _narrow(day: int) -> str:
    """A date for plotext, which takes a Chinese character for one cell."""
    words, date = date_in_words(day), date_of(day)
    return words if words.isascii() else f"{date.month}-{date.day}"
