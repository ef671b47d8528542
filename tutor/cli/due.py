"""`tutor due`: how much is due."""

from __future__ import annotations

import click

from tutor.cli.common import home_of, json_option, library, now_ms, print_json, user_settings, when


@click.command("due")
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """How many exercises are due, how many are new, and when the next one comes."""
    from tutor.agenda.agenda import Agenda
    from tutor.schedule.fitted import in_force
    from tutor.schedule.why import planned
    from tutor.store import open_store

    home, now = home_of(ctx), now_ms()
    settings = user_settings().schedule
    with open_store(home, read_only=True) as store:
        agenda = Agenda(library(home), store, in_force(settings, store), lambda: now)
        count = agenda.due()
        plan = agenda.plan(count)
    if as_json:
        print_json(
            {
                "due": count.due,
                "new": count.new,
                "next_due_at": count.next_due_at,
                "waiting": count.waiting,
                "minutes": round(plan.minutes, 1),
            }
        )
        return
    click.echo(f"{count.due} due, {count.new} new")
    if plan.questions:
        click.echo(planned(plan))
    if count.next_due_at is not None and not count.due:
        click.echo(f"the next is due {when(count.next_due_at, now)}")
