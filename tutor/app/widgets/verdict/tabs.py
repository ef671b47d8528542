"""The row of tabs over a question that is over, the verdict's sign and word before them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from rich.cells import cell_len
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tutor.app.widgets.verdict.panel import COLOURS, SIGNS
from tutor.i18n import _
from tutor.presenting.verdict import Tone, tone_word

if TYPE_CHECKING:
    from textual.events import Click

TabName = Literal["why", "trace", "backward", "graph", "what-if", "explanation"]

NAMES: Final[tuple[TabName, ...]] = (
    "why",
    "trace",
    "backward",
    "graph",
    "what-if",
    "explanation",
)


def tab_title(name: TabName) -> str:
    """A tab's name in the language in use."""
    match name:
        case "why":
            return _("Why")
        case "trace":
            return _("Trace")
        case "backward":
            return _("Backward")
        case "graph":
            return _("Graph")
        case "what-if":
            return _("What-if")
        case "explanation":
            return _("Explanation")


class VerdictTabs(Widget):
    """Hidden while there is nothing to choose from."""

    DEFAULT_CSS = """
    VerdictTabs {
        height: 1;
        display: none;
        padding: 0 1;
        background: $surface;
        &.-shown { display: block; }
    }
    """

    current: reactive[TabName] = reactive("why")

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, name: TabName) -> None:
            super().__init__()
            self.name = name

    def __init__(self) -> None:
        super().__init__()
        self._tone: Tone = "correct"
        #: Those that there are; each keeps its number where others are missing.
        self.names: tuple[TabName, ...] = NAMES

    def show(self, tone: Tone, names: tuple[TabName, ...]) -> None:
        """There are tabs now, the first one open."""
        self._tone, self.names = tone, names
        self.current = names[0]
        self.add_class("-shown")
        self.refresh()

    def hide(self) -> None:
        self.remove_class("-shown")

    @property
    def shown(self) -> bool:
        return self.has_class("-shown")

    def beside(self, step: int) -> TabName:
        """The tab ``step`` further, round and round."""
        return self.names[(self.names.index(self.current) + step) % len(self.names)]

    def render(self) -> Content:
        head, labels = self._fitting(self.content_size.width)
        row = Content.styled(head, f"bold {COLOURS[self._tone]}")
        for name, label in zip(self.names, labels, strict=True):
            here = name == self.current
            row += Content.styled(label, "bold $background on $primary" if here else "")
        return row

    def _fitting(self, width: int) -> tuple[str, list[str]]:
        """The verdict and the labels, as much of them as there is room for."""
        sign, word = SIGNS[self._tone], tone_word(self._tone)
        plain = [f" {tab_title(name)} " for name in self.names]
        numbered = [f" {NAMES.index(n) + 1}{p}" for n, p in zip(self.names, plain, strict=True)]
        for head, labels in ((f"{sign} {word}  ", numbered), (f"{sign} ", numbered)):
            if cell_len(head + "".join(labels)) <= width:
                return head, labels
        return f"{sign} ", plain

    def on_click(self, event: Click) -> None:
        head, labels = self._fitting(self.content_size.width)
        right = self.styles.padding.left + cell_len(head)
        for name, label in zip(self.names, labels, strict=True):
            if right <= event.x < right + cell_len(label):
                self.post_message(self.Chosen(name))
                return
            right += cell_len(label)
