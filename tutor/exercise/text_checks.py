"""What can be wrong with an exercise's texts: templates, and languages that are missing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tutor.exercise.finding import Finding
from tutor.exercise.messages import suggestion
from tutor.exercise.model import Exercise, localized_texts
from tutor.exercise.template import TemplateError, is_template
from tutor.exercise.template_check import template_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from tutor.exercise.document import FieldPath


def missing_texts(exercise: Exercise, languages: Sequence[str]) -> list[Finding]:
    """Warnings: no hints, no explanation, texts that lack a language (of the deck or their own)."""
    findings = []
    if not exercise.hints:
        findings.append(Finding(("hints",), "there are no hints; add one", severity="warning"))
    if exercise.explain is None:
        message = "there is no explanation; add one"
        findings.append(Finding(("explain",), message, severity="warning"))
    wanted = tuple(languages) or exercise.languages
    for path, text in localized_texts(exercise):
        if not isinstance(text, dict):
            continue
        lacking = [language for language in wanted if language not in text]
        foreign = [language for language in text if language not in wanted]
        if len(lacking) == len(foreign) == 1:
            message = (
                f"`{foreign[0]}` is no language of the deck, and {lacking[0]} is missing: "
                f"write it for {lacking[0]}, or add both"
            )
            findings.append(Finding((*path, foreign[0]), message, True, "warning"))
            continue
        if lacking:
            message = f"the text is missing in {', '.join(lacking)}; add it"
            findings.append(Finding(path, message, severity="warning"))
        if foreign:
            message = (
                f"{', '.join(foreign)}: the deck has only {', '.join(wanted)}; "
                "add the language there, or correct it here"
            )
            findings.append(Finding(path, message, severity="warning"))
    return findings


def unknown_names(
    source: str, unknown: Collection[str], path: FieldPath, known: Collection[str]
) -> Iterator[Finding]:
    """A finding for every name that is not known, at the line that uses it first."""
    names = sorted(known)
    for name in sorted(unknown):
        there = f"there are {', '.join(names)}" if names else "there are no parameters"
        message = f"`{name}` is unknown here; {suggestion(name, names)}{there}"
        yield Finding(path, message, line=_line_of(name, source))


def _line_of(name: str, source: str) -> int:
    """The line of a template on which a name is first used, from 1."""
    for tag in _TAGS.finditer(source):
        if found := re.compile(rf"\b{re.escape(name)}\b").search(source, tag.start(), tag.end()):
            return source.count("\n", 0, found.start()) + 1
    return 1


_TAGS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


#: Fields whose texts are no templates.
_PLAIN_FIELDS: Final = frozenset(
    ("format", "id", "revision", "skill", "let", "where", "difficulty", "source", "tags")
)
_PLAIN_INSIDE: Final = frozenset(("kind", "expect", "count", "name", "many", "len", "idea"))
#: Where `live('…')` has a meaning: in texts, which are shown after the run.
_LIVE_AT_TOP: Final = frozenset(("ask", "hints", "explain"))
_LIVE_INSIDE: Final = frozenset(("says", "text"))
#: … but not the reasons of rules, which need no run.
_RULES: Final = frozenset(("forbid", "require"))


def check_templates(exercise: Exercise, data: Any) -> list[Finding]:
    """What is wrong in the templates of an exercise; ``data`` is the plain content of its file."""
    known = frozenset((*exercise.params, *exercise.let))
    findings: list[Finding] = []
    for field, value in data.items():
        if field == "params":
            for name, param in value.items():
                _walk(param, (field, name), known.intersection(exercise.params) - {name}, findings)
        elif field not in _PLAIN_FIELDS:
            _walk(value, (field,), known | {"live"} if field in _LIVE_AT_TOP else known, findings)
    return findings


def _walk(value: Any, path: FieldPath, known: frozenset[str], findings: list[Finding]) -> None:
    """Checks every template below; for a thousand files this is called a hundred thousand times."""
    if type(value) is str:
        if "{" in value and is_template(value):
            findings.extend(check_template(value, path, known))
    elif type(value) is dict:
        for key, item in value.items():
            if type(item) is str and "{" not in item:
                continue
            if key in _PLAIN_INSIDE and len(path) > 1:
                continue
            live = key in _LIVE_INSIDE and path[0] == "answers" and not _RULES.intersection(path)
            _walk(item, (*path, key), known | {"live"} if live else known, findings)
    elif type(value) is list:
        for index, item in enumerate(value):
            if type(item) is not str or "{" in item:
                _walk(item, (*path, index), known, findings)


def check_template(source: str, path: FieldPath, known: frozenset[str]) -> Iterator[Finding]:
    """What is wrong in one template, which may use the names in ``known``."""
    try:
        names = template_names(source)
    except TemplateError as error:
        yield Finding(path, error.message, line=error.line)
        return
    unknown = set(names - known)
    if "live" in unknown:
        message = "`live` is for texts (ask, hints, explain, says, text of an option), not here"
        yield Finding(path, message, line=_line_of("live", source))
        unknown.remove("live")
    yield from unknown_names(source, unknown, path, known - {"live"})
