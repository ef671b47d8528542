"""The folders of the program."""

from __future__ import annotations

from pathlib import Path

import tutor


def test_every_folder_of_modules_is_a_package():
    """The import contracts see packages only: a folder without ``__init__.py`` would escape them."""
    folders = {path.parent for path in Path(tutor.__file__).parent.rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []
