"""`tutor backup [FILE]`: a copy of all progress."""

from __future__ import annotations

from pathlib import Path

import click

from tutor.cli.common import home_of, json_option, now_ms, print_json
from tutor.cli.problems import Problem


@click.command("backup")
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@json_option
@click.pass_context
def command(ctx: click.Context, file: Path | None, as_json: bool) -> None:
    """Copy all progress to FILE, or into the folder of backups; the copy is looked through.

    It may be in use meanwhile. A backup is also made by itself once a day; `tutor restore` lists them.
    """
    from tutor.locations import progress_file
    from tutor.store import backup

    home = home_of(ctx)
    if not progress_file(home).exists():
        raise Problem(f"there is no progress in {home} yet")
    if file is None:
        file = backup.make(home, "by-hand", now_ms())
    else:
        file = file / progress_file(home).name if file.is_dir() else file
        if file.resolve() == progress_file(home).resolve():
            raise Problem("that is the progress itself: name another file")
        backup.copy(progress_file(home), file)
    size = file.stat().st_size
    if as_json:
        print_json({"path": str(file), "bytes": size})
    else:
        click.echo(f"{file}  {size / 1e6:.1f} MB, sound")
