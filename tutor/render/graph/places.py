"""Where the vertices of a layer stand, near what they are joined to; where lines leave and arrive."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.render.graph.layers import Layered

_ROUNDS: Final = 8
#: Points of long lines pull harder than items: a long line should be straight.
_PULL: Final = 4.0


@dataclass(frozen=True, slots=True)
class Ports:
    """Where a segment leaves its upper vertex and where it arrives at its lower one, across."""

    leaves: list[int]
    arrives: list[int]


def places(graph: Layered, gap: int) -> list[int]:
    """The first cell across of every vertex; between two items of a layer are at least ``gap`` cells."""
    centres = _packed(graph, gap)
    for round_ in range(_ROUNDS):
        order = graph.layers if round_ % 2 == 0 else graph.layers[::-1]
        for layer in order:
            wanted = [_wanted(graph, vertex, centres, round_) for vertex in layer]
            pulls = [_PULL if graph.vertices[vertex].item is None else 1.0 for vertex in layer]
            apart = _apart(graph, layer, gap)
            for vertex, centre in zip(layer, spaced(wanted, apart, pulls), strict=True):
                centres[vertex] = centre
    starts = [0] * len(graph.vertices)
    for layer in graph.layers:
        edge: int | None = None
        for i, vertex in enumerate(layer):
            breadth = graph.vertices[vertex].breadth
            start = round(centres[vertex] - (breadth - 1) / 2)
            if edge is not None:
                start = max(start, edge + _gap_between(graph, layer[i - 1], vertex, gap))
            starts[vertex] = start
            edge = start + breadth
    for downwards in (True, False, True):
        _straighten_long_lines(graph, starts, gap, downwards=downwards)
    least = min(starts, default=0)
    return [start - least for start in starts]


def _straighten_long_lines(graph: Layered, starts: list[int], gap: int, *, downwards: bool) -> None:
    """Points of long lines go in line with the point before, as far as their neighbours let them."""
    for layer in graph.layers if downwards else graph.layers[::-1]:
        for i, vertex in enumerate(layer):
            one = graph.vertices[vertex]
            if one.item is not None:
                continue
            segment = graph.segments[(one.before if downwards else one.after)[0]]
            other = segment.upper if downwards else segment.lower
            if graph.vertices[other].item is not None:
                continue
            place = starts[other]
            if i:
                left = layer[i - 1]
                end = starts[left] + graph.vertices[left].breadth
                place = max(place, end + _gap_between(graph, left, vertex, gap))
            if i + 1 < len(layer):
                right = layer[i + 1]
                place = min(place, starts[right] - _gap_between(graph, vertex, right, gap) - 1)
            starts[vertex] = place


def _gap_between(graph: Layered, left: int, right: int, gap: int) -> int:
    items = graph.vertices[left].item is not None and graph.vertices[right].item is not None
    return gap if items else min(gap, 1)


def _apart(graph: Layered, layer: Sequence[int], gap: int) -> list[float]:
    """How far apart the centres of neighbours have to be."""
    return [
        (graph.vertices[a].breadth + graph.vertices[b].breadth) / 2 + _gap_between(graph, a, b, gap)
        for a, b in pairwise(layer)
    ]


def _packed(graph: Layered, gap: int) -> list[float]:
    centres = [0.0] * len(graph.vertices)
    for layer in graph.layers:
        at = 0.0
        for i, vertex in enumerate(layer):
            at += _apart(graph, layer, gap)[i - 1] if i else 0.0
            centres[vertex] = at
    return centres


def _wanted(graph: Layered, vertex: int, centres: list[float], round_: int) -> float:
    """The mean of what a vertex is joined to: above it, below it, in the last rounds on both sides."""
    one = graph.vertices[vertex]
    both = round_ >= _ROUNDS - 2
    joined = []
    if both or round_ % 2 == 0:
        joined += [centres[graph.segments[s].upper] for s in one.before]
    if both or round_ % 2 == 1:
        joined += [centres[graph.segments[s].lower] for s in one.after]
    return sum(joined) / len(joined) if joined else centres[vertex]


def spaced(wanted: Sequence[float], apart: Sequence[float], pulls: Sequence[float]) -> list[float]:
    """The places nearest to those wanted (least squares) that are in order and far enough apart."""
    offsets = [0.0]
    for distance in apart:
        offsets.append(offsets[-1] + distance)
    blocks: list[tuple[float, float, int]] = []  # mean, pull, how many
    for want, offset, pull in zip(wanted, offsets, pulls, strict=True):
        mean, weight, count = want - offset, pull, 1
        while blocks and blocks[-1][0] > mean:
            last_mean, last_weight, last_count = blocks.pop()
            mean = (mean * weight + last_mean * last_weight) / (weight + last_weight)
            weight, count = weight + last_weight, count + last_count
        blocks.append((mean, weight, count))
    flat = [mean for mean, _weight, count in blocks for _ in range(count)]
    return [mean + offset for mean, offset in zip(flat, offsets, strict=True)]


# -- ports ------------------------------------------------------------------------------------------------


def ports(graph: Layered, starts: list[int], inset: int) -> Ports:
    """One cell of its own for every end of a segment, in line with the other end where that is possible."""
    leaves, arrives = [0] * len(graph.segments), [0] * len(graph.segments)
    for index, vertex in enumerate(graph.vertices):
        vertex.after.sort(key=lambda s: (graph.vertices[graph.segments[s].lower].place, s))
        vertex.before.sort(key=lambda s: (graph.vertices[graph.segments[s].upper].place, s))
        for ends, at in ((vertex.after, leaves), (vertex.before, arrives)):
            first, room = _room(graph, index, starts, inset)
            for i, segment in enumerate(ends):
                at[segment] = first + (2 * i + 1) * room // (2 * len(ends))
    for layer in graph.layers:
        for vertex_index in layer:
            for segment in graph.vertices[vertex_index].after:
                _straighten(graph, segment, starts, inset, leaves, arrives)
    return Ports(leaves, arrives)


def _room(graph: Layered, vertex: int, starts: list[int], inset: int) -> tuple[int, int]:
    """The first cell that a line may leave from, and how many there are."""
    one = graph.vertices[vertex]
    margin = inset if one.item is not None else 0
    return starts[vertex] + margin, max(1, one.breadth - 2 * margin)


def _straighten(
    graph: Layered,
    segment: int,
    starts: list[int],
    inset: int,
    leaves: list[int],
    arrives: list[int],
) -> None:
    """Both ends in one line, if there is one between those of their neighbours."""
    one = graph.segments[segment]
    upper = _between(graph.vertices[one.upper].after, segment, leaves)
    lower = _between(graph.vertices[one.lower].before, segment, arrives)
    low = high = None
    for vertex, (least, most) in ((one.upper, upper), (one.lower, lower)):
        first, room = _room(graph, vertex, starts, inset)
        start = first if least is None else max(first, least + 1)
        end = first + room - 1 if most is None else min(first + room - 1, most - 1)
        low = start if low is None else max(low, start)
        high = end if high is None else min(high, end)
    if low is not None and high is not None and low <= high:
        middle = (leaves[segment] + arrives[segment]) // 2
        leaves[segment] = arrives[segment] = min(max(low, middle), high)


def _between(ends: list[int], segment: int, at: list[int]) -> tuple[int | None, int | None]:
    i = ends.index(segment)
    before = at[ends[i - 1]] if i else None
    after = at[ends[i + 1]] if i + 1 < len(ends) else None
    return before, after
