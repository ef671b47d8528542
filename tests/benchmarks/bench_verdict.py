"""How long a learner waits for a verdict: against the same grade made in one process.

The floor compiles and runs the program with torch, reads the answer and compares, all here and now.
After the prefetch (the program ran while the learner was reading) ours only reads and compares - with
every near miss.  Without it, a fresh confined child runs the program first.
"""

from __future__ import annotations

import asyncio
import time

import torch
from measure import header, median, milliseconds, p95, row

from tutor.answer import read_value
from tutor.exercise.load import load_library
from tutor.grading.compare import compare
from tutor.grading.grade import grade, right_answers
from tutor.grading.truths import find_truths
from tutor.locations import exercises_dir
from tutor.question import draw
from tutor.runner.client import Runner
from tutor.values import Tensor

EXERCISE = "autograd.detach.square-times-x"
ROUNDS = 200


def in_one_process(program: str, expressions: list[str], texts: list[str]) -> None:
    torch.manual_seed(0)
    names: dict[str, object] = {"torch": torch}
    exec(compile(program, "<program>", "exec"), names)
    for expression, text in zip(expressions, texts, strict=True):
        value = eval(expression, names)  # noqa: S307 - our own exercise
        entries = tuple(value.reshape(-1).tolist())
        dtype = str(value.dtype).removeprefix("torch.")
        truth = Tensor(dtype, tuple(value.shape), entries, repr(value))
        assert compare(truth, read_value(text)).right


async def main() -> None:
    torch.set_num_threads(1)
    loaded = load_library([exercises_dir()]).exercises[EXERCISE]
    floor, warm, cold = [], [], []
    async with Runner(spares=2) as runner:
        for i in range(ROUNDS + 10):
            question = draw(loaded, i % 100, "en")
            truths = await find_truths(question, runner)
            texts = right_answers(question, truths)
            expressions = [answer.expression for answer in question.answers.values()]
            await asyncio.sleep(0.02)  # a learner reads; the pool makes its next child

            began = time.perf_counter()
            in_one_process(question.program, expressions, list(texts.values()))
            floor.append(time.perf_counter() - began)

            began = time.perf_counter()
            verdict = await grade(question, truths, texts, runner)
            warm.append(time.perf_counter() - began)
            assert verdict.verdict == "correct"

            began = time.perf_counter()
            truths = await find_truths(question, runner)
            await grade(question, truths, texts, runner)
            cold.append(time.perf_counter() - began)
            await asyncio.sleep(0.02)
    floor, warm, cold = floor[10:], warm[10:], cold[10:]
    header()
    for name, ours, aim in (
        ("verdict, program already run (p50)", warm, "≤ 3×"),
        ("verdict, fresh child first (p50)", cold, "told"),
    ):
        ratio = median(ours) / median(floor)
        row(name, milliseconds(median(ours)), milliseconds(median(floor)), ratio, aim)
    row("verdict, program already run (p95)", milliseconds(p95(warm)), milliseconds(p95(floor)),
        p95(warm) / p95(floor), "told")  # fmt: skip
    row("verdict, fresh child first (p95)", milliseconds(p95(cold)), milliseconds(p95(floor)),
        p95(cold) / p95(floor), "told")  # fmt: skip


if __name__ == "__main__":
    asyncio.run(main())
