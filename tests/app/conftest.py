"""A home and a runner for the tests of the app."""

from __future__ import annotations

import pytest
import pytest_asyncio
from app_steps import Desk

from tutor import i18n
from tutor.runner.client import Runner


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def runner():
    """One runner for all tests of a module: torch is loaded once."""
    async with Runner(spares=1) as runner:
        yield runner


@pytest.fixture(autouse=True)
def _english_afterwards():
    yield
    i18n.use("en")


@pytest.fixture
def desk(tmp_path, runner):
    return Desk(tmp_path / "home", runner)
