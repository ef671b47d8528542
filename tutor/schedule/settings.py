"""What the learner (or the fit to the learner's log) may choose about scheduling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: FSRS-6's published defaults, w0 … w20.
DEFAULT_PARAMETERS: Final = (
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
    1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
)  # fmt: skip
#: With fewer reviews that count, chance has more say in a fit than the learner.
ENOUGH: Final = 300


@dataclass(frozen=True, slots=True)
class Settings:
    """Scheduling settings.

    ``retention`` is the desired probability of recall when an exercise comes due.  ``zone`` is an
    IANA time zone; empty means the system's own.  A learner's day begins at ``rollover_hour``.
    ``fuzz`` spreads what was learned together over nearby days.  A skill of which the part
    ``known_at`` (0 … 1) is known opens those that require it; 0 opens all.  ``implicit_credit``
    puts off what was practised along with other exercises (``credit``).
    """

    parameters: tuple[float, ...] = DEFAULT_PARAMETERS
    retention: float = 0.9
    maximum_interval_days: int = 3650
    again_minutes: int = 10
    new_per_day: int = 10
    reviews_per_day: int = 100
    fuzz: bool = True
    known_at: float = 0.6
    implicit_credit: bool = False
    rollover_hour: int = 4
    zone: str = ""

    def __post_init__(self) -> None:
        if len(self.parameters) != len(DEFAULT_PARAMETERS):
            raise ValueError(f"FSRS-6 has 21 parameters, these are {len(self.parameters)}")
        if not 0.5 <= self.retention <= 0.99:
            raise ValueError(f"desired retention {self.retention} is outside 0.5 … 0.99")
        if not 1 <= self.maximum_interval_days <= 36_500:
            raise ValueError(
                f"a maximum interval of {self.maximum_interval_days} days is outside 1 … 36500"
            )
        if not 1 <= self.again_minutes <= 1_440:
            raise ValueError(f"a step of {self.again_minutes} minutes is outside 1 … 1440")
        if self.new_per_day < 0:
            raise ValueError(f"{self.new_per_day} new exercises a day: the least is 0")
        if self.reviews_per_day < 1:
            raise ValueError(f"{self.reviews_per_day} reviews a day: the least is 1")
        if not 0 <= self.known_at <= 1:
            raise ValueError(f"a part known of {self.known_at} is outside 0 … 1")
        if not 0 <= self.rollover_hour <= 23:
            raise ValueError(f"a day cannot begin at hour {self.rollover_hour}: 0 … 23")
