"""The tabs over a question that is over: which one is open, and what is in it.

Everything but the verdict itself is made when its tab is first opened; the explaining run that three of
them need is made once.  None of them can be opened while the question can still be answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.containers import Container

from tutor.app import keys
from tutor.app.screens.review.frame import ReviewFrame
from tutor.app.slow import said_if_slow
from tutor.app.widgets.answer.form import AnswerForm
from tutor.app.widgets.program_panel import ProgramPanel
from tutor.app.widgets.verdict.graph import GraphView
from tutor.app.widgets.verdict.steps import StepsView
from tutor.app.widgets.verdict.tabs import NAMES, VerdictTabs, tab_title
from tutor.i18n import _

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.widget import Widget

    from tutor.app.widgets.verdict.tabs import TabName
    from tutor.session import Answered, Session


#: The tabs that show the explaining run.
EXPLAINED: Final = ("trace", "backward", "graph")


class ReviewTabs(ReviewFrame):
    """Opens, shows and closes the tabs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.TABS,
        keys.TAB_NEXT,
        keys.TAB_BEFORE,
        keys.VERDICT_DOWN,
        keys.VERDICT_UP,
    ]

    def __init__(self) -> None:
        super().__init__()
        self.session: Session | None = None
        #: The question that is over, while its tabs are there.
        self.answered: Answered | None = None
        self._views: dict[TabName, Widget] = {}
        #: The tabs that show why they could not be filled: opened again, they are tried again.
        self._failed: set[TabName] = set()

    # -- there and gone -------------------------------------------------------------------------

    def open_tabs(self, answered: Answered) -> None:
        """The question is over: its tabs are there, the verdict is the one that is open."""
        from tutor.presenting.outcome import tone_of  # not before the first paint

        if answered.truths is not None:
            self.answered = answered
            self.query_one(VerdictTabs).show(tone_of(answered), self._names(answered))

    async def close_tabs(self) -> None:
        """Another question: nothing of this one is kept."""
        self.answered = None
        self._failed.clear()
        self.query_one(VerdictTabs).hide()
        self._show_study(None)
        if self._views:
            self._views.clear()
            await self.query_one("#study", Container).remove_children()

    async def relabel_tabs(self) -> None:
        """The language has changed: the tabs are made anew, the one that is open at once."""
        tabs = self.query_one(VerdictTabs)
        tabs.refresh()
        if self.answered is not None and self._views:
            before = dict(self._views)
            self._views.clear()
            for name, view in before.items():
                if name == tabs.current or name == "what-if":
                    await self._make(name, self.answered, before=view)
            for view in before.values():
                await view.remove()
            await self.action_tab(tabs.current)

    def _names(self, answered: Answered) -> tuple[TabName, ...]:
        """The tabs of a question; where no program runs, there is no run to look into."""
        from tutor.grading.explain import explanation_run  # not before the first paint

        runs = bool(explanation_run(answered.turn.question).sections)
        return tuple(name for name in NAMES if runs or name not in EXPLAINED)

    # -- from one to the other --------------------------------------------------------------------

    async def action_tab(self, name: TabName) -> None:
        tabs = self.query_one(VerdictTabs)
        if self.answered is None or name not in tabs.names:
            return
        tabs.current = name
        if name == "why":
            self._show_study(None)
            self.set_focus(None)
            return
        if name not in self._views:
            await self._make(name, self.answered)
        elif name in self._failed:
            self._fill(name, self._views[name])
        self._show_study(name)
        self.set_focus(self._views[name], scroll_visible=False)

    async def _make(self, name: TabName, answered: Answered, before: Widget | None = None) -> None:
        """Make the view of a tab, going on from the one that it takes the place of."""
        view = self._views[name] = self._view_of(name, answered)
        await self.query_one("#study", Container).mount(view)
        if before is not None and hasattr(view, "take_over"):
            view.take_over(before)
        self._fill(name, view)

    async def action_turn_tab(self, step: int) -> None:
        await self.action_tab(self.query_one(VerdictTabs).beside(step))

    def action_scroll_verdict(self, rows: int) -> None:
        """Row by row, where there is nothing to choose."""
        current = self._views.get(self.query_one(VerdictTabs).current)
        for scroller in (current, self.query_one("#body"), self.query_one("#work")):
            if scroller is not None and scroller.max_scroll_y > 0:
                scroller.scroll_relative(y=rows, animate=False)
                return

    async def on_verdict_tabs_chosen(self, event: VerdictTabs.Chosen) -> None:
        event.stop()
        await self.action_tab(event.name)

    def _show_study(self, name: TabName | None) -> None:
        """Show the view of a tab in place of the question, or the question again."""
        self.set_class(name is not None, "-study")
        self.set_class(name in ("what-if", "graph"), "-alone")
        for other, view in self._views.items():
            view.display = other == name
        self._point_at(self._views.get(name) if name is not None else None)
        self.refresh_bindings()

    def on_steps_view_pointed(self, event: StepsView.Pointed) -> None:
        event.stop()
        if event.view.display:
            self._point_at(event.view)

    def _point_at(self, view: Widget | None) -> None:
        """Show in the program which line the view's step is about."""
        block = view.here if isinstance(view, StepsView) else None
        here = block.line if block is not None and block.section == "program" else 0
        self.query_one(ProgramPanel).point_at(here or None)

    # -- what is in them ----------------------------------------------------------------------------

    def _view_of(self, name: TabName, answered: Answered) -> Widget:
        # Only now: nothing of this is needed before a question is over.
        from tutor.app.afterwards import explanation
        from tutor.app.widgets.verdict.explanation import ExplanationView
        from tutor.app.widgets.verdict.what_if import WhatIfView
        from tutor.whatif import bench_of

        forms = self.query_one(AnswerForm).forms
        session, turn = self.session, answered.turn
        assert session is not None  # noqa: S101 - a question was asked
        match name:
            case "what-if":
                missed = [n for attempt in turn.pending.attempts for n in attempt.near]
                bench = bench_of(turn.question, missed)
                return WhatIfView(
                    bench,
                    bench.suggestions,
                    lambda program, predictions: session.what_if(turn, program, predictions),
                )
            case "explanation":
                return ExplanationView(explanation(answered, forms))
            case "graph":
                return GraphView()
        return StepsView()

    def _fill(self, name: TabName, view: Widget) -> None:
        """Have the explaining run drawn into a view that shows it."""
        if name in EXPLAINED and self.answered is not None:
            self._failed.discard(name)
            work = self._draw(name, view, self.answered)
            self.run_worker(work, group=f"tab-{name}", exclusive=True)

    async def _draw(self, name: TabName, view: Widget, answered: Answered) -> None:
        from tutor.app.afterwards import drawing, reason_of
        from tutor.presenting.outcome import typed_code

        assert isinstance(view, StepsView | GraphView)  # noqa: S101 - the others need no run
        session = self.session
        assert session is not None  # noqa: S101 - a question was asked
        try:
            with said_if_slow(self, lambda: view.say("◌ " + _("Running…"))):
                texts = typed_code(answered)
                found = await session.explained(answered.turn, texts)
            draw = drawing(name, found, texts)
            view.show(draw)
        except Exception as error:  # noqa: BLE001 - a picture that fails is no reason to lose a session
            self._failed.add(name)
            text = _("{tab} cannot be shown: {reason}")
            view.say("⊘ " + text.format(tab=tab_title(name), reason=reason_of(error)))
