"""How the parts of a trace, a walk and a drawing look: their roles in the colours of the theme in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.content import Content

from tutor.app.text.highlight import python

if TYPE_CHECKING:
    from tutor.render.spans import Line, Part, Role

#: Whatever matters has a sign or a word in the text too; colour is never all there is.
STYLES: Final[dict[Role, str]] = {
    "text": "",
    "name": "bold $primary",
    "value": "",
    "op": "$accent",
    "leaf": "bold $success",
    "constant": "$foreground 65%",
    "rule": "$secondary",
    "head": "bold",
    "dim": "$foreground 60%",
    "new": "$success",
    "rebound": "$primary",
    "in-place": "bold $warning",
    "grad": "bold $accent",
    "flags": "$secondary",
    "gone": "$foreground 60%",
    "cut": "bold $error",
    "error": "bold $error",
    "printed": "italic",
    "edge": "$foreground 60%",
}


def styled(line: Line) -> Content:
    """One row as content; program code in it is highlighted as in the program itself."""
    return Content("").join(map(_styled, line.parts))


def _styled(part: Part) -> Content:
    if part.role == "code":
        return python(part.text)
    return Content.styled(part.text, STYLES[part.role])
