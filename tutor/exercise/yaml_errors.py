"""What the YAML parser complains of, said with a remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import yaml

_REMEDIES: Final = (
    ("mapping values are not allowed", "a `: ` inside a text; put the text in quotes"),
    (
        "cannot start any token",
        (
            "this character cannot begin a text here; put the text in quotes, "
            "and indent with spaces, not tabs"
        ),
    ),
    (
        "found undefined alias",
        (
            "this alias (`*name`) has no anchor (`&name`) before it; "
            "a text that begins with `*` needs quotes"
        ),
    ),
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


def syntax_message(error: yaml.MarkedYAMLError) -> str:
    """What is wrong and what would be right; the parser's own words where no remedy is known."""
    problem = str(error.problem or error.context or "cannot be read")
    for part, remedy in _REMEDIES:
        if part in problem:
            return f"this is not YAML: {remedy}"
    return f"this is not YAML: {problem}"
