"""Entries of the log as lines of text: for export, import and sync.

A file of the log is JSON Lines in ASCII: a head that names the format, then one review or event a line, each
with a checksum of the rest of its line.  So a line that was cut off, or changed by hand, is told from a
whole one, and the others of its file are still good.
"""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii
from math import isfinite
from typing import TYPE_CHECKING, Any, Final, Literal

from tutor.i18n import N_, _
from tutor.store.records import MAX_SEED
from tutor.store.rows import EVENT_COLUMNS, REVIEW_COLUMNS, canonical

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

FORMAT: Final = "autograd-tutor-log"
VERSION: Final = 1

Kind = Literal["review", "event"]
#: Kind, uuid and checksum: all that is needed to tell whether two logs hold the same entry.
Identity = tuple[bytes, bytes, bytes]
COLUMNS: Final[dict[Kind, tuple[str, ...]]] = {
    "review": tuple(REVIEW_COLUMNS.split(", ")),
    "event": tuple(EVENT_COLUMNS.split(", ")),
}
#: Columns that hold JSON already.
_JSON: Final = {"params", "attempts", "body"}
#: What a line of ours looks like; one that another program has written over is parsed the long way.
_LINE: Final = re.compile(rb'\{"crc":"([0-9a-f]{8})",("(review|event)":\{"uuid":"([^"\\]*)".*\})')


@dataclass(frozen=True, slots=True)
class Entry:
    """One review or event: its row, in the order of REVIEW_COLUMNS or EVENT_COLUMNS."""

    kind: Kind
    row: tuple[Any, ...]

    @property
    def uuid(self) -> str:
        return str(self.row[0])


class NotAnEntry(ValueError):
    """The line holds no entry; ``str()`` says what is wrong with it, in words."""


class NewerFormat(ValueError):
    """The file was written by a newer version; ``version`` is that of its format."""

    def __init__(self, version: object) -> None:
        super().__init__(str(version))
        self.version = version


def read_one(db: sqlite3.Connection, kind: Kind, uuid: str) -> Entry | None:
    """One entry of the log, ``None`` if there is none."""
    query = f"SELECT {', '.join(COLUMNS[kind])} FROM {kind} WHERE uuid = ?"  # noqa: S608
    row = db.execute(query, [uuid]).fetchone()
    return None if row is None else Entry(kind, row)


def read_all(db: sqlite3.Connection) -> Iterator[Entry]:
    """The whole log as it is: undone reviews and all events too, each kind in the order of arrival."""
    kinds: tuple[Kind, ...] = ("review", "event")
    for kind in kinds:
        last = -1
        query = (
            f"SELECT id, {', '.join(COLUMNS[kind])} FROM {kind} "  # noqa: S608
            "WHERE id > ? ORDER BY id LIMIT 1000"
        )
        while page := db.execute(query, [last]).fetchall():
            yield from (Entry(kind, row[1:]) for row in page)
            last = page[-1][0]


# Writing


def head() -> bytes:
    """The first line of a file."""
    return f'{{"format":"{FORMAT}","version":{VERSION}}}\n'.encode()


def line(entry: Entry) -> bytes:
    """The entry's line."""
    rest = _rest(entry)
    return b'{"crc":"%08x",%s\n' % (zlib.crc32(rest), rest)


def identity_of(entry: Entry) -> Identity:
    """What :func:`identity` gives for the entry's line."""
    crc = b"%08x" % zlib.crc32(_rest(entry))
    return entry.kind.encode(), entry.uuid.encode(), crc


def _rest(entry: Entry) -> bytes:
    fields = ",".join(
        f'"{name}":{value if name in _JSON else _encoded(value)}'
        for name, value in zip(COLUMNS[entry.kind], entry.row, strict=True)
    )
    return f'"{entry.kind}":{{{fields}}}}}'.encode()


def _encoded(value: str | int | float) -> str:
    # As json.dumps() does, which takes three times as long to find out what it was given.
    return encode_basestring_ascii(value) if isinstance(value, str) else repr(value)


# Reading


def identity(text: bytes) -> Identity | None:
    """Kind, uuid and checksum of a line that is just as :func:`line` wrote it; otherwise ``None``."""
    found = _LINE.fullmatch(text)
    if found is None or int(found[1], 16) != zlib.crc32(found[2]):
        return None
    return found[3], found[4], found[1]


def check_head(text: bytes) -> None:
    """Raises NotAnEntry if this is not the first line of a file of ours, NewerFormat if it is newer."""
    data = _parse(text)
    if data.get("format") != FORMAT:
        raise NotAnEntry(_("it is not a log of autograd-tutor: its first line does not say so"))
    version = data.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise NewerFormat(version)


