"""What every test folder shares: one live runner per test process, and libraries made on the spot."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tutor.exercise.load import Library
    from tutor.runner.client import Runner

sys.path.insert(0, str(Path(__file__).parent))  # for history.py

ROOT = Path(__file__).parent.parent
EXERCISES = ROOT / "exercises"


@pytest.fixture(scope="session")
def shipped() -> Library:
    """Every shipped exercise."""
    from tutor.exercise.load import load_library

    return load_library([EXERCISES])


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def runner() -> AsyncIterator[Runner]:
    """A real runner with real torch behind it; tests that use it run on the session's event loop.

    Mark them with ``pytestmark = pytest.mark.asyncio(loop_scope="session")``.
    """
    from tutor.runner.client import Runner

    async with Runner(spares=2) as live:
        yield live


@pytest.fixture
def library_of(tmp_path: Path) -> Callable[..., Library]:
    """``library_of(a=TEXT, b=TEXT)``: a library of those exercise files, without a deck."""
    from tutor.exercise.load import load_library

    def make(**texts: str) -> Library:
        folder = tmp_path / "exercises"
        folder.mkdir(exist_ok=True)
        for name, text in texts.items():
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        library = load_library([folder])
        assert not [p for p in library.problems if p.severity == "error"], library.problems
        return library

    return make
