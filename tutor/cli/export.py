"""`tutor export FILE`: the log for other programs, or the exercises for Anki."""

from __future__ import annotations

import asyncio
import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from tutor.cli.common import count, home_of, json_option, library, now_ms, print_json
from tutor.cli.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tutor.anki.package import Card
    from tutor.exercise.load import LoadedExercise

_FORMATS: Final = {".jsonl": "jsonl", ".csv": "csv", ".apkg": "apkg"}


@click.command("export")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(_FORMATS.values())),
    help="What to write. [by FILE's ending]",
)
@click.option(
    "--draws",
    type=click.IntRange(1, 100),
    default=3,
    show_default=True,
    help="apkg: how many draws of each exercise.",
)
@click.option("--lang", "languages", metavar="L", multiple=True, help="apkg: only this language.")
@click.option("--skill", "skills", metavar="S", multiple=True, help="apkg: only this skill.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    file: Path,
    format_: str | None,
    draws: int,
    languages: tuple[str, ...],
    skills: tuple[str, ...],
    as_json: bool,
) -> None:
    """Write your whole log, or the exercises, to FILE.

    \b
    .jsonl  everything in the log, a line each; `tutor import` takes it in again
    .csv    your reviews, a row each, for a spreadsheet
    .apkg   the exercises as Anki cards, drawn and answered by the live run
    """
    home = home_of(ctx)
    chosen = format_ or _FORMATS.get(file.suffix.lower())
    if chosen is None:
        raise Problem(f"{file}: end the name in .jsonl, .csv or .apkg, or say --format")
    left_out: list[str] = []
    try:
        if chosen == "apkg":
            written, left_out = _write_cards(file, home, draws, languages, skills)
        else:
            written = _write_log(file, home, chosen)
    except OSError as error:
        raise Problem(f"{file} cannot be written: {error.strerror or error}") from error
    if as_json:
        print_json({"path": str(file), "written": written, "left_out": left_out})
        return
    what = {"jsonl": ("entry", "entries"), "csv": ("review",), "apkg": ("card",)}[chosen]
    click.echo(f"{file}  {count(written, *what)}")
    for words in left_out:
        click.echo(f"left out: {words}", err=True)


def _write_log(file: Path, home: Path, chosen: str) -> int:
    from tutor.store import open_store
    from tutor.store.entries import head, line
    from tutor.store.files import write_whole
    from tutor.store.table import rows_of

    written = 0

    def counted(lines: Iterable[bytes]) -> Iterator[bytes]:
        nonlocal written
        for text in lines:
            written += 1
            yield text

    with open_store(home, read_only=True) as store:
        if chosen == "csv":
            write_whole(file, counted(rows_of(store.reviews())))
        else:
            write_whole(file, counted(chain([head()], map(line, store.entries()))))
    return written - 1  # the first is the head


def _write_cards(
    file: Path, home: Path, draws: int, languages: tuple[str, ...], skills: tuple[str, ...]
) -> tuple[int, list[str]]:
    from tutor.anki.package import write_package
    from tutor.i18n import LANGUAGES

    found = library(home).exercises.values()
    chosen = [each for each in found if not skills or each.skill in skills]
    if not chosen:
        raise Problem(f"no exercise has the skill {', '.join(skills)}")
    file.parent.stat()  # before much work: is there such a folder?
    cards, left_out = asyncio.run(_draw(chosen, languages or tuple(LANGUAGES), draws, home))
    write_package(file, cards, now_ms())
    return len(cards), left_out


async def _draw(
    exercises: list[LoadedExercise], languages: tuple[str, ...], draws: int, home: Path
) -> tuple[list[Card], list[str]]:
    from tutor.anki.cards import cards_of
    from tutor.runner.client import Runner

    cards: list[Card] = []
    left_out: list[str] = []
    bar = click.progressbar(
        length=len(exercises), label="drawing", file=sys.stderr, hidden=not sys.stderr.isatty()
    )
    async with Runner(spares=3) as runner:
        with bar:
            async for made in cards_of(exercises, languages, draws, home, runner):
                bar.update(1)
                if isinstance(made, str):
                    left_out.append(made)
                else:
                    cards += made
    return cards, left_out
