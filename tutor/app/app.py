"""The Textual app: opens the session behind the first paint and puts the screens one after the other."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

from textual.app import App, SystemCommand
from textual.command import CommandPalette
from textual.filter import Monochrome, NoColor
from textual.reactive import reactive
from textual.theme import ThemeProvider

from tutor.app import keymap as keymaps
from tutor.app import keys
from tutor.app.asking import Asking
from tutor.app.language import speak
from tutor.app.launch import AppProblem, run_app
from tutor.app.navigation import Navigation
from tutor.app.screens.base import TutorScreen
from tutor.app.settings_in_force import SettingsInForce
from tutor.app.theme import OWN
from tutor.app.widgets.too_small import LEAST_HEIGHT, LEAST_WIDTH
from tutor.i18n import _, ngettext
from tutor.locations import progress_file
from tutor.settings import Loaded, UserSettings

if TYPE_CHECKING:
    from pathlib import Path

    from textual.binding import Binding, BindingType
    from textual.screen import Screen

    from tutor.app.navigation import Start
    from tutor.app.screens.review import ReviewScreen
    from tutor.session import Session

__all__ = ["AppProblem", "SessionFactory", "TutorApp", "run_app"]

#: Opens a session and, when it is left, what belongs to it: the store and the runner.
SessionFactory = Callable[[], AbstractAsyncContextManager["Session"]]


WIDE, TALL = 104, 28


class TutorApp(App[None]):
    """``open_session`` is entered after the first paint and left when the app ends, however it ends."""

    TITLE = "Autograd Tutor"
    BINDINGS: ClassVar[list[BindingType]] = [keys.HELP, keys.PALETTE, keys.QUIT]
    #: The screens' classes: the program stands beside the answer on a wide terminal, there is more
    #: room between things on a tall one, and below the least size there is only a word about it.
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - as Textual declares it
        (0, "-too-narrow"),
        (LEAST_WIDTH, "-narrow"),
        (WIDE, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-too-short"),
        (LEAST_HEIGHT, "-short"),
        (TALL, "-tall"),
    ]
    CSS = """
    Screen.-too-narrow TooSmall, Screen.-too-short TooSmall { display: block; }
    ToastRack { align: right top; }
    """

    #: The runner's state: shown at the right of the top row.
    torch: reactive[str] = reactive("starting")
    #: How many exercises have been read so far, while they are.
    reading: reactive[int] = reactive(0)

    def __init__(
        self,
        open_session: SessionFactory,
        review: ReviewScreen | None = None,
        *,
        home: Path | None = None,
        loaded: Loaded | None = None,
        start: Start = "review",
    ) -> None:
        """``home`` is where changed settings go; without one they hold until the app is left.

        ``start`` is the first screen; a ``review`` of another kind stands alone, without places.
        """
        super().__init__()
        for theme in OWN:
            self.register_theme(theme)
        self.settings = SettingsInForce(self, loaded or Loaded(UserSettings()), home)
        self.settings.apply(self.settings.values)
        self.navigation = Navigation(self, start, review)
        self.asking = Asking(self)
        self._open_session = open_session
        self._resources = AsyncExitStack()
        self.session: Session | None = None
        #: A fault of the program that ended it; a problem with a remedy that ended it.
        self.crash: Exception | None = None
        self.problem: Exception | None = None

    # -- from the first paint to the last -------------------------------------------------------

    async def on_mount(self) -> None:
        if self.navigation.start == "review":
            await self.action_go("review")
        else:
            home = self.settings.home
            await self._welcome(first=home is not None and not progress_file(home).exists())
        self.call_after_refresh(self.run_worker, self._open(), group="opening")

    async def _welcome(self, *, first: bool) -> None:
        """Who has never answered anything is told what this is, over Home."""
        if first and self.settings.home is not None:
            from tutor.app.screens.welcome import WelcomeScreen  # only for the first start

            await self.push_screen(WelcomeScreen())

    async def _open(self) -> None:
        from tutor.store import StoreError  # not before the first paint

        try:
            session = await self._resources.enter_async_context(self._open_session())
            self._tell_problems(session)
            session.runner.on_state = self._take_torch
            self._take_torch(session.runner.state)
            self.session = session
            # Thousands of exercises stay until the end: the collector need not look at them again and
            # again, which takes a tenth of a second each time.
            gc.freeze()
            await self._arrive(session)
        except StoreError as error:
            self.problem = error
            self.exit(return_code=1)

    async def _arrive(self, session: Session) -> None:
        """The session is there: the screen on top shows what it knows."""
        screen = self.screen
        if self.navigation.is_review(screen) and screen.is_mounted:
            await self.asking.enter(session)
        elif isinstance(screen, TutorScreen) and screen.is_mounted:
            await screen.arrive(session)
            session.prepare()
        if screen is self.screen and self.navigation.place == "home":
            await self._welcome(first=not session.store.review_count())
        if isinstance(screen, TutorScreen):
            # Ready for the Enter that will come; but the numbers first: both at once would each take
            # twice as long.
            await screen.settled()
            await asyncio.to_thread(import_module, "tutor.app.screens.review")

    def take_reading(self, read: int) -> None:
        """So many exercises have been read; 0 once it is over."""
        self.reading = read

    def _take_torch(self, state: object) -> None:
        before, self.torch = self.torch, str(state)
        match before, self.torch:
            case "ready", "starting":
                says = _(
                    "torch's process has ended and is being started again. Nothing is lost: what is "
                    "submitted meanwhile is graded as soon as it is back."
                )
                self.notify(says, severity="warning", timeout=10, markup=False)
            case "starting", "failed":
                says = _("torch did not start. Submitting tries once more; tutor doctor says why.")
                self.notify(says, severity="error", timeout=15, markup=False)

    def _tell_problems(self, session: Session) -> None:
        """Exercises with errors are left out; whoever wrote them should hear of it."""
        errors = [problem for problem in session.library.faults if problem.severity == "error"]
        if errors:
            title = ngettext(
                "{n} error in the exercises", "{n} errors in the exercises", len(errors)
            ).format(n=len(errors))
            self.notify(str(errors[0]), title=title, severity="warning", timeout=15, markup=False)
        for problem in self.settings.problems:
            self.notify(problem, severity="warning", timeout=15, markup=False)

    async def on_unmount(self) -> None:
        if self.session is not None:
            self.session.runner.on_state = None
        await self._resources.aclose()

    async def action_quit(self) -> None:
        if self.navigation.is_review(self.screen):
            self.navigation.review.typed.keep()
        await super().action_quit()

    # -- from screen to screen ------------------------------------------------------------------

    def get_default_screen(self) -> Screen[object]:
        # Home itself instead of an empty screen under it: one screen less to lay out and style.
        if self.navigation.start == "review":
            return super().get_default_screen()
        return self.navigation.screen_of("home")

    async def action_go(self, name: str) -> None:
        """Go to a place, or to the review: back to it where it is already open below."""
        self.asking.end_aside()
        await self.navigation.go(name)

    async def action_back(self) -> None:
        self.asking.end_aside()
        await self.navigation.back()

    async def action_start(self) -> None:
        await self.asking.plan()

    async def action_place(self) -> None:
        await self.asking.placement()

    async def on_review_screen_finished(self) -> None:
        await self.asking.finished()

    def action_fit(self) -> None:
        """Fit the memory model to the log."""
        if self.session is not None:
            from tutor.app.screens.fit import FitScreen  # only now

            if not isinstance(self.screen, FitScreen):
                self.push_screen(FitScreen(self.session))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.navigation.leads_back if action == "back" else True

    @property
    def living_screens(self) -> set[Screen[object]]:
        """Every screen that was shown and will be again: on the stack, or kept under its name."""
        return {*self.screen_stack, *self._installed_screens.values()}  # type: ignore[arg-type]

    # -- what the learner has set ---------------------------------------------------------------

    def leave_out_colour(self) -> None:
        """Shades of grey are colours too: what Textual chose before the theme was known."""
        self._filters = [NoColor() if isinstance(f, Monochrome) else f for f in self._filters]

    def watch_theme(self, theme: str) -> None:
        if self.is_running:
            self.settings.keep_theme(theme)

    def action_language(self, code: str) -> None:
        """Say everything in another language from now on, the open question too."""
        self.settings.keep("language", code)
        # Not awaited where it was asked for: that widget may be one of those written anew.
        self.run_worker(speak(self, code), group="language", exclusive=True)

    def get_key_display(self, binding: Binding) -> str:
        return binding.key_display or keymaps.spelled(binding.key)

    # -- help and commands ----------------------------------------------------------------------

    def action_help(self) -> None:
        from tutor.app.screens.help import HelpScreen  # only now

        if isinstance(self.screen, HelpScreen):
            return
        rows = [
            (self.get_key_display(active.binding), active.tooltip, active.binding.id)
            for active in self.screen.active_bindings.values()
            if active.binding.id and active.tooltip
        ]
        below = self.screen
        parts = below.help_parts() if isinstance(below, TutorScreen) else ()
        self.push_screen(HelpScreen(list(dict.fromkeys(rows)), parts))

    def action_help_quit(self) -> None:
        self.notify(_("ctrl+q leaves; nothing is lost."), markup=False)

    def action_command_palette(self) -> None:
        if not any(isinstance(screen, CommandPalette) for screen in self.screen_stack):
            placeholder = _("Search for commands…")
            self.push_screen(CommandPalette(placeholder=placeholder, id="--command-palette"))

    def search_themes(self) -> None:
        placeholder = _("Search for themes…")
        self.push_screen(CommandPalette(providers=[ThemeProvider], placeholder=placeholder))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        from tutor.app.commands import commands  # only now

        return commands(self, screen)

    def copy_to_clipboard(self, text: str) -> None:
        """Through the terminal (OSC 52), so also over ssh; tmux has to allow it: ``set-clipboard on``."""
        super().copy_to_clipboard(text)
        n = len(text)
        said = ngettext("{n} character copied", "{n} characters copied", n).format(n=n)
        self.notify(said, timeout=2, markup=False)

    # -- faults ---------------------------------------------------------------------------------

    def _handle_exception(self, error: Exception) -> None:
        # Textual's own would print a traceback with every local variable in it.
        self.crash = self.crash or error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()

    def panic(self, *renderables: object) -> None:
        self._close_messages_no_wait()
