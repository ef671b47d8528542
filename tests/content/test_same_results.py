"""The same programs give the same results, whatever ran before them."""

from __future__ import annotations

import random

import pytest

from tutor.grading.many import find_all_truths
from tutor.grading.truths import AuthorFault
from tutor.question import draw

pytestmark = pytest.mark.asyncio(loop_scope="session")

SEEDS = (0, 1)


async def test_the_whole_deck_gives_the_same_in_any_order(shipped, runner):
    """Once in the deck's order, many programs to a child; once shuffled: others run before each."""
    questions = [
        draw(loaded, seed, "en") for loaded in shipped.exercises.values() for seed in SEEDS
    ]
    shuffled = random.Random(7).sample(questions, len(questions))

    first = await find_all_truths(questions, runner)
    second = dict(
        zip(map(id, shuffled), await find_all_truths(shuffled, runner), strict=True)
    )  # fmt: skip

    for question, before in zip(questions, first, strict=True):
        after = second[id(question)]
        assert not isinstance(before, AuthorFault), (question.exercise.id, before)
        assert repr(after.sides) == repr(before.sides), (question.exercise.id, question.seed)
        assert after.base.output == before.base.output
