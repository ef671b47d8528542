"""`tutor deck`: which decks there are, and adding more."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tutor.cli.common import (
    count,
    home_of,
    json_option,
    library,
    print_json,
    set_language,
    user_settings,
)
from tutor.cli.problems import Problem

if TYPE_CHECKING:
    from tutor.exercise.deck import Deck
    from tutor.exercise.load import Library


@click.group("deck")
def command() -> None:
    """Decks: folders of exercises with a `deck.yaml`."""


@command.command("list")
@json_option
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """The decks there are, shipped and added."""
    from tutor.exercise import registry

    home = home_of(ctx)
    known = library(home)
    decks = [_about(deck, known) for deck in known.decks]
    gone = [str(folder) for folder in registry.folders(home) if not folder.is_dir()]
    if as_json:
        print_json({"decks": decks, "missing": gone})
        return
    for deck in decks:
        faults = f", {count(deck['errors'], 'error')}: see `tutor check`" if deck["errors"] else ""
        click.echo(f"{deck['id']}  {deck['title']}")
        click.echo(
            f"    {count(deck['exercises'], 'exercise')} over {count(deck['skills'], 'skill')}, "
            f"{', '.join(deck['languages'])}, {deck['licence']}{faults}"
        )
        click.echo(f"    {deck['folder']}")
    for folder in gone:
        click.echo(f"missing: {folder} (added earlier; `tutor deck remove {folder}` forgets it)")


@command.command("new")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--title", help="A short title. [from the folder's name]")
@click.option(
    "--language",
    "languages",
    multiple=True,
    default=("en",),
    help="A language of its texts; several times for several, its own first. [en]",
)
def new(folder: Path, title: str | None, languages: tuple[str, ...]) -> None:
    """Begin a deck in DIR: its `deck.yaml`, with one skill to rename and add others to."""
    from tutor.authoring.deck_file import new_deck
    from tutor.exercise.deck import load_deck

    path = new_deck(folder, title, tuple(dict.fromkeys(languages)))
    click.echo(f"wrote {path}")
    id_ = load_deck(folder).id
    click.echo(f"next: `tutor new {id_}.first --deck {folder}`, and `tutor deck add {folder}`")


@command.command("add")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.pass_context
def add(ctx: click.Context, folder: Path) -> None:
    """Add the deck in DIR. Its files stay where they are; its exercises are asked from now on."""
    from tutor.exercise import registry

    home = home_of(ctx)
    deck = registry.add(home, folder, library(home).decks)
    known = library(home)
    about = _about(next(d for d in known.decks if d.id == deck.id), known)
    click.echo(f"added {deck.id}: {count(about['exercises'], 'exercise')}")
    for line in asyncio.run(_what_will_run(about["exercises"])):
        click.echo(line)
    for problem in known.faults:
        if problem.severity == "error" and _inside(problem.path, deck.folder):
            click.echo(str(problem))


@command.command("trust", short_help="Allow its programs where they cannot be confined.")
@click.argument("name", metavar="ID|PATH")
@click.pass_context
def trust(ctx: click.Context, name: str) -> None:
    """Allow the programs of a deck, or of one file, where they cannot be confined fully.

    Only as the files stand now: after a change it is asked again.
    """
    from tutor.exercise.trust import trust as trust_place

    home = home_of(ctx)
    place = next((deck.folder for deck in library(home).decks if deck.id == name), Path(name))
    if not place.exists():
        raise Problem(f"there is no deck {name}, nor a folder or file of that name")
    hash_ = trust_place(home, place)
    click.echo(f"trusted as it stands: {place.resolve()} ({hash_[:12]})")


@command.command("remove")
@click.argument("name", metavar="ID|DIR")
@click.pass_context
def remove(ctx: click.Context, name: str) -> None:
    """Take an added deck off the list. Its files and your progress in it stay."""
    from tutor.exercise import registry

    folder = registry.remove(home_of(ctx), name)
    click.echo(f"removed {folder} from your decks; the files and your progress are still there")


async def _what_will_run(programs: int) -> list[str]:
    """What a deck from elsewhere is going to run, and under which protections."""
    from tutor.gate import missing
    from tutor.runner.client import Runner

    async with Runner(spares=1) as runner:
        await runner.wait_ready()
        protections = runner.protections
    lacking = missing(protections)
    lines = [
        f"What it runs: {count(programs, 'program')}, by torch, each draw in a process of its own",
        "that ends with it. On this machine:",
        *(f"  {'active ' if p.active else 'MISSING'}  {p.name}: {p.words}" for p in protections),
    ]
    if lacking:
        lines.append(
            f"Because {', '.join(lacking)} is missing they run only once you allow it: read them, then "
            "`tutor deck trust`."
        )
    return lines


def _about(deck: Deck, known: Library) -> dict[str, Any]:
    count = Counter(loaded.deck.id for loaded in known.exercises.values() if loaded.deck)
    title = deck.title
    if isinstance(title, dict):
        title = title.get(set_language(user_settings())) or next(iter(title.values()))
    errors = sum(
        problem.severity == "error" and _inside(problem.path, deck.folder)
        for problem in known.faults
    )
    return {
        "id": deck.id,
        "title": title,
        "languages": list(deck.languages),
        "licence": deck.licence,
        "skills": len(deck.skills),
        "exercises": count[deck.id],
        "errors": errors,
        "folder": str(deck.folder),
    }


def _inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())
