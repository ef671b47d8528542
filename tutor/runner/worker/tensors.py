"""What is known of the tensors a program has made: where, under which names, and what they were cut from.

Nothing here keeps a tensor alive: they are remembered by weak references, nodes of the graph by their
sequence numbers.
"""
# Torch's public names can be replaced by a program; what they are made of is private.
# ruff: noqa: SLF001

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from tutor.runner.worker.names import grad_fn_of, is_tensor, output_nr, requires_grad

Json = dict[str, Any]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: A tensor with history: its node's sequence number, and which output of that node it is.
Made = tuple[int, int]
Place = tuple[str, int]
#: A weak reference to a tensor: gives it, or ``None``.
Source: TypeAlias = "Callable[[], Any]"

_MOST: Final = 5_000
_MAX_NAMES: Final = 4
_MAX_ITEMS: Final = 64
_MAX_OUTPUTS: Final = 8


def number_of(node: Any) -> int:
    """A node's sequence number: no other node has it."""
    return int(type(node)._sequence_nr(node))


def made_by(tensor: Any) -> Made | None:
    """Which output of which node a tensor is; ``None`` for one without history."""
    node = grad_fn_of(tensor)
    return None if node is None else (number_of(node), output_nr(tensor))


class Cut(NamedTuple):
    """Why a value has no history, though it was made of tensors that have one: ``sources``."""

    reason: str
    sources: tuple[Input, ...]


class Known:
    """One tensor: ``number`` is its own for ever, unlike its ``id``."""

    __slots__ = ("cut", "names", "number", "place", "ref")

    def __init__(self, number: int, tensor: Any, place: Place) -> None:
        self.number = number
        self.ref = weakref.ref(tensor)
        self.place = place
        self.names: dict[str, bool] = {}
        self.cut: Cut | None = None


class Input(NamedTuple):
    """One argument of an operation, as it was before it.

    ``ref`` gives the tensor while it is there; ``made`` is the node of one with history, ``known`` what
    is known of any other; ``value`` and ``cut`` are those of a constant, a number among them.
    """

    ref: Source | None
    made: Made | None
    known: Known | None
    live: bool
    version: int
    floating: bool
    shape: tuple[int, ...] | None
    value: Json | None
    cut: Cut | None


class Tensors:
    """All that is known, by tensor and by node."""

    def __init__(self) -> None:
        self._known: dict[int, Known] = {}
        self._count = 0
        #: Names of tensors with history, and the last tensor that had it: true where it is local.
        self.names: dict[Made, dict[str, bool]] = {}
        self.last: dict[Made, Callable[[], Any]] = {}
        self._own: set[str] = set()
        #: Numbers that came out of tensors (``item``), which are kept so that they can be known again.
        self._numbers: dict[int, tuple[Any, Cut]] = {}

    def know(self, tensor: Any, place: Place = ("", 0)) -> Known:
        """What is known of a tensor; one seen for the first time was made at ``place``."""
        known = self._known.get(id(tensor))
        if known is None or known.ref() is not tensor:
            if len(self._known) >= _MOST:
                self._forget()
            self._count += 1
            known = self._known[id(tensor)] = Known(self._count, tensor, place)
        elif not known.place[0]:
            known.place = place
        return known

    def _forget(self) -> None:
        alive = {key: known for key, known in self._known.items() if known.ref() is not None}
        self._known = alive if len(alive) < _MOST else {}

    def named(self, name: str, tensor: Any, place: Place, *, local: bool) -> None:
        """``tensor`` goes by ``name`` now, since the statement at ``place``."""
        made = made_by(tensor)
        if made is None:
            names = self.know(tensor, place).names
        elif len(self.names) < _MOST:
            names = self.names.setdefault(made, {})
            self.last[made] = weakref.ref(tensor)
        else:
            return
        names[name] = names.get(name, True) and local
        if not local:
            self._own.add(name)

    def shown(self, names: dict[str, bool]) -> list[str]:
        """The names to show: the program's own; those of locals where there are no others.

        A local that is called like one of the program's own names would be taken for that.
        """
        own = [name for name, local in names.items() if not local]
        return (own or [name for name in names if name not in self._own])[:_MAX_NAMES]

    def names_of(self, tensor: Any) -> list[str]:
        """The program's names for a tensor, those to be shown."""
        made = made_by(tensor)
        if made is not None:
            return self.shown(self.names.get(made, {}))
        return self.shown(self.know(tensor).names)

    def names_of_node(self, number: int) -> list[str]:
        """The names of a node's outputs, in their order."""
        found: dict[str, bool] = {}
        for output in range(_MAX_OUTPUTS):
            found |= self.names.get((number, output), {})
        return self.shown(found)

    def of_node(self, number: int) -> Iterator[Any]:
        """The outputs of a node that the program has given names and that are still there."""
        for tensor in self.once_of_node(number):
            made = made_by(tensor)
            if made is not None and made[0] == number:
                yield tensor

    def once_of_node(self, number: int) -> Iterator[Any]:
        """Tensors that were outputs of a node, whatever has been made of them since."""
        for output in range(_MAX_OUTPUTS):
            ref = self.last.get((number, output))
            tensor = ref() if ref is not None else None
            if tensor is not None:
                yield tensor

    def cut_of(self, value: Any) -> Cut | None:
        """The cut behind a tensor without history, an array or a number."""
        if is_tensor(value):
            known = self._known.get(id(value))
            return known.cut if known is not None and known.ref() is value else None
        number = self._numbers.get(id(value))
        return number[1] if number is not None and number[0] is value else None

    def cut_number(self, value: Any, cut: Cut) -> None:
        """Every float in ``value`` came from tensors by ``cut``."""
        for number in flat(value):
            if type(number) is float and len(self._numbers) < _MAX_ITEMS * 4:
                self._numbers[id(number)] = (number, cut)


def flat(value: Any, depth: int = 0) -> Iterator[Any]:
    """The tensors and other items in an argument or a result, in order, to a bounded depth."""
    if type(value) in (list, tuple) or type(value).__module__ == "torch.return_types":
        if depth < 3:
            for item in list(value)[:_MAX_ITEMS]:
                yield from flat(item, depth + 1)
    elif type(value) is dict:
        if depth < 3:
            for item in list(value.values())[:_MAX_ITEMS]:
                yield from flat(item, depth + 1)
    else:
        yield value


def has_history(value: Any) -> bool:
    """Whether gradients could flow through it: a tensor that requires grad."""
    return is_tensor(value) and requires_grad(value)
