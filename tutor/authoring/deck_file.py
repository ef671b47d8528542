"""A deck's own file: made where there is none, asked about its skills where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.authoring.importing import slug
from tutor.authoring.skeleton import AuthoringError, write_new
from tutor.authoring.yaml_text import quoted
from tutor.exercise.deck import DECK_FILE, load_deck

if TYPE_CHECKING:
    from pathlib import Path


def ensure_deck(folder: Path, title: str) -> Path | None:
    """Make a deck of one skill in a folder that has none; its file if it was made.

    Raises:
        AuthoringError: it cannot be written.
        ExerciseErrors: the deck that is there has errors.
    """
    path = folder / DECK_FILE
    if path.is_file():
        load_deck(folder)
        return None
    name = slug(title)
    text = (
        "format: 1\n"
        f"id: {slug(folder.resolve().name)}\n"
        f"title: {quoted(title)}\n"
        "languages: [en] # those of your texts; the first is the deck's own\n"
        "licence: all rights reserved # or one under which others may use it, such as CC-BY-4.0\n"
        "skills: # what is practised, and what has to be known before (`requires: [...]`)\n"
        f"  {name}:\n"
        f"    title: {quoted(title)}\n"
    )
    write_new(path, text)
    return path


def check_skill(folder: Path, skill: str | None) -> None:
    """Refuse a skill that the deck does not have.

    Raises:
        AuthoringError: with those that it has.
    """
    known = load_deck(folder).skills
    if skill is not None and skill not in known:
        raise AuthoringError(f"{skill} is no skill of {folder}: there are {', '.join(known)}")
