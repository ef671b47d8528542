"""`tutor mark [ID]`: suspend, bury, flag an exercise, or note something on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tutor.cli.common import home_of, json_option, library, now_ms, print_json, user_settings
from tutor.cli.problems import Problem
from tutor.cli.progress import moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tutor.store import MarkKind, Marks


@click.command("mark")
@click.argument("id_", metavar="[ID]", required=False)
@click.option("--suspend", "what", flag_value="suspend", help="Do not ask it any more.")
@click.option("--unsuspend", "what", flag_value="unsuspend", help="Ask it again.")
@click.option("--bury", "what", flag_value="bury", help="Do not ask it before tomorrow.")
@click.option("--unbury", "what", flag_value="unbury", help="Ask it today after all.")
@click.option("--flag", metavar="TEXT", help="Something is wrong with it: what?")
@click.option("--unflag", "what", flag_value="unflag", help="Nothing is wrong with it any more.")
@click.option("--note", metavar="TEXT", help='A note to yourself; "" takes it away.')
@click.option("--clear", "what", flag_value="clear", help="Take all of these away.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    id_: str | None,
    what: str | None,
    flag: str | None,
    note: str | None,
    as_json: bool,
) -> None:
    """Mark the exercise ID; without an option, show its marks; without ID, those of all.

    Marks are kept with your progress, never in the exercise's file, and travel with `tutor sync`.
    """
    from tutor.store import open_store

    home = home_of(ctx)
    wanted = _wanted(home, what, flag, note)
    if id_ is None:
        if wanted:
            raise Problem("which exercise? Put its id after `tutor mark`")
        with open_store(home, read_only=True) as store:
            _show(store.marks(), None, as_json)
        return
    if not wanted:
        with open_store(home, read_only=True) as store:
            _show(store.marks(), id_, as_json)
        return
    with open_store(home) as store:
        if id_ not in library(home).exercises and id_ not in store.reviewed_ids():
            raise Problem(f"there is no exercise {id_}. `tutor deck list` shows the decks")
        for kind, body in wanted:
            store.mark(kind, id_, now_ms(), body)
        _show(store.marks(), id_, as_json)


def _wanted(
    home: Path, what: str | None, flag: str | None, note: str | None
) -> list[tuple[MarkKind, Mapping[str, Any]]]:
    from tutor.store import MarkKind

    found: list[tuple[MarkKind, Mapping[str, Any]]] = []
    if what == "clear":
        kinds = (MarkKind.UNSUSPEND, MarkKind.UNBURY, MarkKind.UNFLAG)
        found = [(kind, {}) for kind in kinds] + [(MarkKind.NOTE, {"text": ""})]
    elif what == "bury":
        found = [(MarkKind.BURY, {"until": _tomorrow(home)})]
    elif what is not None:
        found = [(MarkKind(what), {})]
    if flag is not None:
        found.append((MarkKind.FLAG, {"text": flag}))
    if note is not None:
        found.append((MarkKind.NOTE, {"text": note}))
    return found


def _tomorrow(home: Path) -> int:
    """When the learner's next day begins (UTC ms)."""
    from tutor.schedule.days import day_number, day_start, utc_offset

    now, settings = now_ms(), user_settings(home).schedule
    today = day_number(now, utc_offset(now, settings.zone), settings.rollover_hour)
    return day_start(today + 1, settings.rollover_hour, settings.zone)


def _show(marks: Marks, only: str | None, as_json: bool) -> None:
    now = now_ms()
    rows = [(id_, "suspended", moment(at)) for id_, at in marks.suspended.items()]
    rows += [(id_, "buried", moment(at)) for id_, at in marks.buried.items() if at > now]
    rows += [(id_, "flagged", text) for id_, text in marks.flags.items()]
    rows += [(id_, "note", text) for id_, text in marks.notes.items()]
    if only is not None:
        rows = [row for row in rows if row[0] == marks.name(only)]
    rows.sort()
    if as_json:
        print_json({"marks": [{"id": id_, "mark": mark, "says": says} for id_, mark, says in rows]})
        return
    words = {"suspended": "suspended since", "buried": "buried until", "flagged": "flagged:"}
    for id_, mark, says in rows:
        click.echo(f"{id_}  {words.get(mark, 'note:')} {says}".rstrip())
    if not rows:
        click.echo("No marks.")
