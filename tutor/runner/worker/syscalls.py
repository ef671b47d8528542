"""The system calls a program here can need, by number, for each machine.

What is not on the list is refused.  It was found by running torch's own functions under the filter and
adding what they failed for, not by thinking of what might be dangerous.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Machine:
    """``audit`` is the kernel's number for the architecture; a missing name is ``None``-free: absent."""

    audit: int
    numbers: dict[str, int]


#: Allowed whatever their arguments are.
FREE: Final = (
    # memory
    "mmap", "munmap", "mprotect", "mremap", "brk", "madvise", "mincore",
    # reading what the file rules let be opened, and asking about files
    "lseek", "pread64", "getdents64", "stat", "lstat", "fstat", "newfstatat", "statx", "getcwd",
    # threads of its own and waiting
    "futex", "futex_waitv", "set_robust_list", "set_tid_address", "rseq", "sched_yield",
    "sched_getaffinity", "sched_getparam", "sched_getscheduler", "getcpu", "membarrier",
    "nanosleep", "clock_nanosleep", "poll", "ppoll", "select", "pselect6", "restart_syscall",
    # clocks, numbers about itself
    "clock_gettime", "clock_getres", "gettimeofday", "time", "times", "getrusage", "getrlimit",
    "setrlimit", "sysinfo", "uname", "getpid", "getppid", "gettid", "getuid", "geteuid", "getgid",
    "getegid", "getrandom",
    # signals to itself
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack",
    "exit", "exit_group",
)  # fmt: skip

#: Allowed for some arguments only; the rules are in ``seccomp.py``.
RULED: Final = (
    "read", "write", "close", "openat", "clone", "kill", "tgkill", "prctl", "ioctl", "fcntl",
    "prlimit64",
)  # fmt: skip

#: Ways to make a process: refused as "try again later", which Python's errors tell apart.
FORKS: Final = ("fork", "vfork")

X86_64: Final = Machine(
    0xC000003E,
    {
        "read": 0, "write": 1, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "poll": 7,
        "lseek": 8, "mmap": 9, "mprotect": 10, "munmap": 11, "brk": 12, "rt_sigaction": 13,
        "rt_sigprocmask": 14, "rt_sigreturn": 15, "ioctl": 16, "pread64": 17, "select": 23,
        "sched_yield": 24, "mremap": 25, "mincore": 27, "madvise": 28, "nanosleep": 35,
        "getpid": 39, "clone": 56, "fork": 57, "vfork": 58, "exit": 60, "kill": 62, "uname": 63,
        "fcntl": 72, "getcwd": 79, "gettimeofday": 96, "getrlimit": 97, "getrusage": 98,
        "sysinfo": 99, "times": 100, "getuid": 102, "getgid": 104, "geteuid": 107, "getegid": 108,
        "getppid": 110, "sigaltstack": 131, "sched_getparam": 143, "sched_getscheduler": 145,
        "prctl": 157, "setrlimit": 160, "gettid": 186, "time": 201, "futex": 202,
        "sched_getaffinity": 204, "getdents64": 217, "set_tid_address": 218,
        "restart_syscall": 219, "clock_gettime": 228, "clock_getres": 229, "clock_nanosleep": 230,
        "exit_group": 231, "tgkill": 234, "openat": 257, "newfstatat": 262, "pselect6": 270,
        "ppoll": 271, "set_robust_list": 273, "prlimit64": 302, "getcpu": 309, "getrandom": 318,
        "membarrier": 324, "statx": 332, "rseq": 334, "clone3": 435, "futex_waitv": 449,
    },
)  # fmt: skip

AARCH64: Final = Machine(
    0xC00000B7,
    {
        "getcwd": 17, "fcntl": 25, "ioctl": 29, "openat": 56, "close": 57, "getdents64": 61,
        "lseek": 62, "read": 63, "write": 64, "pread64": 67, "pselect6": 72, "ppoll": 73,
        "newfstatat": 79, "fstat": 80, "exit": 93, "exit_group": 94, "set_tid_address": 96,
        "futex": 98, "set_robust_list": 99, "nanosleep": 101, "clock_gettime": 113,
        "clock_getres": 114, "clock_nanosleep": 115, "sched_getscheduler": 120,
        "sched_getparam": 121, "sched_getaffinity": 123, "sched_yield": 124,
        "restart_syscall": 128, "kill": 129, "tgkill": 131, "sigaltstack": 132,
        "rt_sigaction": 134, "rt_sigprocmask": 135, "rt_sigreturn": 139, "times": 153,
        "uname": 160, "getrlimit": 163, "setrlimit": 164, "getrusage": 165, "prctl": 167,
        "getcpu": 168, "gettimeofday": 169, "getpid": 172, "getppid": 173, "getuid": 174,
        "geteuid": 175, "getgid": 176, "getegid": 177, "gettid": 178, "sysinfo": 179, "brk": 214,
        "munmap": 215, "mremap": 216, "clone": 220, "mmap": 222, "mprotect": 226, "mincore": 232,
        "madvise": 233, "prlimit64": 261, "getrandom": 278, "membarrier": 283, "statx": 291,
        "rseq": 293, "clone3": 435, "futex_waitv": 449,
    },
)  # fmt: skip

MACHINES: Final = {"x86_64": X86_64, "aarch64": AARCH64}
