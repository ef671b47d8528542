"""What a learner may choose: every setting with its default, and what it means."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final

from tutor.i18n import LANGUAGES, N_

if TYPE_CHECKING:
    from collections.abc import Mapping

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
