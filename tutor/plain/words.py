"""What is said of a verdict and at the end: in words, since there is neither colour nor layout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tutor.i18n import _, ngettext
from tutor.plain.console import plain
from tutor.presenting.outcome import Done, shown
from tutor.presenting.verdict import tone_word
from tutor.presenting.words import percent, until

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tutor.presenting.forms import Form
    from tutor.presenting.verdict import Shown
    from tutor.runner.explained import Explained
    from tutor.session import Answered

#: Columns that what a program did is written for.
WIDTH: Final = 80
#: So narrow that a graph is a table: a drawing means nothing when it is read out.
TABLE_WIDTH: Final = 59


def verdict_lines(answered: Answered, forms: Mapping[str, Form], now_ms: int) -> Iterator[str]:
    """The verdict, why, the truth, the explanation, and what comes next."""
    told = shown(answered, forms, now_ms)
    partial = told.score is not None and 0 < told.score < 1
    score = _("score {percent}").format(percent=percent(told.score or 0)) if partial else ""
    yield tone_word(told.tone) + (f" ({score})" if score else "")
    if told.fault:
        yield plain(told.fault)
    yield from _points(told)
    for truth in told.truths:
        yield from _labelled(plain(truth.title), truth.text.rstrip().split("\n"))
    if told.explain:
        yield from _labelled(_("Explanation"), plain(told.explain).split("\n"))
    if told.note:
        yield told.note


def _points(told: Shown) -> Iterator[str]:
    for point in told.points:
        if point.title:
            word = _("correct") if point.right else _("wrong")
            share = f" ({percent(point.score)})" if 0 < point.score < 1 else ""
            yield f"{plain(point.title)}: {word}{share}"
        yield from (plain(line) for line in point.message.split("\n") if line)
        for says in point.says:
            label = _("≈ consistent with:").lstrip("≈ ") + " " if says.kind == "author" else ""
            yield label + plain(says.text)


def _labelled(label: str, lines: Sequence[str]) -> Iterator[str]:
    """One line after its label, several under it."""
    if len(lines) == 1:
        yield f"{label}: {lines[0]}"
        return
    yield f"{label}:"
    yield from (f"  {line}" for line in lines)


def end_lines(done: Sequence[Done], next_at: int | None, now_ms: int) -> Iterator[str]:
    """What was done, and when the next is due."""
    n, right = len(done), sum(one.tone == "correct" for one in done)
    asked = ngettext("{n} question answered", "{n} questions answered", n).format(n=n)
    yield asked + "; " + _("{n} correct").format(n=right)
    for one in done:
        due = "" if one.due is None else "; " + until(one.due, now_ms)
        yield f"  {tone_word(one.tone)}: {plain(one.title)}{due}"
    if next_at is not None:
        yield _("The next one is due {when}.").format(when=until(next_at, now_ms))


def explained_lines(found: Explained, command: str) -> Iterator[str]:
    """The trace, the backward walk or the graph of a run; for ``:why`` the first two."""
    from tutor.render.graph import graph_blocks
    from tutor.render.spans import plain as text_of
    from tutor.render.trace import trace_blocks
    from tutor.render.walk import walk_blocks

    if command in (":why", ":trace"):
        yield _("Trace") + ":"
        yield text_of(trace_blocks(found, WIDTH))
    if command in (":why", ":walk"):
        yield _("Backward walk") + ":"
        yield text_of(walk_blocks(found, WIDTH))
    if command == ":graph":
        yield text_of(graph_blocks(found, TABLE_WIDTH, 0))


def help_lines() -> Iterator[str]:
    """Every command, one a line."""
    yield _("An answer is typed as the rule above it says; what cannot be read costs nothing.")
    for command, does in (
        (":hint", _("Show a hint; a right answer then counts as hard")),
        (":give-up", _("Show the answer and the explanation")),
        (":undo", _("Take the last finished question back and answer it again")),
        (":harder", _("After the answer: it was harder than that; let it count one rating lower")),
        (":why", _("After the answer: what every line did, and the way of the gradient")),
        (":trace, :walk, :graph", _("One of these alone, or the graph that torch recorded")),
        (":show", _("Say the question again")),
        (":edit", _("Write the answer in your editor")),
        (":help", _("What may be typed, and every command")),
        (":quit", _("Leave; nothing is lost")),
    ):
        yield f"  {command}: {does}"
