"""Chunks of a batch are graded at the same time, and what is kept of draws is bounded."""

from __future__ import annotations

import asyncio
import json

import pytest

from tutor.cli import batch
from tutor.cli.batch import Batch

pytestmark = pytest.mark.asyncio(loop_scope="session")

DETACH = "autograd.detach.square-times-x"


def chunk(seeds) -> list[str]:
    answers = {"grad": "None", "same": "[True"}
    return [json.dumps({"exercise": DETACH, "seed": s, "answers": answers}) for s in seeds]


async def test_a_chunk_keeps_its_draws_while_the_next_one_begins_anew(
    shipped, runner, tmp_path, monkeypatch
):
    monkeypatch.setattr(batch, "KEPT", 3)
    grader = Batch(shipped, "en", runner, tmp_path)
    chunks = [range(start, start + 5) for start in range(0, 30, 5)]
    graded = await asyncio.gather(*(grader.grade(chunk(seeds)) for seeds in chunks))
    for seeds, verdicts in zip(chunks, graded, strict=True):
        assert [one["seed"] for one in verdicts] == list(seeds)
        assert {one["verdict"] for one in verdicts} == {"invalid"}


async def test_chunks_of_the_same_draws_share_one_question(shipped, runner, tmp_path):
    grader = Batch(shipped, "en", runner, tmp_path)
    await asyncio.gather(*(grader.grade(chunk(range(4))) for _ in range(4)))
    assert set(grader._kept.drawn) == {(DETACH, seed) for seed in range(4)}
