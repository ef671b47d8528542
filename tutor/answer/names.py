"""Names of grad_fn nodes, in all the ways they are printed and remembered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tutor.answer.reading import NameRead
from tutor.answer.tokens import WORD
from tutor.answer.words import is_constant

if TYPE_CHECKING:
    from tutor.answer.prepare import Prepared

#: ``<MulBackward0 object at 0x7f…>``, with or without the brackets, ``object`` and the address.
_NODE: Final = re.compile(rf"(<?) *({WORD})(?: +object)?(?: +at +0[xX][0-9a-fA-F]+)? *(>?)")
_WORDS: Final = re.compile(rf"{WORD}(?: +{WORD})*")
_QUOTED: Final = re.compile(r"""(['"`])([^\n]*)\1""")
_NAMESPACE: Final = re.compile(r"torch::autograd::", re.IGNORECASE)
_BACKWARD: Final = re.compile(r"(.+?)(?:(backward)(\d*))?")


def read_name(prepared: Prepared) -> NameRead | None:
    """The name or string that the whole text is; None if it is something else."""
    text = prepared.text.strip()
    start = prepared.text.index(text)
    line, column = prepared.position(start)
    quoted = _QUOTED.fullmatch(text)
    if quoted and quoted[1] not in quoted[2]:
        inner = quoted[2].strip()
        raw = prepared.raw(start + 1, start + len(text) - 1)
        # In backticks words keep their meaning: `None` is None.
        return None if quoted[1] == "`" else NameRead(_bare(inner), raw, line, column)
    if not _is_name(text):
        return None
    return NameRead(_bare(text), prepared.raw(start, start + len(text)), line, column)


def matches_node(name: NameRead, node: str) -> bool:
    """Whether the learner's name means the grad_fn node ``node`` (``MulBackward0``).

    In any case, with or without ``torch::autograd::`` and ``Backward0``; a number that is given counts.
    """
    said, there = _key(name.name), _key(node)
    same_number = said[2] == there[2] or not said[2] or (said[2] == "0" and not there[2])
    return said[0] == there[0] and (not said[1] or bool(there[1])) and same_number


def _is_name(text: str) -> bool:
    node = _NODE.fullmatch(text)
    if node and bool(node[1]) == bool(node[3]):
        return bool(node[1]) or not is_constant(text)
    return _WORDS.fullmatch(text) is not None and not any(map(is_constant, text.split()))


def _bare(text: str) -> str:
    node = _NODE.fullmatch(text)
    if node and bool(node[1]) == bool(node[3]):
        text = node[2]
    return _NAMESPACE.sub("", text, count=1)


def _key(name: str) -> tuple[str, str, str]:
    """``MulBackward0`` → ``("mul", "backward", "0")``; ``AccumulateGrad`` has neither."""
    plain = re.split(r"::|\.", name.strip().casefold())[-1]
    match = _BACKWARD.fullmatch(plain)
    return (match[1], match[2] or "", match[3] or "") if match else (plain, "", "")
