"""What explaining adds to a wrong verdict, once everything has been run while the learner was reading.

Each answer is graded twice in a row, in alternating order: with the standard near misses and relations, and
without them, as it was before there were any.  The answers are those of the standard edits themselves, and
numbers that nothing explains (every comparison is made, and every relation tried).
"""

from __future__ import annotations

import asyncio
import time

from measure import header, median, milliseconds, p95, row

from tutor.exercise.load import load_library
from tutor.grading.context import Context
from tutor.grading.grade import judge_one, read_one
from tutor.grading.standards import Standards, find_standards
from tutor.grading.told import told_as
from tutor.grading.truths import AuthorFault, find_truths
from tutor.locations import exercises_dir
from tutor.question import DrawnFlags, DrawnRaises, DrawnValue, draw
from tutor.runner.client import Runner
from tutor.values import Tensor

ROUNDS = 3


async def main() -> None:
    explained, plain = [], []
    async with Runner(spares=2) as runner:
        for loaded in load_library([exercises_dir()]).exercises.values():
            question = draw(loaded, 1, "en")
            try:
                truths = await find_truths(question, runner)
            except AuthorFault:
                continue
            standards = await find_standards(question, truths, runner)

            async def ready(found: Standards = standards) -> Standards:
                return found

            with_all = Context(question, truths, runner, ready)
            without = Context(question, truths, runner)
            for name, answer in question.answers.items():
                if not isinstance(answer, DrawnValue | DrawnFlags | DrawnRaises):
                    continue
                for text in texts(answer, truths.sides[name], standards.near.get(name, ())):
                    for i in range(ROUNDS):
                        pairs = [(with_all, explained), (without, plain)]
                        for context, times in pairs[:: 1 if i % 2 else -1]:
                            began = time.perf_counter()
                            read = read_one(name, text, context)
                            verdict = await judge_one(name, read, context)
                            times.append(time.perf_counter() - began)
                        assert verdict.verdict == "wrong", (loaded.id, text)
    added = [a - b for a, b in zip(explained, plain, strict=True)]
    header()
    row("a wrong verdict, explained (p50)", milliseconds(median(explained)),
        milliseconds(median(plain)), median(explained) / median(plain), "told")  # fmt: skip
    for what, figure in (("p50", median(added)), ("p95", p95(added))):
        row(f"added to a wrong verdict ({what}, of 5 ms)", milliseconds(figure), milliseconds(0.005),
            figure / 0.005, "≤ 1×" if what == "p50" else "told")  # fmt: skip


def texts(answer, side, standard):
    told = [told_as(answer, one.value).text for one in standard[:2]]
    if isinstance(answer, DrawnValue) and isinstance(side.truth, Tensor):
        entries = tuple(17.25 + 31 * i for i in range(len(side.truth.entries)))
        if side.truth.dtype != "bool":
            told.append(told_as(answer, Tensor(side.truth.dtype, side.truth.shape, entries)).text)
    return told


if __name__ == "__main__":
    asyncio.run(main())
