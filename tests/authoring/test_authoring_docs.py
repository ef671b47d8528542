"""docs/authoring.md tells the truth: its examples hold, and its output is real."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner
from documents import PAGE, shown_files, write

from tutor.authoring.skeleton import KINDS
from tutor.check.prove import prove
from tutor.cli import tutor
from tutor.exercise.deck import load_deck
from tutor.exercise.load import load_file, load_library

if TYPE_CHECKING:
    import pytest

    from tutor.pytest_plugin.live import Live


def test_every_kind_has_an_example_of_its_own_kind(tmp_path: Path) -> None:
    write(shown_files(), tmp_path)
    for kind in KINDS:
        exercise = load_file(tmp_path / "gallery" / f"{kind}.yaml").exercise
        assert kind in {answer.kind for answer in exercise.answers.values()}


def test_the_real_check_proves_the_gallery_and_the_tutorial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "home"))
    write(shown_files(), tmp_path)
    folders = [str(tmp_path / name) for name in ("gallery", "tutorial", "course")]
    result = CliRunner().invoke(tutor, ["check", "--strict", *folders])
    assert result.exit_code == 0, result.output
    assert "9 exercises proved: 900 draws" in result.stdout
    assert "all hold" in result.stdout


def test_the_tutorial_shows_what_check_really_says(tmp_path: Path, live: Live) -> None:
    write(shown_files(), tmp_path)
    path = tmp_path / "tutorial" / "accumulate.yaml"
    whole = path.read_text(encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    where = 'where: ["max(v) > 1"]\n'
    assert where in whole
    path.write_text(whole.replace(where, ""), encoding="utf-8")
    proof = live.wait(prove(load_file(path), range(100), live.runner))
    (finding,) = proof.findings
    assert str(finding).replace(str(path), "mydeck/mydeck.accumulate.twice.yaml") in page
    assert f"{proof.draws} draws, {proof.gradings} gradings" in page
    # The pieces on the way are those of the whole file.
    for block in re.findall(r"```yaml\n(.*?)```", page.split("## How the parts")[0], re.DOTALL):
        for line in block.splitlines():
            assert line.strip() in whole or "deck" in block, line


def test_the_tutorial_shows_what_new_and_grade_really_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    files = shown_files()
    write({"mydeck/deck.yaml": files["tutorial/deck.yaml"]}, tmp_path)
    page = PAGE.read_text(encoding="utf-8")
    for command in ("new", "grade"):
        shown = re.search(rf"^\$ tutor ({command} .*)\n((?:(?!```|\$).*\n)+)", page, re.MULTILINE)
        assert shown
        result = CliRunner().invoke(tutor, shlex.split(shown[1]))
        assert result.stdout == shown[2]
        write({"mydeck/mydeck.accumulate.twice.yaml": files["tutorial/accumulate.yaml"]}, tmp_path)


def test_the_deck_example_is_a_deck(tmp_path: Path) -> None:
    write(shown_files(), tmp_path)
    deck = load_deck(tmp_path / "deck")
    assert deck.skills["accumulate"].requires == ("chain",)


def test_links_lead_somewhere() -> None:
    page = PAGE.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    for anchor in re.findall(r"\]\(#([^)]+)\)", page):
        assert anchor in anchors
    for target in re.findall(r"\]\((?!#|https)([^)#]+)\)", page):
        assert (PAGE.parent / target).is_file(), target


def test_a_deck_written_from_the_page_alone_holds(live: Live) -> None:
    """Eight exercises: one of each kind, and a vector-Jacobian product."""
    folder = Path(__file__).parent / "deck"
    library = load_library([folder])
    assert library.problems == ()
    kinds = [a.kind for one in library.exercises.values() for a in one.exercise.answers.values()]
    assert set(kinds) == set(KINDS)
    assert len(library.exercises) == 8
    for loaded in library.exercises.values():
        proof = live.wait(prove(loaded, range(25), live.runner))
        assert proof.findings == [], "\n".join(map(str, proof.findings))
