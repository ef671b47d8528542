"""The installed `tutor` command, as people and scripts use it."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

TUTOR = str(Path(sys.executable).parent / "tutor")
DETACH = "autograd.detach.square-times-x"


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def tutor(home, tmp_path):
    """``tutor("due", "--json")``: the finished process; nothing it says may be a traceback."""

    def run(*args: str, text: str | None = None, **env: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [TUTOR, *args],
            input=text,
            stdin=subprocess.DEVNULL if text is None else None,
            capture_output=True,
            text=True,
            env={
                "PATH": os.environ["PATH"],
                "TUTOR_HOME": str(home),
                "XDG_CACHE_HOME": str(tmp_path / "cache"),
                "LANG": "C.UTF-8",
                **env,
            },
            cwd=tmp_path,
            timeout=120,
        )
        assert "Traceback" not in done.stderr + done.stdout, done.stderr
        assert done.returncode != 70, done.stderr  # a fault of the program
        return done

    return run


def test_help_names_every_command_and_each_has_its_own(tutor):
    from tutor.cli import COMMANDS

    listed = tutor("--help").stdout
    for name in COMMANDS:
        assert f"  {name} " in listed
        assert tutor(name, "--help").returncode == 0


def test_starting_imports_nothing_heavy(home, monkeypatch):
    """`--help`, `due` and `stats` must not wait for Textual or torch."""
    from tutor.store import open_store

    open_store(home).close()  # creating a home takes sqlite-utils, and that numpy
    monkeypatch.setenv("TUTOR_HOME", str(home))
    code = """
import sys
from tutor.cli import main
for args in (["--help"], ["due"], ["stats"], ["locate"]):
    try: main(args)
    except SystemExit: pass
heavy = {"torch", "textual", "numpy", "sympy", "sqlite_utils", "fsrs_rs_python"} & set(sys.modules)
sys.exit(f"imported {heavy}" if heavy else 0)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_show_prints_a_question_as_json(tutor):
    data = json.loads(tutor("show", DETACH, "--seed", "3", "--json").stdout)
    assert data["id"] == DETACH
    assert data["seed"] == 3
    assert {"params", "program", "ask", "answers"} <= set(data)
    assert "detach" in data["program"]
    assert data["answers"]["grad"]["kind"] == "value"
    assert json.loads(tutor("show", DETACH, "--seed", "3", "--json").stdout) == data


def test_show_speaks_chinese(tutor):
    english = json.loads(tutor("show", DETACH, "--seed", "3", "--json").stdout)
    chinese = json.loads(tutor("show", DETACH, "--seed", "3", "--json", "--lang", "zh").stdout)
    assert chinese["program"] == english["program"]
    assert chinese["title"] != english["title"]
    assert chinese == json.loads(
        tutor("show", DETACH, "--seed", "3", "--json", LANG="zh_CN.UTF-8").stdout
    )


def test_show_prints_a_question_without_options(tutor):
    done = tutor("show", "autograd.errors.backward-twice", "--seed", "3")
    assert done.returncode == 0
    assert "(raises)" in done.stdout


def test_show_takes_the_path_of_a_file(tutor, shipped):
    path = str(shipped.exercises[DETACH].path)
    by_path = json.loads(tutor("show", path, "--seed", "1", "--json").stdout)
    assert by_path == json.loads(tutor("show", DETACH, "--seed", "1", "--json").stdout)


PLAIN = """
format: 1
id: plain
skill: some.skill
title: Plain
program: |
  x = torch.tensor([2.0], requires_grad=True)
  (x * x).backward()
ask: What is `x.grad`?
answers:
  grad: {kind: value, value: x.grad, near: {value: {expr: x.detach(), says: that is x}}}
  leaf: {kind: value, value: x.is_leaf}
"""


@pytest.fixture
def plain(tmp_path):
    path = tmp_path / "plain.yaml"
    path.write_text(PLAIN)
    return str(path)


