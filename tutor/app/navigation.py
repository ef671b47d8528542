"""From screen to screen: Home lies under everything, the others live on when they are left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tutor.app.places import BY_NAME
from tutor.app.screens.base import TutorScreen

if TYPE_CHECKING:
    from textual.screen import Screen

    from tutor.app.app import TutorApp
    from tutor.app.screens.review import ReviewScreen

#: The screens an app may start with.
Start = Literal["home", "review"]


class Navigation:
    """A ``review`` of another kind stands alone, without places."""

    def __init__(self, app: TutorApp, start: Start, review: ReviewScreen | None) -> None:
        self.start = start
        self.alone = review is not None
        self._app = app
        #: The review screen, once it is needed: it takes a sixth of a second to import.
        self._review = review

    @property
    def review(self) -> ReviewScreen:
        if self._review is None:
            from tutor.app.screens.review import ReviewScreen  # not before the first paint of Home

            self._review = ReviewScreen()
        return self._review

    def is_review(self, screen: Screen[object]) -> bool:
        return screen is self._review

    @property
    def place(self) -> str:
        """The name of the place on top; empty for any other screen."""
        return str(getattr(self._app.screen, "PLACE", ""))

    @property
    def leads_back(self) -> bool:
        """Whether there is anything to go back to from here."""
        # What lies over a screen of ours (the palette) has an Escape of its own.
        stack = reversed(self._app.screen_stack)
        ours = (one for one in stack if isinstance(one, TutorScreen))
        return not self.alone and getattr(next(ours, None), "PLACE", "") != "home"

    def screen_of(self, name: str) -> Screen[object]:
        # Installed screens live on while others lie over them, with what was typed into them.
        if not self._app.is_screen_installed(name):
            screen = self.review if name == "review" else BY_NAME[name].make()
            self._app.install_screen(screen, name)
        return self._app.get_screen(name)

    async def go(self, name: str) -> None:
        """Go to a place, or to the review: back to it where it is already open below."""
        app, screen = self._app, self.screen_of(name)
        if screen in app.screen_stack:
            while app.screen is not screen:
                app.pop_screen()
        elif name == "home":
            while self._has_below:
                app.pop_screen()
            await app.switch_screen(screen)  # Home lies under everything
        else:
            await app.push_screen(screen)

    async def back(self) -> None:
        if self._has_below:
            self._app.pop_screen()
        else:
            await self.go("home")

    @property
    def _has_below(self) -> bool:
        """Whether a screen of ours lies under the one on top; Textual's empty one is none."""
        stack = self._app.screen_stack
        return len(stack) > 1 and isinstance(stack[-2], TutorScreen)
