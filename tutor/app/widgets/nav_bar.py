"""The top row of the places: a tab for each, and how torch is doing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from tutor.app.places import PLACES, Place
from tutor.app.widgets.underway import Underway
from tutor.i18n import _

if TYPE_CHECKING:
    from textual.app import ComposeResult


class Tab(Static):
    """One place; a click goes there, as its key does."""

    def __init__(self, place: Place, *, here: bool) -> None:
        label = Content.styled(place.key, "$warning" if not here else "") + " " + _(place.title)
        super().__init__(label, classes="-here" if here else "")
        self.tooltip = Content(_(place.tooltip))
        self._place_name = place.name

    async def on_click(self) -> None:
        await self.app.run_action(f"app.go('{self._place_name}')")


class NavBar(Horizontal):
    """One row; the program's name is only its sign where it is narrow."""

    DEFAULT_CSS = """
    NavBar {
        dock: top;
        height: 1;
        background: $surface;
        padding: 0 1;
        & > .brand { width: auto; color: $primary; text-style: bold; padding-right: 2; }
        & > Tab {
            width: auto;
            padding: 0 1;
            color: $foreground 70%;
            &:hover { background: $panel; color: $foreground; }
            &.-here { background: $primary; color: $background; text-style: bold; }
        }
        & > .gap { width: 1fr; }
    }
    """

    def __init__(self, here: str) -> None:
        """``here`` is the name of the place this bar stands in."""
        super().__init__()
        self._here = here

    def compose(self) -> ComposeResult:
        yield Static(Content("∂ Autograd Tutor"), classes="brand")
        for place in PLACES:
            yield Tab(place, here=place.name == self._here)
        yield Static(classes="gap")
        yield Underway()

    def on_resize(self) -> None:
        wide = self.size.width >= 90
        self.query_one(".brand", Static).update(Content("∂ Autograd Tutor" if wide else "∂"))
