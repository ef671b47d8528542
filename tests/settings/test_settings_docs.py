"""What docs/learning.md says of the settings is what there is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from tutor.app.keymap import checked
from tutor.settings import ABOUT, AUTO, UserSettings

DOCS = (Path(__file__).parent.parent.parent / "docs" / "learning.md").read_text(encoding="utf-8")


def test_every_setting_is_told_with_its_default():
    told = dict(re.findall(r"^\| `(\w+)` \|.*\| ([^|]*) \|$", DOCS, re.MULTILINE))
    assert list(told) == list(ABOUT)
    for name, text in told.items():
        default = getattr(UserSettings(), name)
        if name not in ("editor", "keys"):
            shown = str(default).lower() if isinstance(default, bool) else str(default)
            assert f"`{shown}`" in text
        assert default != AUTO or ":" in text


def test_the_keys_that_are_shown_as_an_example_can_be_set():
    (example,) = re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL)
    assert checked(tomllib.loads(example)["keys"])[1] == []
