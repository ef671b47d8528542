"""The documents of the project, and what can be picked out of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PATHS = [
    *(ROOT / name for name in ("README.md", "README.zh.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
NAMES = [str(path.relative_to(ROOT)) for path in PATHS]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def prose_of(name: str) -> str:
    """A document without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", text_of(name), flags=re.MULTILINE | re.DOTALL)


def code_of(name: str) -> list[str]:
    """What stands between single backticks outside of blocks."""
    return re.findall(r"(?<!`)`([^`\n]+)`(?!`)", prose_of(name))


def typed_in(name: str) -> list[str]:
    """The lines that a reader is told to type in a shell, without their comments."""
    lines = re.findall(r"^\$ (.+)$", text_of(name), re.MULTILINE)
    return [line.partition(" # ")[0].strip() for line in lines]


def tutor_commands(name: str) -> Iterator[str]:
    """Every ``tutor …`` of a document, in text or as a line to type, without the first word."""
    for line in (*code_of(name), *typed_in(name)):
        if re.match(r"tutor( |$)", line):
            yield line[5:].strip()


def anchors_of(name: str) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", text_of(name), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
