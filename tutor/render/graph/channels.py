"""The lines between two layers: which of them turns in which row, so that no two ever share a cell.

Lines only cross, at right angles; they never meet or run over one another.  A crossing can therefore not
be mistaken for a junction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(slots=True)
class Net:
    """A run across, in one track: from ``a`` to ``b``.

    ``top`` is where a line comes down to it from the upper layer, ``bottom`` where one goes down from it
    to the lower layer; ``None`` for the ends inside of a line that turns twice.
    """

    wire: int
    a: int
    b: int
    top: int | None
    bottom: int | None
    track: int = -1

    @property
    def span(self) -> tuple[int, int]:
        return min(self.a, self.b), max(self.a, self.b)


@dataclass(frozen=True, slots=True)
class Channel:
    """How many tracks there are, and the turns of every wire: ``(track, where it leads across)``."""

    tracks: int
    turns: tuple[tuple[tuple[int, int], ...], ...]


def channel(wires: Sequence[tuple[int, int]]) -> Channel:
    """Tracks for wires, each from a place in the upper layer to one in the lower.

    No two wires begin at one place, and no two end at one; a wire may end where another begins.
    """
    nets = [Net(i, a, b, a, b) for i, (a, b) in enumerate(wires) if a != b]
    taken = {place for wire in wires for place in wire}
    waiting = sorted(nets, key=_eagerness)
    above: dict[int, list[Net]] = {id(net): [] for net in nets}
    for net in nets:
        above[id(net)] = [other for other in nets if other is not net and other.top == net.bottom]
    placed: list[Net] = []
    while waiting:
        ready = next((n for n in waiting if all(o.track >= 0 for o in above[id(n)])), None)
        if ready is None:
            _split(waiting, above, taken)
            continue
        waiting.remove(ready)
        least = max((other.track + 1 for other in above[id(ready)]), default=0)
        ready.track = _free_track(ready, least, placed)
        placed.append(ready)
    turns: list[list[tuple[int, int]]] = [[] for _ in wires]
    for net in sorted(placed, key=lambda net: net.track):
        turns[net.wire].append((net.track, net.b))
    tracks = max((net.track + 1 for net in placed), default=0)
    return Channel(tracks, tuple(tuple(one) for one in turns))


def _eagerness(net: Net) -> tuple[bool, int]:
    """Lines that fan out to one side cross least if the outermost turns last."""
    return (net.b < net.a, -net.a if net.b > net.a else net.a)


def _free_track(net: Net, least: int, placed: list[Net]) -> int:
    low, high = net.span
    busy = {other.track for other in placed if other.span[0] <= high and low <= other.span[1]}
    track = least
    while track in busy:
        track += 1
    return track


def _split(waiting: list[Net], above: dict[int, list[Net]], taken: set[int]) -> None:
    """Each of some nets waits for the next in a circle: one of them turns twice, at a free place between."""
    net = waiting[0]
    low, high = net.span
    middle = (low + high) // 2
    place = next(
        place
        for distance in range(2 * len(taken) + high + 2)
        for place in (middle - distance, middle + distance)
        if place >= 0 and place not in taken
    )
    taken.add(place)
    upper = Net(net.wire, net.a, place, net.top, None)
    lower = Net(net.wire, place, net.b, None, net.bottom)
    waiting[0:1] = [upper, lower]
    above[id(upper)] = []
    above[id(lower)] = [*above.pop(id(net)), upper]
    for others in above.values():
        # Whoever had to stay below where this line comes down still has to.
        others[:] = [upper if other is net else other for other in others]
