"""`tutor stats`: what has been done so far."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING

import click

from tutor.cli.common import count, home_of, json_option, library, now_ms, print_json, user_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.misconceptions import FamilyCount
    from tutor.schedule.statistics import Statistics
    from tutor.store.records import Review


@click.command("stats")
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Reviews, how many were right, the streak, and the misconceptions met most."""
    from tutor.misconceptions import LAST_MISSES, by_family, is_miss, title
    from tutor.schedule.fitted import in_force
    from tutor.schedule.statistics import summarise
    from tutor.store import open_store

    home = home_of(ctx)
    known = library(home)
    skills = {id_: loaded.skill for id_, loaded in known.exercises.items()}
    settings = user_settings().schedule
    near: Counter[str] = Counter()

    def seen(review: Review) -> bool:
        near.update(id_ for attempt in review.attempts for id_ in attempt.near)
        return is_miss(review)

    with open_store(home, read_only=True) as store:
        settings = in_force(settings, store)
        exercises = store.by_exercise()
        days = store.daily(settings.rollover_hour)
        found = summarise(days, exercises, skills, now_ms(), settings)
        # All of them are only for whoever asks for data: a long log has very many.
        misses = islice(filter(seen, store.misses()), None if as_json else LAST_MISSES)
        families = by_family(misses, known)
    gone = sorted(id_ for id_ in exercises if id_ not in skills)
    if as_json:
        data = asdict(found)
        data["orphans"] = gone
        data["misconceptions"] = dict(near.most_common())
        data["families"] = [asdict(one) | {"title": title(one.family)} for one in families]
        print_json(data)
        return
    _tell(found, len(gone), families)


def _tell(found: Statistics, gone: int, families: Sequence[FamilyCount]) -> None:
    from tutor.misconceptions import title

    if not found.reviews:
        click.echo("No reviews yet. Start with: tutor")
        return
    share = found.right / found.reviews
    practised = count(found.exercises, "exercise")
    click.echo(f"{count(found.reviews, 'review')} of {practised}, {found.today} today")
    click.echo(f"{found.right} right ({share:.0%}), {found.at_once} of them at once")
    click.echo(f"streak: {count(found.streak, 'day')}")
    click.echo(f"time on questions: {_duration(found.seconds)}\n")
    width = max(map(len, found.skills))
    for skill, one in found.skills.items():
        click.echo(f"  {skill:<{width}}  {one.right:>4} of {one.reviews} right")
    if gone:
        which = count(gone, "exercise has", "exercises have")
        click.echo(f"\n{which} progress but no file: see `tutor adopt`")
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
