"""Every key of the app, as data: ids for the user's own keymap, tooltips for the footer and the help.

Only keys that reach a program inside tmux and that no terminal takes for itself are used: ctrl+h,
ctrl+i and ctrl+enter never arrive.  Where an answer can be typed no key is a printable one; the places
that only show things also have letters and digits.
"""

from __future__ import annotations

from typing import Final

from textual.binding import Binding

from tutor.app.places import PLACES as ALL_PLACES
from tutor.i18n import N_

ENTER: Final = "⏎"


def _binding(
    id_: str, keys: str, action: str, label: str, tooltip: str, *, display: str, show: bool = True
) -> Binding:
    return Binding(keys, action, label, show, display, id=id_, tooltip=tooltip)


ANSWER: Final = _binding(
    "review.answer", "enter", "answer", N_("Submit"),
    N_("Submit the answer; with several fields, first go to the next empty one"), display=ENTER,
)  # fmt: skip
SUBMIT: Final = _binding(
    "review.submit", "ctrl+s", "submit", N_("Submit"),
    N_("Submit the answer from any field"), display="^s", show=False,
)  # fmt: skip
SUBMIT_CODE: Final = _binding(
    "code.submit", "ctrl+s", "screen.submit", N_("Submit"),
    N_("Submit the code"), display="^s",
)  # fmt: skip
NEXT: Final = _binding(
    "review.next", "enter,ctrl+n", "next", N_("Next question"),
    N_("Go on to the next question"), display=ENTER,
)  # fmt: skip
HINT: Final = _binding(
    "review.hint", "f2", "hint", N_("Hint"),
    N_("Show a hint; a right answer then counts as hard"), display="F2",
)  # fmt: skip
GIVE_UP: Final = _binding(
    "review.give-up", "f4", "give_up", N_("Give up"),
    N_("Show the answer and the explanation; press twice"), display="F4",
)  # fmt: skip
UNDO: Final = _binding(
    "review.undo", "f8", "undo", N_("Undo"),
    N_("Take the last finished question back and answer it again"), display="F8",
)  # fmt: skip
NEWLINE: Final = _binding(
    "answer.newline", "shift+enter,ctrl+j,alt+enter", "newline", N_("New line"),
    N_("Start a new line in the answer"), display="^j", show=False,
)  # fmt: skip
PAGE_UP: Final = _binding(
    "review.page-up", "pageup", "page(-1)", N_("Page up"),
    N_("Scroll the question up"), display="PgUp", show=False,
)  # fmt: skip
PAGE_DOWN: Final = _binding(
    "review.page-down", "pagedown", "page(1)", N_("Page down"),
    N_("Scroll the question down"), display="PgDn", show=False,
)  # fmt: skip
AGAIN: Final = _binding(
    "summary.again", "ctrl+n", "again", N_("Look again"),
    N_("Ask what has become due in the meantime"), display="^n",
)  # fmt: skip
DONE: Final = _binding(
    "summary.done", "enter", "done", N_("Home"),
    N_("Go to Home, with what is left for today"), display=ENTER,
)  # fmt: skip
START: Final = _binding(
    "home.start", "enter", "app.start", N_("Start"),
    N_("Answer what is planned for now"), display=ENTER,
)  # fmt: skip
BACK: Final = _binding(
    "app.back", "escape", "app.back", N_("Back"),
    N_("Go back to where you came from; an open question waits as it is"), display="Esc",
)  # fmt: skip
HELP: Final = _binding(
    "app.help", "f1", "app.help", N_("Help"),
    N_("What may be typed, and every key"), display="F1",
)  # fmt: skip
CLOSE: Final = _binding(
    "help.close", "escape,f1,enter", "close", N_("Close"),
    N_("Go back to the question"), display="Esc",
)  # fmt: skip
PALETTE: Final = _binding(
    "app.palette", "ctrl+p", "command_palette", N_("Commands"),
    N_("Search every command, and choose a theme"), display="^p", show=False,
)  # fmt: skip
QUIT: Final = Binding(
    "ctrl+q", "quit", N_("Quit"), True, "^q", True, N_("Leave; nothing is lost"), "app.quit",
)  # fmt: skip
#: One for each place, named as its tab; the tabs show them, so the footer need not.
PLACES: Final = tuple(
    _binding(
        f"go.{place.name}", place.key, f"app.go('{place.name}')", place.title, place.tooltip,
        display=place.key, show=False,
    )
    for place in ALL_PLACES
)  # fmt: skip
