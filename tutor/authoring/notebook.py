"""Reading a Jupyter notebook (format 4): its code cells with what was recorded, and the text before them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tutor.authoring.skeleton import AuthoringError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MAX_BYTES: Final = 100 * 1024 * 1024
#: Markdown carried along with a cell: what stands right before it, not the whole chapter.
MAX_CONTEXT: Final = 2_000

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_ERROR_LINE = re.compile(r"^-+>\s*(\d+)[ \t]", re.MULTILINE)
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")


@dataclass(frozen=True, slots=True)
class RecordedError:
    """An error that a cell raised: ``line`` counts from 1 in the cell, 0 if it was not recorded."""

    name: str
    message: str
    line: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell and what the notebook shows below it.

    ``count`` is the number in ``In [count]``, ``None`` if it was never run; ``number`` its place among
    the code cells, from 1.  ``value`` is the text of ``Out[count]``, ``printed`` all that it printed,
    ``others`` names what else was shown.  ``context`` is the Markdown before it.
    """

    number: int
    count: int | None
    source: str
    value: str | None
    printed: str
    error: RecordedError | None
    others: tuple[str, ...]
    context: str

    @property
    def label(self) -> str:
        return f"In [{self.count}]" if self.count is not None else f"code cell {self.number}"


def read_notebook(path: Path) -> list[Cell]:
    """The code cells, in the order of the file.

    Raises:
        AuthoringError: it is no notebook of format 4 in Python.
    """
    data = _load(path)
    if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
        raise AuthoringError(
            f"{path} is no notebook of format 4: open it in Jupyter and save it again, or convert it "
            "with `jupyter nbconvert --to notebook`"
        )
    metadata = _mapping(data.get("metadata"))
    language = _mapping(metadata.get("language_info")).get("name", "python")
    if language != "python":
        raise AuthoringError(f"{path} is a notebook in {language}; only Python can be replayed")
    cells: list[Cell] = []
    context: list[str] = []
    fresh = False
    for one in data["cells"]:
        kind, source = _mapping(one).get("cell_type"), _joined(_mapping(one).get("source"))
        if kind == "markdown":
            # Text since the last code cell; a cell without any keeps what stood before its neighbour.
            context = [*context, source] if fresh else [source]
            fresh = True
        elif kind == "code":
            if source.strip():
                cells.append(_cell(_mapping(one), source, len(cells) + 1, _shortened(context)))
            fresh = False
    return cells


def _load(path: Path) -> Any:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise AuthoringError(
                f"{path} is larger than {MAX_BYTES // 1024**2} MiB: clear pictures"
            )
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise AuthoringError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise AuthoringError(f"{path} is no notebook: it is not JSON ({error})") from error


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _joined(value: Any) -> str:
    """A text of the format: a string, or a list of them; with plain line ends and no half characters."""
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    if not isinstance(value, str):
        return ""
    return value.replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8")


def _shortened(parts: Iterable[str]) -> str:
    text = _PICTURE.sub("", "\n\n".join(part.strip() for part in parts)).strip()
    return text if len(text) <= MAX_CONTEXT else f"…{text[-MAX_CONTEXT:]}"


def _cell(data: dict[str, Any], source: str, number: int, context: str) -> Cell:
    count = data.get("execution_count")
    value: str | None = None
    error: RecordedError | None = None
    printed, others = "", []
    outputs = data.get("outputs")
    for output in map(_mapping, outputs if isinstance(outputs, list) else []):
        kind, shown = output.get("output_type"), _mapping(output.get("data"))
        if kind == "stream":
            # Warnings go to stderr: they are no result.
            printed += _joined(output.get("text")) if output.get("name") == "stdout" else ""
        elif kind == "execute_result" and "text/plain" in shown:
            value = _joined(shown["text/plain"])
        elif kind == "error":
            error = _error(output)
        else:
            others += sorted(shown) or [str(kind)]
    whole = count if isinstance(count, int) else None
    return Cell(number, whole, source, value, printed, error, tuple(others), context)


def _error(output: dict[str, Any]) -> RecordedError:
    trace = output.get("traceback")
    lines = [_ANSI.sub("", line) for line in trace if isinstance(line, str)] if trace else []
    # The first arrow is that of the cell itself; those of the functions it calls come after.
    found = _ERROR_LINE.search("\n".join(lines))
    return RecordedError(
        str(output.get("ename", "")), str(output.get("evalue", "")), int(found[1]) if found else 0
    )
