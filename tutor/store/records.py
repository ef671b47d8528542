"""What the store keeps: attempts, reviews, the question in progress, and memory states.

All times named ``at``, ``..._at``, ``first_review``, ``last_review`` and ``due`` are
milliseconds since 1970-01-01 UTC. Durations named ``seconds`` are seconds. Nothing here reads a
clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Seeds are stored in SQLite's 64-bit integers.
MAX_SEED: Final = 2**63 - 1


class Rating(IntEnum):
    """FSRS's four grades."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class Attempt:
    """One valid attempt at a question.

    ``answers`` is the raw text per answer name; ``near`` are the ids of the matching near misses;
    ``seconds`` counts from the moment the question was shown, pauses left out.
    """

    answers: Mapping[str, str]
    verdict: str
    near: tuple[str, ...]
    at: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Review:
    """One finished question: the unit of the log that is never lost.

    ``uuid`` is :attr:`Pending.review_uuid` of the question, so that a question answered in two
    windows at once is one review. ``utc_offset`` is the learner's clock at that moment, in
    minutes east of UTC: with it the learner's day can be told for ever, also after a journey or
    a change of DST.
    """

    uuid: str
    device: str
    at: int
    utc_offset: int
    exercise_id: str
    revision: int
    content_hash: str
    seed: int
    params: Mapping[str, Any]
    language: str
    attempts: tuple[Attempt, ...]
    hints_used: int
    gave_up: bool
    seconds: float
    rating: Rating
    score: float
    torch_version: str
    app_version: str

    def __post_init__(self) -> None:
        if not 0 <= self.seed <= MAX_SEED:
            raise ValueError(f"seed {self.seed} is outside 0 … 2**63 - 1")


@dataclass(frozen=True, slots=True)
class Pending:
    """The question in progress: enough to show it again just as it was left.

    ``seconds`` is the time spent on it so far, ``review_uuid`` the uuid its review will have,
    ``draft`` what was typed since the last attempt, by the answers' names.
    """

    review_uuid: str
    exercise_id: str
    revision: int
    content_hash: str
    seed: int
    language: str
    attempts: tuple[Attempt, ...]
    hints_used: int
    shown_solution: bool
    started_at: int
    seconds: float
    draft: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 <= self.seed <= MAX_SEED:
            raise ValueError(f"seed {self.seed} is outside 0 … 2**63 - 1")


@dataclass(frozen=True, slots=True)
class New:
    """The memory of an exercise that has no review (or whose reviews are all undone)."""


class Remembered(NamedTuple):
    """The memory of an exercise after its reviews; derived from the log, never edited.

    A tuple, as ten thousand are made at each start: five times as fast as a frozen dataclass.

    ``stability`` is in days (> 0), ``difficulty`` in 1 … 10.  ``last_day`` is the number of the
    learner's day (days since 1970-01-01 on the learner's calendar) of the last review; ``revision`` and
    ``content_hash`` are the exercise's at that review.
    """

    stability: float
    difficulty: float
    first_review: int
    last_review: int
    last_day: int
    reps: int
    lapses: int
    due: int
    revision: int = 1
    content_hash: str = ""


class Rated(NamedTuple):
    """What of a review its exercise's memory follows from; as in :class:`Review`.

    ``rating`` is the one that counts, which the learner may have lowered.
    """

    exercise_id: str
    at: int
    utc_offset: int
    rating: Rating
    uuid: str
    revision: int
    content_hash: str


Memory: TypeAlias = New | Remembered

NEW: Final = New()


class Derivation(Protocol):
    """How memory follows from the log: a fold over the reviews of one exercise, oldest first.

    It is handed to the store, which calls it inside the transaction that writes the review; the
    stored memory can therefore never be derived from a state that another process has replaced.
    """

    @property
    def basis(self) -> str:
        """Names the rule and its settings; memories of another basis are derived anew."""

    def advance(self, memory: Memory, review: Review | Rated) -> Remembered:
        """The memory after ``review``, where ``memory`` is that before it.  Pure."""


@dataclass(frozen=True, slots=True)
class Derived:
    """The memories that a log gave by ``derivation``, and where that log ended.

    ``last_review`` and ``last_event`` are the numbers of its last rows.
    """

    derivation: Derivation
    memories: Mapping[str, Remembered]
    last_review: int
    last_event: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One exercise whose stored memory is not what its log gives."""

    exercise_id: str
    stored: Memory
    rebuilt: Memory
