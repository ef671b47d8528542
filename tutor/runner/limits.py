"""What one program may use up, and the words for each limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one program may use; for a job of several runs, what each of them may use.

    ``cpu`` (whole seconds of processor time) is what stops a loop that does not end, on a busy
    machine too; ``wall`` (seconds by the clock) is for programs that wait, and is larger so that a
    busy machine stops nobody.  ``memory`` is in bytes on top of what torch itself takes, ``output``
    in characters, ``result`` in bytes of JSON.
    """

    wall: float = 6.0
    cpu: int = 2
    memory: int = 1024 * MIB
    files: int = 64
    output: int = 20_000
    result: int = 2 * MIB


DEFAULT: Final = Limits()

#: For a program that has run within the usual limits and is run once more, watched step by step.
EXPLAINING: Final = Limits(wall=20.0, cpu=8, result=4 * MIB)

#: The limits that a program meets as an error of its own (it may even catch it).
AS_ERROR: Final = ("memory", "processes", "files", "file size", "confined")


def in_words(limit: str, limits: Limits) -> str:
    """One sentence for a limit that was met."""
    match limit:
        case "wall":
            return f"stopped after {limits.wall:g} s: it waits, or loops, and does not end"
        case "cpu":
            return f"stopped after {limits.cpu} s: this loop does not end"
        case "memory":
            return f"stopped: it asked for more than {limits.memory // MIB} MiB of memory"
        case "processes":
            return "stopped: a program may not start processes, nor threads without end"
        case "files":
            return f"stopped: it opened more than {limits.files} files"
        case "file size":
            return "stopped: a program may not write files"
        case "confined":
            return "stopped: a program may not touch files, the network or other processes"
        case "result":
            return f"stopped: its result is larger than {limits.result // 1024} KiB"
        case "output":
            return f"the output was cut after {limits.output} characters"
    return f"stopped by the limit on {limit}"
