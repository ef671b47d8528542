"""What keeps a program in: probed by the worker at start, told in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Protection:
    """One protection: ``name`` is short (``files``), ``words`` one sentence: what it does, or why not."""

    name: str
    active: bool
    words: str


def read_protections(data: Any) -> tuple[Protection, ...]:
    """From the worker's report, a list of ``[name, active, words]``."""
    return tuple(Protection(str(name), bool(active), str(words)) for name, active, words in data)


def complete(protections: Iterable[Protection]) -> bool:
    """Whether a stranger's program may be run without asking: everything is probed and active."""
    found = tuple(protections)
    return bool(found) and all(protection.active for protection in found)
