"""The first start: a language, what this is in two sentences, and a first question."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from tutor import i18n
from tutor.app import help_texts, keys
from tutor.app.screens.base import TutorScreen
from tutor.app.text.prose import prose
from tutor.app.widgets.key_bar import KeyBar
from tutor.app.widgets.prose import Prose
from tutor.app.widgets.too_small import TooSmall
from tutor.app.widgets.underway import Underway
from tutor.i18n import _

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType


class LanguageTab(Static):
    """One language, in its own name; a click chooses it."""

    def __init__(self, code: str) -> None:
        here = code == i18n.language()
        sign = "● " if here else "○ "
        super().__init__(Content(sign + i18n.LANGUAGES[code]), classes="-here" if here else "")
        self._code = code

    async def on_click(self) -> None:
        await self.app.run_action(f"app.language('{self._code}')")


class WelcomeScreen(TutorScreen[None]):
    """Lies over Home until the first question is begun, or Escape looks around first."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [keys.FIRST, keys.OTHER_LANGUAGE]
    DEFAULT_CSS = """
    WelcomeScreen {
        layers: base cover;
        align: center middle;
        & #welcome {
            width: 100%;
            max-width: 72;
            height: auto;
            max-height: 100%;
            border: round $primary;
            border-title-color: $primary;
            border-title-style: bold;
            padding: 1 3;
            margin: 0 1;
        }
        & #languages { height: 1; margin-bottom: 1; }
        & LanguageTab { width: auto; padding-right: 3; color: $foreground 60%; }
        & LanguageTab:hover { color: $foreground; }
        & LanguageTab.-here { color: $primary; text-style: bold; }
        & .says { margin-bottom: 1; }
        & .small { color: $foreground 60%; margin-top: 1; }
        & #first { width: auto; min-width: 24; }
        & Underway { dock: top; height: 1; }
    }
    """

    def compose(self) -> ComposeResult:
        yield Underway()
        with Vertical(id="welcome") as frame:
            frame.border_title = Content("∂ Autograd Tutor")
            with Horizontal(id="languages"):
                for code in i18n.LANGUAGES:
                    yield LanguageTab(code)
            yield Prose(
                Content(
                    _(
                        "You are shown a short torch program with fresh numbers, you say what it does, "
                        "and the program is run to find out who is right."
                    )
                ),
                classes="says",
            )
            yield Prose(
                Content(
                    _(
                        "A wrong answer is explained; what you have learned comes back on the day you "
                        "would begin to forget it."
                    )
                ),
                classes="says",
            )
            start = Button(Content(_("First question") + "  " + keys.ENTER), id="first")
            start.can_focus = False
            yield start
            yield Prose(
                prose(
                    _("A typo costs nothing. `F1` helps everywhere, `Esc` goes back, `^q` leaves.")
                ),
                classes="small",
            )
        yield KeyBar()
        yield TooSmall()

    def help_parts(self) -> tuple[help_texts.Part, ...]:
        return help_texts.welcome()

    def action_first(self) -> None:
        # Not awaited here: this screen is gone before it is done.
        self.app.run_worker(self.tutor.asking.first_question())

    def on_button_pressed(self) -> None:
        self.action_first()

    async def action_other_language(self) -> None:
        codes = list(i18n.LANGUAGES)
        code = codes[(codes.index(i18n.language()) + 1) % len(codes)]
        await self.app.run_action(f"app.language('{code}')")
