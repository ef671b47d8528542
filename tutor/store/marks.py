"""Marks: what the learner says about an exercise or a skill, beside answering it.

Each is an event in the log, never a change of the author's file; what holds now follows from a replay,
in an order that is the same on every device that has the same log.  Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class MarkKind(StrEnum):
    """What is said.  The subject is an exercise's id, where it does not say otherwise.

    The value is what stands in the log.  A later mark of a kind or of its opposite replaces an earlier
    one of the same subject.
    """

    #: Not asked until it is unsuspended.
    SUSPEND = "suspend"
    UNSUSPEND = "unsuspend"
    #: Not asked before ``body["until"]`` (UTC ms), usually the beginning of the learner's next day.
    BURY = "bury"
    UNBURY = "unbury"
    #: Something is wrong with it; ``body["text"]`` (may be empty) says what.
    FLAG = "flag"
    UNFLAG = "unflag"
    #: The learner's note to self, ``body["text"]``; an empty one takes it away.
    NOTE = "note"
    #: The subject is gone, and its reviews count as those of the exercise ``body["to"]``.
    ADOPT = "adopt"
    DISOWN = "disown"
    #: The skill (subject) counts as open; ``body["by"]`` is ``hand`` or ``test``.
    OPEN_SKILL = "open-skill"
    CLOSE_SKILL = "close-skill"
    #: The placement test of a deck (subject) was taken; the body is what it found.
    PLACED = "placed"
    #: The review (subject: its uuid) counts as rated ``body["rating"]``, if that is lower.
    LOWER = "lower"
    #: The memory model of the learner (subject) is fitted: ``body["parameters"]``, empty for the defaults.
    PARAMETERS = "parameters"


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark as it stands in the log; ``at`` in UTC ms."""

    uuid: str
    device: str
    at: int
    kind: MarkKind
    subject: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Marks:
    """What holds now.  All keys are ids under which exercises are known now (see :meth:`name`).

    - ``suspended``: exercise → since when (UTC ms).
    - ``buried``: exercise → until when (UTC ms), also where that is past.
    - ``flags``: exercise → what is wrong with it, perhaps empty.
    - ``notes``: exercise → the note to self, never empty.
    - ``opened``: skill → ``hand`` or ``test``.
    - ``placed``: deck → what its last placement test found.
    - ``adopted``: an id that is gone → the exercise that its reviews count for.
    - ``lowered``: the uuid of a review → the rating that it counts as at most.
    - ``parameters``: those of the learner's memory model; empty for the defaults.
    """

    suspended: Mapping[str, int] = field(default_factory=dict)
    buried: Mapping[str, int] = field(default_factory=dict)
    flags: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    opened: Mapping[str, str] = field(default_factory=dict)
    placed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    adopted: Mapping[str, str] = field(default_factory=dict)
    lowered: Mapping[str, int] = field(default_factory=dict)
    parameters: tuple[float, ...] = ()

    def name(self, exercise_id: str) -> str:
        """The id that reviews of ``exercise_id`` count for: its own, if it was not adopted."""
        return self.adopted.get(exercise_id, exercise_id)

    def is_buried(self, exercise_id: str, at_ms: int) -> bool:
        """Whether the exercise waits at ``at_ms`` for another day because the learner said so."""
        return at_ms < self.buried.get(exercise_id, at_ms)

    def rests(self, exercise_id: str, at_ms: int) -> bool:
        """Whether the exercise must not be asked at ``at_ms``: suspended, buried, or adopted away."""
        return (
            exercise_id in self.suspended
            or self.is_buried(exercise_id, at_ms)
            or exercise_id in self.adopted
        )


def replay(marks: Iterable[Mark]) -> Marks:
    """What holds after ``marks``, given oldest first and equal times by uuid."""
    marks = list(marks)
    adopted = _adoptions(marks)
    now = Marks({}, {}, {}, {}, {}, {}, adopted, lowered(marks), _parameters(marks))
    for mark in marks:
        _apply(mark, now.name(mark.subject), now)
    return now


