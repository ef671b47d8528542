"""Nodes of the YAML parser to plain data."""

from __future__ import annotations

import re
from typing import Any, Final

from yaml.nodes import Node, ScalarNode, SequenceNode

from tutor.exercise.document import Fault, FieldPath, Key, position_in_node
from tutor.exercise.scalars import resolve_plain

#: Counted after aliases are expanded.
MAX_NODES: Final = 10_000
MAX_DEPTH: Final = 64

NESTED: Final = f"lists and maps are nested more than {MAX_DEPTH} deep"
TOO_MANY: Final = f"more than {MAX_NODES:,} values, aliases expanded; split the file"
NO_WORD: Final = "a key must be a word, not a list or a map"
TAG: Final = "tags (`!…`) are not allowed; leave the tag out"
_MERGE = "merge keys (`<<`) are not allowed; write the keys out, or use an alias for a whole value"
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


#: The keys that are met most: no need to look at how they are written.
_WELL_KNOWN: Final = frozenset(
    ("format", "id", "skill", "title", "params", "int", "choice", "list", "len", "of", "program", "ask",
     "answers", "kind", "value", "near", "patch", "replace", "with", "expr", "says", "en", "zh", "hints",
     "explain", "tests", "answer", "expect")
)  # fmt: skip


class TooMuch(Exception):
    """The nodes nest too deep or are too many: with a part left out, all else would look wrong."""

    def __init__(self, node: Any, message: str) -> None:
        super().__init__(message)
        self.node = node
        self.message = message


class Converter:
    """Nodes to plain data; what is wrong is noted and left out, so that the rest is still checked.

    Raises:
        TooMuch: there is more than is looked at.
    """

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.count = 0

    def convert(self, node: Any, path: FieldPath, depth: int) -> Any:
        if node.tag is not None:
            self._fault(node, path, TAG)
        if type(node) is ScalarNode:
            return node.value if node.style else self._plain(node, path)
        if depth >= MAX_DEPTH:
            raise TooMuch(node, NESTED + "; an alias inside its own anchor never ends")
        self.count += len(node.value) * (1 if node.id == "sequence" else 2)
        if self.count > MAX_NODES:
            raise TooMuch(node, TOO_MANY)
        if type(node) is SequenceNode:
            return self._list(node, path, depth + 1)
        return self._map(node, path, depth + 1)

    def _list(self, node: Any, path: FieldPath, depth: int) -> list[Any]:
        result = []
        for index, item in enumerate(node.value):
            if item.id == "scalar" and item.style and item.tag is None:
                result.append(item.value)
            else:
                result.append(self.convert(item, (*path, index), depth))
        return result

    def _map(self, node: Any, path: FieldPath, depth: int) -> dict[Key, Any]:
        result: dict[Key, Any] = {}
        for key_node, value_node in node.value:
            if key_node.id == "scalar" and key_node.value in _WELL_KNOWN and key_node.tag is None:
                key = key_node.value
            else:
                key = self._key(key_node, path)
                if key is None:
                    continue
            if key in result:
                first = position_in_node(node, (key,), key=True)[0]
                message = f"`{key}` is given twice, first on line {first}; keep one of them"
                self._fault(key_node, (*path, key), message)
                continue
            if value_node.id == "scalar" and value_node.style and value_node.tag is None:
                result[key] = value_node.value
            else:
                result[key] = self.convert(value_node, (*path, key), depth)
        return result

    def _key(self, node: Any, path: FieldPath) -> Key | None:
        if type(node) is not ScalarNode:
            self._fault(node, path, NO_WORD)
            return None
        if node.tag is not None:
            self._fault(node, path, TAG)
        key = node.value if node.style else self._plain(node, path)
        if key == "<<" and not node.style:
            self._fault(node, path, _MERGE)
            return None
        if type(key) is str or type(key) is int:
            return key
        self._fault(
            node, path, f'the key {node.value or "(empty)"} is not a text; write "{node.value}"'
        )
        return None

    def _plain(self, node: Any, path: FieldPath) -> bool | int | float | str | None:
        try:
            return resolve_plain(node.value)
        except ValueError as error:
            self._fault(node, path, f"{error}; write a smaller one, or a text in quotes")
            return None

    def _fault(self, node: Any, path: FieldPath, message: str) -> None:
        mark = node.start_mark
        self.faults.append(Fault((mark.line + 1, mark.column + 1), path, message))


def refuse_controls(root: Node, data: Any, faults: list[Fault]) -> None:
    """Escapes in double quotes can smuggle in what the file itself may not hold (ESC, NUL)."""
    stack: list[tuple[FieldPath, Any]] = [((), data)]
    while stack:
        path, value = stack.pop()
        if type(value) is str:
            if found := _CONTROL.search(value):
                code = f"U+{ord(found.group()):04X}"
                where = position_in_node(root, path, key=False)
                faults.append(
                    Fault(where, path, f"the control character {code} in a text; leave it out")
                )
        elif type(value) is dict:
            stack.extend(((*path, key), item) for key, item in value.items())
        elif type(value) is list:
            stack.extend(((*path, index), item) for index, item in enumerate(value))
