"""``session.explained``: the trace and the walk of a question, and never before its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tutor.session import NotOver, Session
from tutor.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.asyncio(loop_scope="session")

DETACH = """\
format: 1
id: detach
skill: autograd.detach
title: A factor behind detach
params: {a: {int: [3, 9]}}
program: |
  x = torch.tensor([{{ a }}.0, 1.0], requires_grad=True)
  y = (x.detach() * x).sum()
  y.backward()
ask: What is `x.grad`?
answers: {grad: {kind: value, value: x.grad}}
"""
CODE = """\
format: 1
id: code
skill: autograd.detach
title: Cut it
program: |
  x = torch.tensor([2.0], requires_grad=True)
ask: Make `y`, `x` without history.
answers:
  y:
    kind: code
    starter: y = x
    solution: y = x.detach()
    compare: [y.requires_grad, y.detach()]
"""


@pytest.fixture
def session(tmp_path, runner, library_of) -> Iterator[Session]:
    with open_store(tmp_path / "home") as store:
        yield Session(library_of(detach=DETACH), store, runner)


async def test_never_before_the_answer(session):
    turn = session.next()
    with pytest.raises(NotOver):
        await session.explained(turn)
    answered = await session.submit({"grad": "[0, 0]"})  # two attempts are left
    for open_turn in (turn, answered.turn, session.turn):
        with pytest.raises(NotOver):
            await session.explained(open_turn)
    await session.submit({"grad": "[0"})
    with pytest.raises(NotOver):
        await session.explained(session.turn)


async def test_a_question_that_is_over_is_explained_once(session):
    session.next()
    answered = await session.give_up()
    found = await session.explained(answered.turn)
    a = float(answered.turn.question.params["a"])
    assert found.trace.last()["x"].tensor.grad.entries == (a, 1.0)
    assert found.asked == ("x.grad",)
    assert found.run.values["x.grad"].entries == (a, 1.0)
    assert found.sections[0].source == answered.turn.question.program
    assert found.torch_version == answered.truths.torch_version
    assert session.next() is None
    assert await session.explained(answered.turn) is not None


async def test_not_while_the_same_numbers_are_asked_again(session):
    session.next()
    answered = await session.give_up()
    await session.explained(answered.turn)
    session.undo()
    with pytest.raises(NotOver):
        await session.explained(answered.turn)
    again = session.next()
    for turn in (answered.turn, again):
        with pytest.raises(NotOver):
            await session.explained(turn)


async def test_a_question_of_another_session_is_none_of_this_one(session, library_of):
    turn = session.next()
    await session.give_up()
    with pytest.raises(NotOver):
        await Session(session.library, session.store, session.runner).explained(turn)


async def test_the_learners_own_code_in_the_solutions_place(tmp_path, runner, library_of):
    with open_store(tmp_path / "home") as store:
        session = Session(library_of(code=CODE), store, runner)
        session.next()
        answered = await session.submit({"y": "y = x.detach().clone()"})
        solution = await session.explained(answered.turn)
        own = await session.explained(answered.turn, {"y": "y = x.detach().clone()"})
    assert [section.name for section in own.sections] == ["program", "answer"]
    assert solution.sections[1].source == "y = x.detach()"
    assert solution.trace.last()["y"].tensor.shares == "x"
    assert own.trace.last()["y"].tensor.shares is None
