"""How far a program's statements can reach: whether another program may follow it in its process.

Looking all over torch for changes takes as long as a small program; after most programs, that can be
spared.  Only honest mistakes count here: programs that must not meet are never put into one job.
"""

from __future__ import annotations

import dis
from enum import IntEnum
from types import CodeType
from typing import Final


class Reach(IntEnum):
    """What a program can have changed of what is shared."""

    NOTHING = 0
    #: Something that looking at torch's own names would show.
    VISIBLE = 1
    #: Something that may not show: the next program goes to a fresh process.
    HIDDEN = 2


_STORES_ATTRIBUTE: Final = (dis.opmap["STORE_ATTR"], dis.opmap["DELETE_ATTR"])
_VISIBLE_BY: Final = frozenset({
    "vars", "globals", "locals", "exec", "eval", "sys", "threading", "Thread", "importlib", "gc",
    "ctypes", "set_default_device", "inference_mode", "autocast", "math", "random",
})  # fmt: skip
#: A context entered by hand may never be left.
_HIDDEN_BY: Final = frozenset({"__enter__", "enter_context", "register_module_forward_hook"})


def reach_of(code: CodeType) -> Reach:
    """The farthest that any statement of ``code`` can reach."""
    names = code.co_names
    if not _HIDDEN_BY.isdisjoint(names):
        return Reach.HIDDEN
    found = Reach.NOTHING
    if (
        any(op in code.co_code[::2] for op in _STORES_ATTRIBUTE)
        or not _VISIBLE_BY.isdisjoint(names)
        or any(name[:1] == "_" or "attr" in name for name in names)
    ):
        found = Reach.VISIBLE
    inner = (reach_of(x) for x in code.co_consts if isinstance(x, CodeType))
    return max(found, *inner, Reach.NOTHING)
