"""What F1 says of each screen, before its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tutor.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable


class Part(NamedTuple):
    """A heading and the lines under it; code stands between backticks."""

    title: str
    lines: tuple[str, ...]


def review(kinds: Iterable[str], *, over: bool) -> tuple[Part, ...]:
    """``kinds`` are the inputs of the open question (see :attr:`Form.view`), ``over`` if it is answered."""
    afterwards = Part(
        _("After the answer"),
        (
            _("A row of tabs: `1` to `6`, the arrows, F6, or the mouse. Enter goes on from each."),
            _(
                "Trace: what every line did. Backward: each node's rule, with the numbers of this draw."
            ),
            _("What-if: change the program, say what you expect, run it. None of it is counted."),
            _(
                "F7 lets a right answer count as harder than it looked, never as easier; F8 takes that "
                "back."
            ),
        ),
    )
    if over:
        return (afterwards,)
    lines = [line for kind in dict.fromkeys(kinds) for line in _how_to_answer(kind)]
    free = _("What cannot be read costs nothing: correct it and press Enter again.")
    return Part(_("How to answer"), (*lines, free)), afterwards


def _how_to_answer(kind: str) -> tuple[str, ...]:
    match kind:
        case "flags":
            return (
                _(
                    "Space, or `t` and `f`, say whether each holds; or type `True` or `False` for each."
                ),
            )
        case "choice":
            return (_("A letter, or ↓ ↑ and Space, chooses; where several may hold, choose all."),)
        case "order":
            return (
                _(
                    "A letter or Space puts a line last, alt+↑ and alt+↓ move it, Del leaves it out; or "
                    "type the letters in order."
                ),
            )
        case "raises":
            return (
                _(
                    "Choose the line that stops the program, and by ← → the class of the error; or no "
                    "error."
                ),
            )
        case "formula":
            return (
                _(
                    "Write it with the names of the program: `2*A@x`, `A.T`, `sum(x)`; under it stands "
                    "how it is read."
                ),
            )
        case "code":
            return (
                _("Python: Enter and Tab indent as in an editor, {key} submits.").format(
                    key="`^s`"
                ),
            )
    return (
        _("Numbers: `-1.5`, `1/3`, `2**0.5`, `sqrt(2)`, `pi`, `inf`, `nan`, `None`, `True`"),
        _("Vectors: `1, 2, 3` or `[1, 2, 3]`; shapes: `2, 3` or `2×3`"),
        _("Matrices: `[[1, 2], [3, 4]]`, `1 2; 3 4`, or one row a line"),
        _("Whatever torch prints may be pasted as it is: `tensor([[2., 0.]])`"),
    )


def home() -> tuple[Part, ...]:
    lines = (
        _("The plan is what is due and what is new today; the minutes are by your own pace."),
        _("A bigger dot is a fuller day; the mouse over it tells the number."),
        _("`1` to `4`, or a click on the top row, go to the other places."),
    )
    return (Part(_("Home"), lines),)


def library() -> tuple[Part, ...]:
    lines = (
        _(
            "⊘ a skill that is locked: it builds on one that you do not know yet. ○ open, ◐ begun, ● known."
        ),
        _(
            "The bar is how much of the skill you know now; at the right how many exercises are begun."
        ),
        _(
            "A search looks for all words in titles, questions, programs, tags and ids, as you type."
        ),
        _("The preview shows one draw; it never shows the answer."),
    )
    return (Part(_("Library"), lines),)


def statistics() -> tuple[Part, ...]:
    lines = (
        _("Retention: of what came back on a later day, how much was still known, and how much the memory "
          "model had expected."),
        _("Misconceptions: what your wrong answers would be right for."),
    )  # fmt: skip
    return (Part(_("Statistics"), lines),)


def welcome() -> tuple[Part, ...]:
    lines = (
        _(
            "Enter asks a first, easy question. Nothing you type can do harm, and a typo costs nothing."
        ),
    )
    return (Part(_("First question"), lines),)
