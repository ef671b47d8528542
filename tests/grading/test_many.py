"""Many questions at once: what is run in common, and that it makes no difference to any verdict."""

from __future__ import annotations

import asyncio
import json
import random

import pytest

from tutor.cli.batch import Batch
from tutor.grading.grade import grade, right_answers
from tutor.grading.many import Draws, find_all_truths
from tutor.grading.standards import find_standards
from tutor.grading.told import near_answers, told_as
from tutor.grading.truths import AuthorFault, find_truths
from tutor.question import DrawnCode, draw
from tutor.values import Tensor

pytestmark = pytest.mark.asyncio(loop_scope="session")

HEAD = "format: 1\nid: one\nskill: some.skill\ntitle: One\nask: What?\nparams: {c: {int: [2, 3]}}\n"
PLAIN = """
program: |
  x = torch.tensor([3.0, 5.0], requires_grad=True)
  u = x.detach()
  ({{ c }} * u * x).sum().backward()
answers:
  grad: {kind: value, value: x.grad}
"""
RANDOM = """
program: |
  x = torch.rand(2, requires_grad=True)
  ({{ c }} * x * x).sum().backward()
answers:
  grad: {kind: value, value: x.grad}
"""
#: Only the program with line 2 overlooked draws random numbers.
SLEEPING = """
program: |
  drop = torch.nn.Dropout(0.5)
  drop.train(False)
  y = drop({{ c }} * torch.arange(1., 9.))
answers:
  y: {kind: value, value: y}
"""
SHUFFLED = """
program: |
  y = torch.tensor({{ c }}.0)
answers:
  v:
    kind: choice
    options: [{expr: y, correct: true}, {expr: 2 * y}, {expr: 3 * y}]
"""


class Counting:
    """The real runner, and how many runs it was asked for."""

    def __init__(self, runner) -> None:
        self._runner = runner
        self.runs = 0

    def __getattr__(self, name):
        return getattr(self._runner, name)

    async def run(self, job):
        self.runs += len(job.runs)
        return await self._runner.run(job)


@pytest.fixture
def drawn(library_of):
    """``drawn(yaml, count)``: the questions of the first seeds."""

    def draws(yaml: str, count: int):
        loaded = library_of(one=HEAD + yaml).exercises["one"]
        return [draw(loaded, seed, "en") for seed in range(count)]

    return draws


async def test_draws_that_differ_in_their_seed_alone_are_run_once(drawn, runner):
    questions = drawn(PLAIN, 20)
    counting = Counting(runner)
    found = await find_all_truths(questions, counting)
    assert counting.runs == len({question.program for question in questions}) == 2
    assert [one.sides["grad"].truth.entries for one in found] == [
        (question.params["c"] * 3.0, question.params["c"] * 5.0) for question in questions
    ]


async def test_draws_with_random_numbers_are_each_run_with_their_seed(drawn, runner):
    questions = drawn(RANDOM, 6)
    found = await find_all_truths(questions, runner)
    alone = [await find_truths(question, runner) for question in questions]
    assert [one.sides for one in found] == [one.sides for one in alone]
    assert len({one.sides["grad"].truth for one in found}) == 6


async def test_an_edit_that_draws_random_numbers_is_run_with_each_seed(drawn, runner):
    questions = drawn(SLEEPING, 8)
    draws = Draws(runner)
    assert not any([(await draws.of(question).truths()).seeded for question in questions])
    for question in questions:
        shared = await draws.of(question).standards()
        own = await find_standards(question, await find_truths(question, runner), runner)
        assert {one.id: one.value for one in shared.near["y"]} == {
            one.id: one.value for one in own.near["y"]
        }
        assert "std:line-overlooked" in [one.id for one in own.near["y"]]


async def test_options_in_another_order_are_another_draw(drawn, runner):
    questions = drawn(SHUFFLED, 12)
    found = await find_all_truths(questions, runner)
    alone = [await find_truths(question, runner) for question in questions]
    assert [one.sides for one in found] == [one.sides for one in alone]
    assert len({id(one) for one in found}) < len(questions)


