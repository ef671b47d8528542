"""The library as a learner looks at it: decks, skills with how well they are known, exercises, search.

Below every front end.  A :class:`Catalogue` is a picture of one moment, made in a thread; a
:class:`SearchIndex` is filled in a thread and can be asked while it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from tutor.schedule.days import DAY_MS
from tutor.schedule.knowledge import opened_skills, states
from tutor.schedule.memory import retrievability
from tutor.schedule.queue import due_at
from tutor.schedule.skills import candidates_of, requires_of
from tutor.store.records import NEW, Remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tutor.exercise.deck import Deck
    from tutor.exercise.load import Library, LoadedExercise
    from tutor.schedule.settings import Settings
    from tutor.store.marks import Marks
    from tutor.store.reader import StoreReader

#: In texts of exercises: what is drawn anew each time.
_DRAWN: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


class View(StrEnum):
    """Which exercises are listed."""

    ALL = "all"
    DUE = "due"
    NEW = "new"
    WEAK = "weak"
    MARKED = "marked"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class SkillGroup:
    """A skill of a deck with its exercises, in the author's order."""

    name: str
    exercises: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeckGroup:
    """A deck with its skills in the order of learning; ``deck`` is None for files outside any."""

    deck: Deck | None
    skills: tuple[SkillGroup, ...]

    @property
    def id(self) -> str:
        return "" if self.deck is None else self.deck.id


def groups(library: Library) -> tuple[DeckGroup, ...]:
    """Decks, skills and exercises; skills without exercises are left out."""
    found: dict[str, dict[str, list[str]]] = {deck.id: {} for deck in library.decks}
    for one in candidates_of(library):
        deck = library.exercises[one.exercise_id].deck
        skills = found.setdefault("" if deck is None else deck.id, {})
        skills.setdefault(one.skill, []).append(one.exercise_id)
    decks = {deck.id: deck for deck in library.decks}
    return tuple(
        DeckGroup(
            decks.get(id_),
            tuple(SkillGroup(name, tuple(exercises)) for name, exercises in skills.items()),
        )
        for id_, skills in found.items()
        if skills
    )


@dataclass(frozen=True, slots=True)
class SkillView:
    """``state`` is closed, open, begun or known; ``known`` (0 … 1) is the mean probability of recall."""

    state: str
    known: float
    exercises: int
    begun: int
    missing: tuple[str, ...] = ()


class Catalogue:
    """The library, the memories and the marks at ``at_ms`` (UTC ms)."""

    def __init__(
        self,
        library: Library,
        memories: Mapping[str, Remembered],
        marks: Marks,
        at_ms: int,
        settings: Settings,
    ) -> None:
        self.library = library
        self.groups = groups(library)
        self.memories = memories
        self.marks = marks
        self.at = at_ms
        self.settings = settings
        self.is_due = due_at(at_ms, settings)
        self.skills = _skills(library, memories, marks, at_ms, settings)

    @classmethod
    def read(
        cls, library: Library, store: StoreReader, at_ms: int, settings: Settings
    ) -> Catalogue:
        """May raise StoreError."""
        return cls(library, store.memories(), store.marks(), at_ms, settings)

    def recall(self, exercise_id: str) -> float | None:
        """The probability that it is answered right now; None for one that never was asked."""
        memory = self.memories.get(exercise_id)
        return None if memory is None else retrievability(memory, self.at, self.settings)

    def shows(self, exercise_id: str, view: View) -> bool:
        """Whether the exercise belongs to what is looked at."""
        memory = self.memories.get(exercise_id, NEW)
        match view:
            case View.ALL:
                return True
            case View.DUE:
                rests = self.marks.rests(exercise_id, self.at)
                return isinstance(memory, Remembered) and self.is_due(memory) and not rests
            case View.NEW:
                return not isinstance(memory, Remembered)
            case View.WEAK:
                return isinstance(memory, Remembered) and _is_weak(memory)
            case View.MARKED:
                return exercise_id in self.marks.flags or exercise_id in self.marks.notes
            case View.SUSPENDED:
                return exercise_id in self.marks.suspended


def _is_weak(memory: Remembered) -> bool:
    """Not right the last time, or forgotten again and again."""
    return memory.due - memory.last_review < DAY_MS or memory.lapses >= 3


def _skills(
    library: Library,
    memories: Mapping[str, Remembered],
    marks: Marks,
    at_ms: int,
    settings: Settings,
) -> dict[str, SkillView]:
    candidates, requires = candidates_of(library), requires_of(library)
    found = states(candidates, memories, requires, at_ms, settings, opened_skills(marks))
    return {
        name: SkillView(one.state, one.known, one.exercises, one.begun, one.missing)
        for name, one in found.items()
        if one.exercises
    }


def plain(text: str) -> str:
    """A text of an exercise without a draw: ``…`` stands where something is drawn."""
    return _DRAWN.sub("…", text)


class SearchIndex:
    """What can be searched of every exercise: id, skill, title, question, tags and program.

    Filled by :meth:`add` in one thread while another asks; what is not in it yet is not found yet.
    """

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._last: tuple[str, int, list[str]] = ("", 0, [])

    def __len__(self) -> int:
        return len(self._texts)

    def add(self, loaded: LoadedExercise) -> None:
        self._texts[loaded.id] = _searched(loaded)

    def find(self, query: str) -> frozenset[str]:
        """The ids of the exercises in which every word of ``query`` occurs, in whatever case."""
        words = query.casefold().split()
        texts = self._texts
        before, size, ids = self._last
        # One more letter of the same words can only leave fewer.
        grown = size == len(texts) and before and query.startswith(before)
        searched = ids if grown else list(texts)
        found = [id_ for id_ in searched if all(word in texts[id_] for word in words)]
        self._last = (query, len(texts), found)
        return frozenset(found)


def _searched(loaded: LoadedExercise) -> str:
    exercise = loaded.glance()
    parts = [loaded.id, loaded.skill, *exercise.tags, exercise.program or ""]
    for text in (exercise.title, exercise.ask, *_skill_titles(loaded)):
        parts += [text] if isinstance(text, str) else text.values()
    return "\n".join(parts).casefold()


def _skill_titles(loaded: LoadedExercise) -> Iterable[str | dict[str, str]]:
    skill = loaded.deck.skills.get(loaded.skill) if loaded.deck is not None else None
    return () if skill is None else (skill.title,)
