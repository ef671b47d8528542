"""`tutor stats`: what has been done so far."""

from __future__ import annotations

from dataclasses import asdict

import click

from tutor.cli.common import count, home_of, json_option, library, now_ms, print_json, user_settings


@click.command("stats")
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Reviews, how many were right, the streak, and the misconceptions met most."""
    from tutor.misconceptions import misses_by_family, recent, title
    from tutor.schedule.fitted import in_force
    from tutor.schedule.statistics import summarise
    from tutor.store import open_store

    home = home_of(ctx)
    known = library(home)
    skills = {id_: loaded.skill for id_, loaded in known.exercises.items()}
    settings = user_settings().schedule
    with open_store(home, read_only=True) as store:
        settings = in_force(settings, store)
        reviews, memories = list(store.reviews()), store.memories()
        found = summarise(reviews, memories, skills, now_ms(), settings)
    gone = sorted(id_ for id_ in memories if id_ not in skills)
    if as_json:
        data = asdict(found)
        data["orphans"] = gone
        data["misconceptions"] = dict(found.misconceptions)
        data["families"] = [
            asdict(one) | {"title": title(one.family)} for one in misses_by_family(reviews, known)
        ]
        print_json(data)
        return
    if not found.reviews:
        click.echo("No reviews yet. Start with: tutor")
        return
    share = found.right / found.reviews
    click.echo(f"{found.reviews} reviews of {found.exercises} exercises, {found.today} today")
    click.echo(f"{found.right} right ({share:.0%}), {found.at_once} of them at once")
    click.echo(f"streak: {found.streak} day{'s' * (found.streak != 1)}")
    click.echo(f"time on questions: {_duration(found.seconds)}\n")
    width = max(map(len, found.skills))
    for skill, one in found.skills.items():
        click.echo(f"  {skill:<{width}}  {one.right:>4} of {one.reviews} right")
    if gone:
        which = count(len(gone), "exercise has", "exercises have")
        click.echo(f"\n{which} progress but no file: see `tutor adopt`")
    families = recent(reviews, known)
    if families:
        click.echo(f"\nof your last {count(families[0].of, 'miss', 'misses')}:")
        for family in families[:5]:
            click.echo(f"  {family.times:>2}  {title(family.family)}")


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
