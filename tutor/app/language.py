"""The app in another language: what is on the screen, and what lies under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor import i18n
from tutor.app.screens.base import TutorScreen
from tutor.settings import AUTO

if TYPE_CHECKING:
    from tutor.app.app import TutorApp


async def speak(app: TutorApp, code: str) -> None:
    """Say everything in the language from now on, the open question too."""
    code = i18n.of_locale() if code == AUTO else code
    i18n.use(code)
    if app.session is not None:
        app.session.language = code
    for screen in app.living_screens:
        if isinstance(screen, TutorScreen) and screen.is_mounted:
            await screen.relabel()
    app.screen.refresh_bindings()
