"""What the README tells to type works as told."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.cli import COMMANDS

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
TUTOR = str(Path(sys.executable).parent / "tutor")


@pytest.mark.parametrize("line", re.findall(r"^\$ tutor (.+)$", README, re.MULTILINE))
def test_every_command_shown_succeeds(line, tmp_path):
    env = {"PATH": os.environ["PATH"], "TUTOR_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [TUTOR, *shlex.split(line)], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_command_is_mentioned_and_none_that_is_not_there():
    mentioned = set(re.findall(r"`tutor ([a-z]+)", README))
    assert mentioned <= set(COMMANDS)
    assert set(COMMANDS) <= mentioned


def test_every_file_linked_is_there():
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_make_target_told_of_is_there():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    texts = README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for target in set(re.findall(r"make ([a-z]+)", texts)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
