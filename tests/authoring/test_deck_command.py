"""`tutor deck`: adding, listing and taking off decks; their files are never touched."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tutor.cli import tutor
from tutor.exercise.registry import FILE_NAME

SLOPES = Path(__file__).parent / "deck"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def slopes(tmp_path: Path) -> Path:
    folder = tmp_path / "slopes"
    shutil.copytree(SLOPES, folder)
    return folder


def run(home: Path, *args: object) -> str:
    """What the command prints."""
    result = CliRunner().invoke(tutor, ["--home", str(home), *map(str, args)])
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.stdout


def complaint(home: Path, *args: object) -> str:
    result = CliRunner().invoke(tutor, ["--home", str(home), *map(str, args)])
    assert result.exit_code != 0
    return f"{result.output}{getattr(result.exception, 'message', result.exception)}"


def decks(home: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(run(home, "deck", "list", "--json"))
    return data


def test_an_added_deck_is_asked_from_until_it_is_removed(home: Path, slopes: Path) -> None:
    assert [deck["id"] for deck in decks(home)["decks"]] == ["autograd-tutor"]
    assert "added slopes: 8 exercises" in run(home, "deck", "add", slopes)
    (_, added) = decks(home)["decks"]
    assert (added["id"], added["exercises"], added["skills"]) == ("slopes", 8, 3)
    assert (added["languages"], added["licence"], added["errors"]) == (["en", "zh"], "CC-BY-4.0", 0)
    assert "8 exercises over 3 skills" in run(home, "deck", "list")
    assert "slopes.relu" in run(home, "show", "slopes.relu", "--seed", "1")
    assert "removed" in run(home, "deck", "remove", "slopes")
    assert len(decks(home)["decks"]) == 1
    assert (slopes / "relu.yaml").is_file()
    assert "there is no exercise" in complaint(home, "show", "slopes.relu", "--seed", "1")


def test_what_cannot_be_added_is_told(home: Path, slopes: Path, tmp_path: Path) -> None:
    assert "has no deck.yaml" in complaint(home, "deck", "add", tmp_path)
    run(home, "deck", "add", slopes)
    assert "is there already" in complaint(home, "deck", "add", slopes)
    twin = tmp_path / "twin"
    shutil.copytree(SLOPES, twin)
    assert "there is a deck slopes already" in complaint(home, "deck", "add", twin)
    (twin / "deck.yaml").write_text("format: 1\n")
    assert "is missing" in complaint(home, "deck", "add", twin)
    assert len(decks(home)["decks"]) == 2


def test_errors_of_an_added_deck_are_told_and_stop_nothing(home: Path, slopes: Path) -> None:
    path = slopes / "relu.yaml"
    path.write_text(path.read_text().replace("ask:", "aks:"))
    output = run(home, "deck", "add", slopes)
    assert "added slopes: 7 exercises" in output
    assert "relu.yaml:" in output
    assert "aks" in output
    assert "1 error: see `tutor check`" in run(home, "deck", "list")


def test_a_deck_whose_folder_is_gone_can_be_forgotten(home: Path, slopes: Path) -> None:
    run(home, "deck", "add", slopes)
    shutil.rmtree(slopes)
    assert decks(home)["missing"] == [str(slopes)]
    assert f"missing: {slopes}" in run(home, "deck", "list")
    run(home, "deck", "remove", slopes)
    assert decks(home)["missing"] == []


def test_what_was_never_added_cannot_be_removed(home: Path) -> None:
    assert "shipped decks always stay" in complaint(home, "deck", "remove", "autograd-tutor")


@pytest.mark.parametrize("content", ["{", "[]", '{"folders": 3}'])
def test_a_list_that_cannot_be_read_says_how_to_mend_it(home: Path, content: str) -> None:
    home.mkdir()
    (home / FILE_NAME).write_text(content)
    assert FILE_NAME in complaint(home, "deck", "list")


def test_a_new_deck_is_right_and_an_exercise_in_it_as_well(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "my-deck"
    said = run(home, "deck", "new", folder, "--language", "zh", "--language", "en")
    assert f"wrote {folder / 'deck.yaml'}" in said
    assert f"tutor new my-deck.first --deck {folder}" in said
    run(home, "new", "my-deck.first", "--deck", folder)
    assert "added my-deck: 1 exercise" in run(home, "deck", "add", folder)
    (_, added) = decks(home)["decks"]
    assert (added["title"], added["languages"], added["errors"]) == ("My deck", ["zh", "en"], 0)
    before = (folder / "deck.yaml").read_text()
    assert "is there already" in complaint(home, "deck", "new", folder, "--title", "Other")
    assert (folder / "deck.yaml").read_text() == before
    odd = complaint(home, "deck", "new", tmp_path / "other", "--language", "chinese_simplified")
    assert "no language code: write one such as en, zh" in odd


def test_what_is_no_folder_is_told_with_the_way_to_one(home: Path, slopes: Path) -> None:
    packed = shutil.make_archive(str(slopes), "zip", slopes)
    assert "is an archive: unpack it, then add" in complaint(home, "deck", "add", packed)
    for address in ("https://example.org/a/slopes", "git@example.org:a/slopes.git"):
        told = complaint(home, "deck", "add", address)
        assert "is not on this machine: `git clone` it" in told
    assert "added slopes" in run(home, "deck", "add", slopes / "deck.yaml")
    unpacked = slopes.parent / "unpacked"
    shutil.unpack_archive(packed, unpacked)
    assert "there is a deck slopes already" in complaint(home, "deck", "add", unpacked)
    run(home, "deck", "remove", "slopes")
    assert "added slopes: 8 exercises" in run(home, "deck", "add", unpacked)
