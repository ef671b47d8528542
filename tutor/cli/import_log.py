"""The part of `tutor import` that takes in a log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tutor.cli.common import count, library, now_ms, print_json, user_settings
from tutor.cli.problems import Problem
from tutor.cli.progress import confirm, derivation, describe, to_json

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.store.contents import Contents
    from tutor.store.entries import Entry

_CSV = (
    "{file} is a table for spreadsheets: what it leaves out (every attempt, marks, undos) cannot be put "
    "back. Export and import a log as .jsonl; a review log of another program has reviews of other cards"
)


def import_log(file: Path, home: Path, *, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Add what is new in ``file`` to the log in ``home``, after saying how much that is."""
    from tutor.store import open_store
    from tutor.store.backup import make
    from tutor.store.contents import contents, without

    found = _read(file, home)
    with open_store(home, read_only=True) as store:
        new = without(found, store.entries())
        own = store.device_id
    if not as_json:
        _preview(file, found, new, own)
    changed = False
    if new and not dry_run:
        if not confirm("Add what is new to your progress?", yes=yes):
            click.echo("Nothing was changed.")
            return
        with open_store(home) as store:
            if store.review_count():
                make(home, "before-import", now_ms())
            changed = bool(store.take_in(found, derivation(home, store)))
    if as_json:
        parts = {"in_file": to_json(contents(found)), "new": to_json(contents(new))}
        print_json(parts | {"changed": changed})
    elif changed:
        click.echo("Done.")


def _read(file: Path, home: Path) -> list[Entry]:
    from tutor.store.contents import read_backup, read_log

    match file.suffix.lower():
        case ".jsonl":
            return read_log(file)
        case ".sqlite3" | ".sqlite" | ".db":
            return read_backup(file)
        case ".apkg" | ".colpkg":
            return _from_anki(file, home)
        case ".csv":
            raise Problem(_CSV.format(file=file))
    raise Problem(
        f"{file} is no log and no notebook: its name should end in .jsonl, .sqlite3 or .ipynb"
    )


def _from_anki(file: Path, home: Path) -> list[Entry]:
    from tutor.anki.log import NotOurCards, reviews_in

    exercises = library(home).exercises.values()
    try:
        return reviews_in(file, exercises, user_settings(home).schedule.zone)
    except NotOurCards as error:
        raise Problem(f"nothing was taken from {file}: {error.message}") from error


def _preview(file: Path, found: list[Entry], new: list[Entry], own: str) -> None:
    from tutor.store.contents import contents

    whole, fresh = contents(found), contents(new)
    click.echo(f"in {file.name}: {_words(whole)}")
    for text in describe(whole, own):
        click.echo(text)
    click.echo(f"new to you: {_words(fresh)}")
    for text in describe(fresh, own):
        click.echo(text)


def _words(found: Contents) -> str:
    events = count(found.events, "mark or undo", "marks and undos")
    return f"{count(found.reviews, 'review')}, {events}"
