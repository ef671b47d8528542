"""Changing one value in ``settings.toml`` without touching the rest; a file to begin with."""

from __future__ import annotations

import os
from dataclasses import asdict
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import tomlkit

from tutor.i18n import _
from tutor.locations import settings_file
from tutor.settings.checking import SettingsError, check
from tutor.settings.reading import parsed, read
from tutor.settings.values import ABOUT, UserSettings
from tutor.settings.words import right

if TYPE_CHECKING:
    from pathlib import Path

    from tomlkit import TOMLDocument
    from tomlkit.items import Table


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
    text, _values = parsed(path, problems)
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
