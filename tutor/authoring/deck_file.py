"""A deck's own file: made where there is none, asked about its skills where there is one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tutor.authoring.importing import slug
from tutor.authoring.skeleton import AuthoringError, write_new
from tutor.authoring.yaml_text import quoted
from tutor.exercise.base import LANGUAGE_PATTERN
from tutor.exercise.deck import DECK_FILE, load_deck

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def new_deck(folder: Path, title: str | None, languages: Sequence[str]) -> Path:
    """Make a deck of one skill in a folder that has none, or is none yet; its file.

    Raises:
        AuthoringError: there is one already, a language is none, or it cannot be written.
    """
    for language in languages:
        if not re.fullmatch(LANGUAGE_PATTERN, language):
            raise AuthoringError(
                f"{language!r} is no language code: write one such as en, zh or pt-BR"
            )
    title = title or folder.resolve().name.replace("-", " ").capitalize()
    path = ensure_deck(folder, title, languages)
    if path is None:
        raise AuthoringError(f"{folder / DECK_FILE} is there already: it stays as it is")
    return path


def ensure_deck(folder: Path, title: str, languages: Sequence[str] = ("en",)) -> Path | None:
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
    text_in = quoted(title)
    if len(languages) > 1:
        text_in = "{" + ", ".join(f"{one}: {quoted(title)}" for one in languages) + "}"
    text = (
        "format: 1\n"
        f"id: {slug(folder.resolve().name)}\n"
        f"title: {text_in}\n"
        f"languages: [{', '.join(languages)}] # those of your texts; the first is the deck's own\n"
        "licence: all rights reserved # or one under which others may use it, such as CC-BY-4.0\n"
        "skills: # what is practised, and what has to be known before (`requires: [...]`)\n"
        f"  {name}:\n"
        f"    title: {text_in}\n"
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
