"""Where things are: what is shipped, and where the learner's own files go."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped() -> Path:
    """The folder with ``exercises/`` and ``data/``: inside an installed package, else the checkout."""
    packed = _PACKAGE / "_shipped"
    return packed if packed.is_dir() else _PACKAGE.parent


def exercises_dir() -> Path:
    return shipped() / "exercises"


def data_dir() -> Path:
    return shipped() / "data"


def home_dir(given: str | os.PathLike[str] | None = None) -> Path:
    """Where progress is kept: ``--home``, else ``TUTOR_HOME``, else the platform's user data folder."""
    chosen = given or os.environ.get("TUTOR_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_data_path  # only here: most starts name a home or want no import

    return user_data_path("autograd-tutor", appauthor=False)


def progress_file(home: Path) -> Path:
    """The learner's database."""
    return home / "progress.sqlite3"


def settings_file(home: Path) -> Path:
    """What the learner has chosen; there is none until something is."""
    return home / "settings.toml"


def log_file(home: Path) -> Path:
    """Where faults of the program are written, with their tracebacks."""
    return home / "tutor.log"


def cache_dir() -> Path:
    """For what can be thrown away at any time: the platform's cache folder."""
    from platformdirs import user_cache_path  # see home_dir

    return user_cache_path("autograd-tutor", appauthor=False)