def rating_of(mark: Mark) -> int | None:
    """The rating that a LOWER mark names; None if it names none (a log can come from anywhere)."""
    rating = mark.body.get("rating")
    return rating if isinstance(rating, int) and 1 <= rating <= 4 else None


def lowered(marks: Iterable[Mark]) -> dict[str, int]:
    """By a review's uuid, the lowest rating that a LOWER mark gives it."""
    found: dict[str, int] = {}
    for mark in marks:
        rating = rating_of(mark) if mark.kind is MarkKind.LOWER else None
        if rating is not None:
            found[mark.subject] = min(rating, found.get(mark.subject, rating))
    return found


def _parameters(marks: Iterable[Mark]) -> tuple[float, ...]:
    """The last word about the memory model."""
    found: tuple[float, ...] = ()
    for mark in marks:
        if mark.kind is MarkKind.PARAMETERS:
            given = mark.body.get("parameters")
            if isinstance(given, list) and all(isinstance(one, int | float) for one in given):
                found = tuple(float(one) for one in given)
    return found


def _apply(mark: Mark, exercise_id: str, now: Marks) -> None:
    """Take one mark into ``now``, whose dictionaries are still being filled."""
    states: Any = now
    match mark.kind:
        case MarkKind.SUSPEND:
            states.suspended[exercise_id] = mark.at
        case MarkKind.UNSUSPEND:
            states.suspended.pop(exercise_id, None)
        case MarkKind.BURY:
            states.buried[exercise_id] = mark.body.get("until", 0)
        case MarkKind.UNBURY:
            states.buried.pop(exercise_id, None)
        case MarkKind.FLAG:
            states.flags[exercise_id] = mark.body.get("text", "")
        case MarkKind.UNFLAG:
            states.flags.pop(exercise_id, None)
        case MarkKind.NOTE:
            states.notes[exercise_id] = mark.body.get("text", "")
            if not states.notes[exercise_id]:
                del states.notes[exercise_id]
        case MarkKind.OPEN_SKILL:
            states.opened[mark.subject] = mark.body.get("by", "hand")
        case MarkKind.CLOSE_SKILL:
            states.opened.pop(mark.subject, None)
        case MarkKind.PLACED:
            states.placed[mark.subject] = mark.body
        case MarkKind.ADOPT | MarkKind.DISOWN | MarkKind.LOWER | MarkKind.PARAMETERS:
            pass  # known beforehand: they say whom all the other marks are about


def _adoptions(marks: Iterable[Mark]) -> dict[str, str]:
    """Each adopted id with the last in the chain of its adoptions."""
    direct: dict[str, str] = {}
    for mark in marks:
        if mark.kind is MarkKind.DISOWN:
            direct.pop(mark.subject, None)
        elif mark.kind is MarkKind.ADOPT:
            new = mark.body.get("to", "")
            # Two devices may each adopt the other way round; whoever comes later closes no circle.
            if new and not _closes_circle(mark.subject, new, direct):
                direct[mark.subject] = new
    return {old: _last_name(old, direct) for old in direct}


def _closes_circle(old: str, new: str, direct: Mapping[str, str]) -> bool:
    """Whether ``new`` is already on the way to ``old``, or is ``old``."""
    return _last_name(new, {each: to for each, to in direct.items() if each != old}) == old


def _last_name(exercise_id: str, direct: Mapping[str, str]) -> str:
    """Where the chain of adoptions from ``exercise_id`` ends."""
    while exercise_id in direct:
        exercise_id = direct[exercise_id]
    return exercise_id


def renamed(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    """The exercises whose reviews are others when the adoptions ``before`` become ``after``."""
    return {
        name
        for old in before.keys() | after.keys()
        if before.get(old, old) != after.get(old, old)
        for name in (before.get(old, old), after.get(old, old))
    }
