"""YAML as exercises use it: one document, no tags, no duplicate keys, scalars by the 1.2 core schema.

PyYAML resolves by YAML 1.1, where ``no`` is a boolean, ``1e-3`` a text and ``3:20`` a number.  Its C
parser is kept (it is some ten times as fast as any parser written in Python); its resolver and its
constructor are replaced by the functions below.
"""

from __future__ import annotations

import re
from typing import Any, Final

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]

from tutor.exercise.convert import (
    MAX_DEPTH,
    MAX_NODES,
    NESTED,
    NO_WORD,
    TAG,
    TOO_MANY,
    Converter,
    TooMuch,
    refuse_controls,
)
from tutor.exercise.document import Document, Fault, Position
from tutor.exercise.yaml_errors import syntax_fault, template_first

#: A larger file is refused before it is parsed.
MAX_BYTES: Final = 1_000_000


class _Parser(CParser):
    """The C parser without a resolver: tags stay ``None`` unless one was written."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> None:
        return None

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        return None

    def ascend_resolver(self) -> None:
        return None


def read(source: bytes) -> Document:
    """The document in a file's bytes (UTF-8, with or without BOM, LF or CRLF)."""
    if len(source) > MAX_BYTES:
        size = f"{len(source):,} bytes: an exercise may have {MAX_BYTES:,}; split the file"
        return _failed((1, 1), size)
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _failed(_not_utf8(source, error), "this is not UTF-8; save the file as UTF-8")
    suspect = source.translate(None, _PLAIN_BYTES) or any(lead in source for lead in _LEADS)
    if suspect and (found := _FORBIDDEN.search(text)):
        where = _position_in(text, found.start())
        code = f"U+{ord(found.group()):04X}"
        return _failed(where, f"the character {code} may not stand in a file; take it out")
    return _read_text(text)


def _read_text(text: str) -> Document:
    if refused := _too_large(text):
        return refused
    try:
        root = _Parser(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        return _failed(*syntax_fault(error, text))
    except yaml.YAMLError as error:
        return _failed((1, 1), f"this is not YAML: {error}")
    if root is None:
        return _failed((1, 1), "the file is empty")
    converter = Converter()
    try:
        data = converter.convert(root, (), 0)
    except TooMuch as much:
        return _failed(_place(much.node.start_mark), much.message)
    converter.faults = [_as_template(fault, text) for fault in converter.faults]
    if ("! " in text or "!\n" in text) and _BARE_TAG.search(text):
        converter.faults.extend(_bare_tags(text))
    if "\\" in text:
        refuse_controls(root, data, converter.faults)
    return Document(data, root, tuple(converter.faults))


# Raw control characters, surrogates, the line breaks that only some readers of YAML take as such, and what
# turns the direction of writing: a program would not be what it looks like.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
# A quick look whether there may be any of these: the bytes that are harmless, and those that lead in
# the others.
_PLAIN_BYTES = bytes((9, 10, 13, *range(32, 127), *range(128, 256)))
_LEADS = (b"\xc2", b"\xe2\x80\xa8", b"\xe2\x80\xa9", b"\xe2\x80\xaa", b"\xe2\x80\xab", b"\xe2\x80\xac",
          b"\xe2\x80\xad", b"\xe2\x80\xae", b"\xe2\x81", b"\xef\xbf")  # fmt: skip
_BARE_TAG = re.compile(r"(?:^|[\s\[{,])!(?=\s|$)", re.MULTILINE)
# The parser recurses in C and is slow in Python's objects: what might be large is measured before.
_DEEP_BLOCK = re.compile(r"\n[ \t\-?:]{200}")  # `^` would be ten times as slow
_MANY_SIGNS = 2_000


def _failed(position: Position, message: str) -> Document:
    return Document(None, None, (Fault(position, (), message),))


def _position_in(text: str, offset: int) -> Position:
    line_start = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, offset) + 1, offset - line_start + 1


def _as_template(fault: Fault, text: str) -> Fault:
    """A map as a key is what YAML makes of ``{{ … }}`` without quotes."""
    line = fault.position[0]
    if fault.message == NO_WORD and (found := template_first(text.split("\n")[line - 1])):
        return Fault((line, found[0] + 1), fault.path, found[1])
    return fault


def _not_utf8(source: bytes, error: UnicodeDecodeError) -> Position:
    before = source[: error.start].decode("utf-8-sig", "replace")
    return _position_in(before, len(before))


def _too_large(text: str) -> Document | None:
    """A file that nests too deep or holds too much, found without building anything."""
    signs = sum(text.count(sign) for sign in "[{,:\n")
    if signs < _MANY_SIGNS and not _DEEP_BLOCK.search("\n" + text):
        return None
    depth = count = 0
    parser = _Parser(text)
    try:
        while (event := parser.get_event()) is not None:
            if isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            elif isinstance(event, yaml.NodeEvent):
                count += 1
                if isinstance(event, yaml.CollectionStartEvent):
                    depth += 1
                if depth > MAX_DEPTH or count > MAX_NODES:
                    message = NESTED if depth > MAX_DEPTH else TOO_MANY
                    return _failed(_place(event.start_mark), message)
    except yaml.YAMLError:
        return None  # the parser proper says what and where
    return None


def _bare_tags(text: str) -> list[Fault]:
    """A lone ``!`` before a plain scalar leaves no trace in the nodes: only the tokens show it."""
    return [
        Fault(_place(token.start_mark), (), TAG)
        for token in yaml.scan(text, Loader=yaml.CSafeLoader)
        if isinstance(token, yaml.TagToken) and token.value == (None, "!")
    ]


def _place(mark: Any) -> Position:
    return mark.line + 1, mark.column + 1
