"""The trace in words: each statement as it ran, and below it what it changed.

``+ x`` a new name, ``» x`` the name holds another object, ``~ x`` the same tensor edited in place, ``∇ x``
its ``.grad``, ``! x`` its flags, ``- x`` deleted.  A name that is not listed is as it was.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from tutor.i18n import _
from tutor.render import numbers
from tutor.render.changes import LONGEST_NAME, MARKS, change_lines, mark, tensor_rows
from tutor.render.flow import flow
from tutor.render.reasons import error_lines
from tutor.render.spans import Block, Line, Part
from tutor.visible import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.render.spans import Role
    from tutor.runner.explained import BackwardCall, Change, Explained, Step

_LINE_DIGITS: Final = 3


def trace_blocks(found: Explained, width: int) -> list[Block]:
    """One block a step, one for the error that ended the run, and the legend."""
    trace = found.trace
    lines = source_lines(found)
    blocks: list[Block] = []
    section = trace.steps[0].section if trace.steps else ""
    inside = ("", 0)
    for step in trace.steps:
        heading: list[Line] = []
        if not step.function and step.section != section:
            section = step.section
            heading.append(Line((Part(section_title(section), "head"),)))
        if step.function and (step.function, step.depth) != inside:
            words = _("in {name}()").format(name=clean(step.function))
            heading.append(Line((Part(f"     {words}", "dim"),)))
        inside = (step.function, step.depth)
        block = _step(step, lines.get(step.section, []), width, found, heading)
        if step.section == "expression":
            block = replace(block, lines=(*block.lines, *_given(found, step.line, width)))
        blocks.append(block)
    if not trace.steps and trace.raised is None:
        blocks.append(_note(_("The program has no statements."), width))
    if trace.truncated:
        cut = _("There were more steps; only the first {n} are shown.").format(n=len(trace.steps))
        blocks.append(_note(cut, width))
    if trace.raised is not None:
        lines_of_error = error_lines(trace.raised, width, trace.reason)
        blocks.append(Block(tuple(lines_of_error), trace.raised.section, trace.raised.line))
    signs = {mark(change) for step in trace.steps for change in step.changes}
    if signs:
        blocks.append(Block(tuple(flow(list(_legend(signs)), width))))
    return blocks


def source_lines(found: Explained) -> dict[str, list[str]]:
    """The lines of every section that ran, and of the expressions that were asked after them."""
    lines = {section.name: section.source.split("\n") for section in found.sections}
    return {**lines, "expression": list(found.asked)}


def section_title(section: str) -> str:
    """What a section is called: the program goes without saying."""
    match section:
        case "program":
            return _("The program")
        case "answer":
            return _("Your answer")
        case "expression":
            return _("What was asked")
        case "point":
            return _("At one point")
    return clean(section)


def _given(found: Explained, line: int, width: int) -> Iterator[Line]:
    """The value of an asked expression."""
    expression = found.asked[line - 1] if 0 < line <= len(found.asked) else ""
    value = found.run.values.get(expression) if found.run is not None else None
    if value is not None:
        for i, row in enumerate(tensor_rows(value, width - 7)):
            yield Line((Part("     = " if i == 0 else "       ", "dim"), Part(row, "value")))


def _note(text: str, width: int) -> Block:
    return Block(tuple(flow([Part(text, "dim")], width)))


def _legend(signs: set[Role]) -> Iterator[Part]:
    parts = [(role, f"{sign} {_(word)}") for role, sign, word in MARKS if role in signs]
    for i, (role, text) in enumerate(parts):
        if i:
            yield Part("   ", "edge")
        yield Part(text, role)


# -- one step -----------------------------------------------------------------------------------------


def _step(step: Step, source: list[str], width: int, found: Explained, head: list[Line]) -> Block:
    lines = [*head, *code_lines(source, step.line, step.end_line, width)]
    longest = min(LONGEST_NAME, width // 4)
    names = max((cell_len(change.name) for change in step.changes), default=0)
    for change in step.changes:
        lines += change_lines(
            change,
            min(names, longest),
            width,
            accumulates=_accumulates(step, change, found.walk.calls),
            twin=_twin(step, change),
        )
    for text in printed_rows(step.printed):
        lines.append(Line((Part("     > ", "dim"), Part(numbers.cut(text, width - 7), "printed"))))
    if step.raised:
        # Not every error ends the program: checkpointing, for one, catches one of its own.
        ended = found.trace.raised is not None
        word = _("stopped here") if ended else _("left here by an error")
        lines.append(Line((Part(f"     ✗ {word}", "error"),)))
    elif step.section == "expression":
        pass  # its value is what it does
    elif not step.changes and not step.printed and not _only_defines(source, step.line):
        lines.append(Line((Part("     " + _("no name changed"), "dim"),)))
    return Block(tuple(lines), step.section, step.line)


def _only_defines(source: list[str], line: int) -> bool:
    """Whether a line is of a kind that is not expected to change anything."""
    words = source[line - 1].split() if 0 < line <= len(source) else []
    quiet = ("def", "class", "import", "from", "return", "pass", "with", "try:", "if", "while")
    return bool(words) and (words[0] in quiet or "lambda" in words)


def printed_rows(printed: str) -> list[str]:
    """What was printed, row by row, without the empty ones at the end."""
    return [clean(row) for row in printed.rstrip().split("\n")] if printed.strip() else []


def code_lines(source: list[str], first: int, last: int, width: int) -> list[Line]:
    """Lines of the program with their numbers."""
    shown = []
    for at in range(first, max(first, last) + 1):
        text = clean(source[at - 1]).rstrip() if 0 < at <= len(source) else ""
        number = Part(f"{at:>{_LINE_DIGITS}}  " if at else "     ", "dim")
        shown += flow([number, Part(text, "code")], width, indent=_LINE_DIGITS + 4)
    return shown


def _twin(step: Step, change: Change) -> str | None:
    """Another name of a change's very tensor, if what happened to it is told there already."""
    tensor = change.after.tensor if change.after is not None else None
    if tensor is None or tensor.same_as is None:
        return None
    names = [other.name for other in step.changes]
    told = names[: names.index(change.name)]
    already = tensor.same_as in told or ("new" in change.kinds and tensor.same_as not in names)
    return tensor.same_as if already else None


def _accumulates(step: Step, change: Change, calls: tuple[BackwardCall, ...]) -> bool:
    """Whether a backward call of this line put the gradient there."""
    return change.accumulated and any(
        call.how == "backward"
        and call.section == step.section
        and step.line <= call.line <= max(step.line, step.end_line)
        for call in calls
    )
