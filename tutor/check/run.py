"""Prove many exercises through the real runner, as many at once as keep its children busy."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from tutor.check.prove import Proof, prove
from tutor.grading.many import packing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence

    from tutor.exercise.load import LoadedExercise
    from tutor.runner.client import Runner

#: Exercises under proof at a time: what is run for them shares children, each of which costs as much as
#: a hundred runs; meanwhile questions are drawn and graded here.
AT_ONCE: Final = 24


async def prove_all(
    exercises: Iterable[LoadedExercise], seeds: Sequence[int], runner: Runner
) -> AsyncIterator[Proof]:
    """The proofs, each as soon as it is done."""
    gate = asyncio.Semaphore(AT_ONCE)
    packed = packing(runner)

    async def one(loaded: LoadedExercise) -> Proof:
        async with gate:
            return await prove(loaded, seeds, packed)

    tasks = [asyncio.create_task(one(loaded)) for loaded in exercises]
    try:
        for task in asyncio.as_completed(tasks):
            yield await task
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
