"""Timing two ways of doing the same thing in turn, and printing how they compare."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

HEADER = f"{'':<44} {'ours':>11} {'against':>11} {'ratio':>8}   aim"


def header() -> None:
    print(HEADER)


def row(name: str, ours: str, against: str, ratio: float, aim: str) -> None:
    print(f"{name:<44} {ours:>11} {against:>11} {ratio:>7.2f}×   {aim}", flush=True)


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.3f} ms" if seconds < 0.1 else f"{seconds * 1000:.0f} ms"


def in_turn(
    ours: Callable[[], Any], against: Callable[[], Any], *, rounds: int
) -> tuple[list[float], list[float]]:
    """Seconds of each, measured A B A B …, after one warm-up of both."""
    ours(), against()
    a, b = [], []
    for _ in range(rounds):
        a.append(_time(ours))
        b.append(_time(against))
    return a, b


def _time(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def median(seconds: list[float]) -> float:
    return statistics.median(seconds)


def p95(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)]
