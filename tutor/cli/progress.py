"""What the commands about progress share: its derivation, previews, and the question before they act."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from tutor.cli.common import count, has_terminal, user_settings
from tutor.cli.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.schedule.memory import Scheduler
    from tutor.store.contents import Contents
    from tutor.store.reader import StoreReader


def derivation(home: Path, store: StoreReader) -> Scheduler:
    """How memory follows from the log, by what the learner has set and what was fitted."""
    from tutor.schedule.fitted import in_force
    from tutor.schedule.memory import Scheduler

    return Scheduler(in_force(user_settings(home).schedule, store))


def moment(at_ms: int) -> str:
    """``2026-11-25 13:40`` on this machine's clock."""
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC).astimezone():%Y-%m-%d %H:%M}"


def describe(found: Contents, own: str = "") -> list[str]:
    """Lines that say how many reviews there are, from which devices and when."""
    return [
        f"  {device[:8]}{' (this device)' * (device == own)}: {count(part.reviews, 'review')}, "
        f"{moment(part.first_at)} … {moment(part.last_at)}"
        for device, part in found.devices.items()
    ]


def to_json(found: Contents) -> dict[str, Any]:
    return {
        "reviews": found.reviews,
        "events": found.events,
        "devices": {
            device: {
                "reviews": part.reviews,
                "first_at": part.first_at,
                "last_at": part.last_at,
            }
            for device, part in found.devices.items()
        },
    }


def confirm(question: str, *, yes: bool) -> bool:
    """Whether to go on: ``--yes``, or what is answered in the terminal."""
    if yes:
        return True
    if not has_terminal():
        raise Problem("nothing was changed: add --yes to go on, there is no terminal to ask in")
    return click.confirm(question, default=False)
