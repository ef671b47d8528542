"""`tutor settings`: what is set, and changing it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from tutor.cli.common import home_of, json_option, print_json, user_settings
from tutor.cli.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path


@click.command("settings")
@click.argument("name", required=False)
@click.argument("value", required=False)
@json_option
@click.pass_context
def command(ctx: click.Context, name: str | None, value: str | None, as_json: bool) -> None:
    """Show the settings, or those of NAME; with a VALUE, change it.

    A key is changed by its id: tutor settings keys.review.hint f3; an empty VALUE gives it back.
    """
    home = home_of(ctx)
    if name is not None and value is not None:
        _change(home, name, value)
    shown = _flat(asdict(user_settings()))
    if name is not None:
        shown = {
            key: one for key, one in shown.items() if key == name or key.startswith(f"{name}.")
        }
        if not shown and not name.startswith("keys"):
            raise Problem(f"there is no setting {name!r}: `tutor settings` lists them")
    if as_json:
        print_json(shown)
        return
    width = max(map(len, shown), default=0)
    for key, one in shown.items():
        click.echo(f"{key:<{width}}  {_text(one)}")


def _change(home: Path, name: str, value: str) -> None:
    from tutor.settings.changing import change
    from tutor.settings.checking import SettingsError

    key = name.removeprefix("keys.")
    try:
        if key == name:
            change(home, name, value)
        else:
            from tutor.app.keymap import problem_of

            keys = {**user_settings().keys, key: value}
            problem = problem_of(key, keys) if value else ""
            if problem:
                raise Problem(problem)
            change(home, "keys", {one: pressed for one, pressed in keys.items() if pressed})
    except SettingsError as error:
        raise Problem(str(error)) from None


def _flat(settings: dict[str, Any]) -> dict[str, Any]:
    keys = settings.pop("keys")
    return settings | {f"keys.{id_}": pressed for id_, pressed in keys.items()}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
