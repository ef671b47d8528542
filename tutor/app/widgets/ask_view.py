"""What is asked about the program, and the hints taken so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content

from tutor.app.text.prose import prose
from tutor.app.widgets.prose import Prose
from tutor.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult


class AskView(Vertical):
    """Shows plain texts; ``title`` is empty where the program already stands under it."""

    DEFAULT_CSS = """
    AskView {
        height: auto;
        padding: 0 2;
        & > .title { height: auto; color: $primary; text-style: bold; margin-bottom: 1; }
        & > .ask { height: auto; margin-bottom: 1; }
        & > .hints { height: auto; }
        & > .hints > Prose {
            height: auto;
            margin-bottom: 1;
            padding-left: 1;
            border-left: outer $warning;
            color: $foreground 90%;
        }
    }
    """

    def compose(self) -> ComposeResult:
        yield Prose(classes="title")
        yield Prose(classes="ask")
        yield Vertical(classes="hints")

    async def show(self, title: str, ask: str, hints: Sequence[str]) -> None:
        heading = self.query_one(".title", Prose)
        heading.update(prose(title))
        heading.display = bool(title)
        self.show_ask(ask)
        await self.show_hints(hints)

    def show_ask(self, ask: str) -> None:
        self.query_one(".ask", Prose).update(prose(ask))

    async def show_hints(self, hints: Sequence[str]) -> None:
        """Replace the hints by all that are known now."""
        place = self.query_one(".hints")
        await place.remove_children()
        for number, hint in enumerate(hints, start=1):
            label = Content.styled(_("Hint {n}").format(n=number) + "  ", "bold $warning")
            await place.mount(Prose(label + prose(hint)))
