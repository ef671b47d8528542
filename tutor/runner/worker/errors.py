"""Where a program's error happened and what it was, as plain data."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection

_MAX_MESSAGE: Final = 4_000
_MAX_BASES: Final = 20
_MAX_FRAMES: Final = 100_000

_BY_ERRNO: Final = {
    errno.ENOMEM: "memory",
    errno.EAGAIN: "processes",
    errno.EMFILE: "files",
    errno.EFBIG: "file size",
    errno.EPERM: "confined",
    errno.EACCES: "confined",
}
# Torch says these in a plain RuntimeError.
_MEMORY_WORDS: Final = ("can't allocate memory", "not enough memory", "std::bad_alloc")


def filename_of(section: str) -> str:
    """The file name a section is compiled under; tracebacks are read by it."""
    return f"<{section}>"


def describe(error: BaseException, sections: Collection[str]) -> dict[str, Any]:
    """The JSON form of :class:`tutor.runner.job.Raised`.

    The line is the innermost one on the traceback that belongs to one of ``sections``; for source that
    does not compile it is the compiler's.
    """
    names = {filename_of(section): section for section in sections}
    section, line = _innermost(error, names)
    if isinstance(error, SyntaxError) and not line and error.filename in names:
        section, line = names[error.filename], error.lineno or 0
    message = _message(error)
    classes = type(error).__mro__[:-1][:_MAX_BASES]
    return {
        "class": type(error).__name__[:200],
        "bases": [cls.__name__[:200] for cls in classes],
        "section": section,
        "line": int(line),
        "message": message,
        "limit": _limit_behind(error, message),
    }


def _innermost(error: BaseException, names: dict[str, str]) -> tuple[str, int]:
    found = ("", 0)
    trace = error.__traceback__
    for _ in range(_MAX_FRAMES):
        if trace is None:
            break
        section = names.get(trace.tb_frame.f_code.co_filename)
        if section is not None:
            found = (section, trace.tb_lineno or 0)
        trace = trace.tb_next
    return found


def _message(error: BaseException) -> str:
    try:
        if isinstance(error, SyntaxError) and error.msg:
            return str.__str__(error.msg)[:_MAX_MESSAGE]
        return str.__str__(str(error))[:_MAX_MESSAGE]
    except BaseException as second:  # noqa: BLE001 - __str__ is the program's code
        return f"(its message raises {type(second).__name__})"


def _limit_behind(error: BaseException, message: str) -> str:
    if isinstance(error, MemoryError):
        return "memory"
    if isinstance(error, OSError):
        return _BY_ERRNO.get(error.errno or 0, "")
    if isinstance(error, RuntimeError):
        if "can't start new thread" in message:
            return "processes"
        if any(words in message for words in _MEMORY_WORDS):
            return "memory"
    return ""
