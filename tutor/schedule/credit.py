"""Implicit credit: who answers an exercise right has also practised the skills that it really uses.

A deck says so by weights (``exercises:`` of a skill); what a skill merely requires is not practised. A
right answer puts off the next review of what it practises, and nothing else: the memory that is stored
follows from the explicit answers alone, as before, so that a log rebuilt is the same to the bit, and the
parameters are fitted to what was really asked.

How far: a practice of weight W brings an exercise that part of the way to where a right answer would
have brought it. Its stability becomes S^(1-W) · (S+)^W, where S+ would follow a right answer, and its
recall R + W (1 - R), as if last asked on the date that goes with it. However much is practised, the
exercise itself is asked no later than three times its last rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tutor.schedule import fsrs6
from tutor.schedule.days import DAY_MS, MINUTE_MS
from tutor.store.records import Rating, Remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tutor.exercise.load import Library
    from tutor.schedule.settings import Settings
    from tutor.store.records import Review

#: However much is practised along with others, an exercise rests no longer than so many of its rests.
MOST_RESTS: Final = 3

#: (UTC ms, weight) of the practices of a skill, oldest first.
Practices = list[tuple[int, float]]


def weights_of(library: Library) -> dict[str, dict[str, float]]:
    """For each skill, those that its exercises practise along with it, each with its weight."""
    return {
        name: {other: min(weight, 1.0) for other, weight in skill.exercises.items()}
        for deck in library.decks
        for name, skill in deck.skills.items()
        if skill.exercises
    }


def practices(
    reviews: Iterable[Review],
    skill_of: Mapping[str, str],
    weights: Mapping[str, Mapping[str, float]],
) -> dict[str, Practices]:
    """By skill, what right answers to other skills' exercises have practised of it."""
    found: dict[str, Practices] = {}
    for one in reviews:
        if one.rating > Rating.AGAIN:
            practised = weights.get(skill_of.get(one.exercise_id, ""), {})
            for skill, weight in practised.items():
                found.setdefault(skill, []).append((one.at, weight))
    return found


def due_after(memory: Remembered, found: Practices, settings: Settings) -> int:
    """When (UTC ms) the exercise is due, with what was practised of its skill since it was asked."""
    rest = memory.due - memory.last_review
    if rest < DAY_MS:
        return memory.due  # it was not right: that it has to be itself
    w = settings.parameters
    stability, last, due = memory.stability, float(memory.last_review), memory.due
    for at, weight in found:
        if at <= memory.last_review:
            continue
        days = max(at - last, 0.0) / DAY_MS
        recall = fsrs6.retrievability(w, days, stability)
        after, _ = fsrs6.following(w, stability, memory.difficulty, Rating.GOOD, days, False)
        stability = stability ** (1 - weight) * after**weight
        reached = recall + weight * (1 - recall)
        last = at - fsrs6.interval(w, stability, reached) * DAY_MS
        due = round(last + fsrs6.interval(w, stability, settings.retention) * DAY_MS)
    most = min(MOST_RESTS * rest, settings.maximum_interval_days * DAY_MS)
    latest = memory.last_review + max(most, rest)
    due = min(max(due, memory.due), latest)
    return due // MINUTE_MS * MINUTE_MS if due != memory.due else due