@pytest.mark.parametrize(
    ("grad", "leaf", "exit_code", "verdict"),
    [("4", "True", 0, "correct"), ("2", "True", 1, "wrong"), ("[1, 2", "True", 2, "invalid")],
)
def test_grade_exits_by_the_verdict(tutor, plain, grad, leaf, exit_code, verdict):
    args = ("--seed", "0", "--answer", f"grad={grad}", "--answer", f"leaf={leaf}", "--json")
    done = tutor("grade", plain, *args)
    data = json.loads(done.stdout)
    assert (done.returncode, data["verdict"]) == (exit_code, verdict)
    answer = data["answers"]["grad"]
    assert {"verdict", "near", "message", "read_as", "truth"} <= set(answer)
    if verdict == "wrong":
        assert (data["score"], answer["near"]) == (0.5, ["value"])
        assert answer["message"] == "that is x"
        assert answer["truth"] == "tensor([4.])"
    if verdict == "invalid":
        assert answer["truth"] is None
        assert "leaf" not in data["answers"]


def test_grade_broken_is_three(tutor, tmp_path):
    path = tmp_path / "raises.yaml"
    path.write_text(PLAIN.replace("(x * x)", "(x * y)"))
    done = tutor("grade", str(path), "--seed", "0", "--answer", "grad=1", "--answer", "leaf=1")
    assert done.returncode == 3
    assert "NameError" in done.stdout


