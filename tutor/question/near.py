"""Drawing near misses: patched programs, expressions and values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tutor.exercise.answers import MISSING, Formula, Near, Patch, WithNear
from tutor.exercise.drawing import DrawingError
from tutor.exercise.scalars import resolve_plain
from tutor.question.drawn import DrawnNear

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.exercise.document import FieldPath
    from tutor.exercise.rendering import Renderer


def draw_near(
    spec: WithNear, path: FieldPath, program: str, renderer: Renderer
) -> dict[str, DrawnNear]:
    """The near misses of an answer, by id; ``program`` is the rendered program to be patched.

    Raises:
        DrawingError: naming the field at fault.
    """
    drawn = {}
    for near_id, near in spec.near.items():
        at: FieldPath = (*path, "near", near_id)
        drawn[near_id] = _draw_near(spec, near_id, near, at, program, renderer)
    return drawn


def _draw_near(
    spec: WithNear, near_id: str, near: Near, path: FieldPath, program: str, renderer: Renderer
) -> DrawnNear:
    patched = expression = None
    value: Any = MISSING
    if near.patch is not None:
        patched = _patch(program, near.patch, (*path, "patch"), renderer)
    if near.expr is not None:
        at = (*path, "expr")
        # A formula's near misses are written as a learner would, which need not be Python.
        if isinstance(spec, Formula):
            expression = renderer.string(near.expr, at).strip()
        else:
            expression = renderer.expression(near.expr, at)
    if near.has_value:
        value = _typed(near.value, (*path, "value"), renderer, inside=False)
    says = renderer.text(near.says, (*path, "says"))
    return DrawnNear(near_id, patched, expression, value, says)


def _typed(value: Any, path: FieldPath, renderer: Renderer, *, inside: bool) -> Any:
    """A value of the file with its templates filled in; within lists they may become numbers."""
    if isinstance(value, str):
        text = renderer.string(value, path)
        return resolve_plain(text.strip()) if inside and text != value else text
    if isinstance(value, list):
        return [
            _typed(item, (*path, index), renderer, inside=True) for index, item in enumerate(value)
        ]
    return value


def _patch(program: str, patches: Sequence[Patch], path: FieldPath, renderer: Renderer) -> str:
    """All edits at once, each found in the program as rendered: they can also exchange two texts."""
    edits: list[tuple[int, int, str]] = []
    for index, patch in enumerate(patches):
        at: FieldPath = (*path, index, "replace")
        old = renderer.string(patch.replace, at)
        new = renderer.string(patch.with_, (*path, index, "with"))
        places = _places(program, old, patch, at)
        edits.extend((place, place + len(old), new) for place in places)
    edits.sort()
    result: list[str] = []
    end = 0
    for start, stop, new in edits:
        if start < end:
            raise DrawingError(path, "two edits change the same place; make one of them")
        result += (program[end:start], new)
        end = stop
    return "".join(result) + program[end:]


def _places(program: str, old: str, patch: Patch, path: FieldPath) -> list[int]:
    if not old:
        raise DrawingError(path, "the text to replace is empty in this draw")
    overlap = 1 if patch.count == 1 else len(old)
    places = []
    place = program.find(old)
    while place >= 0:
        places.append(place)
        place = program.find(old, place + overlap)
    if not places:
        raise DrawingError(
            path, f"`{short(old)}` does not occur in the program; write it as it stands there"
        )
    if len(places) > 1 and patch.count == 1:
        lines = ", ".join(str(program.count("\n", 0, place) + 1) for place in places[:9])
        message = (
            f"`{short(old)}` occurs {len(places)} times (lines {lines}); "
            "write more of the line, or `count: all`"
        )
        raise DrawingError(path, message)
    return places


def short(text: str) -> str:
    """A text on one line, and not too long for a message."""
    text = text.replace("\n", "↵")
    return text if len(text) <= 60 else text[:59] + "…"
