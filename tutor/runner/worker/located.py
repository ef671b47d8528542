"""Calling a function as if the program had called it, though something stands between the two.

A warning names the line of the frame that called; a program that is watched has to print the same as one
that is not.  So the call is made from code that says it is on the program's line.
"""

from __future__ import annotations

import sys
import types
from typing import TYPE_CHECKING, Any, Final

import torch.overrides

if TYPE_CHECKING:
    from types import FrameType

_plain = lambda func, args, kwargs: func(*args, **kwargs)  # noqa: E731 - one line: it has one line number
_CODE: Final = _plain.__code__
_OVERRIDES: Final = torch.overrides.__file__
_MOST: Final = 1_000
_getframe: Final = sys._getframe  # noqa: SLF001
_function: Final = types.FunctionType

_made: dict[tuple[str, int, int], Any] = {}


def caller(func: Any, depth: int) -> FrameType | None:
    """The frame that called the torch function ``func``, ``depth`` frames above this one or higher.

    Functions that torch has in Python come with frames of their own.
    """
    frame: FrameType | None = _getframe(depth)
    while frame is not None and frame.f_code.co_filename == _OVERRIDES:
        frame = frame.f_back
    code = getattr(func, "__code__", None)
    if frame is not None and code is not None and frame.f_code is code:
        frame = frame.f_back
    return frame


def located(frame: FrameType | None) -> Any:
    """``call(func, args, kwargs)`` from the line at which ``frame`` is."""
    if frame is None:
        return _plain
    key = (frame.f_code.co_filename, frame.f_lineno or 0, id(frame.f_globals))
    call = _made.get(key)
    if call is None:
        if len(_made) >= _MOST:
            _made.clear()
        code = _CODE.replace(
            co_filename=key[0], co_firstlineno=max(key[1], 1), co_name="<torch>",
            co_qualname="<torch>",
        )  # fmt: skip
        # It holds the globals, so that their id stays theirs.
        call = _made[key] = _function(code, frame.f_globals)
    return call
