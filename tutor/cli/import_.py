"""`tutor import FILE`: a log into your progress, or a notebook into drafts of exercises."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tutor.cli.common import count, home_of, json_option, print_json
from tutor.cli.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.authoring.importing import Drafted, LeftOut
    from tutor.authoring.notebook import Cell


@click.command("import")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--deck",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="The deck to put the drafts into; made if there is none.",
)
@click.option("--skill", metavar="S", help="The skill of all drafts. [the closest by its name]")
@click.option("--dry-run", is_flag=True, help="A log: only say what is in it.")
@click.option("--yes", is_flag=True, help="A log: do not ask.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    file: Path,
    deck: Path | None,
    skill: str | None,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Take in FILE: a log, or a notebook.

    \b
    .jsonl    a log that `tutor export` or `tutor sync` wrote
    .sqlite3  a backup: what it has and you lack, without losing anything
    .apkg     reviews made in Anki on cards that `tutor export` made
    .ipynb    a notebook: drafts of exercises, into --deck DIR

    Of a log, what is new is added; what is there already is not doubled. Nothing is taken from a file
    of which any line is not good.

    Of a notebook, every cell gives a draft whose recorded output comes out again: values shown last,
    printed values, raised errors. The others are listed with the reason. Nothing is overwritten.
    """
    if file.suffix != ".ipynb":
        from tutor.cli.import_log import import_log

        import_log(file, home_of(ctx), dry_run=dry_run, yes=yes, as_json=as_json)
        return
    if deck is None:
        raise Problem("which deck are the drafts for? Add --deck DIR")
    from tutor.authoring.deck_file import check_skill, ensure_deck
    from tutor.authoring.importing import Drafted
    from tutor.authoring.notebook import read_notebook

    cells = read_notebook(file)
    made = ensure_deck(deck, file.stem)
    check_skill(deck, skill)
    found = asyncio.run(_import(cells, file.name, deck, skill))
    drafts = [one for one in found if isinstance(one, Drafted)]
    left_out = [(one.cell, one.reason) for one in found if not isinstance(one, Drafted)]
    written = _write(drafts, deck, left_out)
    if as_json:
        print_json(_to_json(drafts, written, deck, left_out))
        return
    if made is not None:
        click.echo(f"wrote {made}: a deck of one skill, to be filled in")
    _print(drafts, written, deck, left_out)


async def _import(
    cells: Sequence[Cell], origin: str, deck: Path, skill: str | None
) -> list[Drafted | LeftOut]:
    from tutor.authoring.importing import import_cells
    from tutor.runner.client import Runner

    bar = click.progressbar(
        length=len(cells), label="running", file=sys.stderr, hidden=not sys.stderr.isatty()
    )
    async with Runner(spares=3) as runner:
        with bar:
            return await import_cells(
                cells, origin, deck, skill, runner, each=lambda: bar.update(1)
            )


def _write(
    drafts: Sequence[Drafted], deck: Path, left_out: list[tuple[Cell, str]]
) -> list[Drafted]:
    from tutor.authoring.skeleton import AuthoringError, copy_schema, write_new

    written = []
    for draft in drafts:
        try:
            write_new(deck / draft.name, draft.text)
            written.append(draft)
        except AuthoringError as error:
            left_out.append((draft.cell, error.message))
    if written:
        copy_schema(deck / written[0].name)
    left_out.sort(key=lambda one: one[0].number)
    return written


def _to_json(
    drafts: Sequence[Drafted],
    written: Sequence[Drafted],
    deck: Path,
    left_out: Sequence[tuple[Cell, str]],
) -> dict[str, object]:
    return {
        "drafts": [
            {
                "cell": one.cell.label,
                "id": one.identity,
                "path": str(deck / one.name),
                "notes": list(one.notes),
            }
            for one in drafts
            if one in written
        ],
        "left_out": [{"cell": cell.label, "reason": reason} for cell, reason in left_out],
    }


def _print(
    drafts: Sequence[Drafted],
    written: Sequence[Drafted],
    deck: Path,
    left_out: Sequence[tuple[Cell, str]],
) -> None:
    for one in drafts:
        if one in written:
            click.echo(f"{one.cell.label:<12} {deck / one.name}")
            for note in one.notes:
                click.echo(f"{'':<12}   not asked: {note}")
    if left_out:
        click.echo("\nleft out:")
    for cell, reason in left_out:
        click.echo(f"{cell.label:<12} {reason}")
    click.echo(f"\n{count(len(written), 'draft')}, {count(len(left_out), 'cell')} left out")
    if written:
        click.echo(f"next: write the texts marked TODO, then run `tutor check {deck}`")
