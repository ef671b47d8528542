"""The settings in force at a start.

Reading the file takes pydantic, which no first paint waits for: what was found good is kept in the
cache, and a start with an unchanged file reads that.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

from tutor import __version__
from tutor.locations import cache_dir, settings_file
from tutor.settings.values import ABOUT, ENV_PREFIX, Loaded, UserSettings

if TYPE_CHECKING:
    from pathlib import Path


def load(home: Path) -> Loaded:
    """The settings of the learner in ``home``; whatever is wrong has its default and is told."""
    try:
        raw = settings_file(home).read_bytes()
    except FileNotFoundError:
        raw = b""
    except OSError:
        raw = b"\xff"  # no TOML: the reader below says why
    environment = _from_environment()
    if not raw and not environment:
        return Loaded(UserSettings())
    key = _key(raw, environment)
    settings = _cached(key)
    if settings is not None:
        return Loaded(settings)
    from tutor.settings.reading import read  # pydantic: not before the first paint

    loaded = read(home)
    if not loaded.problems:
        _keep(key, loaded.settings)
    return loaded


def _from_environment() -> dict[str, str]:
    names = {ENV_PREFIX + name.upper() for name in ABOUT}
    return {name: os.environ[name] for name in sorted(names & os.environ.keys())}


def _key(raw: bytes, environment: dict[str, str]) -> str:
    told = json.dumps([__version__, environment]).encode()
    return hashlib.sha256(told + b"\0" + raw).hexdigest()


def _cached(key: str) -> UserSettings | None:
    try:
        kept = json.loads((cache_dir() / "settings.json").read_bytes())
        return UserSettings(**kept["settings"]) if kept["key"] == key else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _keep(key: str, settings: UserSettings) -> None:
    """Keep what was found good; where there is no cache, the file is read again next time."""
    text = json.dumps({"key": key, "settings": asdict(settings)})
    path = cache_dir() / "settings.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError:
        return
