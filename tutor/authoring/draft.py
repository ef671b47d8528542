"""An exercise drafted from a replayed cell: what it says in YAML."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tutor.authoring.spans import replaced
from tutor.authoring.yaml_text import block, comment, literal, quoted, value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tutor.authoring.literals import Parameter
    from tutor.authoring.proposed import Change, ProposedEdit
    from tutor.authoring.spans import Source, Span


@dataclass(frozen=True, slots=True)
class Miss:
    """A near miss: an edit of the program, or another expression, or a written value."""

    id: str
    says: str
    edit: ProposedEdit | None = None
    expression: str | None = None
    written: str | None = None


@dataclass(frozen=True, slots=True)
class DraftAnswer:
    """``expression`` is ``None`` for the kind `raises`."""

    name: str
    expression: str | None
    misses: tuple[Miss, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that goes into the file."""

    identity: str
    skill: str
    schema: str
    origin: str
    title: str
    context: str
    source: Source
    parameters: tuple[Parameter, ...]
    answers: tuple[DraftAnswer, ...]
    notes: tuple[str, ...] = field(default=())

    def without_miss(self, answer: str, id_: str) -> Draft:
        answers = tuple(
            replace(one, misses=tuple(miss for miss in one.misses if miss.id != id_))
            if one.name == answer
            else one
            for one in self.answers
        )
        return replace(self, answers=answers)

    def with_parameters(self, parameters: Sequence[Parameter]) -> Draft:
        return replace(self, parameters=tuple(parameters))


def write(draft: Draft) -> str:
    """The draft's file."""
    lines = [
        f"# yaml-language-server: $schema={draft.schema}",
        *comment(f"Drafted from {draft.origin}: a live run gave what was recorded there."),
        "# Texts marked TODO are yours to write, or to take the mark from.",
        *(line for note in draft.notes for line in comment(f"Not asked: {note}.")),
        "format: 1",
        f"id: {draft.identity}",
        f"skill: {draft.skill}",
        f"source: {quoted(draft.origin)}",
        "tags: [draft]",
        f"title: {quoted(f'TODO: {literal(draft.title)}')}",
    ]
    if draft.parameters:
        in_order = sorted(draft.parameters, key=lambda one: one.span)
        lines += ["params:", *(f"  {one.name}: {one.spec}" for one in in_order)]
    program = _templated(draft, (0, len(draft.source.text)), ())
    lines.append(f"program: {block(program + chr(10), 2)}" if program else 'program: ""')
    if draft.context:
        lines += ["# From the notebook, before this cell:", *comment(_indented(draft.context))]
    lines += [f"ask: {quoted(_ask(draft))}", "answers:"]
    for answer in draft.answers:
        lines += _answer(draft, answer)
    lines += ["hints:", '  - "TODO: what to look at first"', f"explain: {quoted(_explain(draft))}"]
    return "\n".join(lines) + "\n"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def _ask(draft: Draft) -> str:
    first = draft.answers[0].expression
    if first is None:
        return "TODO: Does this raise? If so, which class of error, and on which line?"
    if len(draft.answers) == 1:
        return f"TODO: What is `{literal(first)}` after this runs?"
    return "TODO: What do these give after the program has run?"


def _explain(draft: Draft) -> str:
    shown = [
        f"`{literal(one.expression)}` is {{{{ live({_python_text(one.expression)}) }}}}"
        for one in draft.answers
        if one.expression is not None and "\n" not in one.expression
    ]
    return f"TODO: why. {'; '.join(shown)}" if shown else "TODO: why"


def _python_text(text: str) -> str:
    """A Python text in single quotes, for a template."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _answer(draft: Draft, answer: DraftAnswer) -> list[str]:
    lines = [f"  {answer.name}:"]
    if answer.expression is None:
        lines.append("    kind: raises")
    else:
        lines += ["    kind: value", f"    value: {value(literal(answer.expression), 6)}"]
        if len(draft.answers) > 1:
            lines.append(f"    prompt: {quoted(f'`{literal(answer.expression)}`')}")
    if answer.misses:
        lines.append("    near:")
    for miss in answer.misses:
        lines.append(f"      {miss.id}:")
        if miss.edit is not None:
            lines.append("        patch:")
            for old, new in _patches(draft, miss.edit):
                lines.append(f"          - replace: {value(old, 14)}")
                lines.append(f"            with: {value(new, 14)}")
        if miss.expression is not None:
            lines.append(f"        expr: {value(literal(miss.expression), 10)}")
        if miss.written is not None:
            lines.append(f"        value: {miss.written}")
        lines.append(f"        says: {quoted(f'TODO: {miss.says}')}")
    return lines


# -- the program with its parameters ----------------------------------------------------------------


def _templated(draft: Draft, region: Span, changes: Iterable[Change]) -> str:
    """A region of the program, its parameters as places to fill in, with an edit's changes."""
    start, end = region
    changes = list(changes)
    pieces = [(span, new, False) for span, new in changes]
    for one in draft.parameters:
        inside = start <= one.span[0] and one.span[1] <= end
        if inside and not any(_overlap(one.span, span) for span, _ in changes):
            pieces.append((one.span, one.template, True))
    out, at = [], start
    for (first, last), new, is_place in sorted(pieces):
        out += [literal(draft.source.text[at:first]), new if is_place else literal(new)]
        at = last
    return "".join((*out, literal(draft.source.text[at:end])))


def _overlap(a: Span, b: Span) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _patches(draft: Draft, edit: ProposedEdit) -> list[tuple[str, str]]:
    """What to replace by what, each text standing once in the program."""
    regions: list[tuple[Span, list[Change]]] = []
    for change in sorted(edit.changes):
        region = _region(draft, change[0])
        if regions and regions[-1][0][1] > region[0]:
            before, changes = regions.pop()
            region = _region(draft, (before[0], max(before[1], region[1])))
            regions.append((region, [*changes, change]))
        else:
            regions.append((region, [change]))
    return [
        (_templated(draft, region, ()), _templated(draft, region, changes))
        for region, changes in regions
    ]


def _region(draft: Draft, span: Span) -> Span:
    """The span itself if its text is telling and unique, else the lines around it."""
    text = draft.source.text
    if span[1] - span[0] >= 6 and text.count(text[slice(*span)]) == 1:
        return span
    region = draft.source.whole_lines(span)
    while True:
        for one in draft.parameters:
            if _overlap(one.span, region):
                region = min(region[0], one.span[0]), max(region[1], one.span[1])
        region = draft.source.whole_lines(region)
        if text.count(text[slice(*region)]) == 1 or region == (0, len(text)):
            return region
        region = draft.source.whole_lines((max(0, region[0] - 1), region[1]))


def edited(source: Source, edit: ProposedEdit) -> str:
    """The program that an edit makes."""
    return replaced(source.text, list(edit.changes))
