"""`tutor grade --batch`: JSON lines in, a verdict a line out, in order."""

from __future__ import annotations

import asyncio
import json
import queue
import sys
import threading
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TextIO

from tutor.cli.answers import checked_names
from tutor.cli.common import library
from tutor.cli.problems import Problem, words

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.exercise.load import Library, LoadedExercise
    from tutor.grading.many import Draw
    from tutor.question import Question
    from tutor.runner.client import Runner

#: Lines that are graded and printed together at the most.
CHUNK: Final = 500
#: Draws whose truths are kept: a course's answers come to the same few draws again and again.
KEPT: Final = 5_000
#: Lines that are graded at the same time: what has to be run for them shares children.
AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the batch: a draw and what was typed, or why it cannot be graded."""

    draw: Draw | None
    texts: dict[str, str]
    error: str | None = None


async def grade_lines(source: str, language: str, home: Path) -> None:
    """Grade the lines of a file, or of standard input for ``-``, and print a JSON object for each.

    While one chunk is graded here, the next one's programs run in their children.  A chunk is
    whatever has arrived: a program that waits for each answer before it asks again is served too.
    """
    from tutor.runner.client import Runner

    with _open(source) as file:
        lines = Arriving(file)
        async with Runner(spares=3) as runner:
            batch = Batch(library(home), language, runner, home)
            waiting: list[asyncio.Task[list[Any]]] = []
            while chunk := await lines.next_chunk():
                waiting.append(asyncio.create_task(batch.grade(chunk)))
                while waiting and (len(waiting) > 1 or lines.none_yet):
                    _print(await waiting.pop(0))
            for task in waiting:
                _print(await task)


def _print(verdicts: list[Any]) -> None:
    for data in verdicts:
        sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
    sys.stdout.flush()


class Arriving:
    """The lines of a file, read on a thread of their own: a pipe that is silent blocks nobody."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._lines: queue.Queue[str | None] = queue.Queue(maxsize=4 * CHUNK)
        self._ended = False
        threading.Thread(target=self._read, name="batch-reader", daemon=True).start()

    def _read(self) -> None:
        try:
            for line in self._file:
                if line.strip():
                    self._lines.put(line)
        except (OSError, UnicodeDecodeError, ValueError) as error:
            # Told as the last line, which cannot be graded; what came before it stands.
            self._lines.put(f"unreadable: {error}")
        finally:
            self._lines.put(None)

    @property
    def none_yet(self) -> bool:
        """Whether nothing more has arrived so far."""
        return self._ended or self._lines.empty()

    async def next_chunk(self) -> list[str]:
        """One line or more, as many as are there; none at the end."""
        if self._ended:
            return []
        chunk = []
        line = await asyncio.to_thread(self._lines.get)
        while line is not None:
            chunk.append(line)
            if len(chunk) == CHUNK:
                return chunk
            try:
                line = self._lines.get_nowait()
            except queue.Empty:
                return chunk
        self._ended = True
        return chunk


class Kept:
    """Draws that were met, with what their programs gave.

    A chunk holds on to the one that it began with: when that is full the next chunk begins another,
    while this one may still be graded.
    """

    def __init__(self, runner: Runner) -> None:
        from tutor.grading.many import Draws

        self.drawn: dict[tuple[str, int], Draw] = {}
        self.draws = Draws(runner)


class Batch:
    """Grades chunks of lines; keeps the truths of draws that were met before."""

    def __init__(self, known: Library, language: str, runner: Runner, home: Path) -> None:
        from tutor.grading.many import packing

        self._known = known
        self._language = language
        self._runner = runner
        self._packed = packing(runner)
        self._home = home
        self._allowed: dict[str, LoadedExercise] = {}
        self._kept = Kept(self._packed)
        self._places = asyncio.Semaphore(AT_ONCE)

    async def grade(self, lines: list[str]) -> list[dict[str, Any]]:
        """One JSON object a line, in their order."""
        if len(self._kept.drawn) > KEPT:
            self._kept = Kept(self._packed)
        return await asyncio.gather(*(self._grade(line, self._kept) for line in lines))

    async def _grade(self, text: str, kept: Kept) -> dict[str, Any]:
        async with self._places:
            line = await self._read(text, kept)
            if line.draw is None:
                return {"error": line.error}
            question = line.draw.question
            about = {"id": question.exercise.id, "seed": question.seed}
            return about | await self._verdict(line.draw, line.texts)

    async def _verdict(self, draw: Draw, texts: dict[str, str]) -> dict[str, Any]:
        from tutor.grading.grade import grade
        from tutor.grading.truths import AuthorFault
        from tutor.grading.verdict import broken
        from tutor.runner.job import RunnerFailure

        truths = await draw.truths()
        if isinstance(truths, AuthorFault):
            return broken(truths.message).to_json()
        try:
            verdict = await grade(
                draw.question, truths, texts, self._runner, draw.standards, formulas=self._packed
            )
        except RunnerFailure as failure:
            verdict = broken(failure.message)
        return verdict.to_json()

    async def _read(self, text: str, kept: Kept) -> Line:
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            return Line(None, {}, f"not a JSON object: {error}")
        wrong = _malformed(data)
        if wrong is not None:
            return Line(None, {}, wrong)
        key = (data["exercise"], data["seed"])
        try:
            draw = kept.drawn.get(key)
            if draw is None:
                question = await self._draw(*key)
                # Another line may have asked for it meanwhile.
                draw = kept.drawn.setdefault(key, kept.draws.of(question))
            return Line(draw, checked_names(draw.question, data["answers"]))
        except Exception as error:
            message = words(error)
            if message is None:
                raise
            return Line(None, {}, message)

    async def _draw(self, id_: str, seed: int) -> Question:
        from tutor.exercise.find import find
        from tutor.gate import allow
        from tutor.question import draw

        loaded = self._allowed.get(id_)
        if loaded is None:
            loaded = find(self._known, id_)
            await allow([loaded], self._home, self._runner)
            self._allowed[id_] = loaded
        return draw(loaded, seed, self._language)


def _open(source: str) -> Any:
    if source == "-":
        return nullcontext(sys.stdin)
    try:
        return open(source, encoding="utf-8")  # noqa: PTH123 - "-" apart, a path as typed
    except OSError as error:
        raise Problem(f"the batch {source} cannot be read: {error.strerror}") from error


def _malformed(data: Any) -> str | None:
    if not isinstance(data, dict):
        return 'a line is one object: {"exercise": ID, "seed": N, "answers": {NAME: TEXT}}'
    if not isinstance(data.get("exercise"), str):
        return '"exercise" has to be the id of an exercise'
    seed = data.get("seed")
    if type(seed) is not int or not 0 <= seed < 2**63:
        return '"seed" has to be a whole number from 0'
    answers = data.get("answers")
    if not isinstance(answers, dict) or not all(isinstance(v, str) for v in answers.values()):
        return '"answers" has to be an object of texts: {"NAME": "TEXT"}'
    return None
