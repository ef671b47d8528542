"""`tutor new`: every skeleton works as it stands, and nothing is overwritten."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from tutor.authoring.skeleton import KINDS, skill_for
from tutor.check.prove import prove
from tutor.cli import tutor
from tutor.cli.new import _KINDS
from tutor.exercise.load import load_file, load_library
from tutor.locations import data_dir

if TYPE_CHECKING:
    from tutor.pytest_plugin.live import Live

DECK = """\
format: 1
id: mine
title: Mine
languages: [en]
licence: MIT
skills:
  first: {title: First}
  autograd.detach: {title: Detach}
  autograd.graph: {title: Graph}
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "home"))


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    folder = tmp_path / "deck"
    folder.mkdir()
    (folder / "deck.yaml").write_text(DECK)
    return folder


def new(*args: object) -> Result:
    return CliRunner().invoke(tutor, ["new", *map(str, args)])


def complaint(result: Result) -> str:
    """What the user is told, whichever layer says it."""
    assert result.exit_code != 0
    return f"{result.output}{getattr(result.exception, 'message', result.exception)}"


def test_the_command_offers_every_kind() -> None:
    assert _KINDS == KINDS
    assert {path.stem for path in (data_dir() / "templates").glob("*.yaml")} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_skeleton_holds_but_for_its_texts(deck: Path, live: Live, kind: str) -> None:
    result = new(f"autograd.detach.{kind}", "--kind", kind, "--deck", deck)
    assert result.exit_code == 0, result.output
    path = deck / f"autograd.detach.{kind}.yaml"
    assert f"wrote {path}" in result.stdout
    library = load_library([deck])
    assert [str(p) for p in library.problems] == []
    loaded = library.exercises[f"autograd.detach.{kind}"]
    assert kind in {answer.kind for answer in loaded.exercise.answers.values()}
    proof = live.wait(prove(loaded, range(25), live.runner))
    assert proof.findings
    assert all("TODO" in finding.message for finding in proof.findings), "\n".join(
        map(str, proof.findings)
    )
    text = path.read_text()
    assert "@" not in re.sub(r"\w @ \w|@ x|@answer.py", "", text)  # every place is filled in
    assert f"tutor check {path}" in text


def test_the_first_line_leads_to_a_schema(deck: Path) -> None:
    new("autograd.graph.one", "--deck", deck)
    first = (deck / "autograd.graph.one.yaml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=exercise.schema.json"
    shipped = data_dir() / "exercise.schema.json"
    assert (deck / "exercise.schema.json").read_text() == shipped.read_text()
    inner = deck / "inner" / "two.yaml"
    new("autograd.graph.two", "-o", inner)
    assert "$schema=../exercise.schema.json" in inner.read_text()


def test_without_a_deck_the_schema_is_the_shipped_one(tmp_path: Path) -> None:
    path = tmp_path / "alone.yaml"
    assert new("my.own.idea", "-o", path).exit_code == 0
    assert f"$schema={data_dir() / 'exercise.schema.json'}" in path.read_text()
    assert load_file(path).exercise.skill == "my.own"


def test_in_the_checkout_the_path_is_relative() -> None:
    from tutor.authoring.skeleton import schema_reference

    path = data_dir().parent / "exercises" / "autograd" / "new.yaml"
    assert schema_reference(path) == str(Path("..", "..", "data", "exercise.schema.json"))


def test_the_skill_is_the_deck_s_closest(deck: Path) -> None:
    assert skill_for("autograd.detach.one", deck / "x.yaml") == "autograd.detach"
    assert skill_for("graph.leaf", deck / "x.yaml") == "autograd.graph"
    assert skill_for("other", deck / "x.yaml") == "first"
    assert skill_for("notes.in-3", deck / "x.yaml", {"y", "detach"}) == "autograd.detach"


def test_nothing_is_overwritten(deck: Path) -> None:
    path = deck / "mine.yaml"
    path.write_text("# precious")
    result = new("autograd.graph.one", "-o", path)
    assert "is there already" in complaint(result)
    assert path.read_text() == "# precious"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["Not An Id"], "is no id: write lower-case words"),
        (["autograd.detach.square-times-x"], "there is an exercise"),
        (["a.b", "--deck", "nowhere"], "is no deck"),
        (["a.b", "--deck", ".", "-o", "x.yaml"], "either --deck or -o"),
        (["a.b", "--kind", "essay"], "'essay' is not one of"),
    ],
)
def test_what_cannot_be_made_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert says in complaint(new(*args))
    assert list(tmp_path.iterdir()) == []


def test_an_id_that_the_deck_has_already_is_refused(deck: Path) -> None:
    new("autograd.graph.one", "--deck", deck)
    result = new("autograd.graph.one", "-o", deck / "other.yaml")
    assert "there is an exercise autograd.graph.one already" in complaint(result)


@pytest.mark.parametrize("kind", KINDS)
def test_a_deck_of_two_languages_gets_every_text_in_both(deck: Path, live: Live, kind: str) -> None:
    (deck / "deck.yaml").write_text(DECK.replace("[en]", "[en, zh]"))
    assert new(f"first.{kind}", "--kind", kind, "--deck", deck).exit_code == 0
    library = load_library([deck])
    assert [str(p) for p in library.problems] == []
    loaded = library.exercises[f"first.{kind}"]
    assert loaded.exercise.languages == ("en", "zh")
    proof = live.wait(prove(loaded, range(3), live.runner))
    assert all("TODO" in finding.message for finding in proof.findings)
    assert sum(f.field.endswith(".zh") for f in proof.findings) * 2 == len(proof.findings)
