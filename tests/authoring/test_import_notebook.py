"""`tutor import NOTEBOOK.ipynb`: what is recorded is run again, and becomes exercises that hold."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from tutor.authoring.deck_file import check_skill, ensure_deck
from tutor.authoring.importing import Drafted, LeftOut, import_cells
from tutor.authoring.notebook import read_notebook
from tutor.authoring.skeleton import AuthoringError
from tutor.check.prove import prove
from tutor.cli import tutor
from tutor.exercise.load import load_library

if TYPE_CHECKING:
    from tutor.pytest_plugin.live import Live

NOTES = Path(__file__).parent / "notes.ipynb"


def markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def code(count: int | None, source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": count,
        "metadata": {},
        "source": source.splitlines(keepends=True),
        "outputs": list(outputs),
    }


def value(text: str) -> dict[str, Any]:
    return {"output_type": "execute_result", "metadata": {}, "data": {"text/plain": text}}


def printed(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": [text]}


def picture() -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": {"image/png": "…"}}


def raised(name: str, message: str, *trace: str) -> dict[str, Any]:
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": list(trace)}


def notebook(path: Path, *cells: dict[str, Any], **more: Any) -> Path:
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, **more}))
    return path


class Import:
    """Imports made with the runner that is there already."""

    def __init__(self, folder: Path, live: Live) -> None:
        self.folder, self.live = folder, live

    def __call__(self, *cells: dict[str, Any]) -> dict[str, Drafted | str]:
        """By the cell's label: the draft, or the reason why there is none."""
        path = notebook(self.folder / "book.ipynb", *cells)
        return self.of(path)

    def of(self, path: Path) -> dict[str, Drafted | str]:
        deck = self.folder / "deck"
        ensure_deck(deck, path.stem)
        found = self.live.wait(
            import_cells(read_notebook(path), path.name, deck, None, self.live.runner)
        )
        for one in found:
            if isinstance(one, Drafted):
                target = deck / one.name
                target.parent.mkdir(exist_ok=True)
                target.write_text(one.text, encoding="utf-8")
        return {one.cell.label: one.reason if isinstance(one, LeftOut) else one for one in found}

    def exercises(self) -> dict[str, Any]:
        library = load_library([self.folder / "deck"])
        assert library.problems == ()
        return {id_: loaded.exercise for id_, loaded in library.exercises.items()}


@pytest.fixture
def imported(tmp_path: Path, live: Live) -> Import:
    return Import(tmp_path, live)


def test_the_notes_give_drafts_for_all_nine_results(imported: Import, live: Live) -> None:
    found = imported.of(NOTES)
    drafts = [label for label, one in found.items() if isinstance(one, Drafted)]
    assert drafts == [f"In [{n}]" for n in (15, 19, 28, 29, 30, 34, 35, 36, 39)]
    assert str(found["In [1]"]).startswith("it printed 2.4.1; the live run prints ")

    library = load_library([imported.folder / "deck"])
    assert library.problems == ()
    assert len(library.exercises) == 9
    nears = {}
    for id_, loaded in library.exercises.items():
        (answer,) = loaded.exercise.answers.values()
        nears[id_] = set(answer.near)
        assert loaded.exercise.params  # no draft is the same every time
        proof = live.wait(prove(loaded, range(100), live.runner))
        assert {f.severity for f in proof.findings} == {"warning"}
        assert all("TODO" in f.message for f in proof.findings), proof.findings
    assert nears["notes.in-15"] >= {"mean-for-sum", "value-for-gradient"}
    assert nears["notes.in-28"] >= {"sum-for-mean"}
    assert nears["notes.in-29"] == {"end-included", "starts-at-one"}
    assert nears["notes.in-30"] == {"zeros-for-none"}
    assert nears["notes.in-34"] >= {"not-added-up", "factor-forgotten"}
    assert nears["notes.in-36"] >= {"not-zeroed"}
    assert nears["notes.in-39"] == {"detach-ignored"}


