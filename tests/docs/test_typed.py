"""What the documents tell to type in a shell works as told."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from pages import code_of, typed_in

from tutor.cli import COMMANDS, tutor

TUTOR = str(Path(sys.executable).parent / "tutor")


@pytest.mark.parametrize("line", [line for line in typed_in("README.md") if line[:5] == "tutor"])
def test_every_command_of_the_readme_succeeds(line, tmp_path):
    env = {"PATH": os.environ["PATH"], "TUTOR_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [TUTOR, *shlex.split(line)[1:]], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_readme_has_every_command():
    told = {word for code in code_of("README.md") for word in re.findall(r"^tutor ([a-z]+)", code)}
    assert told == set(COMMANDS)


def test_every_command_about_progress_succeeds_one_after_the_other(tmp_path, monkeypatch):
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "home"))
    whole = [line for line in typed_in("docs/progress.md") if not re.search(r"[A-Z]{2}", line)]
    assert len(whole) >= 8
    for line in whole:
        words = [word.replace("/media", str(tmp_path)) for word in shlex.split(line)]
        words = [word.replace("~", str(tmp_path)) for word in words]
        if "stick" in line:
            (tmp_path / "stick").mkdir()
        done = CliRunner().invoke(tutor, words[1:])
        assert done.exit_code == 0, (line, done.output)
