"""Lines from a socket that may send anything: bounded, without a stream's machinery."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket


class TooLong(Exception):
    """The other side sent a line longer than the bound."""


class Lines:
    """Reads lines from a non-blocking socket in the running event loop.

    The end of the lines is told at once when the other side closes; what came before it is not lost.
    """

    def __init__(self, sock: socket.socket, limit: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._sock = sock
        self._limit = limit
        self._lines: deque[bytes] = deque()
        self._rest = bytearray()
        self._ended = False
        self._too_long = False
        self._waiter: asyncio.Future[None] | None = None
        self._loop.add_reader(sock.fileno(), self._readable)
        self._reading = True

    async def next(self, seconds: float) -> bytes | None:
        """The next line without its newline; ``None`` at the end.

        Raises:
            TimeoutError: nothing came in ``seconds``.
            TooLong: the line is too long.
        """
        if not self._lines and not self._ended and not self._too_long:
            await self._wait(seconds)
        if self._lines:
            return self._lines.popleft()
        if self._too_long:
            raise TooLong
        if self._ended:
            return None
        raise TimeoutError

    async def _wait(self, seconds: float) -> None:
        self._waiter = self._loop.create_future()
        timer = self._loop.call_later(seconds, self._wake)
        try:
            await self._waiter
        finally:
            timer.cancel()
            self._waiter = None
        if not self._lines and self._reading:
            # A loop that was held up sees the timer before the answer that came long ago.
            self._readable()

    def _readable(self) -> None:
        try:
            data = self._sock.recv(256 * 1024)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            self._ended = True
            self.close()
        else:
            self._take(data)
        if self._lines or self._ended or self._too_long:
            self._wake()

    def _take(self, data: bytes) -> None:
        self._rest += data
        if b"\n" in data:
            *lines, rest = self._rest.split(b"\n")
            self._lines.extend(bytes(line) for line in lines)
            self._rest = rest
        if len(self._rest) > self._limit:
            self._too_long = True
            self.close()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def close(self) -> None:
        """Stop reading; the socket itself stays the caller's."""
        if self._reading:
            self._reading = False
            self._loop.remove_reader(self._sock.fileno())
