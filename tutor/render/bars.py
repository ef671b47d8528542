"""Horizontal bars in halves of a cell.  Pure."""

from __future__ import annotations


def bar(share: float, width: int) -> str:
    """A bar over ``share`` (0 … 1) of ``width`` cells; something is always seen of more than nothing."""
    halves = round(min(max(share, 0.0), 1.0) * width * 2)
    if share > 0:
        halves = max(halves, 1)
    whole, rest = divmod(halves, 2)
    return "━" * whole + "╸" * rest
