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

    from tutor.exercise.load import Library
    from tutor.grading.standards import StandardsOf
    from tutor.question import Question
    from tutor.runner.client import Runner

#: Lines that are graded together at the most: their questions share children.
CHUNK: Final = 500
#: Draws whose truths are kept: a course's answers come to the same few draws again and again.
KEPT: Final = 5_000
#: Lines that are graded at the same time: what has to be run for them runs side by side.
AT_ONCE: Final = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the batch: a question and what was typed, or why it cannot be graded."""

    question: Question | None
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
    """Draws that were met, and by their identity what their programs gave.

    A chunk holds on to the one that it began with: when that is full the next chunk begins another,
    while this one may still be graded.
    """

    def __init__(self) -> None:
        self.drawn: dict[tuple[str, int], Question] = {}
        self.truths: dict[int, Any] = {}
        self.standards: dict[int, StandardsOf] = {}


class Batch:
    """Grades chunks of lines; keeps the truths of draws that were met before."""

    def __init__(self, known: Library, language: str, runner: Runner, home: Path) -> None:
        self._known = known
        self._language = language
        self._runner = runner
        self._home = home
        self._kept = Kept()
        self._places = asyncio.Semaphore(AT_ONCE)

    async def grade(self, lines: list[str]) -> list[dict[str, Any]]:
        """One JSON object a line, in their order."""
        from tutor.grading.many import find_all_truths

        if len(self._kept.drawn) > KEPT:
            self._kept = Kept()
        kept = self._kept
        read = [await self._read(line, kept.drawn) for line in lines]
        asked = {id(line.question): line.question for line in read if line.question}
        new = [question for key, question in asked.items() if key not in kept.truths]
        found = await find_all_truths(new, self._runner)
        kept.truths.update({id(q): result for q, result in zip(new, found, strict=True)})
        return await asyncio.gather(*(self._grade(line, kept) for line in read))

    async def _grade(self, line: Line, kept: Kept) -> dict[str, Any]:
        question = line.question
        if question is None:
            return {"error": line.error}
        about = {"id": question.exercise.id, "seed": question.seed}
        async with self._places:
            return about | await self._verdict(question, kept, line.texts)

    async def _verdict(
        self, question: Question, kept: Kept, texts: dict[str, str]
    ) -> dict[str, Any]:
        from tutor.grading.grade import grade
        from tutor.grading.standards import StandardsOf
        from tutor.grading.truths import AuthorFault
        from tutor.grading.verdict import broken
        from tutor.runner.job import RunnerFailure

        truths = kept.truths[id(question)]
        if isinstance(truths, AuthorFault):
            return broken(truths.message).to_json()
        # Run for the first wrong answer that wants them, and kept for the others to the same draw.
        standards = kept.standards.setdefault(
            id(question), StandardsOf(question, truths, self._runner)
        )
        try:
            verdict = await grade(question, truths, texts, self._runner, standards)
        except RunnerFailure as failure:
            verdict = broken(failure.message)
        return verdict.to_json()

    async def _read(self, text: str, drawn: dict[tuple[str, int], Question]) -> Line:
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            return Line(None, {}, f"not a JSON object: {error}")
        wrong = _malformed(data)
        if wrong is not None:
            return Line(None, {}, wrong)
        key = (data["exercise"], data["seed"])
        try:
            # One question a draw, kept for as long as what is known by its identity.
            question = drawn.get(key) or drawn.setdefault(key, await self._draw(*key))
            return Line(question, checked_names(question, data["answers"]))
        except Exception as error:
            message = words(error)
            if message is None:
                raise
            return Line(None, {}, message)

    async def _draw(self, id_: str, seed: int) -> Question:
        from tutor.exercise.find import find
        from tutor.gate import allow
        from tutor.question import draw

        loaded = find(self._known, id_)
        await allow([loaded], self._home, self._runner)
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
