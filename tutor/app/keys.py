"""Every key of the app, as data: ids for the user's own keymap, tooltips for the footer and the help.

Only keys that reach a program inside tmux and that no terminal takes for itself are used: ctrl+h,
ctrl+i and ctrl+enter never arrive.  Where an answer can be typed no key is a printable one; the places
that only show things, the verdict's tabs among them, also have letters and digits.
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
    "review.next", "enter,ctrl+n", "next", N_("Next"),
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
HARDER: Final = _binding(
    "review.harder", "f7", "harder", N_("Harder"),
    N_("After the answer: it was harder than that; let it count one rating lower"), display="F7",
)  # fmt: skip
MARK: Final = _binding(
    "review.mark", "f9", "mark", N_("Mark"),
    N_("Suspend, bury or flag the exercise, or write a note on it"), display="F9", show=False,
)  # fmt: skip
UNDO: Final = _binding(
    "review.undo", "f8", "undo", N_("Undo"),
    N_("Take the last finished question back and answer it again"), display="F8",
)  # fmt: skip
NEWLINE: Final = _binding(
    "answer.newline", "shift+enter,ctrl+j,alt+enter", "newline", N_("New line"),
    N_("Start a new line in the answer"), display="^j", show=False,
)  # fmt: skip
GRID: Final = _binding(
    "answer.grid", "ctrl+g", "grid", N_("Grid"),
    N_("Type a matrix cell by cell, and back to its text"), display="^g",
)  # fmt: skip
EDITOR: Final = _binding(
    "answer.editor", "ctrl+o", "screen.editor", N_("Editor"),
    N_("Write the answer in your own editor"), display="^o", show=False,
)  # fmt: skip
CELL_LEFT: Final = _binding(
    "grid.left", "left", "cell(0, -1)", N_("Left"),
    N_("Go to the cell on the left"), display="←", show=False,
)  # fmt: skip
CELL_RIGHT: Final = _binding(
    "grid.right", "right", "cell(0, 1)", N_("Right"),
    N_("Go to the cell on the right; past the last one a column is added"), display="→", show=False,
)  # fmt: skip
CELL_UP: Final = _binding(
    "grid.up", "up", "cell(-1, 0)", N_("Up"),
    N_("Go to the cell above"), display="↑", show=False,
)  # fmt: skip
CELL_DOWN: Final = _binding(
    "grid.down", "down", "cell(1, 0)", N_("Down"),
    N_("Go to the cell below; past the last one a row is added"), display="↓", show=False,
)  # fmt: skip
CELL_NEXT: Final = _binding(
    "grid.next", "tab", "next", N_("Next cell"),
    N_("Go to the next cell"), display="Tab", show=False,
)  # fmt: skip
CELL_ROW: Final = _binding(
    "grid.row", "enter", "row_below", N_("Next row"),
    N_("Begin the next row; in an empty one, submit"), display="⏎", show=False,
)  # fmt: skip
CELL_BACK: Final = _binding(
    "grid.back", "backspace", "back", N_("Delete"),
    N_("Delete a character, then go back"), display="⌫", show=False,
)  # fmt: skip
CELL_CLEAR: Final = _binding(
    "grid.clear", "delete", "clear", N_("Clear"),
    N_("Empty the cell"), display="Del", show=False,
)  # fmt: skip
GRID_LEAVE: Final = _binding(
    "grid.leave", "escape", "screen.grid", N_("Text"),
    N_("Go back to the text"), display="Esc", show=False,
)  # fmt: skip
EXERCISE_FILE: Final = _binding(
    "review.file", "ctrl+o", "file", N_("File"),
    N_("After the answer: open the exercise's file in your editor, and read it again"), display="^o",
    show=False,
)  # fmt: skip
ROW_UP: Final = _binding(
    "rows.up", "up,k", "row(-1)", N_("Up"),
    N_("Go to the row above"), display="↑", show=False,
)  # fmt: skip
ROW_DOWN: Final = _binding(
    "rows.down", "down,j", "row(1)", N_("Down"),
    N_("Go to the row below"), display="↓", show=False,
)  # fmt: skip
TICK: Final = _binding(
    "rows.tick", "space", "tick", N_("Choose"),
    N_("Tick or choose the row; its letter, or t and f, do it too"), display="␣",
)  # fmt: skip
TAKE: Final = _binding(
    "order.take", "space", "take", N_("Take"),
    N_("Put the line last; pick up one that is in the order, and drop it"), display="␣",
)  # fmt: skip
LINE_UP: Final = _binding(
    "order.up", "alt+up,K", "move(-1)", N_("Line up"),
    N_("Move the line up"), display="Alt↑",
)  # fmt: skip
LINE_DOWN: Final = _binding(
    "order.down", "alt+down,J", "move(1)", N_("Line down"),
    N_("Move the line down; below the last one it is left out"), display="Alt↓", show=False,
)  # fmt: skip
LINE_OUT: Final = _binding(
    "order.out", "delete,backspace", "out", N_("Leave out"),
    N_("Take the line out of the order"), display="Del", show=False,
)  # fmt: skip
ERROR_NEXT: Final = _binding(
    "raises.next", "right", "error(1)", N_("Error"),
    N_("The next class of errors"), display="→",
)  # fmt: skip
ERROR_BEFORE: Final = _binding(
    "raises.before", "left", "error(-1)", N_("Error before"),
    N_("The class of errors before"), display="←", show=False,
)  # fmt: skip
INDENT: Final = _binding(
    "code.indent", "tab", "indent", N_("Indent"),
    N_("Indent the line or the selected lines; Esc leaves the editor"), display="Tab", show=False,
)  # fmt: skip
DEDENT: Final = _binding(
    "code.dedent", "shift+tab", "dedent", N_("Dedent"),
    N_("Take one indentation off the line or the selected lines"), display="Shift+Tab", show=False,
)  # fmt: skip
LEAVE_CODE: Final = _binding(
    "code.leave", "escape", "next_field", N_("Leave"),
    N_("Go on to the next field"), display="Esc", show=False,
)  # fmt: skip
PAGE_UP: Final = _binding(
    "review.page-up", "pageup", "page(-1)", N_("Page up"),
    N_("Scroll the question up"), display="PgUp", show=False,
)  # fmt: skip
PAGE_DOWN: Final = _binding(
    "review.page-down", "pagedown", "page(1)", N_("Page down"),
    N_("Scroll the question down"), display="PgDn", show=False,
)  # fmt: skip

#: The verdict's tabs, in their order.  Digits are typed into answers, so they choose a tab only once the
#: question is over; F6 also works while the program is edited there.
TABS: Final = tuple(
    _binding(
        f"verdict.{name}", str(number), f"tab('{name}')", label, tooltip,
        display=str(number), show=False,
    )
    for number, (name, label, tooltip) in enumerate(
        (
            ("why", N_("Why"), N_("After the answer: the verdict and its reason")),
            ("trace", N_("Trace"), N_("After the answer: what every line did")),
            ("backward", N_("Backward"), N_("After the answer: the way of the gradient, step by step")),
            ("graph", N_("Graph"), N_("After the answer: the graph that torch recorded")),
            ("what-if", N_("What-if"), N_("After the answer: change the program and compare")),
            ("explanation", N_("Explanation"),
             N_("After the answer: the explanation, and what other answers would mean")),
        ),
        start=1,
    )
)  # fmt: skip
TAB_NEXT: Final = _binding(
    "verdict.next", "f6,right,l", "turn_tab(1)", N_("Next tab"),
    N_("After the answer: the next of its tabs"), display="F6 →", show=False,
)  # fmt: skip
TAB_BEFORE: Final = _binding(
    "verdict.before", "left,h", "turn_tab(-1)", N_("Tab before"),
    N_("After the answer: the tab before"), display="←", show=False,
)  # fmt: skip
VERDICT_DOWN: Final = _binding(
    "verdict.down", "down,j", "scroll_verdict(2)", N_("Down"),
    N_("After the answer: scroll the verdict"), display="↓", show=False,
)  # fmt: skip
VERDICT_UP: Final = _binding(
    "verdict.up", "up,k", "scroll_verdict(-2)", N_("Up"),
    N_("After the answer: scroll the verdict"), display="↑", show=False,
)  # fmt: skip
TAB_NEXT_TYPING: Final = _binding(
    "verdict.next-typing", "f6", "screen.turn_tab(1)", N_("Next tab"),
    N_("After the answer: the next of its tabs"), display="F6", show=False,
)  # fmt: skip
STEP_DOWN: Final = _binding(
    "step.down", "down,j", "step(1)", N_("Step"),
    N_("Look at the next step; the program shows its line"), display="↑↓",
)  # fmt: skip
STEP_UP: Final = _binding(
    "step.up", "up,k", "step(-1)", N_("Step before"),
    N_("Look at the step before"), display="↑", show=False,
)  # fmt: skip
STEP_FIRST: Final = _binding(
    "step.first", "home,g", "step(-100000)", N_("First step"),
    N_("Look at the first step"), display="Home", show=False,
)  # fmt: skip
STEP_LAST: Final = _binding(
    "step.last", "end,G", "step(100000)", N_("Last step"),
    N_("Look at the last step"), display="End", show=False,
)  # fmt: skip
PAN_LEFT: Final = _binding(
    "graph.left", "left,h", "pan(-1, 0)", N_("Left"),
    N_("Move the drawing; the mouse can drag it"), display="←", show=False,
)  # fmt: skip
PAN_RIGHT: Final = _binding(
    "graph.right", "right,l", "pan(1, 0)", N_("Right"),
    N_("Move the drawing; the mouse can drag it"), display="→", show=False,
)  # fmt: skip
PAN_UP: Final = _binding(
    "graph.up", "up,k", "pan(0, -1)", N_("Up"),
    N_("Move the drawing; the mouse can drag it"), display="↑", show=False,
)  # fmt: skip
PAN_DOWN: Final = _binding(
    "graph.down", "down,j", "pan(0, 1)", N_("Move"),
    N_("Move the drawing; the mouse can drag it"), display="↑↓",
)  # fmt: skip
WHAT_IF_EDIT: Final = _binding(
    "what-if.edit", "e", "edit", N_("Edit"),
    N_("Edit the program; Esc leaves it"), display="e",
)  # fmt: skip
WHAT_IF_PREDICT: Final = _binding(
    "what-if.predict", "p", "predict", N_("Predict"),
    N_("Say what you expect of the edited program"), display="p",
)  # fmt: skip
WHAT_IF_RUN: Final = _binding(
    "what-if.run", "ctrl+s", "run", N_("Run"),
    N_("Run the edited program beside the question's own"), display="^s",
)  # fmt: skip
WHAT_IF_TRY: Final = _binding(
    "what-if.try", "space", "try", N_("Try"),
    N_("Make the chosen edit, or take it back, and run"), display="␣",
)  # fmt: skip
WHAT_IF_DOWN: Final = _binding(
    "what-if.down", "down,j", "choose(1)", N_("Next edit"),
    N_("Choose the next of the edits to try"), display="↓", show=False,
)  # fmt: skip
WHAT_IF_UP: Final = _binding(
    "what-if.up", "up,k", "choose(-1)", N_("Edit before"),
    N_("Choose the edit before"), display="↑", show=False,
)  # fmt: skip
WHAT_IF_LEAVE: Final = _binding(
    "what-if.leave", "escape", "leave", N_("Leave"),
    N_("Stop what runs, or leave the field"), display="Esc", show=False,
)  # fmt: skip
AGAIN: Final = _binding(
    "summary.again", "ctrl+n", "again", N_("Look again"),
    N_("Ask what has become due in the meantime"), display="^n",
)  # fmt: skip
RESTING: Final = _binding(
    "summary.resting", "ctrl+n", "resting", N_("Again now"),
    N_("Ask what went wrong at once, before its minutes are over"), display="^n",
)  # fmt: skip
DONE: Final = _binding(
    "summary.done", "enter,escape", "done", N_("Home"),
    N_("Go to Home, with what is left for today"), display=ENTER,
)  # fmt: skip
START: Final = _binding(
    "home.start", "enter", "app.start", N_("Start"),
    N_("Answer what is planned for now"), display=ENTER,
)  # fmt: skip
PLACEMENT: Final = _binding(
    "home.test", "t", "app.place", N_("Placement test"),
    N_("A short test finds what you know already, and opens what builds on it"), display="t", show=False,
)  # fmt: skip
FIRST: Final = _binding(
    "welcome.first", "enter", "first", N_("First question"),
    N_("Answer a first, easy question"), display=ENTER,
)  # fmt: skip
OTHER_LANGUAGE: Final = _binding(
    "welcome.language", "l,left,right", "other_language", N_("Language"),
    N_("Show everything in the other language"), display="l",
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
CANCEL: Final = _binding(
    "prompt.cancel", "escape", "cancel", N_("Cancel"),
    N_("Leave it as it was"), display="Esc",
)  # fmt: skip
FIT_LEAVE: Final = _binding(
    "fit.leave", "enter", "leave", N_("Leave"),
    N_("Let it go on in the background; at the end, close it"), display=ENTER,
)  # fmt: skip
PALETTE: Final = _binding(
    "app.palette", "ctrl+p", "command_palette", N_("Commands"),
    N_("Search every command, and choose a theme"), display="^p", show=False,
)  # fmt: skip
QUIT: Final = Binding(
    "ctrl+q", "quit", N_("Quit"), True, "^q", True, N_("Leave; nothing is lost"), "app.quit",
)  # fmt: skip
SETTING_MORE: Final = _binding(
    "settings.more", "right,l", "step(1)", N_("Next value"),
    N_("The setting's next value"), display="→",
)  # fmt: skip
SETTING_LESS: Final = _binding(
    "settings.less", "left,h", "step(-1)", N_("Value before"),
    N_("The setting's value before"), display="←", show=False,
)  # fmt: skip
SETTING_EDIT: Final = _binding(
    "settings.edit", "enter,space", "edit", N_("Change"),
    N_("Type the value, or take the next one"), display=ENTER,
)  # fmt: skip
SETTING_DEFAULT: Final = _binding(
    "settings.default", "delete,backspace", "default", N_("Default"),
    N_("Give the setting its default again"), display="Del",
)  # fmt: skip
SETTINGS_FILE: Final = _binding(
    "settings.file", "ctrl+o", "file", N_("File"),
    N_("Open the settings file in your editor"), display="^o",
)  # fmt: skip
FIT: Final = _binding(
    "settings.fit", "f", "app.fit", N_("Fit to my memory"),
    N_("Fit the memory model to your own reviews; kept only if it foretells better"), display="f",
    show=False,
)  # fmt: skip
KEY_DEFAULT: Final = _binding(
    "keys.default", "delete,backspace", "default", N_("Usual key"),
    N_("Give back the usual key"), display="Del",
)  # fmt: skip
#: One for each place, named as its tab; the tabs show them, so the footer need not.
PLACES: Final = tuple(
    _binding(
        f"go.{place.name}", place.key, f"app.go('{place.name}')", place.title, place.tooltip,
        display=place.key, show=False,
    )
    for place in ALL_PLACES
)  # fmt: skip
#: Moving in every list, by arrows and as in vim.
LIST: Final = (
    _binding("list.down", "j,down", "move(1)", N_("Down"), N_("Go down one row"), display="j", show=False),
    _binding("list.up", "k,up", "move(-1)", N_("Up"), N_("Go up one row"), display="k", show=False),
    _binding(
        "list.page-down", "ctrl+d,pagedown", "half_page(1)", N_("Half a page down"),
        N_("Go half a page down"), display="^d", show=False,
    ),
    _binding(
        "list.page-up", "ctrl+u,pageup", "half_page(-1)", N_("Half a page up"),
        N_("Go half a page up"), display="^u", show=False,
    ),
    _binding(
        "list.first", "g,home", "end(False)", N_("First"), N_("Go to the first row"), display="g",
        show=False,
    ),
    _binding(
        "list.last", "G,end", "end(True)", N_("Last"), N_("Go to the last row"), display="G", show=False,
    ),
    _binding(
        "list.unfold", "l,right", "unfold", N_("Open"), N_("Open what stands below this row"),
        display="l", show=False,
    ),
    _binding(
        "list.fold", "h,left", "fold", N_("Close"), N_("Close it, or go up to where it belongs"),
        display="h", show=False,
    ),
    _binding(
        "list.choose", "enter,space", "choose", N_("Choose"), N_("Open or close the row, or take it"),
        display=ENTER, show=False,
    ),
)  # fmt: skip
#: What can be done in the library with the row that the cursor is on.
SEARCH: Final = _binding(
    "library.search", "slash,ctrl+f", "search", N_("Search"),
    N_("Search titles, questions, programs, tags and skills"), display="/",
)  # fmt: skip
CLEAR: Final = _binding(
    "library.clear", "escape", "clear", N_("End search"),
    N_("List everything again"), display="Esc",
)  # fmt: skip
VIEW: Final = _binding(
    "library.view", "v", "view(1)", N_("View"),
    N_("List all, or only what is due, new, weak, marked, suspended"), display="v",
)  # fmt: skip
PRACTISE: Final = _binding(
    "library.practise", "p", "practise", N_("Practise"),
    N_("Answer it now, whatever the schedule says; the schedule stays as it is"), display="p",
)  # fmt: skip
SUSPEND: Final = _binding(
    "library.suspend", "s", "suspend", N_("Suspend"),
    N_("Ask it no more, or again"), display="s",
)  # fmt: skip
BURY: Final = _binding(
    "library.bury", "b", "bury", N_("Bury"),
    N_("Do not ask it before tomorrow, or today after all"), display="b", show=False,
)  # fmt: skip
OPEN_SKILL: Final = _binding(
    "library.open", "o", "open_skill", N_("Open skill"),
    N_("Let the skill's exercises come up although it builds on others; or not any more"), display="o",
)  # fmt: skip
TEST_OUT: Final = _binding(
    "library.test", "t", "app.place", N_("Test out"),
    N_("A short test finds what you know already, and opens what builds on it"), display="t", show=False,
)  # fmt: skip
EDIT: Final = _binding(
    "library.file", "e,ctrl+o", "file", N_("File"),
    N_("Open the exercise's file in your editor"), display="e", show=False,
)  # fmt: skip
FLAG: Final = _binding(
    "library.flag", "f", "flag", N_("Flag"),
    N_("Note that something is wrong with the exercise, or that it is not"), display="f", show=False,
)  # fmt: skip
NOTE: Final = _binding(
    "library.note", "n", "note", N_("Note"),
    N_("Write a note to yourself; an empty one takes it away"), display="n", show=False,
)  # fmt: skip
#: What the dialog over a question offers to mark.
MARKINGS: Final = tuple(
    _binding(
        f"mark.{binding.action}", binding.key, f"choose('{binding.action}')", binding.description,
        binding.tooltip, display=binding.key,
    )
    for binding in (SUSPEND, BURY, FLAG, NOTE)
)  # fmt: skip
PERIOD: Final = _binding(
    "statistics.period", "v", "period(1)", N_("Period"),
    N_("Show 30 days, a year, or all"), display="v",
)  # fmt: skip
TEXT: Final = _binding(
    "statistics.text", "t", "text", N_("Numbers"),
    N_("Show numbers instead of charts, or charts again"), display="t",
)  # fmt: skip
#: Scrolling what is only read.
SCROLL: Final = (
    _binding(
        "scroll.down", "j,down", "page(0.01)", N_("Down"), N_("Scroll down"), display="j", show=False,
    ),
    _binding(
        "scroll.up", "k,up", "page(-0.01)", N_("Up"), N_("Scroll up"), display="k", show=False,
    ),
    _binding(
        "scroll.page-down", "ctrl+d,pagedown,space", "page(1)", N_("Half a page down"),
        N_("Scroll half a page down"), display="^d", show=False,
    ),
    _binding(
        "scroll.page-up", "ctrl+u,pageup", "page(-1)", N_("Half a page up"),
        N_("Scroll half a page up"), display="^u", show=False,
    ),
    _binding(
        "scroll.first", "g,home", "end(False)", N_("Beginning"),
        N_("Scroll to the beginning"), display="g", show=False,
    ),
    _binding(
        "scroll.last", "G,end", "end(True)", N_("End"), N_("Scroll to the end"), display="G",
        show=False,
    ),
)  # fmt: skip
