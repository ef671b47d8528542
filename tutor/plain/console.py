"""Lines in and lines out, and nothing else: no cursor movement, no colour, no control characters."""

from __future__ import annotations

import re
import signal
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_CODE: Final = re.compile(r"`([^`\n]+)`")


class Console:
    """A conversation over two text streams; ``source`` and ``target`` are standard input and output."""

    def __init__(self, source: TextIO | None = None, target: TextIO | None = None) -> None:
        self._source = source or sys.stdin
        self._target = target or sys.stdout
        #: Whether a person sits there, who sees what is typed and may want to edit it.
        self.is_terminal = self._source.isatty() and self._target.isatty()

    def say(self, text: str = "") -> None:
        """Print ``text``, its control characters taken out: they may come from an exercise or an answer."""
        print(_CONTROL.sub("", text), file=self._target, flush=True)

    def ask(self, prompt: str) -> str:
        """The next line, without its end.

        Raises:
            EOFError: there is none.
        """
        if self.is_terminal:
            try:
                return input(prompt + " ")
            except (EOFError, KeyboardInterrupt):
                self.say()  # what follows begins a line of its own
                raise
        # On a line of its own: whoever reads the other end line by line sees it.
        self.say(prompt)
        line = self._source.readline()
        if not line:
            raise EOFError
        return line.rstrip("\r\n")


def plain(text: str) -> str:
    """An author's text without the backticks around its code: a screen reader would say each of them."""
    return _CODE.sub(r"\1", text).rstrip()


@contextmanager
def terminal_kept() -> Iterator[None]:
    """Line editing while it lasts; whatever ends it, a signal too, the terminal is as it was before."""
    for name in ("SIGTERM", "SIGHUP"):
        with suppress(AttributeError):
            signal.signal(getattr(signal, name), _leave)
    if not sys.stdin.isatty():
        yield
        return
    import termios

    with suppress(ImportError):
        import readline  # noqa: F401 - it is there by being imported
    before = termios.tcgetattr(sys.stdin)
    try:
        yield
    finally:
        with suppress(termios.error):
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
