"""What the YAML parser complains of, said with a remedy, and where the slip was made.

The parser notices many slips late: a quote that is never closed at the end of the file, a missing colon
on the next line.  What an author is likely to have done is looked for in the lines around.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tutor.exercise.fullwidth import ASCII_FOR, OPENING

if TYPE_CHECKING:
    from collections.abc import Callable

    import yaml

    from tutor.exercise.document import Position

    # From the parser's problem, the lines of the file and the place (from 0): where and what, or None.
    _Look = Callable[[yaml.MarkedYAMLError, list[str], int, int], tuple[Position, str] | None]

_NOT_YAML: Final = "this is not YAML: "
_IN_QUOTES: Final = "put the text in quotes"
_COLON: Final = f"a `: ` inside a text; {_IN_QUOTES}"

#: By a part of the parser's words.
_REMEDIES: Final = (
    ("mapping values are not allowed", _COLON),
    ("cannot start any token", f"this character cannot begin a text here; {_IN_QUOTES}"),
    (
        "found undefined alias",
        (
            "this alias (`*name`) has no anchor (`&name`) before it; "
            "a text that begins with `*` needs quotes"
        ),
    ),
    ("did not find expected alphabetic", "a text that begins with `*` or `&` needs quotes"),
    (
        "but found another document",
        ("a second document begins here; write one exercise per file and no `---` between"),
    ),
    (
        "found unknown escape character",
        ("unknown escape in \"…\"; write `\\\\` for a backslash, or use '…'"),
    ),
    (
        "invalid Unicode character escape",
        "no such character; write it out, or its code after `\\U`",
    ),
    ("found unexpected end of stream", "a quote is opened and never closed"),
    ("expected ',' or", "a bracket is not closed, or a comma is missing before this"),
    (
        "could not find expected ':'",
        ("a `:` is missing after a key just before this, or the indentation is wrong"),
    ),
    (
        "did not find expected key",
        ("the indentation or a quote is wrong here; entries of one map begin in one column"),
    ),
    (
        "did not find expected '-'",
        ("the indentation is wrong here; entries of one list begin in one column"),
    ),
)

_ENTRY = re.compile(r"^(?P<indent> *(?:- +)?)(?P<key>[\w.-]+):(?P<value>| +.*)$")
_PLACE = r"(?:^ *(?:- +)?|(?:[:,]|(?<= )-|[\[{]) *)"
_TEMPLATE = re.compile(rf"{_PLACE}(?P<text>\{{\{{.*)")
_WIDE_COLON = re.compile(r"^ *(?:- +)?[\w.-]+(?P<sign>：)")
_WIDE_OPENING = re.compile(rf"(?:^ *- |: |, |[\[{{])\s*(?P<sign>[{OPENING}])")
_PROGRAMS: Final = ("program", "starter", "solution")


def syntax_fault(error: yaml.MarkedYAMLError, text: str) -> tuple[Position, str]:
    """Where the slip is, and what is wrong and would be right; the parser's own words at the last."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return (1, 1), syntax_message(error)
    lines = text.split("\n")
    for look in _LOOKS:
        if found := look(error, lines, mark.line, mark.column):
            return found[0], _NOT_YAML + found[1]
    return (mark.line + 1, mark.column + 1), syntax_message(error)


def syntax_message(error: yaml.MarkedYAMLError) -> str:
    """What is wrong and what would be right, by the parser's words alone."""
    problem = str(error.problem or error.context or "cannot be read")
    for part, remedy in _REMEDIES:
        if part in problem:
            return _NOT_YAML + remedy
    return _NOT_YAML + problem


def template_first(line: str) -> tuple[int, str] | None:
    """The column (from 0) of a text on a line that begins with `{{` and has no quotes, and the remedy."""
    found = _TEMPLATE.search(_blanked(line))
    if found is None:
        return None
    start = found.start("text")
    entry = _ENTRY.match(line)
    whole = entry and len(line) - len(entry["value"].lstrip()) == start
    end = len(line.rstrip()) if whole else line.find("}}", start) + 2
    example = line[start:end].replace("\\", "\\\\").replace('"', '\\"')
    return start, f'a text that begins with `{{{{` needs quotes: "{example}"'


def _blanked(line: str) -> str:
    """A line with what stands in quotes, and comments, made blank."""
    return re.sub(
        r""""(?:[^"\\]|\\.)*"|'[^']*'|(?:^| )#.*""", lambda match: " " * len(match[0]), line
    )


def _full_width(
    _error: yaml.MarkedYAMLError, lines: list[str], line: int, _column: int
) -> tuple[Position, str] | None:
    for at in (line, _entry_before(lines, line)):
        for pattern in (_WIDE_COLON, _WIDE_OPENING):
            if 0 <= at < len(lines) and (found := pattern.search(_blanked(lines[at]))):
                sign = found["sign"]
                right = ASCII_FOR[sign]
                message = f"`{sign}` is full-width; write `{right}` for `{sign}`"
                return (at + 1, found.start("sign") + 1), message
    return None


