"""Decks: a folder's ``deck.yaml`` and its graph of skills."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from tutor.exercise.finding import Finding
from tutor.exercise.messages import explain, suggestion
from tutor.exercise.model import DeckFile, Skill
from tutor.exercise.problems import ExerciseErrors, Problem
from tutor.exercise.source import problems_of_faults, problems_of_findings, read_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tutor.exercise.document import Document

DECK_FILE: Final = "deck.yaml"


@dataclass(frozen=True, slots=True)
class Deck:
    """A deck: its skills are a graph without cycles, by name; the first language is its own."""

    id: str
    title: str | dict[str, str]
    languages: tuple[str, ...]
    licence: str
    skills: Mapping[str, Skill]
    folder: Path

    @property
    def path(self) -> Path:
        """The deck's own file."""
        return self.folder / DECK_FILE


def load_deck(folder: Path) -> Deck:
    """The deck of a folder.

    Raises:
        ExerciseErrors: with everything that is wrong in its ``deck.yaml``.
    """
    path = folder / DECK_FILE
    document = read_file(path)
    problems = problems_of_faults(path, document.faults)
    if document.root is None:
        raise ExerciseErrors(problems)
    try:
        parsed = DeckFile.model_validate(document.data)
    except ValidationError as error:
        problems += problems_of_faults(path, explain(error, DeckFile, document))
        raise ExerciseErrors(problems) from None
    problems += problems_of_findings(path, document, _check(parsed, document))
    if problems:
        raise ExerciseErrors(problems)
    return Deck(parsed.id, parsed.title, parsed.languages, parsed.licence, parsed.skills, folder)


def _check(deck: DeckFile, document: Document) -> Iterator[Finding]:
    repeated = [x for i, x in enumerate(deck.languages) if x in deck.languages[:i]]
    for language in repeated:
        yield Finding(("languages",), f"`{language}` stands here twice; keep one")
    for name, skill in deck.skills.items():
        for index, other in enumerate(skill.requires):
            yield from _check_known(deck, other, Finding(("skills", name, "requires", index), ""))
        for other in skill.exercises:
            at = Finding(("skills", name, "exercises", other), "", on_key=True)
            yield from _check_known(deck, other, at)
            if other == name:
                yield Finding(at.path, f"`{name}` practises itself anyway; take it away", True)
    for cycle in _cycles(deck.skills):
        yield _cycle_finding(cycle, document)


def _check_known(deck: DeckFile, name: str, at: Finding) -> Iterator[Finding]:
    if name not in deck.skills:
        known = list(deck.skills)
        message = f"`{name}` is no skill of this deck; {suggestion(name, known)}there are {', '.join(known)}"
        yield Finding(at.path, message, at.on_key)


def _cycles(skills: Mapping[str, Skill]) -> Iterator[list[str]]:
    """Every cycle that a walk in the order of the file closes, each once; never recursive."""
    done: set[str] = set()
    for start in skills:
        trail: list[str] = []
        stack: list[tuple[str, int]] = [(start, 0)]
        while stack:
            name, step = stack.pop()
            if step == 0:
                if name in done:
                    continue
                if name in trail:
                    yield trail[trail.index(name) :]
                    continue
                trail.append(name)
            needed = [other for other in skills[name].requires if other in skills]
            if step < len(needed):
                stack += ((name, step + 1), (needed[step], 0))
            else:
                trail.pop()
                done.add(name)


def _cycle_finding(cycle: list[str], document: Document) -> Finding:
    steps = []
    for name, other in zip(cycle, (*cycle[1:], cycle[0]), strict=True):
        line = document.position(("skills", name), key=True)[0]
        steps.append(f"`{name}` (line {line}) requires `{other}`")
    path = ("skills", cycle[-1], "requires")
    message = (
        f"a skill may not require itself in the end: {', '.join(steps)}; take one of these away"
    )
    return Finding(path, message, on_key=True)


class Decks:
    """The decks met so far, by folder: every ``deck.yaml`` is read once, and complained of once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._known: dict[Path, Deck | None] = {}
        self._ids: dict[str, Deck] = {}

    def of(self, folder: Path) -> Deck | None:
        """The deck that the files of a folder belong to: the nearest one at or above it."""
        if folder in self._known:
            return self._known[folder]
        deck = self._load(folder) if (folder / DECK_FILE).is_file() else self._above(folder)
        self._known[folder] = deck
        return deck

    def all(self) -> tuple[Deck, ...]:
        """Every deck met, once."""
        return tuple(self._ids.values())

    def _above(self, folder: Path) -> Deck | None:
        parent = folder.parent if folder.name not in ("", "..") else folder.resolve().parent
        return None if parent.resolve() == folder.resolve() else self.of(parent)

    def _load(self, folder: Path) -> Deck | None:
        try:
            deck = load_deck(folder)
        except ExerciseErrors as error:
            self.problems.extend(error.problems)
            return None
        first = self._ids.get(deck.id)
        if first is None:
            self._ids[deck.id] = deck
        elif first.folder.resolve() != folder.resolve():
            message = f"`{deck.id}` is also the id of {first.path}; rename one of the two decks"
            line, column = read_file(deck.path).position(("id",))
            self.problems.append(Problem(deck.path, line, column, "id", message))
        return deck