def parse(text: bytes) -> Entry:
    """The entry in a line.  Raises NotAnEntry if it is damaged or is none."""
    data = _parse(text)
    crc = data.pop("crc", None)
    entry = _entry(data)
    # Another program may have put spaces into the line, or have sorted its fields; no matter.
    if crc is not None and identity(text) is None and identity_of(entry)[2].decode() != crc:
        raise NotAnEntry(_("its checksum does not fit: the line is damaged, or was changed"))
    return entry


def _parse(text: bytes) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise NotAnEntry(_("it is cut off, or is not JSON")) from None
    if not isinstance(data, dict):
        raise NotAnEntry(_("it is not a JSON object"))
    return data


def _entry(data: dict[str, Any]) -> Entry:
    if len(data) != 1 or next(iter(data)) not in COLUMNS:
        raise NotAnEntry(_("it holds neither a review nor an event"))
    ((name, fields),) = data.items()
    kind: Kind = "review" if name == "review" else "event"
    if not isinstance(fields, dict):
        raise NotAnEntry(_("{name} is not an object").format(name=name))
    columns = COLUMNS[kind]
    for missing in columns:
        if missing not in fields:
            raise NotAnEntry(_("it has no {name}").format(name=missing))
    for unknown in fields:
        if unknown not in columns:
            raise NotAnEntry(_("{name} is unknown to this version").format(name=unknown))
    return Entry(kind, tuple(_checked(each, fields[each]) for each in columns))


def _checked(name: str, value: Any) -> Any:
    """The value as it stands in a row."""
    check, wanted = _CHECKS[name]
    if not check(value):
        raise NotAnEntry(
            _("{name} is {value}, and should be {wanted}").format(
                name=name, value=json.dumps(value)[:40], wanted=_(wanted)
            )
        )
    if name in _JSON:
        return canonical(value)
    return float(value) if name in ("seconds", "score") else value


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable() and len(value) <= 200


def _is_name(value: Any) -> bool:
    if not isinstance(value, str) or len(value) > 1_000 or "\0" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False  # half of a surrogate pair cannot be stored
    return True


def _is_id(value: Any) -> bool:
    # Ids are cut out of lines by their quotes, and stand in names of files.
    return _is_text(value) and bool(value) and not set(value) & set('"\\/')


def _is_int(value: Any, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high


def _is_number(value: Any, high: float) -> bool:
    return type(value) in (int, float) and 0 <= value <= high and isfinite(value)


def _is_attempts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_attempt, value))


def _is_attempt(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"answers", "verdict", "near", "at", "seconds"}
        and isinstance(value["answers"], dict)
        and all(isinstance(each, str) for each in value["answers"].values())
        and isinstance(value["verdict"], str)
        and isinstance(value["near"], list)
        and all(isinstance(each, str) for each in value["near"])
        and _is_int(value["at"], *_MOMENTS)
        and _is_number(value["seconds"], _MOST_SECONDS)
    )


#: UTC ms: what a calendar of four-digit years can show.
_MOMENTS: Final = (-62_135_596_800_000, 253_402_300_799_999)
_MOST_SECONDS: Final = 1e10

_CHECKS: Final[dict[str, tuple[Callable[[Any], bool], str]]] = {
    "uuid": (_is_id, N_("an id")),
    "device": (_is_id, N_("an id")),
    "at": (lambda v: _is_int(v, *_MOMENTS), N_("milliseconds since 1970")),
    "utc_offset": (lambda v: _is_int(v, -1_440, 1_440), N_("minutes, -1440 … 1440")),
    "exercise_id": (_is_name, N_("a text")),
    "revision": (lambda v: _is_int(v, 0, MAX_SEED), N_("a whole number from 0 on")),
    "content_hash": (_is_name, N_("a text")),
    "seed": (lambda v: _is_int(v, 0, MAX_SEED), "0 … 2**63 - 1"),
    "params": (lambda v: isinstance(v, dict), N_("an object")),
    "language": (_is_name, N_("a text")),
    "attempts": (_is_attempts, N_("a list of attempts")),
    "hints_used": (lambda v: _is_int(v, 0, MAX_SEED), N_("a whole number from 0 on")),
    "gave_up": (lambda v: _is_int(v, 0, 1), N_("0 or 1")),
    "seconds": (lambda v: _is_number(v, _MOST_SECONDS), N_("a number of seconds")),
    "rating": (lambda v: _is_int(v, 1, 4), "1 … 4"),
    "score": (lambda v: _is_number(v, 1e6), N_("a number from 0 on")),
    "torch_version": (_is_name, N_("a text")),
    "app_version": (_is_name, N_("a text")),
    "kind": (_is_text, N_("a word")),
    "subject": (_is_name, N_("a text")),
    "body": (lambda v: isinstance(v, dict), N_("an object")),
}
