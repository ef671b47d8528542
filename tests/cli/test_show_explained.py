"""`tutor show` with --trace, --walk and --graph: the truth, in words and as files."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

TUTOR = str(Path(sys.executable).parent / "tutor")
DETACH = "autograd.detach.square-times-x"


@pytest.fixture
def show(tmp_path):
    """``show("--trace")``: the finished process, of one exercise and draw; nothing is a traceback."""

    def run(*args: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [TUTOR, "show", DETACH, "--seed", "3", *args],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env={"PATH": os.environ["PATH"], "TUTOR_HOME": str(tmp_path), "LANG": "C.UTF-8"},
            cwd=tmp_path,
            timeout=120,
        )
        assert "Traceback" not in done.stderr + done.stdout, done.stderr
        return done

    return run


def test_all_three_are_printed_after_the_question(show):
    done = show("--trace", "--walk", "--graph")
    assert done.returncode == 0, done.stderr
    question, trace, walk, graph = re.split(r"── [\w ]+ ──", done.stdout)
    assert DETACH in question
    assert "∇ x  .grad  None → [1.]  set" in trace
    assert "u was detached: for autograd it is a constant" in walk
    assert "┏━━" in graph
    assert "✂ detach" in graph


def test_a_graph_file_is_written_by_its_ending_and_json_has_the_texts(show, tmp_path):
    done = show("--graph", "out.svg", "--json", "--walk", "--lang", "zh")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert data["graph_file"] == "out.svg"
    assert "被分离了" in data["walk"]
    picture = ET.parse(tmp_path / "out.svg").getroot()  # noqa: S314 - our own file
    assert DETACH in "".join(picture.itertext())
    assert show("--graph", "OUT.GV").returncode == 0
    assert (tmp_path / "OUT.GV").read_text(encoding="utf-8").startswith("digraph backward {")


@pytest.mark.parametrize("name", ["graph.png", "graph"])
def test_another_ending_says_what_would_be_right_and_runs_nothing(show, tmp_path, name):
    done = show("--graph", name)
    assert done.returncode == 64
    assert "ends in .svg (a picture), or .dot or .gv (Graphviz)" in done.stderr
    assert not (tmp_path / name).exists()


def test_a_place_that_cannot_be_written_is_told(show):
    done = show("--graph", "no/such/folder/graph.dot")
    assert done.returncode == 4
    assert "no/such/folder/graph.dot cannot be written: No such file or directory" in done.stderr


def test_the_truth_is_in_nothing_else(show):
    data = json.loads(show("--json").stdout)
    assert not {"trace", "walk", "graph", "graph_file"} & set(data)
