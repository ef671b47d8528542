"""Reviews that were made in Anki on cards that `tutor export` made: the only ones that can be taken in.

Such a card says which draw of which exercise it is.  What was answered is not known; the rating is the one
that its learner gave.
"""

from __future__ import annotations

import sqlite3
import uuid as uuids
import zipfile
from contextlib import closing
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from tutor.anki.cards import key_of
from tutor.anki.package import guid_of
from tutor.i18n import LANGUAGES
from tutor.schedule.days import utc_offset
from tutor.store import Rating, Review
from tutor.store.entries import Entry
from tutor.store.rows import review_row

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tutor.exercise.load import LoadedExercise

#: Names Anki in the log, where otherwise a device stands.
DEVICE: Final = "anki"
#: `tutor export --draws` goes no further.
MOST_DRAWS: Final = 100
_REVIEWS: Final = uuids.UUID("0f2bb2b4-9c0e-4f0a-8a52-6f2d3c1d8a11")
_LONGEST_S: Final = 3_600.0
# Types: 0 learning, 1 review, 2 relearning.  3 is cramming, and what follows is no answer.
_QUERY: Final = (
    "SELECT revlog.id, revlog.ease, revlog.time, notes.guid FROM revlog "
    "JOIN cards ON cards.id = revlog.cid JOIN notes ON notes.id = cards.nid "
    "WHERE revlog.type IN (0, 1, 2) AND revlog.ease BETWEEN 1 AND 4 ORDER BY revlog.id"
)


class NotOurCards(Exception):
    """The package has no review that can be taken in; ``message`` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def reviews_in(path: Path, exercises: Iterable[LoadedExercise], zone: str) -> list[Entry]:
    """The package's reviews of cards of ours; the same again on every call.

    Raises NotOurCards, also for a file that is no package.
    """
    rows = _rows(path)
    if not rows:
        raise NotOurCards(
            'it holds no reviews: when you export from Anki, tick "Include scheduling information"'
        )
    cards = {
        guid_of(key_of(loaded.id, seed, language)): (loaded, seed, language)
        for loaded in exercises
        for seed in range(MOST_DRAWS)
        for language in LANGUAGES
    }
    found = [
        Entry("review", review_row(_review(at, ease, ms, guid, *cards[guid], zone)))
        for at, ease, ms, guid in rows
        if guid in cards
    ]
    if not found:
        raise NotOurCards(
            "its reviews are of other cards. A review can be taken in only where the card is a draw of "
            "an exercise that you have, made by `tutor export`; what you know of other cards says "
            "nothing of these. Known material is soon opened by the placement test instead"
        )
    return found


def _rows(path: Path) -> list[tuple[int, int, int, str]]:
    try:
        with TemporaryDirectory() as folder, zipfile.ZipFile(path) as package:
            names = set(package.namelist())
            if "collection.anki21b" in names:
                raise NotOurCards(
                    "it is compressed in Anki's newer way: when you export from Anki, tick \"Support "
                    'older Anki versions"'
                )
            name = next((n for n in ("collection.anki21", "collection.anki2") if n in names), None)
            if name is None:
                raise NotOurCards("it is no package of Anki")
            with closing(sqlite3.connect(package.extract(name, folder))) as db:
                return db.execute(_QUERY).fetchall()
    except (OSError, zipfile.BadZipFile, sqlite3.Error) as error:
        raise NotOurCards(f"it cannot be read ({error})") from error


def _review(
    at: int,
    ease: int,
    ms: int,
    guid: str,
    loaded: LoadedExercise,
    seed: int,
    language: str,
    zone: str,
) -> Review:
    return Review(
        uuid=str(uuids.uuid5(_REVIEWS, f"{guid}:{at}")),
        device=DEVICE,
        at=at,
        utc_offset=utc_offset(at, zone),
        exercise_id=loaded.id,
        revision=loaded.glance().revision,
        content_hash=loaded.content_hash,
        seed=seed,
        params={},
        language=language,
        attempts=(),
        hints_used=0,
        gave_up=ease == Rating.AGAIN,
        seconds=min(max(ms / 1000, 0.0), _LONGEST_S),
        rating=Rating(ease),
        score=float(ease > Rating.AGAIN),
        torch_version="",
        app_version=DEVICE,
    )
