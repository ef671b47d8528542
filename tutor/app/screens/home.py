"""Home: what is planned for today, the days so far and those to come, and what wants attention."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.style import Style
from textual.widgets import Button

from tutor.app import help_texts, keys
from tutor.app.keymap import key_of
from tutor.app.screens.base import PlaceScreen
from tutor.app.widgets.charts.forecast import Forecast
from tutor.app.widgets.charts.heat_map import HeatMap, legend
from tutor.app.widgets.key_bar import KeyBar
from tutor.app.widgets.nav_bar import NavBar
from tutor.app.widgets.prose import Prose
from tutor.app.widgets.too_small import TooSmall
from tutor.i18n import _, ngettext
from tutor.presenting.words import about_minutes, title_of, until

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.events import Resize

    from tutor.misconceptions import FamilyCount
    from tutor.progress.overview import Overview
    from tutor.session import Session

#: The least height in cells at which what wants attention fits below the calendar.
ATTENTION_FROM: Final = 24


class HomeScreen(PlaceScreen):
    """Drawn at once as a frame; the numbers come as soon as they are counted, in a thread."""

    PLACE = "home"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        keys.START,
        keys.PLACEMENT,
        replace(keys.PALETTE, action="app.command_palette", show=True),  # there is room for it here
    ]
    DEFAULT_CSS = """
    HomeScreen {
        layers: base cover;
        & #home { scrollbar-size-vertical: 1; }
        & .frame {
            border: round $border-blurred;
            border-title-color: $primary;
            border-title-style: bold;
            border-subtitle-color: $foreground 60%;
            padding: 0 1;
            height: auto;
        }
        & #today { border: round $primary; }
        & #plan { width: 1fr; height: auto; }
        & #plan Prose { color: $foreground 80%; }
        & #plan .now { text-style: bold; color: $foreground; }
        & #start { width: auto; min-width: 14; margin: 0 1 0 2; }
        & #rest { layout: grid; grid-size: 2; grid-columns: 1fr 20; grid-rows: auto; height: auto; }
        & #attention { column-span: 2; }
        &.-tall .frame { padding: 1 2; }
        &.-tall #rest { grid-gutter: 1 0; margin-top: 1; }
        &.-wide #home { padding: 0 1; }
        &.-wide #rest { grid-columns: 2fr 3fr; }
        &.-wide #past { column-span: 2; }
        &.-wide #attention { column-span: 1; height: 100%; }
    }
    """

    def compose(self) -> ComposeResult:
        yield NavBar(self.PLACE)
        with VerticalScroll(id="home", can_focus=False):
            with Horizontal(id="today", classes="frame") as today:
                today.border_title = Content(_("Today"))
                with Vertical(id="plan"):
                    yield Prose(Content("…"), classes="now")
                    yield Prose(classes="done")
                    yield Prose(classes="streak")
                start = Button(_start(resuming=False), id="start", variant="primary")
                start.can_focus = False
                yield start
            with Container(id="rest"):
                with Vertical(id="past", classes="frame") as past:
                    past.border_title = Content(_("Days so far"))
                    past.border_subtitle = legend()
                    yield HeatMap()
                with Vertical(id="ahead", classes="frame") as ahead:
                    ahead.border_title = Content(_("Coming up"))
                    yield Forecast()
                with Vertical(id="attention", classes="frame") as attention:
                    attention.border_title = Content(_("Worth another look"))
                    yield Prose(classes="weak")
        yield KeyBar()
        yield TooSmall()

    def on_resize(self, event: Resize) -> None:
        # Where it would only be half seen below the rest, it is left out.
        self.query_one("#attention").display = event.size.height >= ATTENTION_FROM

    def help_parts(self) -> tuple[help_texts.Part, ...]:
        return help_texts.home()

    async def arrive(self, session: Session) -> None:
        self.in_background(self._count, session, group="numbers")

    async def _count(self, session: Session) -> None:
        from tutor.store import StoreError  # not before the first paint

        try:
            found = await asyncio.to_thread(_read, session)
        except StoreError as error:
            self.notify(str(error), severity="error", timeout=15, markup=False)
            return
        with self.app.batch_update():
            self._show(found, session)
        await self._show_misses(found, session)

    async def _show_misses(self, found: Overview, session: Session) -> None:
        from tutor.misconceptions import LAST_MISSES, recent  # not before the first paint
        from tutor.progress.overview import tell_apart

        await tell_apart(found.lately, session.library, last=LAST_MISSES)
        misses = recent(found.lately, session.library)
        self.query_one(".weak", Prose).update(_attention(found, session, misses))

    def _show(self, found: Overview, session: Session) -> None:
        self.query_one(".now", Prose).update(_now(found, session.clock()))
        self.query_one(".done", Prose).update(_done(found))
        self.query_one(".streak", Prose).update(_streak(found))
        start = self.query_one("#start", Button)
        start.display = bool(found.plan.questions)
        start.label = _start(resuming=found.is_open)
        counts = {day: count.reviews for day, count in found.days.items()}
        self.query_one(HeatMap).show(counts, found.today)
        self.query_one(Forecast).show(found.forecast, found.today)
        self.query_one(".weak", Prose).update(_attention(found, session))

    async def on_button_pressed(self) -> None:
        await self.tutor.asking.plan()


def _start(*, resuming: bool) -> Content:
    return Content((_("Continue") if resuming else _("Start")) + "  " + keys.ENTER)


def _read(session: Session) -> Overview:
    """Count over a connection of this thread's own: typing goes on meanwhile."""
    from tutor.progress.overview import overview
    from tutor.store import open_store

    with open_store(session.store.path.parent, read_only=True) as store:
        return overview(session.agenda.over(store))


