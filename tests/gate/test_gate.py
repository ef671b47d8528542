"""Whose programs may run: shipped ones, confined ones, trusted ones."""

from __future__ import annotations

import os

import pytest

from tutor import gate
from tutor.exercise.load import load_library
from tutor.exercise.trust import UntrustedError, fingerprint, is_trusted, trust
from tutor.locations import exercises_dir
from tutor.runner.protections import Protection

pytestmark = pytest.mark.asyncio(loop_scope="session")

PLAIN = """
format: 1
id: plain
skill: some.skill
title: Plain
program: "x = torch.ones(1)"
ask: What?
answers: {a: {kind: value, value: x}}
"""


class Machine:
    """As much of a runner as the gate asks: which protections there are."""

    def __init__(self, *protections: Protection) -> None:
        self.protections = protections

    async def wait_ready(self) -> None:
        pass


CONFINED = Machine(Protection("network", True, ""), Protection("files", True, ""))
OPEN = Machine(Protection("network", True, ""), Protection("files", False, "no Landlock here"))


@pytest.fixture
def elsewhere(tmp_path):
    (tmp_path / "deck").mkdir()
    (tmp_path / "deck" / "plain.yaml").write_text(PLAIN)
    return load_library([tmp_path / "deck"]).exercises["plain"]


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


async def test_shipped_exercises_run_at_once(shipped, home):
    await gate.allow(shipped.exercises.values(), home, OPEN)


async def test_a_confined_machine_asks_nobody(elsewhere, home):
    await gate.allow([elsewhere], home, CONFINED)


async def test_an_open_machine_refuses_and_says_what_would_help(elsewhere, home):
    with pytest.raises(UntrustedError) as error:
        await gate.allow([elsewhere], home, OPEN)
    assert "missing: files" in error.value.message
    assert f"tutor deck trust {elsewhere.path}" in error.value.message


async def test_trust_is_for_the_content_as_it_stands(elsewhere, home):
    trust(home, elsewhere.path)
    await gate.allow([elsewhere], home, OPEN)
    elsewhere.path.write_text(PLAIN.replace("ones", "zeros"))
    with pytest.raises(UntrustedError):
        await gate.allow([elsewhere], home, OPEN)
    elsewhere.path.write_text(PLAIN)
    await gate.allow([elsewhere], home, OPEN)


async def test_a_new_file_in_a_trusted_folder_asks_again(elsewhere, home):
    folder = elsewhere.path.parent
    before = fingerprint(folder)
    trust(home, folder)
    assert is_trusted(home, folder, exercises_dir())
    (folder / "more.yaml").write_text(PLAIN)
    assert fingerprint(folder) != before
    assert not is_trusted(home, folder, exercises_dir())


async def test_a_damaged_list_trusts_nothing(elsewhere, home):
    trust(home, elsewhere.path)
    (home / "trusted.json").write_text("{")
    with pytest.raises(UntrustedError):
        await gate.allow([elsewhere], home, OPEN)


async def test_what_is_no_file_keeps_nobody_from_trusting(elsewhere, home, tmp_path):
    deck = tmp_path / "deck"
    os.mkfifo(deck / "pipe.yaml")
    (deck / "zeros.yaml").symlink_to("/dev/zero")
    (deck / "folder.yaml").mkdir()
    (deck / "gone.yaml").symlink_to(deck / "nowhere")
    trust(home, elsewhere.path)
    assert is_trusted(home, elsewhere.path, exercises_dir())
    before = fingerprint(deck)
    assert before == fingerprint(deck)
    (deck / "plain.yaml").write_text(PLAIN + "# changed")
    assert fingerprint(deck) != before
