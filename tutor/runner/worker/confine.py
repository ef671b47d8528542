"""What a child is put under before it sees a request, and what of it this machine offers."""

from __future__ import annotations

import os
import resource
import signal
from dataclasses import dataclass
from typing import Final

from tutor.runner.worker import landlock, linux, seccomp

Report = list[tuple[str, bool, str]]

_OLD_KERNEL: Final = "this kernel does not offer it"
_NOT_LINUX: Final = "this system does not offer it (Linux does)"


@dataclass(frozen=True, slots=True)
class Confinement:
    """What works on this machine.  :meth:`apply` sets all of it, or the child does not go on."""

    ruleset: int = -1
    landlock_version: int = 0
    filters: bool = False
    refused: frozenset[str] = frozenset()

    def apply(self, channel_address: int) -> None:
        """Confine this process for good.

        Raises:
            OSError: something that worked when it was probed does not work now.
        """
        for name in ("RLIMIT_CORE", "RLIMIT_FSIZE", "RLIMIT_MEMLOCK", "RLIMIT_MSGQUEUE"):
            if hasattr(resource, name):
                resource.setrlimit(getattr(resource, name), (0, 0))
        if not self.filters:
            resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
        if linux.IS_LINUX:
            linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
            linux.drop_capabilities()
            linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
        if self.ruleset >= 0:
            landlock.restrict(self.ruleset)
            os.close(self.ruleset)
        if self.filters:
            seccomp.install(channel_address)

    def report(self) -> Report:
        """``(name, active, words)`` of every protection."""
        why_not = _OLD_KERNEL if linux.IS_LINUX else _NOT_LINUX
        rows = [
            ("files: reading", "a program reads only Python's and torch's own folders"),
            ("files: writing", "a program writes no file"),
            ("network", "a program opens no socket of any kind"),
            ("processes", "a program starts no process"),
            ("signals", "a program sends no signal to another process"),
            ("memory", "a program's memory is limited"),
        ]
        found = [
            (
                name,
                name in self.refused,
                words if name in self.refused else f"not active: {why_not}",
            )
            for name, words in rows
        ]
        return [
            *found,
            ("Landlock", self.ruleset >= 0,
             f"version {self.landlock_version}" if self.ruleset >= 0 else f"not active: {why_not}"),
            ("seccomp", self.filters,
             "an allow-list of system calls" if self.filters else f"not active: {why_not}"),
        ]  # fmt: skip
