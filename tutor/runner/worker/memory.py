"""How much address space this process has taken."""

from __future__ import annotations

import os
from pathlib import Path

from tutor.runner.worker.linux import IS_LINUX


def address_space() -> int:
    """Bytes taken so far, on top of which a program's limit counts; 0: this system cannot say."""
    if not IS_LINUX:
        return 0
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")
