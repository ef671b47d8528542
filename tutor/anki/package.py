"""Writing an Anki package (``.apkg``): cards with a front and a back, in decks.

The package is a zip of a SQLite collection in Anki's schema 11, which every Anki since 2.0 imports, and an
empty list of media.  Ids of notes are made of their keys, so that importing a newer package brings the same
cards up to date and keeps what Anki knows of them.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Card:
    """One note with one card.  ``key`` names it for ever; ``front`` and ``back`` are HTML.

    ``deck`` is a path with ``::`` between its parts; ``tags`` hold no spaces.
    """

    key: str
    deck: str
    front: str
    back: str
    source: str
    tags: tuple[str, ...] = ()


_FIELDS: Final = ("Front", "Back", "Source")
_MODEL: Final = "Autograd Tutor"
_CSS: Final = (
    ".card { font-family: sans-serif; font-size: 18px; text-align: left; color: black; "
    "background: white; max-width: 44em; margin: auto; }\n"
    "pre, code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 16px; }\n"
    "pre { padding: .6em .8em; border: 1px solid #8886; border-radius: 6px; overflow-x: auto; }\n"
    ".source { color: #888; font-size: 13px; }\n"
)
_FRONT: Final = '{{Front}}<p class="source">{{Source}}</p>'
_BACK: Final = '{{Front}}<hr id="answer">{{Back}}<p class="source">{{Source}}</p>'

_SCHEMA: Final = """
CREATE TABLE col (
    id integer PRIMARY KEY, crt integer NOT NULL, mod integer NOT NULL, scm integer NOT NULL,
    ver integer NOT NULL, dty integer NOT NULL, usn integer NOT NULL, ls integer NOT NULL,
    conf text NOT NULL, models text NOT NULL, decks text NOT NULL, dconf text NOT NULL,
    tags text NOT NULL
);
CREATE TABLE notes (
    id integer PRIMARY KEY, guid text NOT NULL, mid integer NOT NULL, mod integer NOT NULL,
    usn integer NOT NULL, tags text NOT NULL, flds text NOT NULL, sfld integer NOT NULL,
    csum integer NOT NULL, flags integer NOT NULL, data text NOT NULL
);
CREATE TABLE cards (
    id integer PRIMARY KEY, nid integer NOT NULL, did integer NOT NULL, ord integer NOT NULL,
    mod integer NOT NULL, usn integer NOT NULL, type integer NOT NULL, queue integer NOT NULL,
    due integer NOT NULL, ivl integer NOT NULL, factor integer NOT NULL, reps integer NOT NULL,
    lapses integer NOT NULL, left integer NOT NULL, odue integer NOT NULL, odid integer NOT NULL,
    flags integer NOT NULL, data text NOT NULL
);
CREATE TABLE revlog (
    id integer PRIMARY KEY, cid integer NOT NULL, usn integer NOT NULL, ease integer NOT NULL,
    ivl integer NOT NULL, lastIvl integer NOT NULL, factor integer NOT NULL, time integer NOT NULL,
    type integer NOT NULL
);
CREATE TABLE graves (usn integer NOT NULL, oid integer NOT NULL, type integer NOT NULL);
CREATE INDEX ix_notes_usn ON notes (usn);
CREATE INDEX ix_notes_csum ON notes (csum);
CREATE INDEX ix_cards_usn ON cards (usn);
CREATE INDEX ix_cards_nid ON cards (nid);
CREATE INDEX ix_cards_sched ON cards (did, queue, due);
CREATE INDEX ix_revlog_usn ON revlog (usn);
CREATE INDEX ix_revlog_cid ON revlog (cid);
"""


def escaped(text: str) -> str:
    """Text as HTML in which Anki sees no markup of its own (``[sound:…]``, ``[latex]``, MathJax)."""
    return html.escape(text).replace("[", "&#91;").replace("\\", "&#92;<wbr>")


def prose(text: str) -> str:
    """A text of an exercise as HTML: what stands between backticks is code."""
    parts = re.split(r"`([^`\n]+)`", text.strip())
    shown = [f"<code>{escaped(p)}</code>" if i % 2 else escaped(p) for i, p in enumerate(parts)]
    return "<p>" + "".join(shown).replace("\n\n", "</p><p>").replace("\n", "<br>") + "</p>"


def code(text: str) -> str:
    """A program as HTML."""
    return f"<pre><code>{html.escape(text.rstrip()).replace('[', '&#91;')}</code></pre>"


def write_package(path: Path, cards: Sequence[Card], now_ms: int) -> None:
    """Write the cards to ``path``, which is replaced.  Raises OSError."""
    with TemporaryDirectory() as folder:
        collection = Path(folder) / "collection.anki2"
        with closing(sqlite3.connect(collection)) as db:
            db.executescript(_SCHEMA)
            _fill(db, cards, now_ms)
            db.commit()
        beside = path.with_name(f".{path.name}.tmp")
        try:
            with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as package:
                package.write(collection, "collection.anki2")
                package.writestr("media", "{}")
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)


def _fill(db: sqlite3.Connection, cards: Sequence[Card], now_ms: int) -> None:
    seconds = now_ms // 1000
    decks = {name: _id("deck", name) for name in sorted({card.deck for card in cards})}
    model = _id("model", _MODEL)
    db.execute(
        "INSERT INTO col VALUES (1, ?, ?, ?, 11, 0, 0, 0, ?, ?, ?, ?, '{}')",
        [
            seconds,
            now_ms,
            now_ms,
            json.dumps({"nextPos": len(cards) + 1, "curModel": str(model)}),
            json.dumps({str(model): _model(model, seconds)}),
            json.dumps(
                {"1": _deck(1, "Default", seconds)}
                | {str(id_): _deck(id_, name, seconds) for name, id_ in decks.items()}
            ),
            json.dumps({"1": _options(seconds)}),
        ],
    )
    for position, card in enumerate(cards, start=1):
        id_ = now_ms + position
        fields = (card.front, card.back, card.source)
        plain = re.sub(r"<[^>]*>", "", card.front)
        tags = f" {' '.join(card.tags)} " if card.tags else ""
        db.execute(
            "INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, ?, 0, '')",
            [
                id_,
                guid_of(card.key),
                model,
                seconds,
                tags,
                "\x1f".join(fields),
                plain,
                _checksum(plain),
            ],
        )
        db.execute(
            "INSERT INTO cards VALUES (?, ?, ?, 0, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')",
            [id_, id_, decks[card.deck], seconds, position],
        )


def _id(kind: str, name: str) -> int:
    """An id in the range of Anki's (milliseconds), always the same for one name."""
    digest = hashlib.sha256(f"{kind}:{name}".encode()).digest()
    return 1_500_000_000_000 + int.from_bytes(digest[:5], "big") % 100_000_000_000


