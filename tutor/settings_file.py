"""``settings.toml``: reading and checking it, and changing one value without touching the rest."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import MISSING, asdict, fields
from difflib import get_close_matches
from functools import lru_cache
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import tomlkit
from pydantic import AfterValidator, Field, ValidationError, create_model
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings.exceptions import SettingsError as EnvironmentFault

from tutor.i18n import _
from tutor.locations import settings_file
from tutor.settings import ABOUT, AUTO, ENV_PREFIX, Loaded, UserSettings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tomlkit import TOMLDocument
    from tomlkit.items import Table

_PLACE: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


class SettingsError(Exception):
    """A setting cannot be changed; the message says why and what would be right."""


# -- reading ------------------------------------------------------------------------------------


def read(home: Path) -> Loaded:
    """The settings from the file in ``home`` and the environment, and what is wrong in either."""
    path = settings_file(home)
    problems: list[str] = []
    text, values = _parsed(path, problems)
    for name in [name for name in values if name not in ABOUT]:
        problems.append(_at(text, name) + _unknown(name))
        del values[name]
    environment = _environment(problems)
    while True:
        try:
            return Loaded(_checked(values | environment), tuple(problems))
        except ValidationError as error:
            for name in {str(one["loc"][0]): None for one in error.errors()}:
                # What the environment says goes before the file, and is what was wrong.
                wrong = environment if name in environment else values
                place = ENV_PREFIX + name.upper() + ": " if name in environment else _at(text, name)
                problems.append(place + _wrong(name, wrong.pop(name)))


def _parsed(path: Path, problems: list[str]) -> tuple[str, dict[str, Any]]:
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
        return dict(EnvSettingsSource(_model())())
    except EnvironmentFault:  # a map that is no JSON
        problems.append(f"{ENV_PREFIX}KEYS: " + _wrong("keys", os.environ[f"{ENV_PREFIX}KEYS"]))
        return {}


def _checked(values: Mapping[str, Any]) -> UserSettings:
    """The settings with ``values``.

    Raises:
        ValidationError: some are not what they may be.
    """
    return UserSettings(**_model()(**values).model_dump())


class _Base(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, extra="forbid", frozen=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # The environment is read apart, so that a message can say where a wrong value stands.
        return (init_settings,)


@lru_cache(maxsize=1)
def _model() -> type[_Base]:
    """The pydantic model of :class:`UserSettings`: same names, types, defaults and limits."""
    types = {
        "bool": bool,
        "int": int,
        "float": float,
        "str": str,
        "Mapping[str, str]": dict[str, str],
    }
    model: dict[str, Any] = {}
    for one in fields(UserSettings):
        about = ABOUT[one.name]
        kind: Any = Literal[about.choices] if about.choices else types[str(one.type)]
        if one.name == "time_zone":
            kind = Annotated[str, AfterValidator(_zone)]
        default = {} if one.default is MISSING else one.default
        model[one.name] = (kind, Field(default, ge=about.least, le=about.most))
    return create_model("SettingsModel", __base__=_Base, **model)


def _zone(name: str) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    if name != AUTO:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, OSError) as error:  # OSError: the name of a folder of zones
            raise ValueError(name) from error
    return name


# -- words --------------------------------------------------------------------------------------


def _wrong(name: str, value: object) -> str:
    close = get_close_matches(str(value), ABOUT[name].choices, n=1)
    if close:
        said = _("{name}: there is no {value}; did you mean {close}?")
        return said.format(name=name, value=_spelled(value), close=close[0])
    said = _("{name}: {value} is not {right}.")
    return said.format(name=name, value=_spelled(value), right=right(name))


def _unknown(name: str) -> str:
    close = get_close_matches(name, ABOUT, n=1)
    if close:
        said = _("{name}: there is no such setting; did you mean {close}?")
        return said.format(name=name, close=close[0])
    said = _("{name}: there is no such setting; there are {names}.")
    return said.format(name=name, names=", ".join(ABOUT))


def right(name: str) -> str:
    """What would be right for the setting, in words that go on after "is" or "is not"."""
    about, default = ABOUT[name], getattr(UserSettings(), name)
    if about.choices:
        return _("one of {names}").format(names=", ".join(about.choices))
    if isinstance(default, bool):
        return _("true or false")
    if about.least is not None:
        said = (
            _("a whole number from {least} to {most}")
            if isinstance(default, int)
            else _("a number from {least} to {most}")
        )
        return said.format(least=about.least, most=about.most)
    match name:
        case "time_zone":
            return _("auto or a zone such as Europe/Berlin")
        case "keys":
            return _('a table of key names, such as "review.hint" = "f3"')
    return _("a text")


def _spelled(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _at(text: str, name: str) -> str:
    """``settings.toml:3:9: ``: where the value of a setting stands; without numbers if it is not found."""
    pattern = re.compile(rf"""\s*(?:\[\s*)?["']?{re.escape(name)}["']?\s*(?:[.\]]|=\s*)""")
    for number, line in enumerate(text.splitlines(), start=1):
        match = pattern.match(line)
        if match:
            return f"settings.toml:{number}:{match.end() + 1}: "
    return "settings.toml: "


# -- changing -----------------------------------------------------------------------------------


def check(name: str, value: object) -> Any:
    """The value of a setting, from text too.

    Raises:
        SettingsError: no such setting, or a value that cannot be.
    """
    if name not in ABOUT:
        raise SettingsError(_unknown(name))
    try:
        return getattr(_checked({name: value}), name)
    except ValidationError:
        raise SettingsError(_wrong(name, value)) from None


def change(home: Path, name: str, value: object) -> UserSettings:
    """Write one setting into the file, whose comments and order stay; the settings then in force.

    ``value`` may be text, as it was typed.

    Raises:
        SettingsError: no such setting, a value that cannot be, a file that cannot be read or written.
    """
    kept = check(name, value)
    path = settings_file(home)
    document = _document(path)
    _put(document, name, kept)
    _write(path, tomlkit.dumps(document))
    return read(home).settings


def create(home: Path) -> Path:
    """The settings file; if there was none, one with every setting, what it means and its default."""
    path = settings_file(home)
    if not path.exists():
        _write(path, tomlkit.dumps(_template()))
    return path


def _document(path: Path) -> TOMLDocument:
    problems: list[str] = []
    text, _values = _parsed(path, problems)
    if problems:
        raise SettingsError(problems[0] + " " + _("Nothing was changed."))
    return tomlkit.parse(text) if text.strip() else _template()


def _put(document: TOMLDocument, name: str, value: object) -> None:
    if isinstance(value, dict):
        table: Any = document.setdefault(name, tomlkit.table())
        for key in [key for key in table if key not in value]:
            del table[key]
        for key, keys in value.items():
            table[key] = keys
    elif name in document:
        document[name] = value
    else:
        # In front of the first table: behind it, the value would be part of the table.
        tables = [key for key, item in document.items() if isinstance(item, dict)]
        moved = {key: document.pop(key) for key in tables}
        document[name] = value
        document.update(moved)


def _template() -> TOMLDocument:
    document = tomlkit.document()
    for line in (
        _(
            "Settings of Autograd Tutor: edit them here, in the app, or by `tutor settings NAME VALUE`."
        ),
        _("A line that is taken out has its default again."),
    ):
        document.add(tomlkit.comment(line))
    for name, value in asdict(UserSettings()).items():
        document.add(tomlkit.nl())
        if name == "keys":
            document.add(name, _keys_template())
            continue
        told = _("{right}; default {default}").format(right=right(name), default=_toml(value))
        for line in (_(ABOUT[name].says), *wrap(told, 96)):
            document.add(tomlkit.comment(line))
        document.add(name, value)
    return document


def _keys_template() -> Table:
    table, about = tomlkit.table(), ABOUT["keys"]
    table.add(tomlkit.comment(_(about.says)))
    table.add(tomlkit.comment('"review.hint" = "f3"'))
    return table


def _toml(value: object) -> str:
    return tomlkit.item(value).as_string()


def _write(path: Path, text: str) -> None:
    """Replace the file in one step: a full disk or a power cut leaves the old one.

    Raises:
        SettingsError: it cannot be written.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        said = _("{file} cannot be written: {reason}.")
        raise SettingsError(said.format(file=path, reason=error.strerror)) from error
