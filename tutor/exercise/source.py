"""Files to documents, and what was found in them to problems with a file and a line."""

from __future__ import annotations

import os
from stat import S_ISDIR, S_ISREG
from typing import TYPE_CHECKING

from tutor.exercise.document import Document, Fault, FieldPath
from tutor.exercise.problems import Problem
from tutor.exercise.yaml12 import MAX_BYTES, read

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tutor.exercise.finding import Finding


def read_bytes(path: Path) -> bytes | str:
    """The file's bytes (no more than one above the limit), or why it cannot be read."""
    try:
        return _read(path)
    except FileNotFoundError:
        return "there is no such file; look at its name"
    except IsADirectoryError:
        return "this is a folder; name a file in it"
    except PermissionError:
        return "this file may not be read; change its permissions"
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return f"this file cannot be read: {reason}"


def _read(path: Path) -> bytes | str:
    # Neither opening nor reading may wait, as both would for a pipe.  (Without Python's file objects, which
    # take longer to make than such a file to read.)
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        status = os.fstat(descriptor)
        if S_ISDIR(status.st_mode):
            raise IsADirectoryError
        if not S_ISREG(status.st_mode):
            return "this is no ordinary file; take it away"
        whole = b""
        while len(whole) <= MAX_BYTES:
            part = os.read(descriptor, MAX_BYTES + 1 - len(whole))
            if not part:
                break
            whole += part
        return whole
    finally:
        os.close(descriptor)


def read_file(path: Path) -> Document:
    """The document of a file; a file that cannot be read gives one fault."""
    source = read_bytes(path)
    if isinstance(source, str):
        return Document(None, None, (Fault((1, 1), (), source),))
    return read(source)


def dotted(path: FieldPath) -> str:
    """A field's path as it is shown: ``answers.grad.near.x``; the whole file is ``file``."""
    return ".".join(map(str, path)) or "file"


def problems_of_faults(path: Path, faults: Iterable[Fault]) -> list[Problem]:
    """Faults of the document, with their file."""
    return [Problem(path, *fault.position, dotted(fault.path), fault.message) for fault in faults]


def problems_of_findings(
    path: Path, document: Document, findings: Iterable[Finding]
) -> list[Problem]:
    """Findings, with their file and place."""
    problems = []
    for found in findings:
        line, column = document.position(found.path, key=found.on_key)
        if found.line is not None and document.is_block(found.path):
            line, column = document.line_position(found.path, found.line)
        problems.append(
            Problem(path, line, column, dotted(found.path), found.message, found.severity)
        )
    return problems
