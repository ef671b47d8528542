"""The Textual app: opens the session behind the first paint and puts the screens one after the other."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from textual.app import App, SystemCommand
from textual.command import CommandPalette
from textual.filter import Monochrome, NoColor
from textual.reactive import reactive
from textual.theme import ThemeProvider

from tutor import i18n
from tutor.app import keymap as keymaps
from tutor.app import keys
from tutor.app.launch import AppProblem, run_app
from tutor.app.places import BY_NAME, PLACES
from tutor.app.screens.base import TutorScreen
from tutor.app.theme import ANSI, DARK, OWN
from tutor.app.widgets.too_small import LEAST_HEIGHT, LEAST_WIDTH
from tutor.filters import Filters
from tutor.i18n import _, ngettext
from tutor.locations import progress_file
from tutor.settings import AUTO, THEMES, Loaded, UserSettings

if TYPE_CHECKING:
    from pathlib import Path

    from textual.binding import Binding, BindingType
    from textual.screen import Screen

    from tutor.app.screens.review import ReviewScreen
    from tutor.session import Session

__all__ = ["AppProblem", "SessionFactory", "TutorApp", "run_app"]

#: Opens a session and, when it is left, what belongs to it: the store and the runner.
SessionFactory = Callable[[], AbstractAsyncContextManager["Session"]]


WIDE, TALL = 104, 28
#: Ids of keys that only move about, or are listed by another name: no commands.
MOVES = ("list.", "scroll.", "go.", "answer.", "review.page", "app.palette")


@dataclass(frozen=True, slots=True)
class Aside:
    """Questions asked instead of the plan; ``usual`` is what the session asked before, once it does."""

    filters: Filters
    says: str
    usual: Filters | None = None


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

    def __init__(
        self,
        open_session: SessionFactory,
        review: ReviewScreen | None = None,
        *,
        home: Path | None = None,
        loaded: Loaded | None = None,
        start: Literal["home", "review"] = "review",
    ) -> None:
        """``home`` is where changed settings go; without one they hold until the app is left.

        ``start`` is the first screen; a ``review`` of another kind stands alone, without places.
        """
        super().__init__()
        self.home = home
        self._loaded = loaded or Loaded(UserSettings())
        self.settings = self._loaded.settings
        for theme in OWN:
            self.register_theme(theme)
        #: What the learner's own keys are wrong about, told once there is a session.
        self._key_problems: list[str] = []
        self.apply(self.settings)
        self._open_session = open_session
        self._resources = AsyncExitStack()
        self._start = start
        self._alone = review is not None
        #: The review screen, once it is needed: it takes a sixth of a second to import.
        self._made = review
        self.session: Session | None = None
        #: What is asked at the moment instead of the plan.
        self._aside: Aside | None = None
        #: A fault of the program that ended it; a problem with a remedy that ended it.
        self.crash: Exception | None = None
        self.problem: Exception | None = None

    def apply(self, settings: UserSettings) -> None:
        """Look, move and answer keys as the settings say; language and schedule are the session's."""
        self.settings = settings
        if self.no_color:
            self.theme = ANSI.name
            # Chosen by Textual before the theme was: shades of grey are colours too.
            self._filters = [NoColor() if isinstance(f, Monochrome) else f for f in self._filters]
        else:
            self.theme = settings.theme if settings.theme in self.available_themes else DARK.name
        self.animation_level = "full" if settings.animation else "none"
        keymap: dict[str, str] = {}
        if settings.keys:
            keymap, self._key_problems = keymaps.checked(settings.keys)
        keymaps.use(keymap)
        self.set_keymap(keymap)

    def watch_theme(self, theme: str) -> None:
        """A theme chosen in the palette is kept for the next start."""
        if (
            self.is_running
            and theme in THEMES
            and theme != self.settings.theme
            and not self.no_color
        ):
            self._keep_setting("theme", theme)

    def get_key_display(self, binding: Binding) -> str:
        return binding.key_display or keymaps.spelled(binding.key)

    # -- from the first paint to the last -------------------------------------------------------

    async def on_mount(self) -> None:
        if self._start == "review":
            await self.action_go("review")
        else:
            await self._welcome(
                first=self.home is not None and not progress_file(self.home).exists()
            )
        self.call_after_refresh(self.run_worker, self._open(), group="opening")

    async def _welcome(self, *, first: bool) -> None:
        """Who has never answered anything is told what this is, over Home."""
        if first and self.home is not None:
            from tutor.app.screens.welcome import WelcomeScreen  # only for the first start

            await self.push_screen(WelcomeScreen())

    async def _open(self) -> None:
        from tutor.store import StoreError  # not before the first paint

        try:
            session = await self._resources.enter_async_context(self._open_session())
            self._tell_problems(session)
            for problem in (*self._loaded.problems, *self._key_problems):
                self.notify(problem, severity="warning", timeout=15, markup=False)
            session.runner.on_state = self._take_torch
            self._take_torch(session.runner.state)
            self.session = session
            # Thousands of exercises stay until the end: the collector need not look at them again and
            # again, which takes a tenth of a second each time.
            gc.freeze()
            screen = self.screen
            if self._made is not None and screen is self._made and screen.is_mounted:
                await self._enter_review(session)
            elif isinstance(screen, TutorScreen) and screen.is_mounted:
                await screen.arrive(session)
                session.prepare()
                # Ready for the Enter that will come.
                await asyncio.to_thread(import_module, "tutor.app.screens.review")
            if screen is self.screen and getattr(screen, "PLACE", "") == "home":
                await self._welcome(first=not session.store.reviewed_ids())
        except StoreError as error:
            self.problem = error
            self.exit(return_code=1)

    def _take_torch(self, state: object) -> None:
        self.torch = str(state)

    def _tell_problems(self, session: Session) -> None:
        """Exercises with errors are left out; whoever wrote them should hear of it."""
        errors = [problem for problem in session.library.problems if problem.severity == "error"]
        if errors:
            title = ngettext(
                "{n} error in the exercises", "{n} errors in the exercises", len(errors)
            ).format(n=len(errors))
            self.notify(str(errors[0]), title=title, severity="warning", timeout=15, markup=False)

    async def on_unmount(self) -> None:
        if self.session is not None:
            self.session.runner.on_state = None
        await self._resources.aclose()

    # -- from place to place --------------------------------------------------------------------

    async def action_go(self, name: str) -> None:
        """Go to a place, or to the review: back to it where it is already open below."""
        self._end_aside()
        screen = self._screen_of(name)
        if screen in self.screen_stack:
            while self.screen is not screen:
                self.pop_screen()
        elif name == "home":
            while self._has_below:
                self.pop_screen()
            await self.switch_screen(screen)  # Home lies under everything
        else:
            await self.push_screen(screen)

    @property
    def _has_below(self) -> bool:
        """Whether a screen of ours lies under the one on top; Textual's empty one is none."""
        return len(self.screen_stack) > 1 and isinstance(self.screen_stack[-2], TutorScreen)

    def get_default_screen(self) -> Screen[object]:
        # Home itself instead of an empty screen under it: one screen less to lay out and style.
        return super().get_default_screen() if self._start == "review" else self._screen_of("home")

    def _screen_of(self, name: str) -> Screen[object]:
        # Installed screens live on while others lie over them, with what was typed into them.
        if not self.is_screen_installed(name):
            screen = self._review if name == "review" else BY_NAME[name].make()
            self.install_screen(screen, name)
        return self.get_screen(name)

    @property
    def _review(self) -> ReviewScreen:
        if self._made is None:
            from tutor.app.screens.review import ReviewScreen  # not before the first paint of Home

            self._made = ReviewScreen()
        return self._made

    async def action_start(self) -> None:
        """Ask what is planned: the open question as it was left, or the next one."""
        await self.action_go("review")
        if self.session is not None:
            await self._enter_review(self.session)

    async def action_back(self) -> None:
        self._end_aside()
        if self._has_below:
            self.pop_screen()
        else:
            await self.action_go("home")

    async def aside(self, filters: Filters, says: str) -> None:
        """Ask what ``filters`` admit instead of the plan, then come back here and say ``says``."""
        await self.action_go("review")
        self._aside = Aside(filters, says)
        if self.session is not None:
            await self._enter_review(self.session)

    async def first_question(self) -> None:
        """From the welcome: one question, then Home."""
        await self.action_go("home")
        says = _("That was your first question. Home shows what comes next.")
        await self.aside(Filters(limit=1), says)

    async def action_place(self) -> None:
        """The placement test, then back."""
        says = _("You are placed: what you know already comes last from now on.")
        await self.aside(Filters(place=True), says)

    def action_fit(self) -> None:
        """Fit the memory model to the log."""
        if self.session is not None:
            from tutor.app.screens.fit import FitScreen  # only now

            if not isinstance(self.screen, FitScreen):
                self.push_screen(FitScreen(self.session))

    async def _enter_review(self, session: Session) -> None:
        anew = self._aside is not None and self._aside.usual is None
        if self._aside is not None and anew:
            self._aside = replace(self._aside, usual=session.filters)
            session.ask_for(self._aside.filters)
        await self._review.enter(session, anew=anew)

    def _end_aside(self) -> str:
        """What was asked beside the plan is left: from now on the plan is asked again."""
        aside, session = self._aside, self.session
        if aside is None or self.screen is not self._made:
            return ""
        self._aside = None
        if session is not None and aside.usual is not None:
            session.ask_for(aside.usual)
            self._review.rest()
        return aside.says

    async def on_review_screen_finished(self) -> None:
        session = self._review.session
        assert session is not None  # noqa: S101 - it has just been asked
        if self.screen is not self._made:
            return  # it was left meanwhile
        says = self._end_aside()
        if says:
            self.pop_screen()
            self.notify(says, markup=False)
            return
        due = session.due()
        moments = [at for at in (due.next_due_at, due.next_new_at) if at is not None]
        from tutor.app.screens.summary import SummaryScreen

        summary = SummaryScreen(self._review.done, min(moments, default=None), session.clock())
        self.push_screen(summary, self._after_summary)
        from tutor.schedule.settings import ENOUGH  # not before the first paint

        if session.store.review_count() >= ENOUGH and not self._alone:
            from tutor.app.screens.fit import offer  # only for a long log

            self.run_worker(offer(self, session), group="offer", exclusive=True)

    async def _after_summary(self, wish: Literal["home", "again", "undo"] | None) -> None:
        self._review.take_up()
        match wish:
            case "undo":
                await self._review.action_undo()
            case "again":
                await self._review.action_next()
            case _:
                await self.action_go("home")

    # -- language -------------------------------------------------------------------------------

    def action_language(self, code: str) -> None:
        """Say everything in another language from now on, the open question too."""
        self._keep_setting("language", code)
        # Not awaited where it was asked for: that widget may be one of those written anew.
        self.run_worker(self._speak(code), group="language", exclusive=True)

    async def _speak(self, code: str) -> None:
        code = i18n.of_locale() if code == AUTO else code
        i18n.use(code)
        if self.session is not None:
            self.session.language = code
        for screen in {*self.screen_stack, *self._installed_screens.values()}:
            if isinstance(screen, TutorScreen) and screen.is_mounted:
                await screen.relabel()
        self.screen.refresh_bindings()

    def _keep_setting(self, name: str, value: Any) -> None:
        """Take over, for the next start too, what is in force already."""
        self.settings = replace(self.settings, **{name: value})
        problem = self._write_setting(name, value)
        if problem:
            self.notify(problem, severity="warning", timeout=15, markup=False)

    def _write_setting(self, name: str, value: Any) -> str:
        """Write a setting where there is a home; what keeps it from that, in words."""
        from tutor.settings_file import SettingsError, change, check  # not before the first paint

        try:
            if self.home is None:
                self.settings = replace(self.settings, **{name: check(name, value)})
            else:
                self.settings = change(self.home, name, value)
        except SettingsError as error:
            return str(error)
        return ""

    async def change_setting(self, name: str, value: Any) -> str:
        """Have a setting in force at once and for the next start; why not, if it cannot be."""
        before = self.settings
        problem = self._write_setting(name, value)
        if not problem:
            await self._take(before)
        return problem

    async def reload_settings(self) -> str:
        """Read the file again after it was edited; what is wrong in it, in words."""
        from tutor.settings import load

        if self.home is None:
            return ""
        before, loaded = self.settings, load(self.home)
        self.settings = loaded.settings
        await self._take(before)
        return "\n".join((*loaded.problems, *self._key_problems))

    async def _take(self, before: UserSettings) -> None:
        """Have the settings in force that have changed since ``before``."""
        self.apply(self.settings)
        if self.session is not None and self.settings.schedule != before.schedule:
            self.session.take_settings(self.settings.schedule)
        if self.settings.language != before.language:
            await self._speak(self.settings.language)

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

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "back":
            # What lies over a screen of ours (the palette) has an Escape of its own.
            ours = (one for one in reversed(self.screen_stack) if isinstance(one, TutorScreen))
            return not self._alone and getattr(next(ours, None), "PLACE", "") != "home"
        return True

    def copy_to_clipboard(self, text: str) -> None:
        """Through the terminal (OSC 52), so also over ssh; tmux has to allow it: ``set-clipboard on``."""
        super().copy_to_clipboard(text)
        n = len(text)
        said = ngettext("{n} character copied", "{n} characters copied", n).format(n=n)
        self.notify(said, timeout=2, markup=False)

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
            if (
                binding.id
                and not binding.id.startswith(MOVES)
                and binding.action not in seen
                and active.enabled
            ):
                seen.add(binding.action)
                yield SystemCommand(
                    binding.description, active.tooltip, self._runs(binding.action, active.node)
                )
        if not self._alone:
            yield from self._places(screen, seen)
        for code, name in i18n.LANGUAGES.items():
            if code != i18n.language():
                says = _("Show everything in this language, the open question too")
                yield SystemCommand(
                    _("Language: {name}").format(name=name), says,
                    self._runs(f"app.language('{code}')", self),
                )  # fmt: skip
        if not self._alone:
            yield SystemCommand(
                _("Placement test"),
                _("At most 15 questions that find where to begin; none of them counts"),
                self._runs("app.place", self),
            )
        if not self._alone and keys.FIT.action not in seen:
            yield SystemCommand(_(keys.FIT.description), _(keys.FIT.tooltip), self.action_fit)
        yield SystemCommand(
            _("Theme"), _("Choose light, dark or another theme"), self.search_themes
        )

    def _places(self, screen: Screen[object], seen: set[str]) -> Iterable[SystemCommand]:
        for place in PLACES:
            if getattr(screen, "PLACE", "") != place.name:
                yield SystemCommand(
                    _(place.title), _(place.tooltip), self._runs(f"app.go('{place.name}')", self)
                )
        if keys.START.action not in seen and screen is not self._made:
            yield SystemCommand(
                _("Review"), _("Answer what is planned for now"), self._runs("app.start", self)
            )

    def _runs(self, action: str, node: object) -> Callable[[], None]:
        def run() -> None:
            self.run_worker(self.run_action(action, node))  # type: ignore[arg-type]

        return run
