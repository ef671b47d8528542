"""Fits the memory model to the learner's own log, over whatever is on the screen.

The fit runs in a process of its own and what it gives is kept on another thread, so nothing waits for
it; Enter leaves it to go on in the background, and its result is told as a notice then.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content

from tutor.app import keys
from tutor.app.keymap import key_of
from tutor.app.screens.dialog import Dialog
from tutor.app.text.prose import links
from tutor.app.widgets.prose import Prose
from tutor.i18n import _
from tutor.schedule.fitting import enough
from tutor.schedule.optimise import FitFailed, note, optimise
from tutor.schedule.why import fitted
from tutor.store import StoreError, open_store

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import App, ComposeResult
    from textual.binding import BindingType
    from textual.worker import Worker

    from tutor.schedule.optimise import Progress
    from tutor.session import Session


class FitScreen(Dialog[None]):
    """Begins at once; Escape stops it as long as nothing has been kept."""

    BINDINGS: ClassVar[list[BindingType]] = [keys.CANCEL, keys.FIT_LEAVE]
    DEFAULT_CSS = """
    FitScreen {
        & .stage { margin-top: 1; color: $warning; }
        & .stage.-done { color: $foreground; }
        & .stage.-failed { color: $error; }
    }
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._worker: Worker[None] | None = None
        #: Being kept, or over: there is nothing left to be stopped.
        self._settled = False
        #: The learner has gone on to something else.
        self._left = False

    def compose(self) -> ComposeResult:
        keys = _("⏎ goes on in the background · Esc stops it")
        with self.frame(_("Fit to my memory"), keys, "screen.leave", "screen.cancel"):
            yield Prose(
                Content(
                    _(
                        "The older four fifths of your reviews are fitted, the newest fifth is foretold; "
                        "the result is kept only if it foretells better."
                    )
                )
            )
            yield Prose(Content("◌ " + _("Reading your log…")), classes="stage")

    def on_mount(self) -> None:
        # The app's, not the screen's: it goes on when the screen is left.
        if not self._left:
            self._worker = self.app.run_worker(self._fit(), group="fit", exclusive=True)

    # -- fitting --------------------------------------------------------------------------------

    async def _fit(self) -> None:
        session = self._session
        home, settings = session.store.path.parent, session.settings
        try:
            found = await optimise(home, settings, self._tell)
            self._settled = True
            if found.better:
                note(session.store, found.parameters, session.clock(), found)
                await session.take_settings(settings)
        except (FitFailed, StoreError, OSError) as error:
            self._end(str(error), failed=True)
        else:
            self._end(fitted(found, kept=found.better))

    def _tell(self, progress: Progress) -> None:
        match progress.stage:
            case "reading":
                share = f" {progress.done / progress.of:.0%}" if progress.of else ""
                said = _("Reading your log…") + share
            case "fitting":
                said = _("Fitting the older reviews…")
            case _:
                said = _("Foretelling the newest ones…")
        self._show("◌ " + said)

    def _end(self, words: str, *, failed: bool = False) -> None:
        self._settled = True
        if self._left:
            self.app.notify(
                words,
                title=_("Fit to my memory"),
                severity="error" if failed else "information",
                timeout=20,
                markup=False,
            )
            return
        self._show(words, "-failed" if failed else "-done")
        self.query_one(".frame").border_subtitle = links(_("⏎ closes"), "screen.leave")

    def _show(self, words: str, tone: str = "") -> None:
        if not self._left:
            stage = self.query_one(".stage", Prose)
            stage.set_classes(f"stage {tone}")
            stage.update(Content(words))

    # -- keys -----------------------------------------------------------------------------------

    def action_cancel(self) -> None:
        if self._worker is not None and not self._settled:
            self._worker.cancel()
        self.action_leave()

    def action_leave(self) -> None:
        self._left = True
        self.dismiss()


async def offer(app: App[None], session: Session) -> None:
    """Say, once and for all, that there is enough of a log to fit to; never after a fit."""
    store, hour = session.store, session.settings.rollover_hour
    first = False
    with suppress(StoreError):  # no offer is no loss
        if not store.marks().parameters:
            ready = await asyncio.to_thread(_enough, store.path.parent, hour)
            first = ready and store.first_time("told of fitting")
    if first:
        said = _(
            "You have answered enough to fit the memory model to yourself: “{command}” in Settings, "
            "or among the commands ({key})."
        ).format(command=_("Fit to my memory"), key=key_of(keys.PALETTE))
        app.notify(said, timeout=20, markup=False)


def _enough(home: Path, rollover_hour: int) -> bool:
    with open_store(home, read_only=True) as store:
        return enough(store.reviews(), rollover_hour)
