"""The end of a session: what was done, when the next is due, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from tutor.app import keys
from tutor.app.keymap import key_of
from tutor.app.screens.base import TutorScreen
from tutor.app.text.prose import prose
from tutor.app.widgets.key_bar import KeyBar
from tutor.app.widgets.prose import Prose
from tutor.app.widgets.status_bar import StatusBar
from tutor.app.widgets.too_small import TooSmall
from tutor.app.widgets.verdict.panel import COLOURS, SIGNS
from tutor.i18n import _, ngettext
from tutor.presenting.verdict import tone_word
from tutor.presenting.words import percent, until

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tutor.presenting.outcome import Done


Wish: TypeAlias = Literal["home", "again", "resting", "undo"]


class SummaryScreen(TutorScreen[Wish]):
    """Dismissed with what to do next; leaving the program is the app's own key."""

    BINDINGS: ClassVar[list[BindingType]] = [keys.DONE, keys.AGAIN, keys.RESTING, keys.UNDO]
    DEFAULT_CSS = """
    SummaryScreen {
        layers: base cover;
        align: center middle;
        & #summary {
            width: 100%;
            max-width: 84;
            height: auto;
            max-height: 100%;
            border: round $border;
            border-title-color: $primary;
            border-title-style: bold;
            padding: 1 2;
            margin: 0 1;
        }
        & #list { height: auto; max-height: 1fr; margin: 1 0; scrollbar-size-vertical: 1; }
        & .row { height: auto; }
        & .word { width: auto; padding-right: 2; text-style: bold; }
        & .title { width: 1fr; }
        & .due { width: auto; padding-left: 2; color: $foreground 60%; }
        & #list.-none { display: none; }
        & Static { height: auto; }
        & .next { color: $foreground 80%; }
    }
    """

    def __init__(
        self, done: Sequence[Done], next_at: int | None, now_ms: int, *, resting: int = 0
    ) -> None:
        """``next_at`` is when the next exercise comes due (UTC ms), ``None`` if none ever does.

        ``resting`` exercises went wrong and come back within minutes.
        """
        super().__init__()
        self._done = tuple(done)
        self._next_at = next_at
        self._now = now_ms
        self._resting = resting

    async def relabel(self) -> None:
        session = self.tutor.session
        if session is not None:
            from tutor.presenting.outcome import renamed  # only when it is wanted

            self._done = tuple(renamed(one, session) for one in self._done)
        await super().relabel()

    def compose(self) -> ComposeResult:
        yield StatusBar()
        with Vertical(id="summary") as frame:
            frame.border_title = Content(_("Done for now") if self._done else _("Nothing is due"))
            yield Prose(self._headline())
            with VerticalScroll(id="list", classes="" if self._done else "-none"):
                words = [_word(one) for one in self._done]
                width = max((word.cell_length for word in words), default=0)
                for one, word in zip(self._done, words, strict=True):
                    yield from self._row(one, word.pad_right(width - word.cell_length))
            yield Prose(self._next(), classes="next")
        yield KeyBar()
        yield TooSmall()

    def _headline(self) -> Content:
        if not self._done:
            return Content(_("Every exercise is where it should be. Rest is part of learning."))
        n = len(self._done)
        right = sum(one.tone == "correct" for one in self._done)
        asked = ngettext("{n} question answered", "{n} questions answered", n).format(n=n)
        return Content(asked + " · ") + Content.styled(
            "✓ " + _("{n} correct").format(n=right), "$success"
        )

    def _row(self, one: Done, word: Content) -> ComposeResult:
        due = "" if one.due is None else until(one.due, self._now)
        with Horizontal(classes="row"):
            yield Static(word, classes="word")
            yield Prose(prose(one.title), classes="title")
            yield Static(Content(due), classes="due")

    def _next(self) -> Content:
        if self._next_at is None:
            return Content(_("Nothing is planned."))
        said = Content(
            _("The next one is due {when}.").format(when=until(self._next_at, self._now))
        )
        if not self._resting:
            return said
        offer = _("{key}: ask what went wrong again now").format(key=key_of(keys.RESTING))
        return said + " · " + Content.styled(offer, Style.from_meta({"@click": "screen.resting"}))

    def action_done(self) -> None:
        self.dismiss("home")

    def action_again(self) -> None:
        self.dismiss("again")

    def action_resting(self) -> None:
        self.dismiss("resting")

    def action_undo(self) -> None:
        self.dismiss("undo")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "undo":
                return any(one.uuid for one in self._done)
            case "again" | "resting":
                return (action == "resting") is bool(self._resting)
        return True


def _word(one: Done) -> Content:
    """How it ended, in sign and word, with the part that was right."""
    share = f" {percent(one.score)}" if 0 < one.score < 1 else ""
    said = _("Broken") if one.tone == "broken" else tone_word(one.tone)  # short, for a column
    return Content.styled(f"{SIGNS[one.tone]} {said}{share}", COLOURS[one.tone])
