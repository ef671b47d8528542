"""A whole notebook to drafts: every cell gives an exercise, or the reason why it gives none."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tutor.authoring.draft import Draft, write
from tutor.authoring.history import Code, History, Statement, parse_cell
from tutor.authoring.misses import find_misses
from tutor.authoring.replay import NotReplayed, Replayed, replay
from tutor.authoring.skeleton import schema_reference, skill_for
from tutor.authoring.spans import Source
from tutor.check.prove import prove
from tutor.exercise.deck import DECK_FILE
from tutor.exercise.load import load_file
from tutor.exercise.problems import ExerciseErrors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tutor.authoring.notebook import Cell
    from tutor.check.findings import Finding
    from tutor.runner.client import Runner

#: Draws that a draft is proved on: as many as are ever asked.
SEEDS: Final = 100
#: Cells at work at a time: one's programs run while another's draft is graded.
AT_ONCE: Final = 3


@dataclass(frozen=True, slots=True)
class Drafted:
    """An exercise drafted from a cell: its file's name and text."""

    cell: Cell
    identity: str
    name: str
    text: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A cell without an exercise, and why."""

    cell: Cell
    reason: str


@dataclass(frozen=True, slots=True)
class _Ready:
    """A cell with what was run before it."""

    cell: Cell
    code: Code
    needed: tuple[Statement, ...]
    everything: tuple[Statement, ...]


async def import_cells(
    cells: Sequence[Cell],
    origin: str,
    folder: Path,
    skill: str | None,
    runner: Runner,
    *,
    each: Callable[[], object] = lambda: None,
) -> list[Drafted | LeftOut]:
    """Draft exercises for a deck's folder; in the order of the notebook.

    ``origin`` is the notebook's name; ``each`` is called after each cell.  Nothing is written to
    ``folder``.

    Raises:
        WorkerUnavailable: nothing can be run at all.
    """
    ready, left_out = _prepare(cells)
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(cell: _Ready) -> Drafted | LeftOut:
        async with gate:
            made = await _one(cell, origin, folder, skill, runner)
        each()
        return made

    made = await asyncio.gather(*map(one, ready))
    found: dict[int, Drafted | LeftOut] = {one.cell.number: one for one in [*left_out, *made]}
    return _without_repeats([found[number] for number in sorted(found)])


def _prepare(cells: Sequence[Cell]) -> tuple[list[_Ready], list[LeftOut]]:
    """The cells in the order in which they were run, each with its history."""
    history = History()
    ready: list[_Ready] = []
    left_out: list[LeftOut] = []
    for cell in sorted(cells, key=lambda one: (one.count is None, one.count or 0, one.number)):
        if cell.count is None:
            left_out.append(LeftOut(cell, "it was never run, or its output was cleared"))
            continue
        try:
            code = parse_cell(cell.source)
        except (SyntaxError, ValueError) as error:
            reason = "it is a command of IPython's" if cell.source.lstrip()[:1] in "%!" else error
            left_out.append(LeftOut(cell, f"it is no plain Python: {reason}"))
            continue
        needed = tuple(history.needed_by(code.statements))
        ready.append(_Ready(cell, code, needed, tuple(history.statements)))
        history.add(_run_of(cell, code))
    return ready, left_out


def _run_of(cell: Cell, code: Code) -> Sequence[Statement]:
    """The statements that came to their end."""
    if cell.error is None:
        return code.statements
    return [s for s in code.statements if cell.error.line and _end(s) < cell.error.line]


def _end(statement: Statement) -> int:
    return statement.node.end_lineno or statement.line


async def _one(
    ready: _Ready, origin: str, folder: Path, skill: str | None, runner: Runner
) -> Drafted | LeftOut:
    cell = ready.cell
    try:
        replayed = await replay(cell, ready.code, ready.needed, ready.everything, runner)
    except NotReplayed as error:
        return LeftOut(cell, error.reason)
    source = Source.of(replayed.program)
    found = await find_misses(source, replayed, runner)
    stem = slug(Path(origin).stem)
    name = f"in-{cell.count}"
    path = folder / stem / f"{name}.yaml"
    identity = f"{stem}.{name}"
    draft = Draft(
        identity=identity,
        skill=skill or skill_for(identity, path, _words(replayed)),
        schema=schema_reference(path),
        origin=f"{origin}, {cell.label}",
        title=_title(ready),
        context="\n\n".join(filter(None, (cell.context, "\n".join(ready.code.comments)))),
        source=source,
        parameters=found.parameters,
        answers=found.answers,
        notes=replayed.notes,
    )
    text = await _proved(draft, folder, runner)
    if isinstance(text, str):
        return Drafted(cell, identity, f"{stem}/{name}.yaml", text, replayed.notes)
    return LeftOut(cell, f"its draft does not hold: {text.message}")


def slug(stem: str) -> str:
    """A file's name as part of an id."""
    parts = re.findall(r"[a-z0-9]+", stem.lower())
    return "-".join(parts) or "notebook"


def _words(replayed: Replayed) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", replayed.program.lower()))


def _title(ready: _Ready) -> str:
    """The cell's first comment, else the heading it stands under, else its label."""
    headings = re.findall(r"^#+\s*(.+?)\s*$", ready.cell.context, re.MULTILINE)
    return next(iter((*ready.code.comments, *reversed(headings))), ready.cell.label)


async def _proved(draft: Draft, folder: Path, runner: Runner) -> str | Finding:
    """The draft's text once all of it holds: near misses that do not are taken out, then parameters."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        if (folder / DECK_FILE).is_file():
            shutil.copyfile(folder / DECK_FILE, place / DECK_FILE)
        path = place / "draft.yaml"
        while True:
            text = write(draft)
            path.write_text(text, encoding="utf-8")
            errors = await _errors(path, runner)
            if not errors:
                return text
            better = _repaired(draft, errors)
            if better is None:
                return errors[0]
            draft = better


async def _errors(path: Path, runner: Runner) -> list[Finding]:
    from tutor.check.findings import Finding

    try:
        loaded = load_file(path)
    except ExerciseErrors as error:
        return [
            Finding(p.path, p.line, p.column, p.field, p.message)
            for p in error.problems
            if p.severity == "error"
        ]
    proof = await prove(loaded, range(SEEDS), runner)
    return [finding for finding in proof.findings if finding.severity == "error"]


def _repaired(draft: Draft, errors: Sequence[Finding]) -> Draft | None:
    """The draft without what does not hold; ``None`` if nothing can be taken out."""
    # One error at a time: a near miss may be the twin of one that goes.
    for error in errors:
        parts = error.field.split(".")
        if len(parts) >= 4 and parts[0] == "answers" and parts[2] == "near":
            return draft.without_miss(parts[1], parts[3])
    if draft.parameters:
        return draft.with_parameters(draft.parameters[:-1])
    return None


def _without_repeats(found: Sequence[Drafted | LeftOut]) -> list[Drafted | LeftOut]:
    """Cells that were run twice give one exercise."""
    seen: dict[str, Cell] = {}
    kept: list[Drafted | LeftOut] = []
    for one in found:
        if isinstance(one, Drafted):
            body = one.text[one.text.index("\nprogram:") :]
            first = seen.setdefault(body, one.cell)
            if first is not one.cell:
                kept.append(LeftOut(one.cell, f"it is the same as {first.label}"))
                continue
        kept.append(one)
    return kept
