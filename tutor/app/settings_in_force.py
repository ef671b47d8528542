"""What the learner has set, in force in the app and kept for its next start."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tutor.app import keymap as keymaps
from tutor.app.language import speak
from tutor.app.screens.base import PlaceScreen
from tutor.app.slow import said_if_slow
from tutor.app.theme import ANSI, DARK
from tutor.i18n import _
from tutor.settings import THEMES, Loaded, UserSettings

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.app.app import TutorApp


class SettingsInForce:
    """``values`` hold now; ``home`` is where changed ones are kept, ``None`` to forget them at the end."""

    def __init__(self, app: TutorApp, loaded: Loaded, home: Path | None) -> None:
        self.values = loaded.settings
        self.home = home
        self._app = app
        self._file_problems = loaded.problems
        self._key_problems: list[str] = []

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong in the file, and with the learner's own keys, in words."""
        return (*self._file_problems, *self._key_problems)

    def apply(self, values: UserSettings) -> None:
        """Look, move and answer keys as they say; language and schedule are the session's."""
        app, self.values = self._app, values
        if app.no_color:
            app.theme = ANSI.name
            app.leave_out_colour()
        else:
            app.theme = values.theme if values.theme in app.available_themes else DARK.name
        app.animation_level = "full" if values.animation else "none"
        keymap, self._key_problems = keymaps.checked(values.keys) if values.keys else ({}, [])
        keymaps.use(keymap)
        app.set_keymap(keymap)

    def keep_theme(self, theme: str) -> None:
        """A theme chosen in the palette is kept for the next start."""
        if theme in THEMES and theme != self.values.theme and not self._app.no_color:
            self.keep("theme", theme)

    def keep(self, name: str, value: Any) -> None:
        """Take over, for the next start too, what is in force already."""
        self.values = replace(self.values, **{name: value})
        problem = self._write(name, value)
        if problem:
            self._app.notify(problem, severity="warning", timeout=15, markup=False)

    async def change(self, name: str, value: Any) -> str:
        """Have a setting in force at once and for the next start; why not, if it cannot be."""
        before = self.values
        problem = self._write(name, value)
        if not problem:
            await self._take(before)
        return problem

    async def reload(self) -> str:
        """Read the file again after it was edited; what is wrong in it, in words."""
        from tutor.settings import load

        if self.home is None:
            return ""
        before, loaded = self.values, load(self.home)
        self.values, self._file_problems = loaded.settings, loaded.problems
        await self._take(before)
        return "\n".join(self.problems)

    def _write(self, name: str, value: Any) -> str:
        """Write a setting where there is a home; what keeps it from that, in words."""
        from tutor.settings.changing import change  # not before the first paint
        from tutor.settings.checking import SettingsError, check

        try:
            if self.home is None:
                self.values = replace(self.values, **{name: check(name, value)})
            else:
                self.values = change(self.home, name, value)
        except SettingsError as error:
            return str(error)
        return ""

    async def _plan_anew(self) -> None:
        session = self._app.session
        assert session is not None  # noqa: S101 - asked before
        from tutor.store import StoreError  # not before the first paint

        try:
            with said_if_slow(self._app, self._say_anew):
                await session.take_settings(self.values.schedule)
        except StoreError as error:
            self._app.notify(str(error), severity="error", timeout=15, markup=False)
            return
        screen = self._app.screen
        if isinstance(screen, PlaceScreen):
            await screen.arrive(session)  # what it counted, it counted by the settings before

    def _say_anew(self) -> None:
        self._app.notify(_("Working out all dates anew…"), markup=False)

    async def _take(self, before: UserSettings) -> None:
        """Have the settings in force that have changed since ``before``."""
        self.apply(self.values)
        if self._app.session is not None and self.values.schedule != before.schedule:
            # Beside typing: in a log of a million reviews all dates take seconds to work out anew. A
            # later change takes the place of one that is still at it.
            self._app.run_worker(self._plan_anew(), group="schedule", exclusive=True)
        if self.values.language != before.language:
            await speak(self._app, self.values.language)
