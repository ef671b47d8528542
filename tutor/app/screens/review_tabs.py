"""The tabs over a question that is over: which one is open, and what is in it.

Everything but the verdict itself is made when its tab is first opened; the explaining run that three of
them need is made once.  None of them can be opened while the question can still be answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Container

from tutor.app import keys
from tutor.app.screens.review_frame import ReviewFrame
from tutor.app.widgets.answer_form import AnswerForm
from tutor.app.widgets.program_panel import ProgramPanel
from tutor.app.widgets.verdict_tabs import NAMES, VerdictTabs

if TYPE_CHECKING:
    import asyncio

    from textual.binding import BindingType
    from textual.widget import Widget

    from tutor.app.widgets.verdict_tabs import TabName
    from tutor.runner.explained import Explained
    from tutor.session import Answered, Session


class ReviewTabs(ReviewFrame):
    """Opens, shows and closes the tabs."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.TABS, keys.TAB_NEXT, keys.TAB_BEFORE]

    def __init__(self) -> None:
        super().__init__()
        self.session: Session | None = None
        #: The question that is over, while its tabs are there.
        self._answered: Answered | None = None
        self._views: dict[TabName, Widget] = {}
        self._explained: asyncio.Task[Explained] | None = None

    # -- there and gone -------------------------------------------------------------------------

    def open_tabs(self, answered: Answered) -> None:
        """The question is over: its tabs are there, the verdict is the one that is open."""
        from tutor.app.outcome import tone_of  # not before the first paint

        if answered.truths is not None:
            self._answered = answered
            self.query_one(VerdictTabs).show(tone_of(answered), self._names(answered))

    async def close_tabs(self) -> None:
        """Another question: nothing of this one is kept."""
        self._answered = None
        if self._explained is not None:
            self._explained.cancel()
            self._explained = None
        self.query_one(VerdictTabs).hide()
        self._show_study(None)
        if self._views:
            self._views.clear()
            await self.query_one("#study", Container).remove_children()

    def _names(self, answered: Answered) -> tuple[TabName, ...]:
        """The tabs of a question; without a program there is no run to look into."""
        return tuple(name for name in NAMES if name not in ("trace", "backward", "graph"))

    # -- from one to the other --------------------------------------------------------------------

    async def action_tab(self, name: TabName) -> None:
        tabs = self.query_one(VerdictTabs)
        if self._answered is None or name not in tabs.names:
            return
        tabs.current = name
        if name == "why":
            self._show_study(None)
            self.set_focus(None)
            return
        if name not in self._views:
            self._views[name] = await self._made(name, self._answered)
        self._show_study(name)
        view = self._views[name]
        if view.focusable:
            self.set_focus(view, scroll_visible=False)

    async def action_turn_tab(self, step: int) -> None:
        await self.action_tab(self.query_one(VerdictTabs).beside(step))

    async def on_verdict_tabs_chosen(self, event: VerdictTabs.Chosen) -> None:
        event.stop()
        await self.action_tab(event.name)

    def _show_study(self, name: TabName | None) -> None:
        """Show the view of a tab in place of the question, or the question again."""
        self.set_class(name is not None, "-study")
        self.set_class(name == "what-if", "-what-if")
        for other, view in self._views.items():
            view.display = other == name
        program = self.query_one(ProgramPanel)
        program.point_at(None)
        self.refresh_bindings()

    # -- what is in them ----------------------------------------------------------------------------

    async def _made(self, name: TabName, answered: Answered) -> Widget:
        """The view of a tab, mounted; what has to be run for it is on its way."""
        place = self.query_one("#study", Container)
        view = self._view_of(name, answered)
        await place.mount(view)
        return view

    def _view_of(self, name: TabName, answered: Answered) -> Widget:
        # Only now: nothing of this is needed before a question is over.
        from tutor.app.afterwards import explanation
        from tutor.app.widgets.verdict_explanation import ExplanationView
        from tutor.app.widgets.verdict_what_if import WhatIfView
        from tutor.whatif import bench_of

        forms = self.query_one(AnswerForm).forms
        session, turn = self.session, answered.turn
        assert session is not None  # noqa: S101 - a question was asked
        match name:
            case "what-if":
                bench = bench_of(turn.question)
                return WhatIfView(
                    bench,
                    bench.suggestions,
                    lambda program, predictions: session.what_if(turn, program, predictions),
                )
            case "explanation":
                return ExplanationView(explanation(answered, forms))
        raise NotImplementedError(name)
