"""The folders of the program."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import tutor


def test_every_folder_of_modules_is_a_package():
    """The import contracts see packages only: a folder without ``__init__.py`` would escape them."""
    folders = {path.parent for path in Path(tutor.__file__).parent.rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_every_test_file_has_a_name_of_its_own():
    """pytest imports them by their names alone: of two with one name it collects neither."""
    names = Counter(path.name for path in Path(__file__).parent.rglob("test_*.py"))
    assert [name for name, times in names.items() if times > 1] == []
