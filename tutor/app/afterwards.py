"""What the tabs after the answer show, made of what the session has: loaded only once a tab is opened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from textual.content import Content

from tutor.answer import MESSAGES, InvalidAnswer
from tutor.app.text.prose import prose
from tutor.app.widgets.verdict.panel import truths_content
from tutor.exercise.trust import UntrustedError
from tutor.grading.runner_words import in_language
from tutor.grading.told import near_answers
from tutor.grading.truths import AuthorFault
from tutor.i18n import _
from tutor.misconceptions import title
from tutor.presenting.outcome import rights
from tutor.question import DrawnChoice
from tutor.runner.job import RunnerFailure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tutor.app.widgets.verdict.lines_view import Draw
    from tutor.app.widgets.verdict.tabs import TabName
    from tutor.misconceptions import FamilyCount
    from tutor.presenting.forms import Form
    from tutor.runner.explained import Explained
    from tutor.schedule.leeches import Leech
    from tutor.session import Answered


def reason_of(error: Exception) -> str:
    """Why something could not be run, for the learner."""
    match error:
        case InvalidAnswer():
            message = _(MESSAGES[error.key]).format(**error.params)
            return (
                _("line {line}, column {column}: ").format(line=error.line, column=error.column)
                + message
            )
        case RunnerFailure() | AuthorFault() | UntrustedError():
            return in_language(error.message)
    return f"{type(error).__name__}: {error}"


def habit_words(count: FamilyCount) -> str:
    """How often a misconception was behind the last misses."""
    return _("{idea}: {times} of your last {n} misses").format(
        idea=title(count.family), times=count.times, n=count.of
    )


def leech_words(leech: Leech) -> str:
    """What an exercise is that does not stick, and what is shown for it."""
    return _(
        "A leech: wrong {wrong} of the last {of} times. Two programs that differ in one edit:"
    ).format(wrong=leech.wrong, of=leech.of)


# -- the explaining run -------------------------------------------------------------------------------


def drawing(name: TabName, found: Explained, texts: Mapping[str, str]) -> Draw:
    """What draws a tab of the explaining run into a place of any size."""
    from tutor.render.graph import graph_blocks
    from tutor.render.trace import trace_blocks
    from tutor.render.walk import walk_blocks

    shown = found if texts else _as_solution(found)
    match name:
        case "trace":
            return lambda width, _height: trace_blocks(shown, width)
        case "backward":
            return lambda width, _height: walk_blocks(shown, width)
    return lambda width, height: graph_blocks(shown, width, height)


def _as_solution(found: Explained) -> Explained:
    """The run with what stands after the program named for what it is: not what the learner typed."""
    title = _("A right answer")

    def named(section: str) -> str:
        return title if section == "answer" else section

    steps = tuple(replace(step, section=named(step.section)) for step in found.trace.steps)
    calls = tuple(replace(call, section=named(call.section)) for call in found.walk.calls)
    sections = tuple(replace(one, name=named(one.name)) for one in found.sections)
    return replace(
        found,
        trace=replace(found.trace, steps=steps),
        walk=replace(found.walk, calls=calls),
        sections=sections,
    )


# -- the explanation ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``kind`` says how it stands: as text, as a heading, or as an item under one."""

    text: Content
    kind: Literal["text", "head", "item"] = "text"


def explanation(answered: Answered, forms: Mapping[str, Form]) -> list[Paragraph]:
    """The last tab: why it is so, what other answers would mean, the hints."""
    texts, parts = answered.texts, []
    if texts is not None and texts.explain:
        parts.append(Paragraph(prose(texts.explain)))
    if known := rights(answered, forms):
        parts.append(Paragraph(truths_content(known)))
    if others := list(_others(answered, forms)):
        parts.append(Paragraph(Content(_("What other answers would mean")), "head"))
        parts += [Paragraph(other, "item") for other in others]
    if texts is not None and texts.hints:
        parts.append(Paragraph(Content(_("The hints")), "head"))
        parts += [Paragraph(prose(hint), "item") for hint in texts.hints]
    return parts


def _others(answered: Answered, forms: Mapping[str, Form]) -> Iterator[Content]:
    """Each near miss with what it would have given in this draw, and what it says."""
    truths, question = answered.truths, answered.turn.question
    if truths is None:
        return
    for name, answer in question.answers.items():
        title = "" if len(question.answers) == 1 else forms[name].title
        if isinstance(answer, DrawnChoice):
            for i, option in enumerate(answer.options):
                says = truths.texts.option_says.get((name, i))
                if says and not option.correct:
                    yield _other(title, prose(forms[name].offers[i][1]), says)
            continue
        _truth, nears = near_answers(answer, truths.sides[name])
        for id_, near in nears.items():
            if says := truths.texts.says.get((name, id_)):
                yield _other(title, Content(near.text or ""), says)


def _other(title: str, answer: Content, says: str) -> Content:
    head = prose(title, "$foreground 60%") + "  " if title and answer.plain else prose(title)
    first = head + answer.stylize_before("bold $warning")
    return Content("\n").join([first, prose(says)]) if first.plain else prose(says)