def test_grade_takes_answers_from_files_and_json(tutor, plain, tmp_path):
    (tmp_path / "a.txt").write_text("tensor([4.])\n")
    args = ("grade", plain, "--seed", "0")
    assert tutor(*args, "--answer", "grad=@a.txt", "--answer", "leaf=T").returncode in (0, 2)
    done = tutor(*args, "--answers", "-", text='{"grad": "4", "leaf": "True"}')
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("show", "autograd.detach.squre-times-x"), "did you mean"),
        (("show", "no/such/file.yaml"), "no such file"),
        (("grade", DETACH, "--seed", "0", "--answer", "wrongname=1"), "which answer"),
        (("grade", DETACH, "--seed", "0", "--answer", "grad=1"), "no answer for same"),
        (("grade", "--batch", "missing.jsonl"), "cannot be read"),
        (("frobnicate",), "No such command"),
        ((), "needs a terminal"),
        (("review",), "needs a terminal"),
        (("review", "--skill", "autograd", "--difficulty", "2-4", "--cram"), "needs a terminal"),
        (("review", "--skill", "autograd.lef"), "did you mean autograd.leaf?"),
        (("review", "--tag", "retain-gard"), "did you mean retain-grad?"),
        (("review", "--misconception", "deatch-ignored"), "did you mean detach-ignored?"),
        (("review", "--difficulty", "7"), "from 1 to 5"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_message(tutor, args, says):
    done = tutor(*args)
    assert done.returncode not in (0, 1, 2, 3)
    assert says in done.stderr


def test_unreadable_yaml_names_the_place(tutor, tmp_path):
    (tmp_path / "bad.yaml").write_text("format: 1\nid: [unclosed\n")
    done = tutor("show", "bad.yaml")
    assert done.returncode == 4
    assert "bad.yaml:" in done.stderr


def test_a_damaged_database_is_left_alone(tutor, home):
    home.mkdir()
    (home / "progress.sqlite3").write_bytes(
        b"this is no database at all, but it is somebody's file" * 40
    )
    before = (home / "progress.sqlite3").read_bytes()
    for command in ("due", "stats"):
        done = tutor(command)
        assert done.returncode == 4
        assert "damaged" in done.stderr
    assert (home / "progress.sqlite3").read_bytes() == before


def test_a_home_that_is_a_file(tutor, tmp_path):
    (tmp_path / "file").write_text("")
    done = tutor("--home", str(tmp_path / "file"), "due")
    assert done.returncode == 4
    assert "cannot be used" in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_home_that_cannot_be_written(tutor, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(stat.S_IRUSR | stat.S_IXUSR)
    assert tutor("--home", str(closed / "home"), "due").returncode == 0  # only looks


def test_due_and_stats_of_a_fresh_home(tutor, home):
    due = json.loads(tutor("due", "--json").stdout)
    assert (due["due"], due["new"], due["waiting"]) == (0, 10, 0)
    assert 5 < due["minutes"] < 60
    assert "10 new exercises: about" in tutor("due").stdout
    assert json.loads(tutor("stats", "--json").stdout)["reviews"] == 0
    assert not home.exists()  # looking leaves nothing behind


def test_locate_names_real_places(tutor, home):
    from tutor.store import open_store

    places = json.loads(tutor("locate", "--json").stdout)
    with open_store(home) as store:
        assert places["progress"] == str(store.path)
    assert Path(places["exercises"]).is_dir()
    assert Path(places["data"]).is_dir()


def test_batch_answers_every_line_in_order(tutor, plain):
    lines = [
        {"exercise": plain, "seed": 0, "answers": {"grad": "4", "leaf": "True"}},
        {"exercise": "no.such.exercise", "seed": 0, "answers": {}},
        {"exercise": plain, "seed": 1, "answers": {"grad": "[", "leaf": "True"}},
        {"exercise": plain, "seed": -1, "answers": {}},
        {"exercise": plain, "seed": 0, "answers": {"grad": "2", "leaf": "True"}},
        {"exercise": plain, "seed": 0, "answers": {"grad": "4"}},
    ]
    text = "\n".join(map(json.dumps, lines)) + "\nnot json\n[]\n"
    done = tutor("grade", "--batch", "-", text=text)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [a.get("verdict", "error") for a in answers] == [
        "correct", "error", "invalid", "error", "wrong", "error", "error", "error",
    ]  # fmt: skip
    assert answers[4]["answers"]["grad"]["near"] == ["value"]
    assert "no.such.exercise" in answers[1]["error"]


def test_deck_add_list_remove(tutor, tmp_path):
    deck = tmp_path / "deck"
    deck.mkdir()
    (deck / "deck.yaml").write_text(
        "format: 1\nid: mine\ntitle: Mine\nlanguages: [en]\nlicence: MIT\n"
        "skills: {some.skill: {title: Some skill}}\n"
    )
    (deck / "plain.yaml").write_text(PLAIN)
    assert "1 exercise\n" in tutor("deck", "add", str(deck)).stdout
    decks = json.loads(tutor("deck", "list", "--json").stdout)["decks"]
    assert "mine" in [d["id"] for d in decks]
    assert tutor("show", "plain", "--seed", "0").returncode == 0
    assert tutor("deck", "add", str(deck)).returncode == 4
    assert tutor("deck", "remove", "mine").returncode == 0
    assert tutor("show", "plain", "--seed", "0").returncode == 4
    assert tutor("deck", "remove", "mine").returncode == 4


def test_doctor_says_what_is_active(tutor):
    done = tutor("doctor", "--json")
    report = json.loads(done.stdout)
    assert {"python", "torch", "exercises", "runner"} <= {
        check["name"] for check in report["checks"]
    }
    assert report["ok"] == (done.returncode == 0)


def test_a_batch_is_answered_as_it_arrives(home):
    """A program that waits for each answer before it asks again must not wait for ever."""
    with subprocess.Popen(
        [TUTOR, "grade", "--batch", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PATH": os.environ["PATH"], "TUTOR_HOME": str(home)},
    ) as batch:
        for seed in range(3):
            line = {"exercise": DETACH, "seed": seed, "answers": {"grad": "None", "same": "None"}}
            batch.stdin.write(json.dumps(line) + "\n")
            batch.stdin.flush()
            assert json.loads(batch.stdout.readline())["seed"] == seed
        batch.stdin.close()
        assert batch.wait(timeout=30) == 0


def test_the_first_paint_waits_for_no_model_and_no_template(tmp_path):
    """What is imported between the command and the first paint: Textual, and little of our own."""
    code = """
import sys
from pathlib import Path
import tutor.cli.review, tutor.app.app, tutor.app.launch
from tutor.exercise.registry import folders
folders(Path(sys.argv[1]))
heavy = {"torch", "pydantic", "jinja2", "yaml", "sqlite3", "sqlite_utils"} & set(sys.modules)
sys.exit(f"imported {heavy}" if heavy else 0)
"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
