"""Texts of learners and authors as content: never read as markup, code between backticks set apart."""

from __future__ import annotations

import re
from typing import Final

from textual.content import Content, Span
from textual.style import Style

#: A theme variable: code inside a sentence has the colour of names in a program.
CODE_STYLE: Final = "bold $primary"

_CODE = re.compile(r"`([^`\n]+)`")


def prose(text: str, style: str = "") -> Content:
    """``text`` with what stands between backticks shown as code, the backticks themselves left out."""
    plain: list[str] = []
    spans: list[Span] = []
    length = at = 0
    for match in _CODE.finditer(text):
        before = text[at : match.start()]
        plain += (before, match[1])
        length += len(before)
        spans.append(Span(length, length + len(match[1]), CODE_STYLE))
        length += len(match[1])
        at = match.end()
    plain.append(text[at:])
    content = Content("".join(plain).rstrip(), spans)
    return content.stylize_before(style) if style else content


def links(text: str, *actions: str) -> Content:
    """``text``, each of its parts between `` · `` a link that does one of the ``actions``, in their order.

    What a key does can be done with the mouse too, where there is no footer.
    """
    parts = zip(text.split(" · "), actions, strict=False)
    return Content(" · ").join(
        Content.styled(part, Style.from_meta({"@click": action})) for part, action in parts
    )
