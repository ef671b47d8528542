"""Reading ``settings.toml`` and the environment; whatever is wrong has its default and is told."""

from __future__ import annotations

import os
import re
import tomllib
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError
from pydantic_settings import EnvSettingsSource
from pydantic_settings.exceptions import SettingsError as EnvironmentFault

from tutor.i18n import _
from tutor.locations import settings_file
from tutor.settings.checking import checked, model
from tutor.settings.values import ABOUT, ENV_PREFIX, Loaded
from tutor.settings.words import unknown, wrong_value

if TYPE_CHECKING:
    from pathlib import Path

_PLACE: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def read(home: Path) -> Loaded:
    """The settings from the file in ``home`` and the environment, and what is wrong in either."""
    path = settings_file(home)
    problems: list[str] = []
    text, values = parsed(path, problems)
    for name in [name for name in values if name not in ABOUT]:
        problems.append(_at(text, name) + unknown(name))
        del values[name]
    environment = _environment(problems)
    while True:
        try:
            return Loaded(checked(values | environment), tuple(problems))
        except ValidationError as error:
            for name in {str(one["loc"][0]): None for one in error.errors()}:
                # What the environment says goes before the file, and is what was wrong.
                wrong = environment if name in environment else values
                place = ENV_PREFIX + name.upper() + ": " if name in environment else _at(text, name)
                problems.append(place + wrong_value(name, wrong.pop(name)))


def parsed(path: Path, problems: list[str]) -> tuple[str, dict[str, Any]]:
    """The file's text and what it holds; neither where it is missing or cannot be read."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return text, tomllib.loads(text)
    except FileNotFoundError:
        pass
    except UnicodeDecodeError:
        problems.append(_("{file} is not UTF-8 text: save it as UTF-8.").format(file=path.name))
    except OSError as error:
        said = _("{file} cannot be read: {reason}.")
        problems.append(said.format(file=path, reason=error.strerror))
    except tomllib.TOMLDecodeError as error:
        problems.append(_no_toml(path, str(error)))
    return "", {}


def _no_toml(path: Path, error: str) -> str:
    place = _PLACE.search(error)
    at = f":{place[1]}:{place[2]}" if place and place[1] else ""
    said = _("{place}: this is no TOML ({reason}). All settings have their defaults until it is.")
    return said.format(place=path.name + at, reason=_PLACE.sub("", error))


def _environment(problems: list[str]) -> dict[str, Any]:
    try:
        return dict(EnvSettingsSource(model())())
    except EnvironmentFault:  # a map that is no JSON
        problems.append(
            f"{ENV_PREFIX}KEYS: " + wrong_value("keys", os.environ[f"{ENV_PREFIX}KEYS"])
        )
        return {}


def _at(text: str, name: str) -> str:
    """``settings.toml:3:9: ``: where the value of a setting stands; without numbers if it is not found."""
    pattern = re.compile(rf"""\s*(?:\[\s*)?["']?{re.escape(name)}["']?\s*(?:[.\]]|=\s*)""")
    for number, line in enumerate(text.splitlines(), start=1):
        match = pattern.match(line)
        if match:
            return f"settings.toml:{number}:{match.end() + 1}: "
    return "settings.toml: "