def _template(
    _error: yaml.MarkedYAMLError, lines: list[str], line: int, _column: int
) -> tuple[Position, str] | None:
    if line < len(lines) and (found := template_first(lines[line])):
        return (line + 1, found[0] + 1), found[1]
    return None


def _first_character(
    error: yaml.MarkedYAMLError, lines: list[str], line: int, column: int
) -> tuple[Position, str] | None:
    if "cannot start any token" not in str(error.problem) or line >= len(lines):
        return None
    sign = lines[line][column : column + 1]
    if sign == "\t":
        return (line + 1, column + 1), "this is a tab; indent with spaces"
    return (line + 1, column + 1), f"a text cannot begin with `{sign}`; put it in quotes"


def _colon(
    error: yaml.MarkedYAMLError, lines: list[str], line: int, column: int
) -> tuple[Position, str] | None:
    """A colon where none may be: inside a text, or in a line that a text above goes on in."""
    if "mapping values are not allowed" not in str(error.problem) or line >= len(lines):
        return None
    owner = _owner(lines, line)
    if owner is None or owner == line or ": " in lines[line][:column]:
        return None
    entry = _ENTRY.match(lines[owner])
    if entry is None:
        return None
    key, value = entry["key"], entry["value"].strip()
    if not value and key in _PROGRAMS:
        where = owner + 1, len(entry["indent"]) + 1
        return where, f"write `{key}: |`, with the lines below it"
    if not value or not _ENTRY.match(lines[line]):
        return None
    start = len(lines[line]) - len(lines[line].lstrip())
    shown = lines[owner].strip()
    message = (
        f"this line is further in than `{shown if len(shown) <= 40 else shown[:39] + '…'}` above, "
        "whose text it would go on; begin both in one column"
    )
    return (line + 1, start + 1), message


def _owner(lines: list[str], line: int) -> int | None:
    """The nearest line above that is less far in: the entry whose text this line may belong to."""
    here = len(lines[line]) - len(lines[line].lstrip())
    for at in range(line - 1, -1, -1):
        text = lines[at]
        if text.strip() and len(text) - len(text.lstrip()) < here:
            return at
    return None


def _entry_before(lines: list[str], line: int) -> int:
    """The nearest line above that is not empty; -1 if there is none."""
    return next((at for at in range(min(line, len(lines)) - 1, -1, -1) if lines[at].strip()), -1)


def _open(
    error: yaml.MarkedYAMLError, lines: list[str], line: int, column: int
) -> tuple[Position, str] | None:
    """Brackets and quotes that are not closed, and what ends a text within brackets."""
    start = error.context_mark
    problem = str(error.problem)
    if start is None:
        return None
    where = start.line + 1, start.column + 1
    if "unexpected end of stream" in problem and "scalar" in str(error.context):
        return where, "the quote that opens here is never closed"
    if "expected ',' or" not in problem or start.line >= len(lines):
        return None
    entry = _ENTRY.match(lines[line]) if start.line < line < len(lines) else None
    new_entry = entry is not None and entry.end("key") == column
    if line < len(lines) and lines[line][column : column + 1] == ":" and not new_entry:
        return (line + 1, column + 1), _COLON
    opening = _blanked_comment(lines[start.line])
    if opening is not None and opening > start.column:
        return (start.line + 1, opening + 1), f"` #` begins a comment; {_IN_QUOTES}"
    bracket = lines[start.line][start.column : start.column + 1]
    same = line == start.line
    missing = "a comma or a quote" if same else "a comma"
    message = f"the `{bracket}` of line {start.line + 1} is not closed before this, or {missing} is missing"
    return (line + 1, column + 1), message


def _blanked_comment(line: str) -> int | None:
    """The column (from 0) of a comment on a line."""
    bare = re.sub(r""""(?:[^"\\]|\\.)*"|'[^']*'""", lambda match: " " * len(match[0]), line)
    found = bare.find(" #")
    return found + 1 if found >= 0 else None


def _no_colon(
    error: yaml.MarkedYAMLError, lines: list[str], line: int, _column: int
) -> tuple[Position, str] | None:
    before = _entry_before(lines, line)
    if "could not find expected ':'" not in str(error.problem) or before < 0:
        return None
    text = lines[before]
    if ": " in text or text.rstrip().endswith(":"):
        return None
    start = len(text) - len(text.lstrip())
    return (before + 1, start + 1), "this line has no `: ` (colon and space) behind its key"


_LOOKS: Final[tuple[_Look, ...]] = (
    _full_width, _template, _first_character, _colon, _open, _no_colon,
)  # fmt: skip
