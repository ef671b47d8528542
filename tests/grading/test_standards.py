"""Wrong answers told by the standard edits of the program, run for this very draw."""

from __future__ import annotations

import asyncio
import time

import pytest

from tutor import i18n
from tutor.grading.grade import grade
from tutor.grading.standards import MOST_EDITS, StandardsOf, find_standards
from tutor.grading.truths import find_truths
from tutor.question import draw
from tutor.runner.job import WorkerUnavailable

pytestmark = pytest.mark.asyncio(loop_scope="session")

HEAD = "format: 1\nid: one\nskill: some.skill\ntitle: One\nask: What?\n"

DETACH = """
program: |
  x = torch.tensor([3.0, 5.0], requires_grad=True)
  u = x.detach()
  y = (u * x).sum()
  y.backward()
answers:
  grad: {kind: value, value: x.grad}
"""
ACCUMULATE = """
program: |
  x = torch.tensor([3.0, 5.0], requires_grad=True)
  (x * x).sum().backward()
  (7 * x).sum().backward()
answers:
  grad: {kind: value, value: x.grad}
"""
LOOPS = """
program: |
  x = torch.tensor(3.0, requires_grad=True)
  y = x
  while y < 50:
      y = 4 * y
  y = y + x
  y.backward()
answers:
  grad: {kind: value, value: x.grad}
"""
LEAVES = """
program: |
  x = torch.tensor([2.0], requires_grad=True)
  c = torch.tensor([2.0])
  y = c * x
answers:
  leaves: {kind: flags, flags: [x.is_leaf, c.is_leaf, y.is_leaf]}
"""
TWICE = """
program: |
  x = torch.tensor(2.0, requires_grad=True)
  y = x * x
  y.backward()
  y.backward()
answers:
  outcome: {kind: raises}
"""
WITH_ROOM = "grad:\n    kind: value\n    value: x.grad"
FORMULA = """
program: |
  def f(x, a):
      return (a * x.sin()).sum()
answers:
  g:
    kind: formula
    vars: {x: [3], a: [3]}
    truth: torch.autograd.grad(f(x, a), x)[0]
    show: a * cos(x)
"""
CHOICE = """
program: |
  x = torch.tensor([2.0, 4.0], requires_grad=True)
  y = (x * x).mean()
answers:
  v:
    kind: choice
    options:
      - {expr: y.detach(), correct: true}
      - {expr: "torch.tensor(20.0)"}
      - {expr: "torch.tensor(7.0)"}
"""


@pytest.fixture
def told(library_of, runner):
    """``await told(yaml, text)``: the verdict on the only answer."""

    async def grading(yaml: str, text: str):
        question = draw(library_of(one=HEAD + yaml).exercises["one"], 0, "en")
        truths = await find_truths(question, runner)
        verdict = await grade(question, truths, {next(iter(question.answers)): text}, runner)
        return next(iter(verdict.answers.values()))

    return grading


@pytest.fixture
def standards_of(library_of, runner):
    async def finding(yaml: str):
        question = draw(library_of(one=HEAD + yaml).exercises["one"], 0, "en")
        return await find_standards(question, await find_truths(question, runner), runner)

    return finding


@pytest.mark.parametrize(
    ("yaml", "text", "near"),
    [
        (DETACH, "[6, 10]", ("std:drop-detach",)),
        (DETACH, "[1.5, 2.5]", ("std:mean-for-sum",)),
        (ACCUMULATE, "[6, 10]", ("std:first-backward-only",)),
        (ACCUMULATE, "[7, 7]", ("std:last-backward-only",)),
        (ACCUMULATE, "[7, 11]", ("std:factor-forgotten",)),
        (LEAVES, "True False True", ("std:requires-grad-for-leaf",)),
        (TWICE, "no", ("std:add-retain-graph",)),
        (FORMULA, "sin(x)", ("std:other-leaf",)),
        (FORMULA, "a * cos(x) / 3", ("std:mean-for-sum",)),
        (FORMULA, "(a * sin(x)).sum()", ("std:value-for-gradient",)),
        (CHOICE, "tensor(20.)", ("std:sum-for-mean",)),
        (CHOICE, "tensor(7.)", ()),
    ],
)
async def test_a_wrong_answer_is_told_by_the_edit_that_gives_it(told, yaml, text, near):
    answer = await told(yaml, text)
    assert (answer.verdict, answer.near) == ("wrong", near)
    assert len(answer.says) == len(near)


