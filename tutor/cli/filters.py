"""The options that say which exercises are meant: ``--skill``, ``--tag``, ``--misconception``,
``--difficulty``."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import click

from tutor.agenda.filters import Filters, known_misses
from tutor.cli.common import F, library
from tutor.cli.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tutor.exercise.load import Library


def _difficulty(
    _ctx: click.Context, _param: click.Parameter, value: str | None
) -> tuple[int, int] | None:
    """``3`` or ``2-4``."""
    if value is None:
        return None
    found = re.fullmatch(r"([1-5])(?:\s*[-–]\s*([1-5]))?", value.strip())
    if found is None:
        raise click.BadParameter(
            f"{value!r} is no difficulty: write one from 1 to 5, or two as in 2-4"
        )
    ends = int(found[1]), int(found[2] or found[1])
    return min(ends), max(ends)


def filter_options(command: F) -> F:
    for option in (
        click.option(
            "--difficulty",
            callback=_difficulty,
            metavar="N[-M]",
            help="From 1 (easy) to 5, as in 2-4.",
        ),
        click.option(
            "--misconception",
            "misconceptions",
            metavar="ID",
            multiple=True,
            help="Only exercises that know this near miss.",
        ),
        click.option("--tag", "tags", metavar="T", multiple=True, help="Only with this tag."),
        click.option(
            "--skill",
            "skills",
            metavar="S",
            multiple=True,
            help="Only exercises of this skill, or of all below it.",
        ),
    ):
        command = option(command)
    return command


def filters_of(
    *,
    skills: Iterable[str] = (),
    tags: Iterable[str] = (),
    misconceptions: Iterable[str] = (),
    **others: Any,
) -> Filters:
    """The filters that the options ask for.

    Raises:
        Problem: there is no exercise of that skill, tag or misconception.
    """
    filters = Filters(
        skills=frozenset(skills),
        tags=frozenset(tags),
        misconceptions=frozenset(misconceptions),
        **others,
    )
    if filters.names_content:
        _check(filters, library())
    return filters


def _check(filters: Filters, known: Library) -> None:
    loaded = known.exercises.values()
    for skill in sorted(filters.skills):
        if not any(Filters(frozenset({skill})).admits(one) for one in loaded):
            raise _unknown("skill", skill, {one.skill for one in loaded})
    for tag in sorted(filters.tags):
        _need("tag", tag, (one.exercise.tags for one in loaded))
    for id_ in sorted(filters.misconceptions):
        _need("misconception", id_, (known_misses(one.exercise) for one in loaded))


def _need(what: str, name: str, found: Iterable[Iterable[str]]) -> None:
    names = {one for several in found for one in several}
    if name not in names:
        raise _unknown(what, name, names)


def _unknown(what: str, name: str, names: set[str]) -> Problem:
    close = get_close_matches(name, sorted(names), n=1)
    hint = f"; did you mean {close[0]}?" if close else ""
    return Problem(f"no exercise has the {what} {name}{hint}")
