"""What may be typed, and every key that works now."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from tutor.app import keys
from tutor.app.text import prose
from tutor.app.widgets.prose import Prose
from tutor.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType


def _typing() -> tuple[str, ...]:
    return (
        _("Numbers: `-1.5`, `1/3`, `2**0.5`, `sqrt(2)`, `pi`, `inf`, `nan`, `None`, `True`"),
        _("Vectors: `1, 2, 3` or `[1, 2, 3]`; shapes: `2, 3` or `2×3`"),
        _("Matrices: `[[1, 2], [3, 4]]`, `1 2; 3 4`, or one row a line"),
        _("Whatever torch prints may be pasted as it is: `tensor([[2., 0.]])`"),
        _("What cannot be read costs nothing: correct it and press Enter again."),
    )


def _afterwards() -> tuple[str, ...]:
    return (
        _("A row of tabs: `1` to `6`, the arrows, F6, or the mouse. Enter goes on from each."),
        _("Trace: what every line did. Backward: each node's rule, with the numbers of this draw."),
        _("What-if: change the program, say what you expect, run it. None of it is counted."),
    )


class HelpScreen(ModalScreen[None]):
    """Lies over the question; any of its keys goes back."""

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
        }
        & .head { text-style: bold; color: $secondary; }
        & .typing { margin-bottom: 1; }
        & .own { margin-top: 1; color: $foreground 60%; }
    }
    """

    def __init__(self, rows: Sequence[tuple[str, str, str]]) -> None:
        """``rows`` are a key as shown, what it does, and its id for the learner's own keys."""
        super().__init__()
        self._rows = tuple(rows)

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help") as frame:
            frame.border_title = Content(_("Help"))
            frame.border_subtitle = Content(_("Esc closes"))
            yield Prose(Content(_("What may be typed")), classes="head")
            yield Prose(Content("\n").join(prose(line) for line in _typing()), classes="typing")
            yield Prose(Content(_("After the answer")), classes="head")
            lines = (prose(line) for line in _afterwards())
            yield Prose(Content("\n").join(lines), classes="typing")
            yield Prose(Content(_("Keys")), classes="head")
            yield Prose(self._keys())
            yield Prose(
                Content(_("The words at the end are for keys of your own: see Settings.")),
                classes="own",
            )

    def _keys(self) -> Content:
        width = max((cell_len(key) for key, _does, _id in self._rows), default=0) + 2
        return Content("\n").join(
            Content.styled(key + " " * (width - cell_len(key)), "bold $warning")
            + Content(does)
            + Content.styled(f"  {id_}", "$foreground 60%")
            for key, does, id_ in self._rows
        )

    def action_close(self) -> None:
        self.dismiss()
