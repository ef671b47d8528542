"""Draws whose near misses cannot be told apart: passed over unseen, and remembered."""

from __future__ import annotations

import asyncio
import json

import pytest

from tutor.grading.clashes import clashes
from tutor.grading.truths import find_truths
from tutor.question import draw
from tutor.question.seeds import DEPLOYED_SEEDS
from tutor.session import Session
from tutor.session.draw_book import FILE_NAME, DrawBook
from tutor.store import open_store

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: With a = 2, half of the draws, the square is the slope, and both are 4.
CLASHING = """
format: 1
id: clashing
skill: b
title: t
params: {a: {choice: [2, 3]}}
program: |
  x = torch.tensor({{ a }}.0, requires_grad=True)
  y = x * x
  y.backward()
ask: What is `x.grad`?
answers:
  grad:
    kind: value
    value: x.grad
    near:
      square: {expr: y.detach(), says: s}
      four: {value: "4", says: s}
"""
PLAIN = """
format: 1
id: a-plain
skill: a
title: t
program: "x = torch.ones(2)"
ask: What is x?
answers: {x: {kind: value, value: x}}
"""


@pytest.fixture
def session_in(runner, tmp_path):
    """``session_in(NAME, LIBRARY)``: a session on a home of its own; the same name is the same home."""
    open_stores = {}

    def start(name: str, library) -> Session:
        if name in open_stores:
            open_stores[name].close()
        open_stores[name] = open_store(tmp_path / name)
        return Session(library, open_stores[name], runner)

    yield start
    for store in open_stores.values():
        store.close()


async def looked_ahead(session: Session) -> None:
    """Until the session has looked at its next draw, or there is nothing to look at."""
    await session.truths()
    for _ in range(1000):
        await asyncio.sleep(0.02)
        looking = session._runs.ahead._looking
        if looking is None or looking.done():
            return
    raise AssertionError("it is still looking")


async def test_a_clash_is_found_by_the_rule_of_check(library_of, runner):
    loaded = library_of(clashing=CLASHING).exercises["clashing"]
    found = {}
    for seed in range(8):
        question = draw(loaded, seed, "en")
        found[question.params["a"]] = clashes(question, await find_truths(question, runner))
    assert found == {
        2: (("grad", "square", "truth"), ("grad", "four", "truth")),
        3: (),
    }


async def test_the_next_draw_is_clean_though_half_of_them_clash(library_of, session_in):
    library = library_of(a_plain=PLAIN, clashing=CLASHING)
    met = []
    for home in "abcdefgh":
        session = session_in(home, library)
        assert session.next().question.exercise.id == "a-plain"
        await looked_ahead(session)
        await session.submit({"x": "1, 1"})
        met.append(session.next().question.params["a"])
    assert met == [3] * 8


async def test_the_first_draw_is_clean_too_if_there_was_time_to_prepare(library_of, session_in):
    library = library_of(clashing=CLASHING)
    met = []
    for home in "abcdefgh":
        session = session_in(home, library)
        session.prepare()
        await session._runs.ahead._looking
        met.append(session.next().question.params["a"])
    assert met == [3] * 8


async def test_what_was_left_open_is_not_prepared_for(library_of, session_in):
    library = library_of(clashing=CLASHING)
    session_in("a", library).next()
    again = session_in("a", library)
    again.prepare()
    assert again._runs.ahead._looking is None


async def test_what_was_run_ahead_is_not_run_again(library_of, session_in):
    session = session_in("a", library_of(a_plain=PLAIN, clashing=CLASHING))
    session.next()
    await looked_ahead(session)
    await session.submit({"x": "1, 1"})
    await looked_ahead(session)
    ready = session._runs.ahead._ready
    session.next()
    assert ready is not None
    assert await session._runs.truths() is ready[1].result()


async def test_a_question_that_is_shown_stays_though_it_clashes(library_of, session_in):
    """The first question of a first session may clash: it is told apart as well as can be, not changed."""
    library = library_of(clashing=CLASHING)
    for home in "abcdefgh":
        session = session_in(home, library)
        turn = session.next()
        assert turn is not None
        await looked_ahead(session)
        assert session.turn is turn
        resumed = session_in(home, library).next()
        assert resumed is not None
        assert resumed.question.seed == turn.question.seed
        if turn.question.params["a"] == 2:
            break
    else:
        raise AssertionError("no draw of eight clashed")
    book = DrawBook(session.store.path.with_name(FILE_NAME))
    assert turn.question.seed in book.clashing(turn.question.content_hash)


async def test_a_draw_that_is_known_to_clash_is_not_the_first_one(library_of, session_in):
    library = library_of(clashing=CLASHING)
    loaded = library.exercises["clashing"]
    for home in "abcd":
        session = session_in(home, library)
        for seed in range(DEPLOYED_SEEDS):
            if draw(loaded, seed, "en").params["a"] == 2:
                session._draws.note(loaded.content_hash, seed)
        turn = session.next()
        assert turn is not None
        assert turn.question.params["a"] == 3


async def test_where_every_draw_clashes_one_is_asked_all_the_same(library_of, session_in):
    library = library_of(a_plain=PLAIN, clashing=CLASHING.replace("[2, 3]", "[2]"))
    session = session_in("a", library)
    session.next()
    await looked_ahead(session)
    await session.submit({"x": "1, 1"})
    turn = session.next()
    assert turn is not None
    assert turn.question.exercise.id == "clashing"
    assert (await session.submit({"grad": "4"})).verdict.verdict == "correct"


async def test_nothing_waits_for_the_look_ahead(library_of, session_in):
    """An exercise ahead that never ends delays neither this question nor the next."""
    slow = PLAIN.replace("id: a-plain", "id: slow").replace("skill: a", "skill: b")
    slow = slow.replace("x = torch.ones(2)", "while True: pass")
    session = session_in("a", library_of(a_plain=PLAIN, slow=slow))
    assert session.next().question.exercise.id == "a-plain"
    await session.truths()
    await asyncio.sleep(0.5)  # by now it runs
    answered = await session.submit({"x": "1, 1"})
    assert answered.verdict.verdict == "correct"
    assert session.next().question.exercise.id == "slow"


# -- the book ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"format": 2, "clashing": {"h": [1]}}', '{"format": 1}', '{"format": 1, "clashing": 5}',
     '{"format": 1, "clashing": {"h": 7}}', "\x00\xff"],
)  # fmt: skip
async def test_a_book_that_cannot_be_read_is_empty(tmp_path, text):
    path = tmp_path / FILE_NAME
    path.write_text(text, encoding="utf-8")
    book = DrawBook(path)
    assert book.clashing("h") == frozenset()
    book.note("h", 3)
    assert DrawBook(path).clashing("h") == {3}


async def test_a_book_that_cannot_be_written_is_let_be(tmp_path):
    book = DrawBook(tmp_path / "no" / "such" / FILE_NAME)
    book.note("h", 3)
    assert book.clashing("h") == {3}


async def test_only_clashes_are_written(tmp_path):
    path = tmp_path / FILE_NAME
    book = DrawBook(path)
    assert book.clashing("h") == frozenset()
    assert not path.exists()
    book.note("h", 4)
    book.note("h", 4)
    assert json.loads(path.read_text()) == {"format": 1, "clashing": {"h": [4]}}
