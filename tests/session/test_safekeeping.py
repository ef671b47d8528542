"""The daily backup beside a session."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from tutor.session import safekeeping
from tutor.session.safekeeping import backed_up_daily
from tutor.store import MarkKind, open_store
from tutor.store.backup import all_backups

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


async def test_a_session_is_backed_up_while_it_lasts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safekeeping, "AFTER_S", 0.01)
    with open_store(tmp_path) as store:
        store.mark(MarkKind.SUSPEND, "a", 1)
        async with backed_up_daily(tmp_path):
            async with asyncio.timeout(30):
                while not all_backups(tmp_path):  # noqa: ASYNC110 - of files
                    await asyncio.sleep(0.01)
    assert [each.why for each in all_backups(tmp_path)] == ["daily"]


async def test_the_start_and_a_short_session_do_not_wait_for_it(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    began = time.monotonic()
    async with backed_up_daily(tmp_path):
        pass
    assert time.monotonic() - began < safekeeping.AFTER_S / 2
    assert all_backups(tmp_path) == []


async def test_a_backup_that_fails_is_logged_and_learning_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safekeeping, "AFTER_S", 0.01)
    open_store(tmp_path).close()
    (tmp_path / "backups").write_text("in the way")
    log = tmp_path / "tutor.log"
    async with backed_up_daily(tmp_path):
        async with asyncio.timeout(30):
            while not log.exists() or "cannot be written" not in log.read_text():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
