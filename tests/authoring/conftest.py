"""One runner for all tests of the authoring kit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tutor.pytest_plugin.live import Live

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The deck is proved by a test of its own; where the plugin is installed it would be collected as well.
collect_ignore = ["deck"]


@pytest.fixture(scope="session")
def live() -> Iterator[Live]:
    live = Live()
    yield live
    live.close()
