"""The time on the question in front of the learner, without that in which it is out of sight."""

from __future__ import annotations

import time


class Stopwatch:
    """Runs from its making on; all in monotonic seconds."""

    def __init__(self) -> None:
        self._since = time.monotonic()
        #: Since when the question has been out of sight, if it is.
        self._hidden_at: float | None = None

    def restart(self) -> None:
        """Another question, in sight."""
        self._since, self._hidden_at = time.monotonic(), None

    def lap(self) -> None:
        """An attempt: the time until now is counted with it."""
        self._since = time.monotonic()
        if self._hidden_at is not None:
            self._hidden_at = self._since

    def pause(self) -> None:
        if self._hidden_at is None:
            self._hidden_at = time.monotonic()

    def resume(self) -> None:
        if self._hidden_at is not None:
            self._since += time.monotonic() - self._hidden_at
            self._hidden_at = None

    def seconds(self, before: float) -> float:
        """Time on the question, ``before`` that of earlier sittings and attempts included."""
        now = time.monotonic() if self._hidden_at is None else self._hidden_at
        return before + max(now - self._since, 0.0)