def test_a_draft_stands_alone_and_carries_its_context(imported: Import) -> None:
    found = imported.of(NOTES)
    draft = found["In [36]"]
    assert isinstance(draft, Drafted)
    assert "#   ## 自动微分" in draft.text  # the Markdown before it
    assert 'source: "notes.ipynb, In [36]"' in draft.text
    exercise = imported.exercises()["notes.in-36"]
    assert exercise.program == (
        "x  = torch.arange({{ n | floats }})\nx.requires_grad_(True)\n"
        "y = {{ c }}*torch.dot(x, x)\ny.backward()\nx.grad.zero_()\ny = x.sum()\ny.backward()\n"
    )
    # Only its own lines: nothing of the cells about matrices, nothing of its comments.
    exercise = imported.exercises()["notes.in-39"]
    assert exercise.program.startswith(
        "x = torch.tensor({{ v | floats }}, requires_grad=True)\ny = x*x\n"
    )
    assert "#" not in exercise.program


def test_printed_values_are_asked_unless_they_change_later(imported: Import) -> None:
    found = imported(
        code(
            1,
            "import torch\nw = torch.tensor([2., 5.], requires_grad=True)\n(w * w).sum().backward()\n"
            'print("before:", w.grad)\nw.grad.zero_()\nprint(f"shape {w.shape}, after {w.grad}")',
            printed("before: tensor([ 4., 10.])\nshape torch.Size([2]), after tensor([0., 0.])\n"),
        ),
        code(2, "for k in range(2):\n    print(k)", printed("0\n1\n")),
    )
    draft = found["In [1]"]
    assert isinstance(draft, Drafted)
    answers = imported.exercises()["book.in-1"].answers
    assert {a.value for a in answers.values()} == {"w.shape", "w.grad"}
    assert "within a loop" in str(found["In [2]"])
    # `w.grad` is printed before and after: what is asked is how it ends.
    assert draft.notes == () or "changed later" in draft.notes[0]


def test_errors_become_questions_about_errors(imported: Import) -> None:
    trace = "\x1b[0;32m----> 3\x1b[0m y.backward()"
    found = imported(
        code(
            1,
            "import torch\nx = torch.tensor([1., 2.], requires_grad=True)\ny = x * 2\ny.backward()",
            raised("RuntimeError", "grad can be implicitly created only for scalar outputs", trace),
        ),
        code(2, "torch.ones(2) @ torch.ones(3)", raised("ValueError", "something else")),
        code(3, "x + 1", value("tensor([2., 3.], grad_fn=<AddBackward0>)")),
    )
    assert isinstance(found["In [1]"], Drafted)
    (answer,) = imported.exercises()["book.in-1"].answers.values()
    assert answer.kind == "raises"
    assert "the live run raises RuntimeError" in str(found["In [2]"])
    assert isinstance(found["In [3]"], Drafted)  # what came before the error is still there
    assert imported.exercises()["book.in-3"].program.startswith("x = torch.tensor(")


def test_every_cell_left_out_says_why(imported: Import) -> None:
    found = imported(
        code(None, "x = 1\nx"),
        code(1, "%%time\nx = 1", printed("CPU times: user 1 us\n")),
        code(2, "import torch\ntorch.rand(3)", value("tensor([0.1234, 0.2345, 0.3456])")),
        code(3, "a = 5"),
        code(4, "{'a': 1}", value("{'a': 1}")),
        code(5, "torch.zeros(100)", value("tensor([" + ", ".join(["0."] * 100) + "])")),
        code(6, "plot()", picture()),
        code(7, "a +", raised("SyntaxError", "invalid syntax")),
        code(8, "while True: pass", printed("x")),
        code(9, "a * 2", value("11")),
        code(10, "torch.ones(2).sum()", value("tensor(2.)")),
        code(11, "torch.ones(2).sum()", value("tensor(2.)")),
        code(12, "a"),
    )
    reasons = {label: str(one) for label, one in found.items()}
    assert "never run" in reasons["code cell 1"]
    assert "a command of IPython's" in reasons["In [1]"]
    assert "is recorded; the live run gives tensor(" in reasons["In [2]"]
    assert "shows nothing" in reasons["In [3]"]
    assert "a dict, cannot be typed" in reasons["In [4]"]
    assert "100 numbers: too many to type" in reasons["In [5]"]
    assert "NameError" in reasons["In [6]"]
    assert "no plain Python" in reasons["In [7]"]
    assert "does not end" in reasons["In [8]"]
    assert "11 is recorded; the live run gives 10" in reasons["In [9]"]
    assert isinstance(found["In [10]"], Drafted)
    assert reasons["In [11]"] == "it is the same as In [10]"
    assert "nothing is recorded; the live run gives 5" in reasons["In [12]"]


