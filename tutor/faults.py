"""Faults of the program itself: they go to a log in the home, and one sentence to the user."""

from __future__ import annotations

import time
import traceback
from typing import TYPE_CHECKING

from tutor import __version__
from tutor.locations import log_file

if TYPE_CHECKING:
    from pathlib import Path


def log_fault(error: BaseException, home: Path) -> Path | None:
    """Append the fault with its traceback to the log in ``home``; ``None`` if it cannot be written."""
    path = log_file(home)
    lines = "".join(traceback.format_exception(error))
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    try:
        home.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", errors="replace") as log:
            log.write(f"{moment} autograd-tutor {__version__}\n{lines}\n")
    except OSError:
        return None
    return path


def brief(error: BaseException) -> str:
    """The fault on one line."""
    return f"{type(error).__name__}: {error}".split("\n")[0][:200]
