"""The runner behind the tests of a run."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from tutor.runner.client import Runner

_LIVE = pytest.StashKey["Live"]()


class Live:
    """A runner, with its event loop on a thread, for as long as the test run lasts."""

    def __init__(self) -> None:
        from tutor.runner.client import Runner

        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="tutor-runner", daemon=True
        )
        self._thread.start()
        self.runner: Runner = Runner(spares=2)
        self.wait(self.runner.start())

    @classmethod
    def of(cls, config: pytest.Config) -> Live:
        if _LIVE not in config.stash:
            config.stash[_LIVE] = cls()
        return config.stash[_LIVE]

    @staticmethod
    def end(config: pytest.Config) -> None:
        """Close that of the test run, if it has one."""
        live = config.stash.get(_LIVE, None)
        if live is not None:
            live.close()

    def wait(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def close(self) -> None:
        self.wait(self.runner.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()