def test_cells_are_replayed_in_the_order_in_which_they_were_run(imported: Import) -> None:
    found = imported(
        code(2, "x * 2", value("tensor([2., 4.])")),
        code(
            1,
            "%matplotlib inline\nimport torch\nx = torch.tensor([1., 2.])\nx",
            value("tensor([1., 2.])"),
        ),
    )
    assert all(isinstance(one, Drafted) for one in found.values())


def test_what_templates_and_yaml_take_for_their_own_is_carried_over(imported: Import) -> None:
    source = (
        "import torch\nd = {'k': {'a': 2}}\nt = '{{ no }} {% no %} {# no #}'\n"
        "x = torch.tensor([[2., 3.],\n                  [4., 5.]])  # a: b #c\n\ny = x * d['k']['a']\ny"
    )
    found = imported(
        markdown("# A: title — {{ x }}\x0b\n\nΣ"),
        code(1, source, value("tensor([[ 4.,  6.],\n        [ 8., 10.]])")),
    )
    assert isinstance(found["In [1]"], Drafted)
    from tutor.exercise.load import load_file
    from tutor.question import draw

    question = draw(load_file(imported.folder / "deck" / "book" / "in-1.yaml"), 0, "en")
    assert "t = '{{ no }} {% no %} {# no #}'" in question.program
    assert question.title == "TODO: a: b #c"


def test_a_hidden_effect_of_another_cell_is_found(imported: Import) -> None:
    """`y.backward()` changes `x.grad` without naming `x`; the constant is shared and links nothing."""
    found = imported(
        code(1, "import torch\nk = 3.0"),
        code(2, "x = torch.tensor([2.0], requires_grad=True)\ny = k * x"),
        code(3, "z = torch.tensor([5.0], requires_grad=True)\nw = k * z\nw.backward()"),
        code(4, "y.backward()"),
        code(5, "x.grad", value("tensor([3.])")),
    )
    assert isinstance(found["In [5]"], Drafted)
    program = imported.exercises()["book.in-5"].program
    assert "y.backward()" in program
    assert "z" not in program


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "it is not JSON"),
        ("[]", "no notebook of format 4"),
        ('{"worksheets": []}', "no notebook of format 4"),
        ('{"cells": [], "metadata": {"language_info": {"name": "R"}}}', "only Python"),
    ],
)
def test_what_is_no_notebook_is_told(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "x.ipynb"
    path.write_text(content)
    with pytest.raises(AuthoringError, match=says):
        read_notebook(path)


def test_odd_cells_are_no_trouble(tmp_path: Path) -> None:
    path = notebook(tmp_path / "x.ipynb", {}, {"cell_type": "code", "source": 3}, code(1, "x"), 7)  # type: ignore[arg-type]
    assert [cell.source for cell in read_notebook(path)] == ["x"]


def test_a_skill_that_the_deck_lacks_is_refused(tmp_path: Path) -> None:
    ensure_deck(tmp_path / "deck", "Notes on Δ")
    check_skill(tmp_path / "deck", "notes-on")
    with pytest.raises(AuthoringError, match="there are notes-on"):
        check_skill(tmp_path / "deck", "other")


def test_the_command_writes_the_drafts_and_overwrites_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    shutil.copyfile(NOTES, "notes.ipynb")
    kept = tmp_path / "mine" / "notes" / "in-15.yaml"
    kept.parent.mkdir(parents=True)
    kept.write_text("# mine")
    result = CliRunner().invoke(tutor, ["import", "notes.ipynb", "--deck", "mine", "--json"])
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert len(report["drafts"]) == 8
    assert {one["cell"] for one in report["left_out"]} == {"In [1]", "In [15]"}
    assert any("is there already" in one["reason"] for one in report["left_out"])
    assert kept.read_text() == "# mine"
    assert (tmp_path / "mine" / "exercise.schema.json").is_file()
    kept.unlink()
    library = load_library([tmp_path / "mine"])
    assert library.problems == ()
    assert len(library.exercises) == 8


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["notes.ipynb"], "Add --deck DIR"),
        (["notes.txt", "--deck", "d"], "should end in .jsonl, .sqlite3 or .ipynb"),
        (["gone.ipynb", "--deck", "d"], "cannot be read: No such file"),
    ],
)
def test_the_command_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(tutor, ["import", *args])
    assert result.exit_code != 0
    assert says in f"{result.output}{getattr(result.exception, 'message', '')}"
    assert list(tmp_path.iterdir()) == []
