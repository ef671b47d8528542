"""`tutor check` as it is used: exit codes, JSON, the cache, and results recorded earlier."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from tutor.check import records
from tutor.check.cache import Cache
from tutor.check.prove import Proof, prove
from tutor.check.report import Options, Report, changed, prove_changed
from tutor.cli import tutor
from tutor.exercise.load import load_file, load_library

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.pytest_plugin.live import Live

DECK = "format: 1\nid: small\ntitle: Small\nlanguages: [en]\nlicence: MIT\nskills: {one: {title: One}}\n"
EXERCISE = """\
format: 1
id: small.one
skill: one
title: A square
params: {a: {int: [2, 9]}}
program: |
  x = torch.tensor({{ a | floats }}, requires_grad=True)
  y = x * x
  y.backward()
ask: What is `x.grad`?
answers:
  grad:
    kind: value
    value: x.grad
    near:
      square: {expr: y, says: That is `y`.}
hints: [Differentiate.]
explain: So.
"""


@pytest.fixture
def deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "home"))
    folder = tmp_path / "deck"
    folder.mkdir()
    (folder / "deck.yaml").write_text(DECK)
    # `y` is 4 where x.grad is 4: the near miss holds from 3 on.
    (folder / "one.yaml").write_text(EXERCISE.replace("[2, 9]", "[3, 9]"))
    return folder


def proved_report(deck: Path, live: Live, **options: bool) -> Report:
    """What the command does, with a runner that is there already."""
    cache = Cache.open(deck.parent / "check.json", torch_version="2.13.0")
    library = load_library([deck])
    wished = Options(12, **options)
    wanted = changed(list(library.exercises.values()), wished, cache)
    report = Report(unchanged=len(library.exercises) - len(wanted))
    live.wait(prove_changed(wanted, wished, live.runner, cache, "2.13.0", report))
    return report


def test_only_what_changed_is_proved_again(deck: Path, live: Live) -> None:
    first = proved_report(deck, live)
    assert (first.findings, first.proved, first.unchanged) == ([], 1, 0)
    assert first.draws == 12
    assert first.gradings == 24
    second = proved_report(deck, live)
    assert (second.proved, second.unchanged) == (0, 1)
    assert proved_report(deck, live, everything=True).proved == 1

    (deck / "one.yaml").write_text(EXERCISE)  # now a draw of 2 makes the near miss the truth
    third = proved_report(deck, live)
    (finding,) = third.findings
    assert (finding.path, finding.line) == (deck / "one.yaml", 16)
    assert finding.field == "answers.grad.near.square"
    assert finding.seeds
    assert proved_report(deck, live).proved == 1  # what failed is never taken for proved


def test_a_recorded_result_that_drifted_is_told_on_every_run(deck: Path, live: Live) -> None:
    assert proved_report(deck, live, record=True).count("drift") == 0
    path = deck / records.FILE_NAME
    data = json.loads(path.read_text())
    data["exercises"]["small.one"]["truths"]["2"]["grad"] = "tensor(1000.)"
    path.write_text(json.dumps(data))
    report = proved_report(deck, live, everything=True)
    assert report.count("drift") == 1
    assert report.to_json()["ok"]  # torch changed, the exercise is not at fault
    assert proved_report(deck, live).count("drift") == 1  # not swallowed by the cache


def test_the_command_tells_broken_files_beside_the_others_and_exits_with_1(deck: Path) -> None:
    (deck / "two.yaml").write_text(EXERCISE.replace("id: small.one", "idd: small.two"))
    text = EXERCISE.replace("[2, 9]", "[3, 9]").replace("explain: So.\n", 'explain: "TODO: so"\n')
    (deck / "one.yaml").write_text(text.replace("hints: [Differentiate.]\n", ""))
    result = CliRunner().invoke(
        tutor, ["check", str(deck), "--seeds", "12", "--json", "--strict", "--record"]
    )
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert (report["proved"], report["warnings"]) == (1, 0)
    found = {(f["path"], f["line"], f["field"]) for f in report["findings"]}
    assert found >= {(str(deck / "two.yaml"), 2, "idd"), (str(deck / "one.yaml"), 17, "explain")}
    assert any(field == "hints" for _, _, field in found)  # a warning, made an error by --strict
    assert (deck / records.FILE_NAME).is_file()


@pytest.mark.parametrize(
    ("argument", "says"),
    [
        ("no/such/folder", "no such file or folder"),
        ("nothing.yaml", "no such file or folder"),
        ("autograd.detach.square-times-y", "did you mean"),
    ],
)
def test_what_is_not_there_is_told_in_words(deck: Path, argument: str, says: str) -> None:
    result = CliRunner().invoke(tutor, ["check", argument])
    assert result.exit_code != 0
    assert says in f"{result.output}{result.exception}"


def test_a_folder_without_exercises_is_told(deck: Path) -> None:
    (deck / "one.yaml").unlink()
    result = CliRunner().invoke(tutor, ["check", str(deck)])
    assert result.exit_code != 0
    assert "no exercises in" in result.output


def test_a_deck_s_own_file_stands_for_the_deck(deck: Path) -> None:
    (deck / "one.yaml").write_text(EXERCISE.replace("skill: one", "skill: two"))
    result = CliRunner().invoke(tutor, ["check", str(deck / "deck.yaml")])
    assert "one.yaml:3:8: skill: `two` is no skill of the deck" in result.output
    assert "0 exercises proved: 0 draws" in result.output
    assert "1 error, 0 warnings" in result.output


def proved(deck: Path, live: Live) -> Proof:
    proof: Proof = live.wait(prove(load_file(deck / "one.yaml"), range(8), live.runner))
    return proof


def test_drift_is_told_with_both_values_and_both_versions(deck: Path, live: Live) -> None:
    proof = proved(deck, live)
    records.save(deck, {"small.one": records.record_of(proof, "2.13.0")})
    known = records.load(deck)
    assert len(known["small.one"]["truths"]) == records.RECORDED_SEEDS
    assert records.drift(proof, known["small.one"], "2.14.0") == []

    known["small.one"]["truths"]["3"]["grad"] = "tensor(1000.)"
    (found,) = records.drift(proof, known["small.one"], "2.14.0")
    assert (found.severity, found.seeds, found.field) == ("drift", (3,), "answers.grad")
    assert "torch 2.13.0 gave tensor(1000.); torch 2.14.0 gives tensor(" in found.message


def test_last_digits_are_no_drift_and_a_changed_exercise_has_no_record(
    deck: Path, live: Live
) -> None:
    proof = proved(deck, live)
    record = records.record_of(proof, "2.13.0")
    truth = float(proof.truths[0]["grad"].removeprefix("tensor(").removesuffix(")"))
    record["truths"]["0"]["grad"] = f"tensor({truth * (1 + 1e-8)!r})"
    assert records.drift(proof, record, "2.14.0") == []
    record["truths"]["0"]["grad"] = "tensor(1000.)"
    assert records.drift(proof, record | {"content": "other"}, "2.14.0") == []


def test_records_that_cannot_be_read_are_none(tmp_path: Path) -> None:
    assert records.load(tmp_path) == {}
    (tmp_path / records.FILE_NAME).write_text("[]")
    assert records.load(tmp_path) == {}
    broken = {"a": 1, "b": {"truths": {"x": {}}}, "c": {"truths": {"0": {"grad": "1"}}}}
    (tmp_path / records.FILE_NAME).write_text(json.dumps({"exercises": broken}))
    assert list(records.load(tmp_path)) == ["c"]


def test_the_cache_forgets_with_torch_seeds_and_files(deck: Path, live: Live) -> None:
    proof = proved(deck, live)
    place = deck.parent / "cache" / "check.json"
    cache = Cache.open(place, torch_version="2.13.0")
    cache.put(proof, 8)
    cache.save()
    loaded = load_file(deck / "one.yaml")
    again = Cache.open(place, torch_version="2.13.0")
    assert again.get(loaded, 8)
    assert again.get(loaded, 5)
    assert again.get(loaded, 9) is None
    assert Cache.open(place, torch_version="2.14.0").get(loaded, 8) is None
    (deck / "one.yaml").write_text(EXERCISE)
    assert again.get(load_file(deck / "one.yaml"), 8) is None
    (deck / "one.yaml").unlink()
    again.save()
    assert json.loads(place.read_text())["clean"] == {}
    place.write_text("{")
    assert Cache.open(place, torch_version="2.13.0").get(loaded, 8) is None
