"""The built wheel, outside the checkout: exercises and data travel with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The wheel's files, in a folder of their own."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(installed: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tutor", *args],
        cwd=installed.parent,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(installed),
            "TUTOR_HOME": str(installed.parent / "home"),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_wheel_brings_exercises_data_and_the_command(installed):
    places = json.loads(run(installed, "locate", "--json").stdout)
    assert Path(places["exercises"]).is_relative_to(installed)
    assert len(list(Path(places["exercises"]).rglob("*.yaml"))) > 30
    assert (Path(places["data"]) / "exercise.schema.json").is_file()
    (metadata,) = installed.glob("*.dist-info/entry_points.txt")
    assert "tutor = tutor.cli:main" in metadata.read_text()
    assert "tutor = tutor.pytest_plugin" in metadata.read_text()


def test_the_wheel_grades(installed):
    args = ("--seed", "3", "--answer", "grad=None", "--answer", "same=None", "--json")
    done = run(installed, "grade", "autograd.detach.square-times-x", *args)
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["verdict"] == "wrong"


def test_no_file_of_the_package_is_missing_from_the_wheel(installed):
    packed = {p.relative_to(installed) for p in (installed / "tutor").rglob("*.py")}
    ours = {p.relative_to(ROOT) for p in (ROOT / "tutor").rglob("*.py")}
    assert ours <= packed
