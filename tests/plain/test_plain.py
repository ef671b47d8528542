"""The plain session on one exercise of every kind: what is said, and that it ends cleanly."""

from __future__ import annotations

import io

import pytest
from app_exercises import EXERCISES

from tutor.agenda.filters import Filters
from tutor.exercise.load import load_library
from tutor.plain.console import Console, plain
from tutor.plain.desk import open_desk
from tutor.plain.review import PlainReview
from tutor.schedule.settings import Settings
from tutor.store import open_store

#: What is typed for each exercise, in the order in which they are asked.
SCRIPT = {
    "choice": ":hint\n2.0\n",
    "code": "y =\n.\ny = x.sum()\n\nz = y\n.\n",
    "flags": "T F\nT F T\n",
    "formula": "2 a\n2*a\n",
    "order": "a b c d a\n:give-up\n",
    "raises": "RuntimeErorr 3\nRuntimeError 3\n",
    "two": ":why\n:graph\n9\n5\n\n6\n",
    "value": ":why\n:graph\ntensor([[2., 4.],\n        [6., 8.]])\n:hint\n[[0.5, 1], [1.5, 2]]\n",
}


@pytest.fixture(scope="module")
def said(tmp_path_factory) -> str:
    """All that was said in one session over every kind."""
    folder = tmp_path_factory.mktemp("plain")
    for name in SCRIPT:
        (folder / f"{name}.yaml").write_text(EXERCISES[name].lstrip(), encoding="utf-8")
    library = load_library([folder / f"{name}.yaml" for name in SCRIPT])
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tutor.exercise.registry.known_library", lambda _home: library)
        with open_desk(folder / "home", "en", Filters(), Settings()) as desk:
            source = io.StringIO()
            review = PlainReview(desk, Console(source, out))
            given = _by_exercise(desk)
            with pytest.MonkeyPatch.context() as reading:
                reading.setattr(source, "readline", given)
                review.run()
            review.end()
    with open_store(folder / "home", read_only=True) as store:
        assert len(list(store.reviews())) == len(SCRIPT)
    return out.getvalue()


def _by_exercise(desk):
    """Types each exercise's lines whatever the order in which they are asked."""
    left = {name: iter(text.splitlines(keepends=True)) for name, text in SCRIPT.items()}
    return lambda: next(left[desk.session.turn.pending.exercise_id.removeprefix("app.")])


def test_every_kind_is_answered_line_by_line(said):
    assert said.count("\nCorrect\n") == len(SCRIPT) - 1
    assert said.count("\nGiven up\n") == 1
    assert "8 questions answered; 7 correct\n" in said
    assert "The next one is due in" in said


def test_the_program_is_numbered_and_options_are_lettered(said):
    assert "  1  x = torch.tensor([1.0, 2.0], requires_grad=True)\n" in said
    assert "W[:, 0] = [red] is not markup [/b]" in said
    assert "  1  x.is_leaf\n" in said
    assert "It is not 4.0. [/b]" in said, "live values stand in the question"


def test_what_cannot_be_read_says_where_and_costs_nothing(said):
    assert "column 3: A sign is missing before a: write * for a product" in said
    assert "column 1: There is no RuntimeErorr in Python: did you mean RuntimeError?" in said
    assert "line 1, column" in said, "code has lines"


def test_a_wrong_answer_is_told_why_and_what_is_left(said):
    assert "consistent with: That is the gradient of the sum." in said
    assert "2 attempts left\n" in said
    assert "x.grad: wrong" in said or ": wrong\n" in said
    assert "Empty keeps: 9\n" in said, "what was typed need not be typed again"
    assert "Hint 1: What does the mean divide by?" in said


def test_what_a_finished_program_did_is_told_line_by_line(said):
    assert "Trace:\n" in said
    assert "Backward walk:\n" in said
    assert "╭" not in said, "the graph is a table"


def test_there_is_nothing_but_lines(said):
    assert "\x1b" not in said
    assert all(c.isprintable() or c == "\n" for c in said)


def test_control_characters_of_an_exercise_do_not_reach_the_terminal():
    out = io.StringIO()
    Console(io.StringIO(), out).say("a\x1b[2Jb\x07 中文")
    assert out.getvalue() == "a[2Jb 中文\n"
    assert plain("What is `x.grad`?") == "What is x.grad?"


def test_harder_and_its_taking_back(tmp_path):
    path = tmp_path / "value.yaml"
    path.write_text(EXERCISES["value"].lstrip(), encoding="utf-8")
    (tmp_path / "two.yaml").write_text(EXERCISES["two"].lstrip(), encoding="utf-8")
    library, out = load_library([path, tmp_path / "two.yaml"]), io.StringIO()
    lines = {
        "app.value": iter([":harder", "[[0.5, 1], [1.5, 2]]"]),
        "app.two": iter([":harder", ":harder", ":harder", ":undo", ":undo", ":harder", ":quit"]),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tutor.exercise.registry.known_library", lambda _home: library)
        with open_desk(tmp_path / "home", "en", Filters(), Settings()) as desk:
            source = io.StringIO()
            patch.setattr(
                source, "readline",
                lambda: next(lines[desk.session.turn.pending.exercise_id]) + "\n",
            )  # fmt: skip
            review = PlainReview(desk, Console(source, out))
            with pytest.raises(EOFError):
                review.run()
            review.end()
    told = out.getvalue()
    rated = [line.rpartition("Rated ")[2] for line in told.splitlines() if "Rated " in line]
    assert rated == ["Good.", "Hard.", "Again.", "Hard.", "Good.", "Hard."]
    assert told.count("No finished question can count lower than it does.") == 2
    assert told.count("Taken back.") == 2
    with open_store(tmp_path / "home", read_only=True) as store:
        assert [one.rating for one in store.reviews()] == [2]