def guid_of(key: str) -> str:
    """What identifies a card of that key in Anki, also after it was imported there."""
    return hashlib.sha256(key.encode()).hexdigest()[:20]


def _checksum(plain: str) -> int:
    return int(hashlib.sha1(plain.encode(), usedforsecurity=False).hexdigest()[:8], 16)


def _deck(id_: int, name: str, seconds: int) -> dict[str, Any]:
    today = {each: [0, 0] for each in ("newToday", "revToday", "lrnToday", "timeToday")}
    return today | {
        "id": id_, "name": name, "mod": seconds, "usn": -1, "desc": "", "dyn": 0, "conf": 1,
        "collapsed": False, "browserCollapsed": False, "extendNew": 0, "extendRev": 0,
    }  # fmt: skip


def _options(seconds: int) -> dict[str, Any]:
    return {
        "id": 1, "name": "Default", "mod": seconds, "usn": -1, "maxTaken": 60, "autoplay": True,
        "timer": 0, "replayq": True, "dyn": False,
        "new": {"bury": True, "delays": [1, 10], "initialFactor": 2500, "ints": [1, 4, 7],
                "order": 1, "perDay": 20, "separate": True},
        "rev": {"bury": True, "ease4": 1.3, "fuzz": 0.05, "ivlFct": 1, "maxIvl": 36500,
                "minSpace": 1, "perDay": 200},
        "lapse": {"delays": [10], "leechAction": 1, "leechFails": 8, "minInt": 1, "mult": 0},
    }  # fmt: skip


def _model(id_: int, seconds: int) -> dict[str, Any]:
    fields = [
        {"name": name, "ord": ord_, "font": "Arial", "size": 20, "media": [], "rtl": False,
         "sticky": False}
        for ord_, name in enumerate(_FIELDS)
    ]  # fmt: skip
    template = {
        "name": "Card 1", "ord": 0, "qfmt": _FRONT, "afmt": _BACK, "bqfmt": "", "bafmt": "",
        "did": None,
    }  # fmt: skip
    return {
        "id": id_, "name": _MODEL, "type": 0, "mod": seconds, "usn": -1, "sortf": 0, "did": 1,
        "tmpls": [template], "flds": fields, "css": _CSS, "latexPre": "", "latexPost": "",
        "tags": [], "vers": [], "req": [[0, "any", [0]]],
    }  # fmt: skip