def _now(found: Overview, now_ms: int) -> Content:
    plan, count = found.plan, found.count
    if plan.questions:
        parts = [
            ngettext("{n} due", "{n} due", count.due).format(n=count.due) if count.due else "",
            ngettext("{n} new", "{n} new", count.new).format(n=count.new) if count.new else "",
            about_minutes(plan.minutes),
        ]
        text = " · ".join(part for part in parts if part)
        if plan.waiting:
            text += "\n" + ngettext(
                "{n} more wait for the next days", "{n} more wait for the next days", plan.waiting
            ).format(n=plan.waiting)
        return Content(text)
    moments = [at for at in (count.next_due_at, count.next_new_at) if at is not None]
    if not moments:
        return Content(_("Nothing is due."))
    return Content(
        _("Nothing is due. The next question comes {when}.").format(
            when=until(min(moments), now_ms)
        )
    )


def _done(found: Overview) -> Content:
    if not found.reviews:
        return Content(_("Nothing answered yet: the first question is one Enter away."))
    n = found.done_today
    today = ngettext("{n} answered today", "{n} answered today", n).format(n=n) if n else ""
    seen = _("{begun} of {all} exercises begun").format(begun=found.begun, all=found.exercises)
    return Content(" · ".join(part for part in (today, seen) if part))


def _streak(found: Overview) -> Content:
    if not found.reviews:
        return Content("")
    n = found.streak
    if not n:
        return Content(
            ngettext("Longest streak: {n} day", "Longest streak: {n} days", found.longest).format(
                n=found.longest
            )
        )
    text = ngettext("{n} day in a row", "{n} days in a row", n).format(n=n)
    if found.longest > n:
        text += " · " + _("the longest was {n}").format(n=found.longest)
    elif n > 1:
        text += " · " + _("your longest")
    if not found.done_today:
        text += " · " + _("one question today keeps it")
    return Content(text)


def _attention(found: Overview, session: Session, misses: Sequence[FamilyCount] = ()) -> Content:
    rows = []
    for weak in found.weak[:3]:
        says = _("{wrong} of the last {n} wrong").format(wrong=weak.wrong, n=weak.asked)
        title = title_of(weak.skill, session.library, session.language)
        rows.append(Content.assemble(("✗ ", "$error"), title, (f"  {says}", "$foreground 60%")))
    if misses and misses[0].times > 1:
        from tutor import misconceptions  # known to be loaded: the numbers came from it

        worst = misses[0]
        says = _("in {n} of your last {of} misses").format(n=worst.times, of=worst.of)
        name = misconceptions.title(worst.family)
        rows.append(Content.assemble(("≈ ", "$warning"), name, (f"  {says}", "$foreground 60%")))
    if found.is_new_here:
        offer = _("{key}: a short test finds what you know already, and opens what builds on it.")
        said = offer.format(key=key_of(keys.PLACEMENT))
        return Content.styled(said, Style.from_meta({"@click": "app.place"}))
    if not rows:
        return Content.styled(_("Nothing stands out."), "$foreground 60%")
    return Content("\n").join(rows)
