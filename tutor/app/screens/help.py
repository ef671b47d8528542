"""What the screen below is for, what may be typed there, and every key that works now."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from tutor.app import keys
from tutor.app.text.prose import links, prose
from tutor.app.widgets.prose import Prose
from tutor.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tutor.app.help_texts import Part


class HelpScreen(ModalScreen[None]):
    """Lies over another screen; any of its keys goes back there."""

    BINDINGS: ClassVar[list[BindingType]] = [keys.CLOSE]
    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        & #help {
            width: 90%;
            max-width: 84;
            height: auto;
            max-height: 90%;
            border: round $border;
            border-title-color: $primary;
            border-title-style: bold;
            border-subtitle-color: $foreground 60%;
            background: $surface;
            padding: 1 2;
            scrollbar-size-vertical: 1;
            & > Prose { padding-right: 1; }
        }
        & .head { text-style: bold; color: $secondary; }
        & .typing { margin-bottom: 1; }
        & .own { margin: 1 0; color: $foreground 60%; }
    }
    """

    def __init__(self, rows: Sequence[tuple[str, str, str]], parts: Sequence[Part] = ()) -> None:
        """``rows`` are a key as shown, what it does, and its id for the learner's own keys."""
        super().__init__()
        self._rows = tuple(rows)
        self._parts = tuple(parts)

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help") as frame:
            frame.border_title = Content(_("Help"))
            frame.border_subtitle = links(_("Esc closes"), "screen.close")
            # What is wanted most comes first: how this is done, and its keys.
            yield from self._part(*self._parts[:1])
            yield Prose(Content(_("Keys")), classes="head")
            yield self._keys()
            yield Prose(
                Content(_("The words at the end are for keys of your own: see Settings.")),
                classes="own",
            )
            yield from self._part(*self._parts[1:])

    def _part(self, *parts: Part) -> ComposeResult:
        for part in parts:
            yield Prose(Content(part.title), classes="head")
            lines = (prose(line) for line in part.lines)
            yield Prose(Content("\n").join(lines), classes="typing")

    def _keys(self) -> Prose:
        width = max((cell_len(key) for key, _does, _id in self._rows), default=0) + 2
        rows = Content("\n").join(
            Content.styled(key + " " * (width - cell_len(key)), "bold $warning")
            + Content(does)
            + Content.styled(f"  {id_}", "$foreground 60%")
            for key, does, id_ in self._rows
        )
        return Prose(rows, hang=width)

    def action_close(self) -> None:
        self.dismiss()
