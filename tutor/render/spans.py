"""Text with roles: what the trace, the walk and the graph are made of, for any front end.

A renderer says *what* a piece of text is (a name, a value, a cut edge), never how it looks: the app gives
each role a style, ``--plain`` and ``tutor show`` print the text alone.  Nothing is told by a role alone:
whatever matters also has a sign or a word in the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterable

#: ``text``: words.  ``code``: a line of the program.  ``name``: a name of the program.  ``value``: numbers.
#: ``op``: a node of the graph.  ``leaf``, ``constant``: a tensor at its edge.  ``rule``: a formula.
#: ``head``: a heading.  ``dim``: what may be skipped.  ``new``, ``rebound``, ``in-place``, ``grad``,
#: ``flags``, ``gone``: what happened to a name.  ``cut``: where no gradient flows.
#: ``error``: what went wrong.  ``printed``: what the program printed.  ``edge``: the lines of a drawing.
Role: TypeAlias = Literal[
    "text", "code", "name", "value", "op", "leaf", "constant", "rule", "head", "dim", "new", "rebound",
    "in-place", "grad", "flags", "gone", "cut", "error", "printed", "edge",
]  # fmt: skip

ROLES: Final[tuple[Role, ...]] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text of one role, without line breaks."""

    text: str
    role: Role = "text"


@dataclass(frozen=True, slots=True)
class Line:
    """One row on the screen."""

    parts: tuple[Part, ...] = ()

    @property
    def plain(self) -> str:
        return "".join(part.text for part in self.parts)

    @property
    def width(self) -> int:
        """In cells: a Chinese character takes two."""
        return cell_len(self.plain)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together: a step of the trace, a visit of the walk, a legend.

    ``section`` and ``line`` say which line of the program it is about (0: none), ``node`` which node of
    the graph (``None``: none), so that a front end can point at both.
    """

    lines: tuple[Line, ...]
    section: str = ""
    line: int = 0
    node: int | None = None


def plain(blocks: Iterable[Block], *, between: str = "\n") -> str:
    """Blocks as text, without spaces at the ends of lines, ``between`` after each but the last."""
    texts = ["\n".join(line.plain.rstrip() for line in block.lines) + "\n" for block in blocks]
    return between.join(texts)
