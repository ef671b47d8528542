"""The seccomp program, judged by a small interpreter of its own kind, for both machines."""

from __future__ import annotations

import errno
import sys
from typing import Final

import pytest

from tutor.runner.worker import seccomp
from tutor.runner.worker.syscalls import AARCH64, FREE, RULED, X86_64, Machine

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")

PID: Final = 4321
ADDRESS: Final = 0x7F12_3456_7890_A000
ALLOW, KILL = "allow", "kill"
BOTH = pytest.mark.parametrize("machine", [X86_64, AARCH64], ids=["x86_64", "aarch64"])


def judge(machine: Machine, number: int, *args: int, audit: int | None = None) -> str | int:
    """What the filter answers to a call: ``allow``, ``kill`` or the errno it is refused with."""
    words = {0: number, 4: machine.audit if audit is None else audit}
    for index, arg in enumerate([*args, 0, 0, 0, 0, 0, 0][:6]):
        words[16 + 8 * index] = arg & 0xFFFFFFFF
        words[20 + 8 * index] = (arg >> 32) & 0xFFFFFFFF
    code = seccomp.assemble(machine, PID, ADDRESS)
    assert len(code) < 4096
    at = accumulator = 0
    while True:
        kind, if_true, if_false, constant = code[at]
        assert 0 <= if_true < 256
        assert 0 <= if_false < 256
        at += 1
        match kind:
            case 0x20:
                accumulator = words[constant]
            case 0x54:
                accumulator &= constant
            case 0x15:
                at += if_true if accumulator == constant else if_false
            case 0x35:
                at += if_true if accumulator >= constant else if_false
            case 0x45:
                at += if_true if accumulator & constant else if_false
            case 0x06:
                action = constant & 0xFFFF0000
                return {0x7FFF0000: ALLOW, 0x80000000: KILL}.get(action, constant & 0xFFFF)
            case _:
                pytest.fail(f"unknown instruction {kind:#x}")


@BOTH
def test_only_what_is_listed_is_allowed(machine: Machine) -> None:
    listed = {machine.numbers[name] for name in (*FREE, *RULED) if name in machine.numbers}
    for number in range(600):
        if number not in listed:
            assert judge(machine, number) in (errno.EPERM, errno.EAGAIN, errno.ENOSYS)
    for name in FREE:
        if name in machine.numbers:
            assert judge(machine, machine.numbers[name]) == ALLOW


@BOTH
def test_other_architectures_and_calling_conventions_end_the_process(machine: Machine) -> None:
    read = machine.numbers["read"]
    for audit in (0, 0x40000003, 0x40000028, X86_64.audit ^ AARCH64.audit ^ machine.audit):
        assert judge(machine, read, 0, audit=audit) == KILL
    assert judge(machine, 0x40000000 | read) == KILL
    assert judge(machine, 0xFFFFFFFF) == KILL


@BOTH
@pytest.mark.parametrize(
    ("name", "args", "verdict"),
    [
        ("read", (3, ADDRESS), ALLOW),
        ("read", (3, ADDRESS + 1), errno.EPERM),
        ("read", (3, ADDRESS & 0xFFFFFFFF), errno.EPERM),
        ("read", (3, ADDRESS ^ (1 << 40)), errno.EPERM),
        ("read", ((1 << 32) | 3, 5), errno.EPERM),  # the kernel only looks at the lower half
        ("read", (4, 5), ALLOW),
        ("write", (3, ADDRESS), ALLOW),
        ("write", (3, 77), errno.EPERM),
        ("write", (1, 77), ALLOW),
        ("close", (3,), errno.EPERM),
        ("close", (4,), ALLOW),
        ("openat", (-100, 0, 0), ALLOW),
        ("openat", (-100, 0, 0o2000000), ALLOW),
        ("openat", (-100, 0, 0o200000), ALLOW),
        ("openat", (-100, 0, 1), errno.EACCES),
        ("openat", (-100, 0, 2), errno.EACCES),
        ("openat", (-100, 0, 0o100), errno.EACCES),
        ("openat", (-100, 0, 0o1000), errno.EACCES),
        ("openat", (-100, 0, 0o2000), errno.EACCES),
        ("openat", (-100, 0, 0o20000000), errno.EACCES),
        ("openat", (-100, 0, 0o10000000), errno.EACCES),
        ("clone", (0x3D0F00,), ALLOW),
        ("clone", (0x7D0F00,), ALLOW),
        ("clone", (17,), errno.EAGAIN),
        ("clone", (0x1200011,), errno.EAGAIN),
        ("clone", (0x4111,), errno.EAGAIN),
        ("clone", (0x3D0F00 | 0x10000000,), errno.EAGAIN),
        ("clone", (0x3D0F00 | 0x00020000,), errno.EAGAIN),
        ("clone3", (0, 0), errno.ENOSYS),
        ("kill", (PID, 9), ALLOW),
        ("kill", (PID + 1, 0), errno.EPERM),
        ("kill", (0, 9), errno.EPERM),
        ("kill", (-1, 9), errno.EPERM),
        ("tgkill", (PID, 1, 6), ALLOW),
        ("tgkill", (1, 1, 6), errno.EPERM),
        ("prctl", (15,), ALLOW),
        ("prctl", (1,), errno.EPERM),
        ("prctl", (22,), errno.EPERM),
        ("prctl", (38,), errno.EPERM),
        ("ioctl", (0, 0x5401), ALLOW),
        ("ioctl", (0, 0x5412), errno.ENOTTY),
        ("fcntl", (3, 1), ALLOW),
        ("fcntl", (3, 0), errno.EPERM),
        ("fcntl", (3, 4), errno.EPERM),
        ("fcntl", (3, 1030), errno.EPERM),
        ("prlimit64", (0, 7), ALLOW),
        ("prlimit64", (PID, 7), ALLOW),
        ("prlimit64", (1, 7), errno.EPERM),
    ],
)
def test_the_rules_on_arguments(
    machine: Machine, name: str, args: tuple[int, ...], verdict: str | int
) -> None:
    assert judge(machine, machine.numbers[name], *args) == verdict


def test_forks_are_refused_as_too_many_processes() -> None:
    assert judge(X86_64, X86_64.numbers["fork"]) == errno.EAGAIN
    assert judge(X86_64, X86_64.numbers["vfork"]) == errno.EAGAIN
