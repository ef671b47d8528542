"""seccomp: an allow-list of system calls, as a BPF program for this very process."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from typing import Final

from tutor.runner.worker import linux, syscalls
from tutor.runner.worker.channel import FD

_SET_MODE_FILTER: Final = 1
_SECCOMP: Final = {"x86_64": 317, "aarch64": 277}

_ALLOW: Final = 0x7FFF0000
_KILL: Final = 0x80000000
_ERRNO: Final = 0x00050000

# Classic BPF: load a word of the call's description; jump if equal / greater / any bit set; return.
_LOAD, _EQUAL, _ABOVE, _ANY_BIT, _RETURN, _AND = 0x20, 0x15, 0x35, 0x45, 0x06, 0x54

_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
_X32_CALLS: Final = 0x40000000

_WRITING: Final = (
    os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
    | getattr(os, "O_TMPFILE", 0) & ~getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_PATH", 0)
)  # fmt: skip
_CLONE_VM_THREAD: Final = 0x00000100 | 0x00010000
# Any new namespace, and ptrace flags.
_CLONE_NEVER: Final = 0x7E020000 | 0x00002000 | 0x00000080
_ASK_TERMINAL: Final = (0x5401, 0x5413)  # TCGETS, TIOCGWINSZ
_ASK_FLAGS: Final = (1, 2, 3)  # F_GETFD, F_SETFD, F_GETFL

Code = list[tuple[int, int, int, int]]


def supported() -> bool:
    """Whether there is a list for this machine; whether the kernel takes it shows when it is set."""
    return linux.IS_LINUX and linux.MACHINE in syscalls.MACHINES


def install(channel_address: int) -> None:
    """Put this process under the filter; needs no_new_privs.

    Raises:
        OSError: the kernel refuses.
    """
    code = assemble(syscalls.MACHINES[linux.MACHINE], os.getpid(), channel_address)
    packed = b"".join(struct.pack("=HBBI", *step) for step in code)
    steps = ctypes.create_string_buffer(packed, len(packed))
    program = struct.pack("@HP", len(code), ctypes.addressof(steps))
    pointer = ctypes.create_string_buffer(program, len(program))
    address = ctypes.c_void_p(ctypes.addressof(pointer))
    linux.syscall(_SECCOMP[linux.MACHINE], _SET_MODE_FILTER, 0, address)


def assemble(machine: syscalls.Machine, pid: int, channel_address: int) -> Code:
    """The filter's instructions ``(code, jump if true, jump if false, constant)``."""
    numbers = machine.numbers
    code: Code = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_EQUAL, 1, 0, machine.audit),
        _result(_KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
        # x86-64's second calling convention has the same architecture number.
        (_ABOVE, 0, 1, _X32_CALLS),
        _result(_KILL),
    ]
    for name in syscalls.FREE:
        if name in numbers:
            code += [(_EQUAL, 0, 1, numbers[name]), _result(_ALLOW)]
    for name, block in _ruled(pid, channel_address).items():
        code += [(_EQUAL, 0, len(block), numbers[name]), *block]
    for name in syscalls.FORKS:
        if name in numbers:
            code += [(_EQUAL, 0, 1, numbers[name]), _refusal(errno.EAGAIN)]
    # Its flags are behind a pointer, out of a filter's reach: with this the C library uses clone.
    code += [(_EQUAL, 0, 1, numbers["clone3"]), _refusal(errno.ENOSYS)]
    return [*code, _refusal(errno.EPERM)]


def _ruled(pid: int, channel_address: int) -> dict[str, Code]:
    refuse = _refusal(errno.EPERM)
    channel_only = [
        *_argument_is(0, (FD,), otherwise=_ALLOW_ALL),
        (_LOAD, 0, 0, _ARGUMENTS_AT + 8),
        (_EQUAL, 0, 3, channel_address & 0xFFFFFFFF),
        (_LOAD, 0, 0, _ARGUMENTS_AT + 12),
        (_EQUAL, 0, 1, channel_address >> 32),
        _result(_ALLOW),
        refuse,
    ]
    return {
        "read": channel_only,
        "write": channel_only,
        "close": [*_argument_is(0, (FD,), otherwise=_ALLOW_ALL), refuse],
        "openat": [
            (_LOAD, 0, 0, _ARGUMENTS_AT + 16),
            (_ANY_BIT, 1, 0, _WRITING),
            _result(_ALLOW),
            _refusal(errno.EACCES),
        ],
        "clone": [
            (_LOAD, 0, 0, _ARGUMENTS_AT),
            (_ANY_BIT, 3, 0, _CLONE_NEVER),
            (_AND, 0, 0, _CLONE_VM_THREAD),
            (_EQUAL, 0, 1, _CLONE_VM_THREAD),
            _result(_ALLOW),
            _refusal(errno.EAGAIN),
        ],
        "kill": _argument_in(0, (pid,)),
        "tgkill": _argument_in(0, (pid,)),
        "prctl": _argument_in(0, (linux.PR_SET_NAME, linux.PR_GET_NAME, linux.PR_SET_VMA)),
        "ioctl": _argument_in(1, _ASK_TERMINAL, refusal=errno.ENOTTY),
        "fcntl": _argument_in(1, _ASK_FLAGS),
        "prlimit64": _argument_in(0, (0, pid)),
    }


_ALLOW_ALL: Final = (_RETURN, 0, 0, _ALLOW)


def _result(value: int) -> tuple[int, int, int, int]:
    return (_RETURN, 0, 0, value)


def _refusal(number: int) -> tuple[int, int, int, int]:
    return _result(_ERRNO | number)


def _argument_is(
    index: int, values: tuple[int, ...], *, otherwise: tuple[int, int, int, int]
) -> Code:
    """Go on if the (32-bit) argument is one of ``values``."""
    tests = [(_EQUAL, len(values) - i, 0, value) for i, value in enumerate(values)]
    return [(_LOAD, 0, 0, _ARGUMENTS_AT + 8 * index), *tests, otherwise]


def _argument_in(index: int, values: tuple[int, ...], *, refusal: int = errno.EPERM) -> Code:
    return [*_argument_is(index, values, otherwise=_refusal(refusal)), _result(_ALLOW)]
