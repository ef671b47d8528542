"""One runner for all tests of the proofs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tutor.pytest_plugin.live import Live

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def live() -> Iterator[Live]:
    live = Live()
    yield live
    live.close()
