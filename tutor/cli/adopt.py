"""`tutor adopt OLD NEW`: an exercise whose file is gone hands its progress over to another."""

from __future__ import annotations

import click

from tutor.cli.common import count, home_of, json_option, library, now_ms, print_json
from tutor.cli.problems import Problem
from tutor.cli.progress import derivation


@click.command("adopt")
@click.argument("old", metavar="[OLD]", required=False)
@click.argument("new", metavar="[NEW]", required=False)
@click.option("--undo", is_flag=True, help="OLD's reviews count as its own again.")
@json_option
@click.pass_context
def command(
    ctx: click.Context, old: str | None, new: str | None, undo: bool, as_json: bool
) -> None:
    """Let the reviews of OLD, whose file is gone, count as reviews of NEW, as after a change of id.

    Without OLD, list the exercises that have progress but no file.
    """
    from tutor.store import open_store

    home = home_of(ctx)
    known = set(library(home).exercises)
    if old is None:
        with open_store(home, read_only=True) as store:
            reps = {id_: m.reps for id_, m in store.memories().items() if id_ not in known}
            adopted = dict(store.marks().adopted)
        _list(reps, adopted, known, as_json)
        return
    if (new is None) != undo:
        raise Problem("either `tutor adopt OLD NEW`, or `tutor adopt OLD --undo`")
    with open_store(home) as store:
        if undo:
            if old not in store.marks().adopted:
                raise Problem(f"{old} is not adopted")
            store.disown(old, now_ms(), derivation(home, store))
            new = old
        else:
            assert new is not None  # noqa: S101 - seen to above
            if old in known:
                raise Problem(f"{old} is there; only an exercise whose file is gone is adopted")
            if new not in known:
                raise Problem(f"there is no exercise {new}")
            if old not in store.reviewed_ids():
                raise Problem(f"{old} has no progress")
            store.adopt(old, new, now_ms(), derivation(home, store))
        reviews = sum(1 for _ in store.reviews(new))
    if as_json:
        print_json({"id": new, "reviews": reviews})
    else:
        click.echo(f"{new} has {count(reviews, 'review')} now")


def _list(reps: dict[str, int], adopted: dict[str, str], known: set[str], as_json: bool) -> None:
    from difflib import get_close_matches

    near = {id_: next(iter(get_close_matches(id_, known, n=1)), None) for id_ in reps}
    if as_json:
        gone = [{"id": id_, "reviews": n, "perhaps": near[id_]} for id_, n in sorted(reps.items())]
        print_json({"orphans": gone, "adopted": adopted})
        return
    for id_, n in sorted(reps.items()):
        hint = f"  perhaps: tutor adopt {id_} {near[id_]}" if near[id_] else ""
        click.echo(f"{id_}  {count(n, 'review')}, no file{hint}")
    for old, new in sorted(adopted.items()):
        click.echo(f"{old}  counts for {new}")
    if not reps and not adopted:
        click.echo("Every exercise with progress has its file.")
