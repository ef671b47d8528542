"""Writing YAML and templates from text that may hold anything."""

from __future__ import annotations

import json
import re

#: What YAML does not take as it stands, line ends of other alphabets included.
_UNPRINTABLE = re.compile(
    r"[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
#: Expressions that need no quotes (not at the start of a flow list, where nothing here is written).
_PLAIN = re.compile(r"[A-Za-z_](?:[\w.()\[\]=!<>+*/, -]*[\w.()\[\]])?", re.ASCII)
_MARKS = re.compile(r"\{[{%#]|\{$")


def quoted(text: str) -> str:
    """A text in double quotes, on one line."""
    return _UNPRINTABLE.sub(
        lambda found: f"\\U{ord(found[0]):08X}", json.dumps(text, ensure_ascii=False)
    )


def block(text: str, indent: int) -> str:
    """A text of several lines as a value: a literal block where YAML takes it so."""
    if not text or _UNPRINTABLE.search(text) or "\t" in text or text[0] in " \n":
        return quoted(text)
    keep = "|" if text.endswith("\n") else "|-"
    lines = [f"{' ' * indent}{line}".rstrip() for line in text.rstrip("\n").split("\n")]
    return "\n".join((keep, *lines))


def value(text: str, indent: int) -> str:
    """A text as it is where YAML takes it so, else in quotes, or as a block if it has several lines."""
    if _PLAIN.fullmatch(text) and text.lower() not in ("null", "true", "false"):
        return text
    return block(text, indent) if "\n" in text else quoted(text)


def comment(text: str) -> list[str]:
    """A text as lines of comment."""
    return [f"# {_UNPRINTABLE.sub(' ', line)}".rstrip() for line in text.splitlines()]


def literal(text: str) -> str:
    """A text that a template gives back as it is."""
    return _MARKS.sub(lambda found: f"{{{{ '{found[0]}' }}}}", text)
