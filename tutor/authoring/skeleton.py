"""A commented file for each kind of answer, to start from."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from tutor.exercise.base import ID_PATTERN, MAX_NAME
from tutor.exercise.deck import DECK_FILE, load_deck
from tutor.locations import data_dir, shipped

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

KINDS: Final = ("value", "flags", "raises", "formula", "code", "choice", "order")
SCHEMA_FILE: Final = "exercise.schema.json"
_TODO: Final = re.compile(r'"TODO: [^"\n]*"')


class AuthoringError(Exception):
    """A file cannot be made; ``message`` says why and what would help."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def check_id(identity: str) -> str:
    """The id itself.

    Raises:
        AuthoringError: it is none.
    """
    if len(identity) > MAX_NAME or not re.fullmatch(ID_PATTERN, identity):
        raise AuthoringError(
            f"{identity!r} is no id: write lower-case words and digits joined by `.` and `-`, such as "
            "autograd.detach.one-factor"
        )
    return identity


def deck_folder(folder: Path) -> Path | None:
    """The nearest folder at or above ``folder`` that holds a deck."""
    here = folder.resolve()
    return next((at for at in (here, *here.parents) if (at / DECK_FILE).is_file()), None)


def skeleton(kind: str, identity: str, path: Path) -> str:
    """The text of a new exercise that is going to be written to ``path``.

    Raises:
        AuthoringError: the id is none.
        ExerciseErrors: the deck that it would belong to has errors.
    """
    text = (data_dir() / "templates" / f"{kind}.yaml").read_text(encoding="utf-8")
    folder = deck_folder(path.parent)
    languages = load_deck(folder).languages if folder else ()
    if len(languages) > 1:
        text = _TODO.sub(lambda match: _in_all(languages, match[0]), text)
    for name, value in (
        ("@SCHEMA@", schema_reference(path)),
        ("@FILE@", str(path)),
        ("@ID@", check_id(identity)),
        ("@SKILL@", skill_for(identity, path)),
    ):
        text = text.replace(name, value)
    return text


def _in_all(languages: Iterable[str], text: str) -> str:
    """A text still to be written, once for every language of the deck."""
    return "{" + ", ".join(f"{language}: {text}" for language in languages) + "}"


def skill_for(identity: str, path: Path, words: Iterable[str] = ()) -> str:
    """The skill of the deck that the id, or else the words, come closest to.

    Outside a deck, where any skill will do: the id without its last part.

    Raises:
        ExerciseErrors: the deck has errors.
    """
    folder = deck_folder(path.parent)
    if folder is None:
        return identity.rpartition(".")[0] or identity
    skills = list(load_deck(folder).skills)
    own = set(_words(identity))
    known = {word.lower() for word in words}

    def closeness(skill: str) -> tuple[bool, int, int]:
        parts = _words(skill)
        within = identity == skill or identity.startswith(f"{skill}.")
        return within, len(own.intersection(parts)), len(known.intersection(parts))

    return max(skills, key=closeness)  # the first of those that come equally close


def _words(identity: str) -> list[str]:
    return re.split(r"[.-]", identity)


def schema_reference(path: Path) -> str:
    """What stands behind ``$schema=``: the way from a file to the schema.

    A relative path to the shipped schema in a checkout, to the copy beside the deck's own file
    elsewhere, and without a deck the shipped schema's full path.
    """
    shipped_schema = data_dir() / SCHEMA_FILE
    folder = path.parent.resolve()
    if folder.is_relative_to(shipped()):
        return os.path.relpath(shipped_schema, folder)
    deck = deck_folder(folder)
    return os.path.relpath(deck / SCHEMA_FILE, folder) if deck else str(shipped_schema)


def copy_schema(path: Path) -> Path | None:
    """Put the schema beside the deck of a file outside the checkout; the copy if it is a new one."""
    deck = deck_folder(path.parent)
    if deck is None or deck.is_relative_to(shipped()):
        return None
    copy = deck / SCHEMA_FILE
    text = (data_dir() / SCHEMA_FILE).read_text(encoding="utf-8")
    if copy.is_file() and copy.read_text(encoding="utf-8") == text:
        return None
    copy.write_text(text, encoding="utf-8")
    return copy


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet, its folders too.

    Raises:
        AuthoringError: it is there, or it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise AuthoringError(f"{path} is there already: it stays as it is") from error
    except OSError as error:
        raise AuthoringError(f"{path} cannot be written: {error.strerror}") from error
