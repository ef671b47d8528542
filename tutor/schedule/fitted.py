"""Parameters from the learner's own log, in force where they can be scheduled with."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING, Final

from tutor.schedule.settings import DEFAULT_PARAMETERS, Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.store.reader import StoreReader

#: The least and the greatest value of each parameter: those that the optimiser itself keeps to.
BOUNDS: Final = (
    *[(0.001, 100.0)] * 4, (1.0, 10.0), (0.001, 4.0), (0.001, 4.0), (0.001, 0.75), (0.0, 4.5),
    (0.0, 0.8), (0.001, 3.5), (0.001, 5.0), (0.001, 0.25), (0.001, 0.9), (0.0, 4.0), (0.0, 1.0),
    (1.0, 6.0), (0.0, 2.0), (0.0, 2.0), (0.0, 0.8), (0.1, 0.8),
)  # fmt: skip


def usable(parameters: Sequence[float]) -> bool:
    """Whether they are FSRS-6's, each within its bounds; a log can come from anywhere."""
    return len(parameters) == len(DEFAULT_PARAMETERS) and all(
        isfinite(one) and least <= one <= most
        for one, (least, most) in zip(parameters, BOUNDS, strict=True)
    )


def in_force(settings: Settings, store: StoreReader) -> Settings:
    """The settings with the parameters that were fitted to this log, if any were."""
    parameters = store.marks().parameters
    return replace(settings, parameters=parameters) if usable(parameters) else settings
