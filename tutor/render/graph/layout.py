"""Items and links laid out on a grid of cells: layers along, order and places across, lines between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.render.graph.channels import channel
from tutor.render.graph.layers import layered
from tutor.render.graph.places import places, ports

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.render.graph.channels import Channel
    from tutor.render.graph.layers import Item, Layered, Link
    from tutor.render.graph.places import Ports

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """Places as ``(along, across)``.

    ``items`` are the first cells of the items.  ``paths`` are the corners of the lines, from the cell
    after the source to the cell before the target.
    """

    items: tuple[Point, ...]
    paths: tuple[tuple[Point, ...], ...]
    length: int
    breadth: int


def lay_out(
    items: Sequence[Item], links: Sequence[Link], *, gap: int, inset: int, between: int
) -> Layout:
    """Lay out a graph without circles.

    ``gap`` is the least distance across, ``between`` the least along; lines keep ``inset`` cells away
    from the corners of items.
    """
    graph = layered(items, links)
    across = places(graph, gap)
    ends = ports(graph, across, inset)
    channels = [_channel_below(graph, layer, ends) for layer in range(len(graph.layers))]
    along, length = _along(graph, channels, between)
    paths = _paths(graph, channels, ends, along, len(links))
    first = min([0, *(point[1] for path in paths for point in path)])
    breadth = max(
        [
            *(across[v] + vertex.breadth for v, vertex in enumerate(graph.vertices)),
            *(point[1] + 1 for path in paths for point in path),
            0,
        ]
    )
    return Layout(
        tuple((along[graph.vertices[i].layer], across[i] - first) for i in range(len(items))),
        tuple(tuple((a, b - first) for a, b in path) for path in paths),
        length,
        breadth - first,
    )


def _below(graph: Layered, layer: int) -> list[int]:
    """The segments that leave a layer."""
    return [s for vertex in graph.layers[layer] for s in graph.vertices[vertex].after]


def _channel_below(graph: Layered, layer: int, ends: Ports) -> Channel:
    return channel([(ends.leaves[s], ends.arrives[s]) for s in _below(graph, layer)])


def _along(graph: Layered, channels: list[Channel], between: int) -> tuple[list[int], int]:
    """Where each layer begins, and where the last one ends."""
    starts, at = [], 0
    for layer, below in zip(graph.layers, channels, strict=True):
        starts.append(at)
        end = at + max(graph.vertices[vertex].length for vertex in layer)
        at = end + max(between, below.tracks + 1)
    return starts, end if graph.layers else 0


def _paths(
    graph: Layered, channels: list[Channel], ends: Ports, along: list[int], links: int
) -> list[list[Point]]:
    paths: list[list[Point]] = [[] for _ in range(links)]
    for layer, below in enumerate(channels):
        for s, turns in zip(_below(graph, layer), below.turns, strict=True):
            segment = graph.segments[s]
            upper = graph.vertices[segment.upper]
            path = paths[segment.link]
            at = ends.leaves[s]
            if upper.item is not None:
                path.append((along[layer] + upper.length, at))
            # Turns are made just before the next layer: the tracks are counted back from it.
            first = along[layer + 1] - 1 - below.tracks
            for track, to in turns:
                path += [(first + track, at), (first + track, to)]
                at = to
            if graph.vertices[segment.lower].item is not None:
                path.append((along[layer + 1] - 1, at))
    return paths
