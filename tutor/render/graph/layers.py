"""A graph in layers: every line goes from a layer to the next, long ones through points of their own.

The method is Sugiyama's: layers, then an order within each that crosses few lines.  All that is here is
axis-neutral: *along* is the way the gradient flows, *across* is at right angles to it.  The same graph
gives the same picture, always.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Rounds of reordering; small graphs settle in two or three.
_ROUNDS: Final = 12


@dataclass(frozen=True, slots=True)
class Item:
    """Something to be placed: ``length`` along, ``breadth`` across, in cells."""

    length: int
    breadth: int


@dataclass(frozen=True, slots=True)
class Link:
    """A line from one item to another, by their indices."""

    source: int
    target: int


@dataclass(slots=True)
class Vertex:
    """An item in its layer, or a point that a long line passes through (``item`` is ``None``)."""

    layer: int
    length: int
    breadth: int
    item: int | None
    #: Segments that come in from the layer before, and go out to the next: indices.
    before: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)
    place: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a link, between two vertices of neighbouring layers."""

    upper: int
    lower: int
    link: int


@dataclass(slots=True)
class Layered:
    vertices: list[Vertex]
    segments: list[Segment]
    layers: list[list[int]]


def layered(items: Sequence[Item], links: Sequence[Link]) -> Layered:
    """The graph in layers, ordered so that few lines cross.  ``links`` must not run in circles."""
    depths = depths_of(len(items), links)
    vertices = [Vertex(depths[i], item.length, item.breadth, i) for i, item in enumerate(items)]
    segments: list[Segment] = []
    for index, link in enumerate(links):
        at = link.source
        for layer in range(depths[link.source] + 1, depths[link.target] + 1):
            if layer == depths[link.target]:
                to = link.target
            else:
                to = len(vertices)
                vertices.append(Vertex(layer, 0, 1, None))
            vertices[at].after.append(len(segments))
            vertices[to].before.append(len(segments))
            segments.append(Segment(at, to, index))
            at = to
    layers: list[list[int]] = [[] for _ in range(max(depths, default=-1) + 1)]
    graph = Layered(vertices, segments, layers)
    for vertex in _first_order(graph, len(items)):
        layers[vertices[vertex].layer].append(vertex)
    _reorder(graph)
    return graph


def depths_of(count: int, links: Sequence[Link]) -> list[int]:
    """The layer of each item: below all that lead to it, and no higher than need be."""
    incoming = [0] * count
    targets: list[list[int]] = [[] for _ in range(count)]
    for link in links:
        incoming[link.target] += 1
        targets[link.source].append(link.target)
    depths = [0] * count
    waiting = list(incoming)
    ready = [i for i in range(count) if not incoming[i]]
    for i in ready:
        for target in targets[i]:
            depths[target] = max(depths[target], depths[i] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    for i in reversed(ready):
        # A second start stands just above what it leads to, not at the very top.
        if not incoming[i] and targets[i]:
            depths[i] = min(depths[target] for target in targets[i]) - 1
    return depths


def without_circles(count: int, links: Sequence[Link]) -> list[int]:
    """The indices of the links that can be kept so that none run in circles."""
    state = [0] * count  # 1: on the way, 2: done
    outgoing: list[list[int]] = [[] for _ in range(count)]
    for index, link in enumerate(links):
        outgoing[link.source].append(index)
    kept: list[int] = []
    for start in range(count):
        stack = [(start, iter(outgoing[start]))] if not state[start] else []
        state[start] = state[start] or 1
        while stack:
            at, rest = stack[-1]
            index = next(rest, -1)
            if index < 0:
                state[at] = 2
                stack.pop()
                continue
            target = links[index].target
            if state[target] != 1:
                kept.append(index)
            if not state[target]:
                state[target] = 1
                stack.append((target, iter(outgoing[target])))
    return sorted(kept)


# -- the order within the layers ------------------------------------------------------------------------


def _first_order(graph: Layered, items: int) -> list[int]:
    """Depth first from the starts, so that neighbours begin near each other."""
    starts = [i for i in range(items) if not graph.vertices[i].before]
    seen: dict[int, None] = {}
    stack = starts[::-1]
    while stack:
        vertex = stack.pop()
        if vertex in seen:
            continue
        seen[vertex] = None
        stack += [graph.segments[s].lower for s in reversed(graph.vertices[vertex].after)]
    return [*seen, *(v for v in range(len(graph.vertices)) if v not in seen)]


def _reorder(graph: Layered) -> None:
    _number(graph)
    best, fewest = [list(layer) for layer in graph.layers], _crossings(graph)
    for round_ in range(_ROUNDS):
        if not fewest:
            break
        _sweep(graph, downwards=round_ % 2 == 0)
        _swap(graph)
        crossings = _crossings(graph)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in graph.layers], crossings
    graph.layers[:] = best
    _number(graph)


def _number(graph: Layered) -> None:
    for layer in graph.layers:
        for place, vertex in enumerate(layer):
            graph.vertices[vertex].place = place


def _sweep(graph: Layered, *, downwards: bool) -> None:
    """Each layer by the mean place of what its vertices are joined to in the layer before."""
    for layer in graph.layers if downwards else reversed(graph.layers):
        means = {}
        for vertex in layer:
            places = _neighbours(graph, vertex, before=downwards)
            own = graph.vertices[vertex].place
            means[vertex] = sum(places) / len(places) if places else float(own)
        layer.sort(key=means.__getitem__)
        for place, vertex in enumerate(layer):
            graph.vertices[vertex].place = place


def _neighbours(graph: Layered, vertex: int, *, before: bool) -> list[int]:
    one = graph.vertices[vertex]
    if before:
        return sorted(graph.vertices[graph.segments[s].upper].place for s in one.before)
    return sorted(graph.vertices[graph.segments[s].lower].place for s in one.after)


def _swap(graph: Layered) -> None:
    """Neighbours change places where that crosses fewer lines."""
    for layer in graph.layers:
        for i in range(len(layer) - 1):
            left, right = layer[i], layer[i + 1]
            now = turned = 0
            for before in (True, False):
                a = _neighbours(graph, left, before=before)
                b = _neighbours(graph, right, before=before)
                now += sum(bisect_left(b, place) for place in a)
                turned += sum(bisect_left(a, place) for place in b)
            if turned < now:
                layer[i], layer[i + 1] = right, left
                graph.vertices[left].place, graph.vertices[right].place = i + 1, i


def _crossings(graph: Layered) -> int:
    """How many pairs of segments cross."""
    total = 0
    for layer in graph.layers:
        seen: list[int] = []
        for vertex in layer:
            places = _neighbours(graph, vertex, before=False)
            total += sum(len(seen) - bisect_left(seen, place + 1) for place in places)
            for place in places:
                insort(seen, place)
    return total
