"""The one descriptor a child keeps: requests come in over it, results go out.

Everything read or written passes through one fixed buffer in memory of its own, so that the confinement
can let the channel be used with that buffer and nothing else: a program that writes to the descriptor
with bytes of its own is refused by the kernel, and so is one that reads from it or closes it.
"""

from __future__ import annotations

import ctypes
import io
import mmap
import os
from typing import Final

#: The descriptor's number in every child.
FD: Final = 3
_SIZE: Final = 64 * 1024


class Channel:
    def __init__(self) -> None:
        buffer = mmap.mmap(-1, _SIZE)
        self.address = ctypes.addressof(ctypes.c_char.from_buffer(buffer))
        self._view = memoryview(buffer)
        self._file = io.FileIO(FD, "rb", closefd=False)
        self._write = os.write

    def read_line(self) -> bytes | None:
        """The next line without its end; ``None`` when the other side is gone."""
        parts: list[bytes] = []
        while True:
            # readinto() reads straight into the buffer; read() would use memory of its own.
            size = self._file.readinto(self._view)
            if not size:
                return None
            chunk = bytes(self._view[:size])
            if chunk.endswith(b"\n"):
                parts.append(chunk[:-1])
                return b"".join(parts)
            parts.append(chunk)

    def write(self, data: bytes) -> None:
        sent = 0
        while sent < len(data):
            chunk = data[sent : sent + _SIZE]
            self._view[: len(chunk)] = chunk
            sent += self._write(FD, self._view[: len(chunk)])
