"""What every screen of the app shares: keys whose names are in the language in use."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from textual.screen import Screen

from tutor.i18n import _

if TYPE_CHECKING:
    from textual.binding import ActiveBinding

Result = TypeVar("Result")


class TutorScreen(Screen[Result]):
    """A screen with translated keys; its classes follow the terminal's size (see ``TutorApp``)."""

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


def _text(message: str) -> str:
    # gettext answers an empty message with the catalogue's head.
    return _(message) if message else ""