async def test_a_fault_is_told_of_every_draw_and_of_no_other(drawn, runner, library_of):
    broken = drawn(PLAIN.replace("u = x.detach()", "u = unheard_of"), 3)
    found = await find_all_truths([*drawn(PLAIN, 2), *broken], runner)
    assert [isinstance(one, AuthorFault) for one in found] == [False, False, True, True, True]
    assert all("NameError on line 2" in one.message for one in found[2:])


async def test_a_batch_says_of_every_line_what_the_single_command_says(shipped, runner, tmp_path):
    """Verdict, near misses, their order, messages: nothing depends on who travels along."""
    chance = random.Random(20261125)
    lines = []
    for id_ in chance.sample(sorted(shipped.exercises), 16):
        loaded = shipped.exercises[id_]
        for seed in chance.sample(range(1000), 2):
            question = draw(loaded, seed, "en")
            truths = await find_truths(question, runner)
            lines += await typed(question, truths, chance, runner)
    chance.shuffle(lines)
    batch = Batch(shipped, "en", runner, tmp_path)
    texts = [json.dumps({"exercise": i, "seed": s, "answers": a}) for i, s, a in lines]
    together = await batch.grade(texts)
    alone = await asyncio.gather(*(one_by_one(shipped, runner, *line) for line in lines))
    assert together == alone
    near = [n for one in together for answer in one["answers"].values() for n in answer["near"]]
    assert {"std", "rel"} <= {n.split(":")[0] for n in near}


async def one_by_one(shipped, runner, id_, seed, texts):
    question = draw(shipped.exercises[id_], seed, "en")
    truths = await find_truths(question, runner)
    verdict = await grade(question, truths, texts, runner)
    return {"id": id_, "seed": seed} | verdict.to_json()


async def typed(question, truths, chance, runner):
    """The right answers; ones that an author, a standard edit or nobody foresaw."""
    right = right_answers(question, truths)
    standards = await find_standards(question, truths, runner)
    choices = [right]
    for name, answer in question.answers.items():
        if isinstance(answer, DrawnCode):
            continue  # takes a child of its own either way
        _, authors = near_answers(answer, truths.sides[name])
        edits = [told_as(answer, one.value).text for one in standards.near.get(name, ())]
        foreseen = [near.text for near in authors.values() if near.text]
        guesses = ["17.25, 48.25", "0", "None", "(1", right[name].replace("1", "7")]
        truth = getattr(truths.sides[name], "truth", None)
        if isinstance(truth, Tensor) and truth.dtype != "bool":
            seven = Tensor(truth.dtype, truth.shape, tuple(7 * x for x in truth.entries))
            guesses = [told_as(answer, seven).text]
        texts = [*chance.sample(foreseen, min(1, len(foreseen))), chance.choice(guesses)]
        texts += [text for text in edits if text][-2:]
        choices += [right | {name: text} for text in texts]
    return [(question.exercise.id, question.seed, texts) for texts in choices]


async def test_a_program_that_ends_its_process_costs_only_its_own_lines(
    library_of, runner, tmp_path
):
    """Lines to programs that crash, loop or run out of memory, among lines that are graded as ever."""
    bad = {
        "crashes": "import os\n  os.abort()",
        "loops": "while True: pass",
        "grows": "y = [torch.ones(10**7) for _ in range(10**4)]",
    }
    library = library_of(
        good=HEAD.replace("one", "good") + PLAIN,
        **{
            id_: HEAD.replace("one", id_) + PLAIN.replace("u = x.detach()", line)
            for id_, line in bad.items()
        },
    )
    lines = [
        json.dumps({"exercise": id_, "seed": seed, "answers": {"grad": "17.25, 48.25"}})
        for seed in range(6)
        for id_ in ("good", *(bad if seed == 2 else ()), "good")
    ]
    found = await Batch(library, "en", runner, tmp_path).grade(lines)
    assert [one["verdict"] for one in found if one["id"] == "good"] == ["wrong"] * 12
    told = {one["id"]: one["message"] for one in found if one["id"] != "good"}
    assert "crashed" in told["crashes"]
    assert "does not end" in told["loops"]
    assert "memory" in told["grows"]
