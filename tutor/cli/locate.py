"""`tutor locate`: where everything is."""

from __future__ import annotations

import click

from tutor.cli.common import home_of, json_option, print_json


@click.command("locate")
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Print the folders and files that the program uses, whether they exist yet or not."""
    from tutor.locations import data_dir, exercises_dir, log_file, progress_file, settings_file

    home = home_of(ctx)
    places = {
        "home": str(home),
        "progress": str(progress_file(home)),
        "settings": str(settings_file(home)),
        "log": str(log_file(home)),
        "exercises": str(exercises_dir()),
        "data": str(data_dir()),
    }
    if as_json:
        print_json(places)
        return
    for name, place in places.items():
        click.echo(f"{name:<10} {place}")
