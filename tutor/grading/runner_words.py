"""What the runner says of a program that it stopped or lost, in the language in use."""

from __future__ import annotations

from typing import Final

from tutor.i18n import N_, _

#: The runner speaks English to whoever reads its results; a learner hears these in their language.
RUNNER_SAYS: Final = frozenset({
    N_("stopped after 6 s: it waits, or loops, and does not end"),
    N_("stopped after 2 s: this loop does not end"),
    N_("stopped: it asked for more than 1024 MiB of memory"),
    N_("stopped: a program may not start processes, nor threads without end"),
    N_("stopped: it opened more than 64 files"),
    N_("stopped: a program may not write files"),
    N_("stopped: a program may not touch files, the network or other processes"),
    N_("stopped: its result is larger than 2048 KiB"),
    N_("torch's process ended; it is being started again"),
    N_("the program ended its own process before there was a result"),
    N_("the program was killed by the system, most likely for want of memory"),
    N_("the runner is closed"),
})  # fmt: skip


def in_language(message: str) -> str:
    """A message of the runner's in the language in use; any other as it is."""
    return _(message) if message in RUNNER_SAYS else message
