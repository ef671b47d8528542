"""What people copy along in front of an answer: prompts and ``name =``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tutor.answer.prepare import Prepared

_PROMPT: Final = re.compile(
    r"^ *(>>>|In *\[ *[0-9]* *\] *:|Out *\[ *[0-9]* *\] *:|\.\.\.(?= ))", re.MULTILINE
)
_ASSIGNMENT: Final = re.compile(
    r"\s*([^\W\d][\w.]*(?:\[[\w\s:,]*\])?(?: *, *[^\W\d][\w.]*)*) *=(?!=)"
)


def check_front(prepared: Prepared) -> None:
    """Raise InvalidAnswer if the text begins with a prompt or with ``name =``."""
    check_prompt(prepared)
    assignment = _ASSIGNMENT.match(prepared.text)
    if assignment:
        raise prepared.invalid("assignment", assignment.start(1), name=assignment[1])


def check_prompt(prepared: Prepared) -> None:
    """Raise InvalidAnswer if a line begins with the prompt of Python or IPython."""
    prompt = _PROMPT.search(prepared.text)
    if prompt:
        raise prepared.invalid("prompt", prompt.start(1), prompt=prompt[1])
