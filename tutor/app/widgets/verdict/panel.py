"""What became of the answer: sign, word and colour; why; and, once it is over, the truth and what next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.containers import Vertical
from textual.content import Content

from tutor.app import keys
from tutor.app.keymap import key_of
from tutor.app.text.highlight import python
from tutor.app.text.prose import links, prose
from tutor.app.widgets.prose import Prose
from tutor.app.widgets.verdict.pair_view import PairView
from tutor.i18n import _
from tutor.presenting.verdict import Right, Said, Shown, Tone, tone_word
from tutor.presenting.words import percent

if TYPE_CHECKING:
    from textual.app import ComposeResult

SIGNS: Final[dict[Tone, str]] = {"correct": "✓", "wrong": "✗", "given-up": "○", "broken": "⊘"}

COLOURS: Final[dict[Tone, str]] = {
    "correct": "$success",
    "wrong": "$error",
    "given-up": "$warning",
    "broken": "$warning",
}

#: In cells: the right answer's rows stand beside a label up to this long.
LONG_LABEL: Final = 16


class VerdictPanel(Vertical):
    """Empty and hidden until :meth:`show`."""

    DEFAULT_CSS = """
    VerdictPanel {
        height: auto;
        display: none;
        border: round $foreground 30%;
        padding: 0 1;
        border-title-style: bold;
        border-subtitle-color: $foreground 70%;
        &.-shown { display: block; }
        &.-correct { border: round $success; border-title-color: $success; }
        &.-wrong { border: round $error; border-title-color: $error; }
        &.-given-up { border: round $warning; border-title-color: $warning; }
        &.-broken { border: round $warning; border-title-color: $warning; }
        & > .gap { margin-top: 1; }
        & > .note { color: $foreground 70%; }
        & > .habit { color: $warning; }
        & > PairView { margin-top: 1; }
    }
    """

    def compose(self) -> ComposeResult:
        yield Prose(classes="points")
        yield Prose(classes="habit")
        yield Prose(classes="truths")
        yield Prose(classes="explain")
        yield Prose(classes="note")
        yield PairView()

    #: What is shown; ``None`` while nothing is.
    shown: Shown | None = None

    def clear(self) -> None:
        self.shown = None
        self.set_classes("")

    def add_habit(self, text: str) -> None:
        """One line more under the reason: what the learner keeps getting wrong."""
        part = self.query_one(".habit", Prose)
        part.update(prose(text))
        part.display = bool(text)

    def show(self, shown: Shown) -> None:
        """Replace what is shown."""
        self.shown = shown
        self.add_habit("")
        self.set_classes(f"-shown -{shown.tone}")
        self.border_title = Content(f"{SIGNS[shown.tone]} {tone_word(shown.tone)}")
        partial = shown.score is not None and 0 < shown.score < 1
        score = _("score {percent}").format(percent=percent(shown.score or 0)) if partial else ""
        self.border_subtitle = Content(score)
        parts = [
            (".points", _points(shown)),
            (".truths", truths_content(shown.truths)),
            (".explain", prose(shown.explain)),
            (".note", _note(shown)),
        ]
        above = False
        for selector, content in parts:
            part = self.query_one(selector, Prose)
            part.update(content)
            part.display = bool(content.plain)
            part.set_class((above and selector != ".note") or (above and self._roomy), "gap")
            above = above or bool(content.plain)

    def rate(self, shown: Shown) -> None:
        """The same verdict counts otherwise now: only its last line changes."""
        self.shown = shown
        self.query_one(".note", Prose).update(_note(shown))

    @property
    def _roomy(self) -> bool:
        return self.screen.has_class("-tall")


def _note(shown: Shown) -> Content:
    note = Content(shown.note)
    if shown.hint:
        note += " · " + _("{key} gives a hint").format(key=key_of(keys.HINT))
    if not shown.harder:
        return note
    offer = _("{key}: it was harder than that").format(key=key_of(keys.HARDER))
    return note + " · " + links(offer, "screen.harder")


def _points(shown: Shown) -> Content:
    if shown.fault:
        return prose(shown.fault)
    blocks: list[Content] = []
    for point in shown.points:
        lines = [prose(line) for line in point.message.split("\n") if line]
        lines += map(_said, point.says)
        if point.title:
            sign, colour = ("✓", "$success") if point.right else ("✗", "$error")
            share = f"  {percent(point.score)}" if 0 < point.score < 1 else ""
            head = Content.styled(f"{sign} ", f"bold {colour}") + prose(point.title) + share
            lines = [head, *lines] if share or not lines else [head + "  " + lines[0], *lines[1:]]
        blocks.append(Content("\n").join(lines))
    return Content("\n").join(block for block in blocks if block.plain)


def _said(said: Said) -> Content:
    match said.kind:
        case "author":
            label = _("≈ consistent with:")
        case "standard":
            label = "≈"
        case "relation":
            label = "↳"
    return Content.styled(label + " ", "bold $warning") + prose(said.text)


def truths_content(truths: tuple[Right, ...]) -> Content:
    """The right answers under each other, each with its title."""
    rows = []
    for truth in truths:
        label = prose(truth.title, "$foreground 60%")
        if truth.is_code:
            rows.append(label + "\n" + python(truth.text))
            continue
        lines = [prose(line, "bold $success") for line in truth.text.split("\n")]
        if len(lines) > 1 and label.cell_length > LONG_LABEL:
            # Beside it, the rows would be broken and no longer stand under each other.
            rows.append(Content("\n").join([label, *lines]))
            continue
        inner = Content("\n" + " " * (label.cell_length + 2)).join(lines)
        rows.append(label + "  " + inner)
    return Content("\n").join(rows)
