"""What is in a database or a file of the log, for a preview before it is taken in or put back."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.i18n import _
from tutor.store import errors, opening
from tutor.store.entries import (
    Entry,
    NewerFormat,
    NotAnEntry,
    check_head,
    line,
    parse,
    read_all,
)
from tutor.store.log import UNDO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class Device:
    """One device's part: how many reviews, from when to when (UTC ms)."""

    reviews: int
    first_at: int
    last_at: int


@dataclass(frozen=True, slots=True)
class Contents:
    """Reviews without the undone ones, by device; ``events`` are marks and undos."""

    devices: Mapping[str, Device]
    events: int

    @property
    def reviews(self) -> int:
        return sum(each.reviews for each in self.devices.values())


def contents(entries: Iterable[Entry]) -> Contents:
    """A summary of entries, of which none may come twice."""
    entries = list(entries)
    undone = {each.row[4] for each in entries if each.kind == "event" and each.row[3] == UNDO}
    reviews = [each for each in entries if each.kind == "review" and each.uuid not in undone]
    counts = Counter(each.row[1] for each in reviews)
    moments: dict[str, list[int]] = {}
    for each in reviews:
        moments.setdefault(each.row[1], []).append(each.row[2])
    devices = {
        device: Device(n, min(moments[device]), max(moments[device]))
        for device, n in counts.most_common()
    }
    return Contents(devices, sum(each.kind == "event" for each in entries))


def without(entries: Iterable[Entry], others: Iterable[Entry]) -> list[Entry]:
    """Those of ``entries`` that are not among ``others``."""
    there = {(each.kind, each.uuid) for each in others}
    return [each for each in entries if (each.kind, each.uuid) not in there]


def read_backup(path: Path) -> list[Entry]:
    """The log in a database file, which is looked through first.

    Raises StoreError: there is no such file, it is damaged, of another program, or of a newer version.
    """
    if not path.is_file():
        raise errors.FolderError(_("There is no file {path}.").format(path=path))
    if path.stat().st_size == 0:
        raise errors.corrupt_copy(path, _("it is empty"))
    try:
        with (
            errors.translated(path),
            closing(opening.connect_read_only(path, TIMEOUT_S)) as db,
        ):
            opening.check_schema(db, path)
            findings = [finding for (finding,) in db.execute("PRAGMA integrity_check")]
            if findings != ["ok"]:
                raise errors.corrupt_copy(path, findings[0])
            # Written anew and read back: what a file may hold is checked in one place.
            return [parse(line(each)) for each in read_all(db)]
    except errors.CorruptError as error:
        raise errors.corrupt_copy(path, str(error.__cause__ or error)) from error
    except NotAnEntry as error:
        raise errors.corrupt_copy(path, str(error)) from error


def read_log(path: Path) -> list[Entry]:
    """The entries in a file of lines, all of them good ones.

    Raises FileError, which names the first lines that are not; nothing of the file counts then.
    """
    entries: dict[tuple[str, str], Entry] = {}
    bad: list[str] = []
    try:
        with path.open("rb") as file:
            _check_head(file.readline(), path)
            for number, text in _numbered(file):
                try:
                    entry = parse(text)
                except NotAnEntry as error:
                    bad.append(_("line {n}: {why}").format(n=number, why=error))
                else:
                    entries.setdefault((entry.kind, entry.uuid), entry)
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        raise errors.FileError(
            _("{path} cannot be read: {why}.").format(path=path, why=why)
        ) from error
    if bad:
        raise errors.malformed(path, bad)
    return list(entries.values())


def _numbered(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    for number, text in enumerate(lines, start=2):
        if text.strip():
            yield number, text.strip()


def _check_head(first: bytes, path: Path) -> None:
    try:
        check_head(first.removeprefix(b"\xef\xbb\xbf").strip())
    except NewerFormat as newer:
        raise errors.FileError(
            _("{path} was written by a newer version of autograd-tutor: upgrade this one.").format(
                path=path
            )
        ) from newer
    except NotAnEntry as error:
        raise errors.malformed(path, [_("line {n}: {why}").format(n=1, why=error)]) from error
