"""What-if on real questions with real torch: compared, predicted, stopped, and nothing kept."""

from __future__ import annotations

import asyncio

import pytest

from tutor.answer import InvalidAnswer
from tutor.question import draw
from tutor.session import NotOver, Session
from tutor.store import open_store
from tutor.whatif import Asked, bench_of, what_if

pytestmark = pytest.mark.asyncio(loop_scope="session")

DETACH = """\
format: 1
id: what.detach
skill: what.detach
title: {en: Detached}
program: |
  x = torch.tensor([-3.0, 2.0], requires_grad=True)
  y = x * x
  u = y.detach()
  z = (u * x).sum()
  z.backward()
ask: {en: "What is `x.grad`?"}
answers:
  grad:
    kind: value
    value: x.grad
    near:
      detach-ignored:
        patch: [{replace: "y.detach()", with: "y"}]
        says: {en: "That is the gradient without `.detach()`."}
"""


@pytest.fixture
def detach(library_of):
    return draw(library_of(detach=DETACH).exercises["what.detach"], 0, "en")


async def test_a_suggested_edit_side_by_side(detach, runner):
    bench = bench_of(detach)
    suggestion = bench.suggestions[0]
    assert suggestion.id == "detach-ignored", "the author's own comes first"
    result = await what_if(bench, suggestion.program, {"x.grad": "27, 12"}, runner)
    (row,) = result.rows
    assert (row.before, row.after) == ("tensor([9., 4.])", "tensor([27., 12.])")
    assert row.changed
    assert row.right is True
    (edit,) = result.differences
    assert (edit.line, edit.within) == (3, (".detach()", ""))
    assert result.raised is None
    assert not result.stopped


async def test_the_edit_behind_the_learners_answer_comes_first(detach):
    ids = [one.id for one in bench_of(detach).suggestions]
    assert ids[0] == "detach-ignored"
    assert len(set(ids)) == len(ids)
    mine = ids[-1]
    assert bench_of(detach, [mine]).suggestions[0].id == mine


async def test_predictions_that_are_wrong_or_cannot_be_read(detach, runner):
    bench = bench_of(detach)
    result = await what_if(bench, bench.program, {"x.grad": "27, 12"}, runner)
    assert result.rows[0].right is False
    assert not result.rows[0].changed
    assert result.differences == ()
    result = await what_if(bench, bench.program, {"x.grad": "[27, 12"}, runner)
    assert result.rows[0].right is None
    assert "[" in result.rows[0].problem


async def test_other_names_that_changed_are_told_and_those_that_did_not_are_not(detach, runner):
    program = detach.program.replace("y = x * x", "y = x * x * x\nw = 1")
    result = await what_if(bench_of(detach), program, {}, runner)
    others = {row.expression: (row.before, row.after) for row in result.others}
    assert others["w"] == ("", "1")
    assert others["y"][1].startswith("tensor([-27.,   8.]")
    assert "x" not in others


async def test_an_error_of_the_edited_program_is_its_result(detach, runner):
    program = detach.program.replace("z = (u * x).sum()", "z = u * x")
    result = await what_if(bench_of(detach), program, {"x.grad": "1, 1"}, runner)
    assert result.raised.class_name == "RuntimeError"
    assert result.raised.line == 5
    assert "scalar" in result.raised.message
    assert result.rows[0].right is False, "there is no gradient to expect anything of"


async def test_a_program_that_is_no_python_names_its_line(detach, runner):
    with pytest.raises(InvalidAnswer) as caught:
        await what_if(bench_of(detach), "x = 1\ny = (x", {}, runner)
    assert caught.value.line == 2


async def test_a_loop_without_end_is_stopped_in_words(detach, runner):
    program = detach.program + "while True: pass\n"
    result = await what_if(bench_of(detach), program, {}, runner)
    # On a busy machine the wall clock may strike before the processor time is used up.
    assert result.stopped.startswith("stopped after ")
    assert result.rows[0].before == "tensor([9., 4.])"
    assert result.rows[0].after == ""


async def test_cancelling_leaves_the_runner_usable(detach, runner):
    bench = bench_of(detach)
    work = asyncio.create_task(
        what_if(bench, "import time\ntime.sleep(60)\n" + bench.program, {}, runner)
    )
    await asyncio.sleep(0.1)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    result = await what_if(bench, bench.program, {}, runner)
    assert not result.rows[0].changed


async def test_every_other_shipped_question_has_a_bench_that_gives_its_own_answers(shipped, runner):
    """One program runs without an error (unless that is the question) and asks something."""
    asked_nothing = []

    async def one(loaded) -> None:
        bench = bench_of(draw(loaded, 0, "en"))
        result = await what_if(bench, bench.program, {}, runner)
        assert not result.stopped, loaded.id
        assert not any(row.changed for row in (*result.rows, *result.others)), loaded.id
        raises = Asked(None) in bench.asked
        assert raises or result.raised is None, (loaded.id, result.raised)
        if not all(row.before for row in result.rows):
            asked_nothing.append(loaded.id)

    await asyncio.gather(*map(one, list(shipped.exercises.values())[::2]))
    assert asked_nothing == []


# -- nothing is kept ----------------------------------------------------------------------------------


def contents(path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.iterdir() if file.is_file()}


async def test_a_session_keeps_nothing_of_it(library_of, runner, tmp_path):
    home = tmp_path / "home"
    with open_store(home) as store:
        session = Session(library_of(detach=DETACH), store, runner)
        turn = session.next()
        answered = await session.submit({"grad": "9, 4"})
        assert answered.over
        reviews, memories = list(store.reviews()), store.memories()
        before = contents(home)
        edited = turn.question.program.replace(".detach()", "")
        result = await session.what_if(answered.turn, edited, {"x.grad": "27, 12"})
        assert result.rows[0].right is True
        assert contents(home) == before, "not a byte was written"
        assert (list(store.reviews()), store.memories()) == (reviews, memories)
        assert store.pending() is None
        assert session.done == [answered.review]


async def test_an_open_question_refuses(library_of, runner, tmp_path):
    with open_store(tmp_path / "home") as store:
        session = Session(library_of(detach=DETACH), store, runner)
        turn = session.next()
        with pytest.raises(NotOver):
            await session.what_if(turn, turn.question.program)
        await session.submit({"grad": "1, 1"})
        with pytest.raises(NotOver):
            await session.what_if(session.turn, turn.question.program)
        pending = store.pending()
        await session.give_up()
        await session.what_if(turn, turn.question.program)
        assert pending is not None
