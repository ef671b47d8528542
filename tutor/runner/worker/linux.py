"""The few system calls of Linux that Python has no names for."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from typing import Final

IS_LINUX: Final = sys.platform == "linux"
MACHINE: Final = platform.machine()

PR_SET_PDEATHSIG: Final = 1
PR_SET_NAME: Final = 15
PR_GET_NAME: Final = 16
PR_SET_NO_NEW_PRIVS: Final = 38
PR_SET_VMA: Final = 0x53564D41

_CAPABILITY_VERSION_3: Final = 0x20080522

_libc: Final = ctypes.CDLL(None, use_errno=True)


def syscall(number: int, *args: int | ctypes.c_void_p) -> int:
    """A raw system call with word-sized arguments.

    Raises:
        OSError: it failed.
    """
    _libc.syscall.restype = ctypes.c_long
    result = int(_libc.syscall(ctypes.c_long(number), *map(_word, args)))
    if result < 0:
        raise _last_error()
    return result


def prctl(option: int, value: int) -> None:
    """Raises: OSError: the kernel does not do this."""
    if _libc.prctl(option, *map(_word, (value, 0, 0, 0))) != 0:
        raise _last_error()


def drop_capabilities() -> None:
    """Give up what root may do beyond others, and with no_new_privs for good."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    if _libc.capset(ctypes.byref(header), ctypes.byref(nothing)) != 0:
        raise _last_error()


def _word(value: int | ctypes.c_void_p) -> ctypes.c_void_p | ctypes.c_ulong:
    return value if isinstance(value, ctypes.c_void_p) else ctypes.c_ulong(value)


def _last_error() -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number))
