"""From nested lists of typed items to numbers with a shape."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from tutor.answer.reading import Entry, NoneRead, Numbers, SizeRead, Wrote

if TYPE_CHECKING:
    from tutor.answer.prepare import Prepared


@dataclass(frozen=True, slots=True)
class Leaf:
    """One item that is not a list; ``at`` is where it starts in the prepared text."""

    value: Entry | NoneRead | SizeRead | Numbers
    at: int


@dataclass(frozen=True, slots=True)
class Branch:
    """A list; ``breaks`` are the items before which a line ended without a comma.

    ``wrote`` says how its outermost level was written.  ``lines``: one number a line, so a vector or a
    column is meant.
    """

    items: tuple[Item, ...]
    at: int
    wrote: Wrote = "list"
    breaks: tuple[int, ...] = field(default=())
    lines: bool = False


Item: TypeAlias = Leaf | Branch


def stack(prepared: Prepared, item: Item, wrote: Wrote) -> Numbers:
    """The numbers of a nested list.

    Raises:
        InvalidAnswer: ragged rows, numbers and lists on one level, bools among numbers, a None.
    """
    leaves: list[tuple[Entry, int]] = []
    shape = _collect(prepared, item, leaves)
    bools = sum(isinstance(entry.value, bool) for entry, _ in leaves)
    if 0 < bools < len(leaves):
        entry, at = next(pair for pair in leaves if isinstance(pair[0].value, bool))
        raise prepared.invalid("bool-among-numbers", at, text=str(entry.value))
    return Numbers(shape, tuple(entry for entry, _ in leaves), wrote)


def _collect(prepared: Prepared, item: Item, into: list[tuple[Entry, int]]) -> tuple[int, ...]:
    """Append the entries of ``item`` and return its shape."""
    if isinstance(item, Leaf):
        return _collect_leaf(prepared, item, into)
    shape: tuple[int, ...] | None = None
    for child in item.items:
        child_shape = _collect(prepared, child, into)
        if shape is None:
            shape = child_shape
        elif shape != child_shape:
            raise _ragged(prepared, child.at, shape, child_shape)
    return (len(item.items), *(shape or ()))


def _collect_leaf(prepared: Prepared, leaf: Leaf, into: list[tuple[Entry, int]]) -> tuple[int, ...]:
    match leaf.value:
        case Entry():
            into.append((leaf.value, leaf.at))
            return ()
        case Numbers(shape, entries):
            into.extend((entry, leaf.at) for entry in entries)
            return shape
        case NoneRead():
            raise prepared.invalid("none-among-numbers", leaf.at)
        case SizeRead():
            raise prepared.invalid("size-among-numbers", leaf.at)


def _ragged(
    prepared: Prepared, at: int, first: tuple[int, ...], other: tuple[int, ...]
) -> Exception:
    if not first or not other:
        return prepared.invalid("mixed-depth", at)
    if len(first) == len(other) == 1:
        return prepared.invalid("ragged-length", at, first=first[0], other=other[0])
    return prepared.invalid("ragged", at, first=_dims(first), other=_dims(other))


def _dims(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) if len(shape) > 1 else f"({shape[0]},)"


def other_shape(branch: Branch) -> tuple[int, int] | None:
    """The matrix that a flat list may also mean, by where its lines end; None if there is none."""
    count = len(branch.items)
    if branch.lines:
        return (count, 1)
    scalars = all(isinstance(i, Leaf) and isinstance(i.value, Entry) for i in branch.items)
    if not branch.breaks or not scalars:
        return None
    edges = (0, *branch.breaks, count)
    lengths = {after - before for before, after in itertools.pairwise(edges)}
    return (len(edges) - 1, count // (len(edges) - 1)) if len(lengths) == 1 else None
