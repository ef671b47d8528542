"""`tutor due`: how much is due."""

from __future__ import annotations

import click

from tutor.cli.common import home_of, json_option, plain_session, print_json, when


@click.command("due")
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """How many exercises are due, how many are new, and when the next one comes."""
    session = plain_session(home_of(ctx))
    with session.store:
        count = session.due()
        now = session.clock()
    if as_json:
        print_json({"due": count.due, "new": count.new, "next_due_at": count.next_due_at})
        return
    click.echo(f"{count.due} due, {count.new} new")
    if count.next_due_at is not None and not count.due:
        click.echo(f"the next is due {when(count.next_due_at, now)}")
