"""`tutor restore [FILE]`: put a backup in the place of the present progress."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tutor.cli.common import count, home_of, json_option, now_ms, print_json
from tutor.cli.progress import confirm, derivation, describe, moment, to_json

if TYPE_CHECKING:
    from tutor.store.entries import Entry


@dataclass(frozen=True, slots=True)
class Present:
    """What there is now; ``damage`` says what is wrong with the file, ``entries`` what can be read of it."""

    entries: list[Entry]
    device: str = ""
    damage: str = ""


@click.command("restore")
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_context
def command(ctx: click.Context, file: Path | None, yes: bool, as_json: bool) -> None:
    """Put the backup FILE in the place of your progress; without FILE, list the backups.

    Says first what is in it and what you would lose, and keeps the present state as a backup. To add
    what a backup has without losing anything, use `tutor import FILE`.
    """
    home = home_of(ctx)
    if file is None:
        _list(home, as_json)
        return
    from tutor.store.contents import contents, read_backup, without

    file = _found(file, home)
    there, now = read_backup(file), _present(home)
    # What can be read of a damaged file is kept, so nothing of it is lost by going back.
    lost = [] if now.damage else without(now.entries, there)
    won, saved = without(there, now.entries), without(now.entries, there) if now.damage else []
    if not as_json:
        _preview(file, there, now, lost, won, saved)
    if not confirm("Put it in the place of your present progress?", yes=yes):
        click.echo("Nothing was changed.")
        return
    kept = _restore(file, home, saved)
    if as_json:
        parts = {"in_backup": there, "lost": lost, "won": won, "saved": saved}
        data: dict[str, object] = {name: to_json(contents(part)) for name, part in parts.items()}
        print_json(data | {"damage": now.damage or None, "kept": kept and str(kept)})
    elif kept is not None:
        click.echo(f"Done. The state before is kept in {kept}")
    else:
        click.echo("Done.")


def _list(home: Path, as_json: bool) -> None:
    from tutor.store.backup import FOLDER, all_backups

    found = all_backups(home)
    if as_json:
        made = [(b, round(b.at.timestamp() * 1000)) for b in found]
        print_json({"backups": [{"path": str(b.path), "at": at, "why": b.why} for b, at in made]})
        return
    if not found:
        click.echo(f"There are no backups in {home / FOLDER} yet. `tutor backup` makes one.")
        return
    for backup in found:
        at = moment(round(backup.at.timestamp() * 1000))
        click.echo(f"{at}  {backup.why:<14}  {backup.path.name}")
    click.echo(f"\nin {home / FOLDER}; to put one back: tutor restore {found[0].path.name}")


def _found(file: Path, home: Path) -> Path:
    """The file as it was given, else one of that name in the folder of backups."""
    from tutor.store.backup import FOLDER

    inside = home / FOLDER / file
    return file if file.exists() or not inside.exists() else inside


def _present(home: Path) -> Present:
    from tutor.locations import progress_file
    from tutor.store import StoreError, open_store
    from tutor.store.contents import read_backup
    from tutor.store.errors import CorruptError, FileError
    from tutor.store.salvage import salvage

    path = progress_file(home)
    if not path.exists():
        return Present([])
    try:
        entries = read_backup(path)
    except (CorruptError, FileError) as error:
        return Present(salvage(path), damage=str(error))
    try:
        with open_store(home, read_only=True) as store:
            device = store.device_id
    except StoreError:  # of an older version, say: it can be put back over all the same
        device = ""
    return Present(entries, device)


def _preview(
    file: Path,
    there: list[Entry],
    now: Present,
    lost: list[Entry],
    won: list[Entry],
    saved: list[Entry],
) -> None:
    from tutor.store.contents import contents

    def part(title: str, entries: list[Entry]) -> None:
        found = contents(entries)
        events = count(found.events, "mark or undo", "marks and undos")
        click.echo(f"{title}: {count(found.reviews, 'review')}, {events}")
        for text in describe(found, now.device):
            click.echo(text)

    part(f"in {file.name}", there)
    if now.damage:
        click.echo("Your present progress is damaged; it will be moved aside.")
        part("still readable in it, and kept", saved)
        return
    part("in your present progress", now.entries)
    part("you would LOSE" if lost else "you would lose", lost)
    part("you would get back", won)


def _restore(file: Path, home: Path, saved: list[Entry]) -> Path | None:
    from tutor.store import open_store
    from tutor.store.backup import put_back

    kept = put_back(file, home, now_ms())
    with open_store(home) as store:
        store.take_in(saved, derivation(home, store))
        store.rederive(derivation(home, store))
    return kept
