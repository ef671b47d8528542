"""Finding out what really holds: a child is confined for trial and attempts what it must not do."""

from __future__ import annotations

import json
import mmap
import os
import resource
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from tutor.runner.worker import landlock, linux, memory, seccomp
from tutor.runner.worker.confine import Confinement

if TYPE_CHECKING:
    from collections.abc import Callable

#: Where the trial child writes its findings: not the channel's number, which the filter guards.
_FINDINGS_FD: Final = 9
_MIB: Final = 1024 * 1024


def probe() -> Confinement:
    """The strongest confinement that this machine lets be set, with what it refuses."""
    version = landlock.version()
    ruleset = -1
    if version:
        with suppress(OSError):
            ruleset = landlock.ruleset(version)
    filters = seccomp.supported()
    for rules, filtered in ((ruleset, filters), (-1, filters), (ruleset, False), (-1, False)):
        candidate = Confinement(rules, version if rules >= 0 else 0, filtered)
        refused = _try(candidate)
        if refused is not None:
            return Confinement(rules, candidate.landlock_version, filtered, refused)
    return Confinement()


def _try(candidate: Confinement) -> frozenset[str] | None:
    """What a child under ``candidate`` was refused; ``None`` if it cannot be set at all."""
    reading, writing = os.pipe()
    supervisor = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            os.dup2(writing, _FINDINGS_FD)
            base = memory.address_space()
            candidate.apply(0)
            found = [name for name, attempt in _attempts(supervisor, base) if _refused(attempt)]
            os.write(_FINDINGS_FD, json.dumps(found).encode())
        finally:
            os._exit(0)
    os.close(writing)
    findings = b""
    while chunk := os.read(reading, 4096):
        findings += chunk
    os.close(reading)
    os.waitpid(pid, 0)
    return frozenset(json.loads(findings)) if findings else None


def _refused(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return True
    return False


def _attempts(supervisor: int, base: int) -> list[tuple[str, Callable[[], object]]]:
    return [
        ("files: reading", lambda: os.open(sys.executable, os.O_RDONLY)),
        ("files: writing", lambda: os.open(os.devnull, os.O_WRONLY)),
        ("network", lambda: _sockets()),
        ("processes", _fork),
        ("signals", lambda: os.kill(supervisor, 0)),
        ("memory", lambda: _take_memory(base)),
    ]


def _sockets() -> None:
    """Raises OSError only if every family is refused."""
    opened = []
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
        with suppress(OSError):
            opened.append(socket.socket(family, socket.SOCK_DGRAM))
    if not opened:
        raise PermissionError


def _fork() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _take_memory(base: int) -> None:
    if not linux.IS_LINUX:
        return
    most = base + 64 * _MIB
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    mmap.mmap(-1, 256 * _MIB)
