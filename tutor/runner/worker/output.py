"""What a program prints, kept up to a bound."""

from __future__ import annotations

import io


class Output(io.TextIOBase):
    """Stands in for ``sys.stdout`` and ``sys.stderr``: keeps ``limit`` characters, drops the rest.

    It has no file descriptor, so nothing printed can ever reach the channel that results go over.
    """

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._parts: list[str] = []
        self._room = limit
        self._taken = 0
        self.truncated = False

    @property
    def encoding(self) -> str:  # type: ignore[override]  # a plain attribute in the stubs
        return "utf-8"

    def writable(self) -> bool:
        return True

    def write(self, text: str, /) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if len(text) > self._room:
            self.truncated = True
        if self._room:
            kept = text[: self._room]
            self._parts.append(kept)
            self._room -= len(kept)
        return len(text)

    def text(self) -> str:
        return "".join(self._parts)

    def news(self) -> str:
        """What has come since the last call of this."""
        new = "".join(self._parts[self._taken :])
        self._taken = len(self._parts)
        return new
