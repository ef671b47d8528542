"""What `tutor show` adds with --trace, --walk and --graph: the live run, explained."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from tutor.cli.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.exercise.load import LoadedExercise
    from tutor.question import Question
    from tutor.render.spans import Block
    from tutor.runner.explained import Explained

#: The endings that a graph can be written to.
ENDINGS: Final = (".svg", ".dot", ".gv")
#: Standard output.
STDOUT: Final = "-"


def check_file(name: str) -> None:
    """Refuse a file that no graph can be written to, before anything runs.

    Raises:
        click.UsageError: with the endings that would be right.
    """
    if name != STDOUT and not name.lower().endswith(ENDINGS):
        raise click.UsageError(
            f"--graph {name}: write to a file that ends in .svg (a picture), or .dot or .gv "
            "(Graphviz); --graph - prints the drawing"
        )


async def explained(loaded: LoadedExercise, question: Question, home: Path) -> Explained:
    """The explaining run of a question.

    Raises:
        RunnerFailure, UntrustedError: there is none, in words.
    """
    from tutor.gate import allow
    from tutor.grading.explain import explanation_run
    from tutor.runner.client import Runner
    from tutor.runner.job import Job

    async with Runner(spares=1) as runner:
        await allow([loaded], home, runner)
        return (await runner.run(Job((explanation_run(question),)))).explained(0)


def parts(found: Explained, *, trace: bool, walk: bool, graph: bool) -> Iterator[tuple[str, str]]:
    """What was asked for, as text: its key and the text, in the order of reading."""
    from tutor.render.graph import graph_blocks
    from tutor.render.spans import plain
    from tutor.render.trace import trace_blocks
    from tutor.render.walk import walk_blocks

    wide = width()
    shown: list[tuple[bool, str, list[Block]]] = [
        (trace, "trace", trace_blocks(found, wide) if trace else []),
        (walk, "walk", walk_blocks(found, wide) if walk else []),
        # On paper there is no end to the page.
        (graph, "graph", graph_blocks(found, wide, 10_000) if graph else []),
    ]
    for wanted, key, blocks in shown:
        if wanted:
            yield key, plain(blocks)


def headings() -> dict[str, str]:
    from tutor.i18n import _

    return {"trace": _("Trace"), "walk": _("Backward walk"), "graph": _("Graph")}


def width() -> int:
    """The terminal's columns; 80 where the output goes elsewhere."""
    return max(40, shutil.get_terminal_size((80, 24)).columns) if sys.stdout.isatty() else 80


def write_graph(found: Explained, name: str, title: str) -> None:
    """Write the graph to a file, in the form that its ending names.

    Raises:
        Problem: it cannot be written.
    """
    from tutor.render.graph import graph_dot, graph_svg

    make = graph_svg if name.lower().endswith(".svg") else graph_dot
    try:
        Path(name).write_text(make(found, title), encoding="utf-8")
    except OSError as error:
        raise Problem(f"{name} cannot be written: {error.strerror or error}") from None
