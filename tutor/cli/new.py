"""`tutor new ID`: a commented file to start an exercise from."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tutor.cli.common import library
from tutor.cli.problems import Problem

if TYPE_CHECKING:
    from tutor.exercise.load import LoadedExercise

# Written out, so that `tutor new --help` need not load the format.
_KINDS = ("value", "flags", "raises", "formula", "code", "choice", "order")


@click.command("new")
@click.argument("id_", metavar="ID")
@click.option(
    "--kind", type=click.Choice(_KINDS), default="value", help="What is asked for. [value]"
)
@click.option(
    "--deck",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write it into this deck's folder. [the current folder]",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write it to this file.",
)
def command(id_: str, kind: str, deck: Path | None, output: Path | None) -> None:
    """Write a new exercise that works as it stands, with a comment on every part.

    Change it, write the texts marked TODO, and prove it with `tutor check`.
    """
    from tutor.authoring.skeleton import check_id, copy_schema, skeleton, write_new

    if deck is not None and output is not None:
        raise click.UsageError("give either --deck or -o: both say where the file goes")
    if deck is not None and not (deck / "deck.yaml").is_file():
        raise Problem(
            f"{deck} is no deck: it has no deck.yaml. Name the folder that holds it, or make one: "
            f"`tutor deck new {deck}`"
        )
    path = output or (deck or Path()) / f"{check_id(id_)}.yaml"
    known = library().exercises.get(id_) or _in_deck(id_, path)
    if known is not None:
        raise Problem(f"there is an exercise {id_} already, in {known.path}: choose another id")
    text = skeleton(kind, id_, path)
    write_new(path, text)
    click.echo(f"wrote {path}")
    schema = copy_schema(path)
    if schema is not None:
        schema = schema if path.is_absolute() else Path(os.path.relpath(schema))
        click.echo(f"wrote {schema}, with which editors complete and check exercises")
    click.echo(f"next: write the texts marked TODO, then run `tutor check {path}`")


def _in_deck(id_: str, path: Path) -> LoadedExercise | None:
    """The exercise of this id in the deck that the new file goes to, which need not be added yet."""
    from tutor.authoring.skeleton import deck_folder
    from tutor.exercise.load import load_library

    folder = deck_folder(path.parent)
    return load_library([folder]).exercises.get(id_) if folder else None
