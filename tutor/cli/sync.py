"""`tutor sync DIR`: share progress between devices over a folder."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tutor.cli.common import count, home_of, json_option, now_ms, print_json
from tutor.cli.problems import EXIT_PROBLEM
from tutor.cli.progress import derivation


@click.command("sync")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@json_option
@click.pass_context
def command(ctx: click.Context, folder: Path, as_json: bool) -> None:
    """Take in what your other devices have put into DIR, and put there what they lack.

    DIR is shared by whatever copies files: git, Syncthing, a network drive, a USB stick. Each device
    writes a file of its own there, so nothing can be in conflict. Run it before and after you learn.
    """
    from tutor.store import open_store
    from tutor.store.backup import daily
    from tutor.store.sync import sync

    home, now = home_of(ctx), now_ms()
    daily(home, now)
    with open_store(home) as store:
        done = sync(store, folder.expanduser(), now, derivation(home, store))
        total = store.review_count()
    if as_json:
        print_json(
            {
                "reviews": done.merged.reviews,
                "events": done.merged.events,
                "sent": done.sent,
                "files": done.files,
                "total": total,
                "notes": done.notes,
                "refused": done.refused,
            }
        )
    else:
        marks = done.merged.events
        taken = (
            f"{count(done.merged.reviews, 'review')} and {marks} other event{'s' * (marks != 1)}"
        )
        click.echo(f"took in {taken} from {count(done.files, 'other file')}")
        click.echo(f"wrote {count(done.sent, 'entry').replace('entrys', 'entries')}")
        click.echo(f"now {count(total, 'review')} in all")
        for note in (*done.notes, *done.refused):
            click.echo(f"tutor: {note}", err=True)
    sys.exit(EXIT_PROBLEM if done.refused else 0)
