"""The Textual app: opens the session behind the first paint and puts the screens one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import TYPE_CHECKING, ClassVar, Literal

from textual.app import App, SystemCommand
from textual.command import CommandPalette
from textual.theme import ThemeProvider

from tutor.app import keys
from tutor.app.launch import AppProblem, run_app
from tutor.app.screens.help import HelpScreen
from tutor.app.screens.review import ReviewScreen
from tutor.app.screens.summary import SummaryScreen
from tutor.app.theme import DARK, LIGHT
from tutor.app.widgets.too_small import LEAST_HEIGHT, LEAST_WIDTH
from tutor.i18n import _, ngettext
from tutor.settings import Loaded, UserSettings

if TYPE_CHECKING:
    from pathlib import Path

    from textual.binding import BindingType
    from textual.screen import Screen

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

    def __init__(
        self,
        open_session: SessionFactory,
        review: ReviewScreen | None = None,
        *,
        home: Path | None = None,
        loaded: Loaded | None = None,
    ) -> None:
        """``home`` is where changed settings go; without one they hold until the app is left."""
        super().__init__()
        self.home = home
        self._loaded = loaded or Loaded(UserSettings())
        self.settings = self._loaded.settings
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self._apply(self.settings)
        self._open_session = open_session
        self._resources = AsyncExitStack()
        self._review = review or ReviewScreen()
        #: A fault of the program that ended it; a problem with a remedy that ended it.
        self.crash: Exception | None = None
        self.problem: Exception | None = None

    def _apply(self, settings: UserSettings) -> None:
        """Look and move as the settings say; their language and schedule are the session's."""
        self.theme = settings.theme if settings.theme in self.available_themes else DARK.name
        self.animation_level = "full" if settings.animation else "none"

    # -- from the first paint to the last -------------------------------------------------------

    async def on_mount(self) -> None:
        await self.push_screen(self._review)
        self.call_after_refresh(self.run_worker, self._open(), group="opening")

    async def _open(self) -> None:
        from tutor.store import StoreError  # not before the first paint

        try:
            session = await self._resources.enter_async_context(self._open_session())
            self._tell_problems(session)
            for problem in self._loaded.problems:
                self.notify(problem, severity="warning", timeout=15, markup=False)
            await self._review.begin(session)
        except StoreError as error:
            self.problem = error
            self.exit(return_code=1)

    def _tell_problems(self, session: Session) -> None:
        """Exercises with errors are left out; whoever wrote them should hear of it."""
        errors = [problem for problem in session.library.problems if problem.severity == "error"]
        if errors:
            title = ngettext(
                "{n} error in the exercises", "{n} errors in the exercises", len(errors)
            ).format(n=len(errors))
            self.notify(str(errors[0]), title=title, severity="warning", timeout=15, markup=False)

    async def on_unmount(self) -> None:
        self._review.end()
        await self._resources.aclose()

    def on_review_screen_finished(self) -> None:
        session = self._review.session
        assert session is not None  # noqa: S101 - it has just been asked
        due = session.due()
        moments = [at for at in (due.next_due_at, due.next_new_at) if at is not None]
        summary = SummaryScreen(self._review.done, min(moments, default=None), session.clock())
        self.push_screen(summary, self._after_summary)

    async def _after_summary(self, wish: Literal["again", "undo"] | None) -> None:
        self._review.take_up()
        if wish == "undo":
            await self._review.action_undo()
        elif wish == "again":
            await self._review.action_next()

    # -- faults ---------------------------------------------------------------------------------

    def _handle_exception(self, error: Exception) -> None:
        # Textual's own would print a traceback with every local variable in it.
        self.crash = self.crash or error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()

    def panic(self, *renderables: object) -> None:
        self._close_messages_no_wait()

    # -- commands -------------------------------------------------------------------------------

    def action_help(self) -> None:
        if isinstance(self.screen, HelpScreen):
            return
        rows = [
            (active.binding.key_display or active.binding.key, active.tooltip)
            for active in self.screen.active_bindings.values()
            if active.binding.id and active.tooltip
        ]
        self.push_screen(HelpScreen(list(dict.fromkeys(rows))))

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
        """Every key of the screen by its name, and what has no key."""
        seen: set[str] = set()
        for active in screen.active_bindings.values():
            binding = active.binding
            if binding.id and binding.show and binding.action not in seen and active.enabled:
                seen.add(binding.action)
                yield SystemCommand(
                    binding.description, active.tooltip, self._runs(binding.action, active.node)
                )
        yield SystemCommand(
            _("Theme"), _("Choose light, dark or another theme"), self.search_themes
        )

    def _runs(self, action: str, node: object) -> Callable[[], None]:
        def run() -> None:
            self.run_worker(self.run_action(action, node))  # type: ignore[arg-type]

        return run
