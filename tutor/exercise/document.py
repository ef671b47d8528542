"""A file's content as plain data that still knows where everything stood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

#: A step of a path: the key of a map or the index (from 0) in a list.
Key: TypeAlias = str | int
FieldPath: TypeAlias = tuple[Key, ...]
#: Line and column, both from 1.
Position: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at a place of a text: the file's path is not known here."""

    position: Position
    path: FieldPath
    message: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file's content as plain data; ``data`` is ``None`` where nothing could be read."""

    data: Any
    root: Node | None
    faults: tuple[Fault, ...]

    def position(self, path: FieldPath, *, key: bool = False) -> Position:
        """Where the value at ``path`` stands, or its key; the nearest thing above it if it is missing.

        A map or list that begins below its key is shown at the key: that is where one looks for it.
        """
        return position_in_node(self.root, path, key)

    def line_position(self, path: FieldPath, line: int) -> Position:
        """Where line ``line`` (from 1) of the text at ``path`` begins; the text itself for 0.

        Only of a text after `|` is that known.
        """
        start = self.position(path)
        return (start[0] + line, 1) if line and self.is_block(path) else start

    def is_block(self, path: FieldPath) -> bool:
        """Whether the value is a text after `|`, whose lines stand below its mark as they are."""
        node = self._node(path)
        return type(node) is ScalarNode and node.style == "|"

    def in_braces(self, path: FieldPath) -> bool:
        """Whether the value is a map written `{…}`."""
        node = self._node(path)
        return type(node) is MappingNode and bool(node.flow_style)

    def _node(self, path: FieldPath) -> Node | None:
        node = self.root
        for step in path:
            if type(node) is SequenceNode and type(step) is int and step < len(node.value):
                node = node.value[step]
            elif type(node) is MappingNode:
                node = next((v for k, v in node.value if same_key(k, step)), None)
        return node


def position_in_node(root: Node | None, path: FieldPath, key: bool) -> Position:
    """The place of ``path`` below a node; see :meth:`Document.position`."""
    if root is None:
        return 1, 1
    node, place = root, root.start_mark
    for index, step in enumerate(path):
        last = index == len(path) - 1
        if type(node) is SequenceNode and type(step) is int and step < len(node.value):
            node = node.value[step]
            place = node.start_mark
        elif type(node) is MappingNode:
            pair = next((p for p in node.value if same_key(p[0], step)), None)
            if pair is None:
                break
            key_mark, node = pair[0].start_mark, pair[1]
            below = type(node) is not ScalarNode and node.start_mark.line > key_mark.line
            place = key_mark if below or (key and last) else node.start_mark
        else:
            break
    return place.line + 1, place.column + 1


def same_key(node: Node, step: Key) -> bool:
    """Whether the node of a key is the step of a path."""
    if type(node) is not ScalarNode:
        return False
    if type(step) is str:
        return bool(node.value == step)
    return not node.style and node.value.lstrip("+0") == str(step).lstrip("+0")
