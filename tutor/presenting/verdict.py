"""What became of a submission, as it is shown: by its tone, point by point, with the right answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tutor.i18n import _

Tone = Literal["correct", "wrong", "given-up", "broken"]


def tone_word(tone: Tone) -> str:
    """The word that goes with a tone's sign."""
    match tone:
        case "correct":
            return _("Correct")
        case "wrong":
            return _("Wrong")
        case "given-up":
            return _("Given up")
        case "broken":
            return _("This question is broken")


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer tells: it fits a near miss of the author's or a standard one, or the numbers do.

    A standard one's text begins with the words that the author's are introduced by.
    """

    text: str
    kind: Literal["author", "standard", "relation"] = "author"


@dataclass(frozen=True, slots=True)
class Point:
    """What is said about one answer; ``title`` is empty when the question has only one."""

    title: str
    right: bool
    score: float
    message: str
    says: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Right:
    """The right answer to one of the question's answers: its live value, or code that gives it."""

    title: str
    text: str
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """All that is shown of a submission.

    ``truths`` and ``explain`` are there only once the question is over.  ``note`` is the last line:
    attempts left, or when it comes back; ``hint`` and ``harder`` say what is offered with it: another
    hint, to count as rated lower.
    """

    tone: Tone
    points: tuple[Point, ...] = ()
    score: float | None = None
    truths: tuple[Right, ...] = ()
    explain: str = ""
    note: str = ""
    fault: str = ""
    hint: bool = False
    harder: bool = False
