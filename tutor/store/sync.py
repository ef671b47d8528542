"""Sharing the log over a folder: git, Syncthing, a USB stick, a network drive, whatever copies files.

Each device appends to a file of its own, named by its device id, and reads everybody's.  No two devices
write the same file, so there is nothing to be in conflict; what is in the files is a union of entries, so
it does not matter when, in which order or how often they arrive.  A device writes what no file in the
folder holds, also entries that it got elsewhere, so a folder can pass on what came over another one.

A line that was cut off, by a full disk, a pulled stick or a copy under way, fails its checksum and is
passed over; whoever has the entry sees that it is missing and writes it again.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tutor.i18n import _, ngettext
from tutor.store.entries import (
    NewerFormat,
    NotAnEntry,
    check_head,
    head,
    identity,
    identity_of,
    line,
    parse,
)
from tutor.store.errors import FolderError
from tutor.store.files import write_whole
from tutor.store.merge import Merged

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from pathlib import Path

    from tutor.store.entries import Entry, Identity
    from tutor.store.records import Derivation
    from tutor.store.store import Store

SUFFIX: Final = ".jsonl"
#: A longer line is not ours; it is not read into memory as one piece.
_LONGEST_LINE: Final = 16 * 2**20
#: So many entries are rather looked up than found by reading the whole log.
_FEW: Final = 1_000
#: A review that is dated later than this from now comes from a clock that is wrong.
AHEAD_MS: Final = 86_400_000


@dataclass(slots=True)
class Synced:
    """What a sync did.

    ``sent`` entries were written; ``files`` are the others' that were read; ``notes`` say, in words,
    what was passed over or is odd, and ``refused`` which files were left out altogether.
    """

    merged: Merged = field(default_factory=Merged)
    sent: int = 0
    files: int = 0
    notes: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def sync(store: Store, folder: Path, now_ms: int, derivation: Derivation) -> Synced:
    """Take in what others have put into ``folder``, and put there what it lacks.

    Raises FolderError where the folder cannot be read or written; what was taken in by then stays.
    """
    done = Synced()
    known = dict.fromkeys(identity_of(entry) for entry in store.entries())
    held: set[Identity] = set()
    news: list[Entry] = []
    mine = folder / f"{store.device_id}{SUFFIX}"
    strange = False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            if path.name.startswith("."):
                continue
            done.files += path != mine
            for entry, who in _read(path, done, known, held):
                held.add(who)
                news.append(entry)
                strange = strange or (path == mine and entry.row[1] == store.device_id)
    except OSError as error:
        raise _folder_fault(folder, error) from error
    done.merged = store.take_in(news, derivation)
    if strange:
        # Somebody else writes under this name: this home, or that one, is a copy of the other.
        store.renew_device()
        mine = folder / f"{store.device_id}{SUFFIX}"
        done.notes.append(
            _("This folder knew reviews of this very device that were not here: a home was copied, or "
              "put back from a backup. This one goes by a new name from now on.")
        )  # fmt: skip
    try:
        if not any(mine.name in each for each in done.refused):
            if done.merged.doubles:  # which are entries of our own making
                known = dict.fromkeys(identity_of(entry) for entry in store.entries())
            done.sent = _write(store, mine, known, held)
    except OSError as error:
        raise _folder_fault(folder, error) from error
    ahead = sum(e.kind == "review" and e.row[2] > now_ms + AHEAD_MS for e in news)
    if ahead:
        done.notes.append(
            ngettext(
                "{n} review is dated in the future: look at the clocks of your devices.",
                "{n} reviews are dated in the future: look at the clocks of your devices.",
                ahead,
            ).format(n=ahead)
        )
    return done


def _read(
    path: Path, done: Synced, known: Container[Identity], held: set[Identity]
) -> Iterator[tuple[Entry, Identity]]:
    """The entries of a file that are not in the log; the others are only noted as ``held``."""
    damaged = 0
    with path.open("rb") as file:
        first = file.readline(_LONGEST_LINE)
        try:
            check_head(_bare(first.removeprefix(b"\xef\xbb\xbf")))
        except NewerFormat as newer:
            done.refused.append(
                _(
                    "{file} was written by a newer version of autograd-tutor (format {version}): "
                    "upgrade this one."
                ).format(file=path.name, version=newer.version)
            )
            return
        except NotAnEntry:
            done.notes.append(
                _("{file} was left out: it is not complete yet, or not a log.").format(
                    file=path.name
                )
            )
            return
        while text := file.readline(_LONGEST_LINE):
            text = _bare(text)
            who = identity(text)
            if who is not None and who in known:
                held.add(who)
                continue
            if not text:
                continue
            try:
                entry = parse(text)
            except NotAnEntry:
                damaged += 1
                continue
            who = identity_of(entry)
            if who in known:
                held.add(who)
            else:
                yield entry, who
    if damaged:
        done.notes.append(
            ngettext(
                "{file}: {n} line is cut off or damaged and was passed over.",
                "{file}: {n} lines are cut off or damaged and were passed over.",
                damaged,
            ).format(file=path.name, n=damaged)
        )


def _bare(text: bytes) -> bytes:
    return text.rstrip(
        b"\r\n \t\0"
    )  # a file that a power cut left longer than its content ends in NULs


def _write(store: Store, mine: Path, known: Iterable[Identity], held: set[Identity]) -> int:
    """Append to our file what no file in the folder holds; give how many entries."""
    lines = [
        line(entry) for entry in _entries(store, [who for who in known if who not in held], held)
    ]
    if not lines:
        return 0
    if not _has_head(mine):
        # It is new, or has lost its head, and with it all that it held.
        write_whole(mine, [head(), *lines])
        return len(lines)
    with mine.open("ab") as file:
        if not _ends_a_line(mine):
            file.write(b"\n")  # after a line that was cut off
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())
    return len(lines)


def _entries(store: Store, missing: list[Identity], held: Container[Identity]) -> Iterator[Entry]:
    """The entries of the log that are ``missing``, and still not held."""
    if len(missing) > _FEW:
        yield from (entry for entry in store.entries() if identity_of(entry) not in held)
        return
    for kind, uuid, _crc in missing:
        entry = store.entry("review" if kind == b"review" else "event", uuid.decode())
        if entry is not None and identity_of(entry) not in held:
            yield entry


def _has_head(path: Path) -> bool:
    if not path.exists():
        return False
    with path.open("rb") as file:
        try:
            check_head(_bare(file.readline(_LONGEST_LINE)))
        except NotAnEntry:
            return False
    return True


def _ends_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _folder_fault(folder: Path, error: OSError) -> FolderError:
    return FolderError(
        _("The folder {folder} cannot be used: {why}. Nothing that was recorded is lost.").format(
            folder=folder, why=(error.strerror or type(error).__name__).lower()
        )
    )
