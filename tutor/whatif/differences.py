"""What differs between two programs, line by line and within a line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_OPERATORS = frozenset("=+-*/@%,")
_TOKENS = re.compile(r"\w+|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Difference:
    """Lines of one program that stand for lines of the other.

    ``line`` is where it is in the first program, ``new_line`` in the second, both from 1; either list
    of lines may be empty.
    """

    line: int
    before: tuple[str, ...]
    new_line: int
    after: tuple[str, ...]

    @property
    def within(self) -> tuple[str, str] | None:
        """The differing parts of the only line, each whole by itself; either may be empty.

        ``None`` for more or fewer lines than one.
        """
        if len(self.before) != 1 or len(self.after) != 1:
            return None
        return _core(self.before[0], self.after[0])


def differences(before: str, after: str) -> tuple[Difference, ...]:
    """From one program to the other, in order; spaces at the ends of lines do not count."""
    old, new = _lines(before), _lines(after)
    found: list[Difference] = []
    for tag, i, j, k, m in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if j - i == m - k:
            # As many lines as there were: each is told by what changed in it.
            found += [
                Difference(i + n + 1, (old[i + n],), k + n + 1, (new[k + n],)) for n in range(j - i)
            ]
        else:
            found.append(Difference(i + 1, tuple(old[i:j]), k + 1, tuple(new[k:m])))
    return tuple(found)


def _lines(program: str) -> list[str]:
    return [line.rstrip() for line in program.rstrip().split("\n")]


def _core(before: str, after: str) -> tuple[str, str]:
    """Both lines without the tokens that they begin and end with alike.

    A method (``.T``) is told with what it is called on; parts that say nothing by themselves, for their
    brackets do not close or they begin or end with an operator, are told by the whole lines.
    """
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    shorter = min(len(old), len(new))
    start = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    rest = shorter - start
    end = next((i for i in range(rest) if old[-1 - i] != new[-1 - i]), rest)
    if new[start : start + 1] == ["."]:
        start = _beginning(old, start)
    parts = (
        "".join(old[start : len(old) - end]).strip(),
        "".join(new[start : len(new) - end]).strip(),
    )
    if all(map(_closes, parts)) and (not all(parts) or not any(map(_hangs, parts))):
        return parts
    return before.strip(), after.strip()


def _hangs(part: str) -> bool:
    """Whether a part begins or ends with an operator that lacks its other side."""
    return (part[0] in _OPERATORS or part[-1] in _OPERATORS) and len(part) > 1


def _beginning(tokens: list[str], end: int) -> int:
    """Where what ends before ``end`` begins: a name, a call, or all between two brackets."""
    depth = 0
    for i in range(end - 1, -1, -1):
        depth += (tokens[i] in _CLOSING) - (tokens[i] in _OPENING)
        if depth <= 0 and not tokens[i].isspace():
            # Of a call, the function's name too.
            called = tokens[i] in _OPENING and i > 0 and tokens[i - 1].isidentifier()
            return i - 1 if called else i
    return end


def _closes(part: str) -> bool:
    depth = 0
    for character in part:
        depth += (character in _OPENING) - (character in _CLOSING)
        if depth < 0:
            return False
    return depth == 0
