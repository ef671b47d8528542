"""The places of the app, in the order of their tabs.  A place's screen is imported when it is gone to."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from tutor.i18n import N_

if TYPE_CHECKING:
    from tutor.app.screens.base import TutorScreen


@dataclass(frozen=True, slots=True)
class Place:
    """``key`` goes there from every other place; ``screen`` is ``module:class``."""

    name: str
    key: str
    title: str
    tooltip: str
    screen: str

    def make(self) -> TutorScreen[None]:
        module, _, name = self.screen.partition(":")
        screen: TutorScreen[None] = getattr(import_module(module), name)()
        return screen


PLACES: Final = (
    Place(
        "home", "1", N_("Home"), N_("Today's plan, the days so far and those to come"),
        "tutor.app.screens.home:HomeScreen",
    ),
    Place(
        "library", "2", N_("Library"), N_("Every deck, skill and exercise; search, preview, practise"),
        "tutor.app.screens.library:LibraryScreen",
    ),
    Place(
        "statistics", "3", N_("Statistics"), N_("How much, how well, and what comes"),
        "tutor.app.screens.statistics:StatisticsScreen",
    ),
    Place(
        "settings", "4", N_("Settings"), N_("Language, theme, keys, how much a day and when"),
        "tutor.app.screens.settings:SettingsScreen",
    ),
)  # fmt: skip

BY_NAME: Final = {place.name: place for place in PLACES}
