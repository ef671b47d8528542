"""Which decks the learner has added: a list of folders in the home; the files stay where they are."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from tutor.exercise.deck import Deck
    from tutor.exercise.load import Library

FILE_NAME: Final = "decks.json"
_ARCHIVES: Final = (".zip", ".tar", ".gz", ".tgz", ".xz", ".7z")
# As a path an address has one slash left.
_URL: Final = re.compile(r"\w{2,}:/|git@")


class RegistryError(Exception):
    """A deck cannot be added or removed; ``message`` says why and what would help."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def folders(home: Path) -> list[Path]:
    """The folders of the decks added, in the order of adding; also those that are gone by now.

    Raises:
        RegistryError: the list is there and cannot be read.
    """
    from pathlib import Path as Folder

    path = home / FILE_NAME
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return []  # a home that is no folder is the store's to complain of
    except (OSError, ValueError) as error:
        raise RegistryError(
            f"the list of your decks, {path}, cannot be read ({error}): mend or delete it, then add "
            "your decks again with `tutor deck add DIR`"
        ) from error
    if not isinstance(data, dict) or not isinstance(data.get("folders"), list):
        raise RegistryError(f'{path} has to be {{"folders": ["/path/of/a/deck", …]}}')
    return [Folder(str(folder)) for folder in data["folders"]]


def known_library(home: Path, tell: Callable[[int], None] | None = None) -> Library:
    """Every exercise that is shipped, and those of the decks added in ``home``.

    ``tell`` is as in :func:`tutor.exercise.load.load_library`.

    Raises:
        RegistryError: the list of decks cannot be read.
    """
    from tutor.exercise.load import load_library
    from tutor.locations import cache_dir, exercises_dir

    added = [folder for folder in folders(home) if folder.is_dir()]
    return load_library([exercises_dir(), *added], cache_dir() / "exercises.json", tell)


def add(home: Path, folder: Path, taken: Iterable[Deck]) -> Deck:
    """Add the deck in ``folder``; ``taken`` are the decks there are already.

    Raises:
        RegistryError: there is no deck, its id is taken, or the home cannot be written.
        ExerciseErrors: its ``deck.yaml`` has errors.
    """
    from tutor.exercise.deck import DECK_FILE, load_deck  # brings the models: not for folders()

    if _URL.match(str(folder)):
        raise RegistryError(f"{folder} is not on this machine: `git clone` it, then add the folder")
    folder = folder.expanduser().resolve()
    if folder.is_file() and folder.name.endswith(_ARCHIVES):
        raise RegistryError(f"{folder} is an archive: unpack it, then add the folder")
    if folder.name == DECK_FILE:
        folder = folder.parent
    if not (folder / DECK_FILE).is_file():
        raise RegistryError(
            f"{folder} is no deck: it has no {DECK_FILE}. Name the folder that holds it"
        )
    deck = load_deck(folder)
    for other in taken:
        if other.folder.resolve() == folder:
            raise RegistryError(f"the deck {deck.id} in {folder} is there already")
        if other.id == deck.id:
            raise RegistryError(
                f"there is a deck {deck.id} already, in {other.folder}: `tutor deck remove {deck.id}` "
                "first, or give one of them another id"
            )
    _write(home, [*folders(home), folder])
    return deck


def remove(home: Path, name: str) -> Path:
    """Take the deck with this id, or in this folder, off the list; its files and your progress stay.

    Raises:
        RegistryError: no such deck was added.
    """
    from pathlib import Path as Folder

    known = folders(home)
    for folder in known:
        if name == _id_of(folder) or Folder(name).expanduser().resolve() == folder:
            _write(home, [other for other in known if other != folder])
            return folder
    added = ", ".join(filter(None, map(_id_of, known))) or "none"
    raise RegistryError(
        f"you have added no deck {name} (added: {added}); shipped decks always stay"
    )


def _id_of(folder: Path) -> str | None:
    from tutor.exercise.deck import load_deck  # see add()
    from tutor.exercise.problems import ExerciseErrors

    try:
        return load_deck(folder).id
    except (ExerciseErrors, OSError):
        return None


def _write(home: Path, known: list[Path]) -> None:
    path = home / FILE_NAME
    part = path.with_suffix(".part")
    try:
        home.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"folders": [str(folder) for folder in known]}, indent=1)
        part.write_text(text + "\n", encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise RegistryError(f"{path} cannot be written: {error.strerror}") from error
