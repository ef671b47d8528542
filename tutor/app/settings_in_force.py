"""What the learner has set, in force in the app and kept for its next start."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tutor.app import keymap as keymaps
from tutor.app.language import speak
from tutor.app.theme import ANSI, DARK
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

    async def _take(self, before: UserSettings) -> None:
        """Have the settings in force that have changed since ``before``."""
        self.apply(self.values)
        session = self._app.session
        if session is not None and self.values.schedule != before.schedule:
            session.take_settings(self.values.schedule)
        if self.values.language != before.language:
            await speak(self._app, self.values.language)