async def test_what_is_told_names_the_line_and_the_rule_in_both_languages(told):
    answer = await told(DETACH, "[6, 10]")
    assert answer.message == (
        "Consistent with line 2 without its detach: `u = x`. "
        "What is detached is a constant: no gradient passes through it."
    )
    i18n.use("zh")
    try:
        assert "第 2 行没有 detach" in (await told(DETACH, "[6, 10]")).message
    finally:
        i18n.use("en")


async def test_the_authors_near_miss_speaks_in_the_place_of_the_same_edit(told, standards_of):
    near = """
    near: {mine: {patch: [{replace: .detach(), with: ""}], says: My own words.}}
"""
    yaml = DETACH.replace("grad: {kind: value, value: x.grad}", WITH_ROOM + near)
    answer = await told(yaml, "[6, 10]")
    assert answer.near == ("mine",)
    assert answer.message == "My own words."
    assert "std:drop-detach" not in [one.id for one in (await standards_of(yaml)).near["grad"]]


async def test_those_that_take_part_differ_from_the_truth_and_each_other(standards_of):
    found = (await standards_of(ACCUMULATE)).near["grad"]
    values = [one.value.entries for one in found]
    assert (13.0, 17.0) not in values
    assert len(set(values)) == len(values)
    assert 3 <= len(values) <= MOST_EDITS


async def test_an_edit_that_loops_for_ever_costs_neither_the_verdict_nor_the_others(
    told, standards_of
):
    began = time.perf_counter()
    found = {one.id for one in (await standards_of(LOOPS)).near["grad"]}
    assert time.perf_counter() - began < 30
    assert {"std:value-for-gradient", "std:line-overlooked-2"} <= found
    assert (await told(LOOPS, "64")).near == ("std:line-overlooked-2",)
    assert (await told(LOOPS, "65")).verdict == "correct"


async def test_a_slip_of_the_edit_is_no_outcome_to_expect(standards_of):
    """`y.detach()` on a float raises AttributeError: nobody means that."""
    found = (await standards_of(TWICE)).near["outcome"]
    assert all(
        one.value.raised is None or one.value.raised.class_name == "RuntimeError" for one in found
    )


async def test_without_a_program_nothing_is_run(standards_of):
    yaml = """
answers:
  v: {kind: choice, options: [{text: a, correct: true}, {text: b}]}
"""
    assert (await standards_of(yaml)).near == {}


async def test_they_are_run_once_and_late_ones_take_no_part(library_of, runner):
    question = draw(library_of(one=HEAD + DETACH).exercises["one"], 0, "en")
    truths = await find_truths(question, runner)

    class Counting:
        jobs = 0

        async def run(self, job):
            self.jobs += 1
            await asyncio.sleep(0.05)
            return await runner.run(job)

    counting = Counting()
    standards = StandardsOf(question, truths, counting, patience=0.01)
    standards.start()
    assert (await standards()).near == {}  # too late for this verdict …
    await asyncio.sleep(1.0)
    assert (await standards()).near["grad"]  # … and there for the next
    assert counting.jobs == 1


async def test_a_runner_that_is_gone_leaves_the_verdict_as_it_was(library_of, runner):
    question = draw(library_of(one=HEAD + DETACH).exercises["one"], 0, "en")
    truths = await find_truths(question, runner)

    class Gone:
        state = "ready"

        async def run(self, job):
            raise WorkerUnavailable("gone")

    verdict = await grade(question, truths, {"grad": "[6, 10]"}, Gone())
    assert verdict.verdict == "wrong"
    assert verdict.near == ("rel:factor",)


async def test_answers_given_to_each_other_are_told_so(library_of, runner):
    yaml = """
program: |
  x = torch.tensor([3.0, 5.0], requires_grad=True)
  y = (7 * x).sum()
  y.backward()
answers:
  x: {kind: value, value: x.detach()}
  g: {kind: value, value: x.grad}
"""
    question = draw(library_of(one=HEAD + yaml).exercises["one"], 0, "en")
    truths = await find_truths(question, runner)
    both = await grade(question, truths, {"x": "7, 7", "g": "3, 5"}, runner)
    assert both.answers["x"].near == ("rel:exchanged",)
    assert "right answer to `g`" in both.answers["x"].message
    one = await grade(question, truths, {"x": "7, 7", "g": "7, 7"}, runner)
    assert one.answers["x"].near == ()
