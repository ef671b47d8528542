"""What a learner may choose: one typed model, kept in ``settings.toml`` in the learner's home.

A value comes from the environment (``TUTOR_THEME``), else from the file, else it is the default here.
Reading the file takes pydantic (see ``settings_file``), which no first paint waits for: what was found
good is kept in the cache, and a start with an unchanged file reads that.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final

from tutor import __version__
from tutor.i18n import LANGUAGES, N_
from tutor.locations import cache_dir, settings_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tutor.schedule.settings import Settings as ScheduleSettings

#: Every setting's name in the environment is this and the name in capitals.
ENV_PREFIX: Final = "TUTOR_"
#: A value that leaves the choice to the system: its locale, its time zone.
AUTO: Final = "auto"

#: The program's own themes, then Textual's.
THEMES: Final = (
    "tutor-dark", "tutor-light", "tutor-contrast", "tutor-ansi",
    "atom-one-dark", "atom-one-light", "catppuccin-frappe", "catppuccin-latte", "catppuccin-macchiato",
    "catppuccin-mocha", "dracula", "flexoki", "gruvbox", "monokai", "nord", "rose-pine", "rose-pine-dawn",
    "rose-pine-moon", "solarized-dark", "solarized-light", "textual-dark", "textual-light", "tokyo-night",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class About:
    """What a setting means, for the file's comments, the settings screen and messages.

    ``choices`` are all values there are; ``least`` and ``most`` bound a number, both included.
    """

    title: str
    says: str
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None


def _set(default: Any, title: str, says: str, **limits: Any) -> Any:
    return field(default=default, metadata={"about": About(title, says, **limits)})


@dataclass(frozen=True, slots=True)
class UserSettings:
    """Every setting with its default; the names are those in the file."""

    language: str = _set(
        AUTO, N_("Language"), N_("The language of the program and the exercises; auto: your locale's"),
        choices=(AUTO, *LANGUAGES),
    )  # fmt: skip
    theme: str = _set(
        "tutor-dark", N_("Theme"), N_("The colours of the app"), choices=THEMES
    )  # fmt: skip
    animation: bool = _set(True, N_("Animation"), N_("Whether anything on the screen may move"))
    new_per_day: int = _set(
        10, N_("New a day"), N_("At most so many exercises are begun on one day"), least=0, most=9999
    )  # fmt: skip
    reviews_per_day: int = _set(
        100,
        N_("Reviews a day"),
        N_("At most so many reviews on one day; what is left over comes on the next ones"),
        least=1,
        most=9999,
    )
    retention: float = _set(
        0.9, N_("Retention"),
        N_("How likely you should still know an exercise when it comes back; more means more reviews"),
        least=0.7, most=0.99,
    )  # fmt: skip
    maximum_interval_days: int = _set(
        3650, N_("Longest interval"), N_("No exercise stays away for longer than so many days"),
        least=1, most=36_500,
    )  # fmt: skip
    skills_open_at: float = _set(
        0.6,
        N_("Skills open at"),
        N_("How much of a skill has to be known before those that build on it open; 0 opens all"),
        least=0,
        most=1,
    )
    time_zone: str = _set(
        AUTO, N_("Time zone"), N_("Where your days are, such as Asia/Shanghai; auto: the system's zone")
    )  # fmt: skip
    day_start_hour: int = _set(
        4, N_("Day begins at"), N_("The hour at which a new day of learning begins"), least=0, most=23
    )  # fmt: skip
    editor: str = _set(
        "", N_("Editor"), N_("The command that opens files; empty: $VISUAL, else $EDITOR")
    )  # fmt: skip
    keys: Mapping[str, str] = field(
        default_factory=dict,
        metadata={"about": About(N_("Keys"), N_("Your own keys, by the names that F1 shows"))},
    )

    @property
    def schedule(self) -> ScheduleSettings:
        """What of this the scheduler takes."""
        from tutor.schedule.settings import Settings

        return Settings(
            retention=self.retention,
            maximum_interval_days=self.maximum_interval_days,
            new_per_day=self.new_per_day,
            reviews_per_day=self.reviews_per_day,
            known_at=self.skills_open_at,
            rollover_hour=self.day_start_hour,
            zone="" if self.time_zone == AUTO else self.time_zone,
        )


ABOUT: Final[Mapping[str, About]] = {f.name: f.metadata["about"] for f in fields(UserSettings)}


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings in force, and a sentence for each value that could not be taken."""

    settings: UserSettings
    problems: tuple[str, ...] = ()


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
    from tutor.settings_file import read  # pydantic: not before the first paint

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
