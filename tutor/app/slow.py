"""Work that is only spoken of when it takes long enough to be noticed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.message_pump import MessagePump

#: In seconds: what is there sooner needs no word.
SLOW: Final = 0.08


@contextmanager
def said_if_slow(pump: MessagePump, say: Callable[[], None]) -> Iterator[None]:
    """Call ``say`` once if the work within takes longer; never after it has ended."""
    working = True

    def strike() -> None:
        # The timer may have struck just before the end, its message still on the way.
        if working:
            say()

    timer = pump.set_timer(SLOW, strike)
    try:
        yield
    finally:
        working = False
        timer.stop()
