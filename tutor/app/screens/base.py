"""What every screen of the app shares: keys whose names are in the language in use, and the session."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual.screen import Screen

from tutor.app import keys
from tutor.i18n import _

if TYPE_CHECKING:
    from textual.binding import ActiveBinding, BindingType

    from tutor.app.app import TutorApp
    from tutor.session import Session

Result = TypeVar("Result")


class TutorScreen(Screen[Result]):
    """A screen with translated keys; its classes follow the terminal's size (see ``TutorApp``).

    :meth:`arrive` is called whenever it comes to the top while there is a session, and once more when
    the session has been opened under it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [keys.BACK]

    @property
    def tutor(self) -> TutorApp:
        return cast("TutorApp", self.app)

    async def arrive(self, session: Session) -> None:
        """Show what the session knows now."""

    async def relabel(self) -> None:
        """The language has changed: write every text anew."""
        await self.recompose()
        if self.tutor.session is not None:
            await self.arrive(self.tutor.session)

    async def on_screen_resume(self) -> None:
        if self.tutor.session is not None:
            await self.arrive(self.tutor.session)

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that work here and now, in the language in use."""
        return {
            key: active._replace(
                binding=replace(
                    active.binding,
                    description=_text(active.binding.description),
                    tooltip=_text(active.binding.tooltip),
                ),
                tooltip=_text(active.tooltip),
            )
            for key, active in super().active_bindings.items()
        }


class PlaceScreen(TutorScreen[None]):
    """A place: it has a tab, and the key of every other place goes there."""

    #: Its name in ``places``.
    PLACE: ClassVar[str]
    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.PLACES,
        replace(keys.PALETTE, action="app.command_palette", show=True),  # there is room for it here
    ]


def _text(message: str) -> str:
    # gettext answers an empty message with the catalogue's head.
    return _(message) if message else ""
