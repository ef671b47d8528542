"""A program in a pseudo-terminal, its screen read by a terminal emulator."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from typing import TYPE_CHECKING

import pyte

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class Terminal:
    """Start ``command`` on a screen of ``columns`` × ``rows`` cells; close it when done."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        columns: int = 80,
        rows: int = 24,
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        #: Everything that was written to the terminal.
        self.raw = b""
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={"TERM": "xterm-256color", "LANG": "C.UTF-8", **env},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(slave)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        os.close(self._master)

    @property
    def text(self) -> str:
        """What is on the screen now."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    @property
    def modes(self) -> list[object]:
        """How the terminal driver is set: echo, line by line, signals."""
        return termios.tcgetattr(self._master)[:4]

    @property
    def is_given_back(self) -> bool:
        """Whether the last word on the second screen, the mouse and pasting was to leave them."""
        return all(
            self.raw.rfind(b"\x1b[?%dl" % mode) > self.raw.rfind(b"\x1b[?%dh" % mode)
            for mode in (1049, 1000, 2004)
        )

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def look(self, seconds: float) -> None:
        """Read what is written until nothing is for so long."""
        while self._read(seconds):
            pass

    def wait_for(self, seen: str | Callable[[str], bool], *, seconds: float = 60.0) -> str:
        """The screen as soon as it shows ``seen``; fails with the screen when it never does."""
        until = time.monotonic() + seconds
        wanted = (lambda text: seen in text) if isinstance(seen, str) else seen
        while not wanted(self.text):
            left = until - time.monotonic()
            assert left > 0, f"never saw {seen!r} on the screen:\n{self.text}"
            if not self._read(min(left, 0.2)) and self.process.poll() is not None:
                assert wanted(self.text), f"it ended ({self.process.returncode}):\n{self.text}"
        return self.text

    def wait_for_end(self, *, seconds: float = 30.0) -> int:
        """The exit code; what is still printed is read meanwhile, so that nobody blocks."""
        until = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < until, f"it did not end:\n{self.text}"
            self._read(0.1)
        while self._read(0.1):
            pass
        return self.process.returncode

    def kill(self) -> None:
        """End it at once, as a closed terminal window or a power cut would."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # the other end is closed
            return False
        self.raw += data
        self._stream.feed(data)
        return bool(data)
