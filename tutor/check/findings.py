"""What a check found wrong with an exercise, with the draws that show it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from tutor.exercise.source import dotted

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.exercise.document import FieldPath
    from tutor.exercise.load import LoadedExercise
    from tutor.exercise.problems import Problem

Severity: TypeAlias = Literal["error", "warning", "drift"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, at its place in the file; ``seeds`` are the draws that show it."""

    path: Path
    line: int
    column: int
    field: str
    message: str
    severity: Severity = "error"
    seeds: tuple[int, ...] = ()

    def __str__(self) -> str:
        mark = "" if self.severity == "error" else f"{self.severity}: "
        where = f"{self.path}:{self.line}:{self.column}: {mark}{self.field}: {self.message}"
        return f"{where}{_seeds(self.seeds)}"

    def to_json(self) -> dict[str, Any]:
        return {
            "path": str(self.path),
            "line": self.line,
            "column": self.column,
            "field": self.field,
            "message": self.message,
            "severity": self.severity,
            "seeds": list(self.seeds),
        }


def _seeds(seeds: tuple[int, ...]) -> str:
    if not seeds:
        return ""
    if len(seeds) == 1:
        return f" [seed {seeds[0]}]"
    first = ", ".join(map(str, seeds[:5]))
    return f" [{len(seeds)} draws: seeds {first}{' …' if len(seeds) > 5 else ''}]"


@dataclass(slots=True)
class Collector:
    """Gathers findings about one exercise; the same one on several draws becomes one.

    Findings are the same if field and ``about`` are: the message of the first draw is kept, with its
    numbers.
    """

    loaded: LoadedExercise
    _found: dict[tuple[str, str], tuple[Problem, Severity, list[int]]] = field(default_factory=dict)

    def add(
        self,
        where: FieldPath,
        message: str,
        *,
        seed: int | None = None,
        about: str | None = None,
        severity: Severity = "error",
        line: int = 0,
    ) -> None:
        """``where`` is the path of a field; what is pointed at is the nearest that the file has.

        ``line`` is a line of the field's own, from 1, where the fault can be shown that closely.
        """
        key = (dotted(where), about or message)
        if key not in self._found:
            self._found[key] = (self.loaded.problem(where, message, line), severity, [])
        self._on(key, seed)

    def add_problem(self, problem: Problem, seed: int, about: str) -> None:
        """A problem that knows its place already."""
        key = (problem.field, about)
        self._found.setdefault(key, (problem, "error", []))
        self._on(key, seed)

    def _on(self, key: tuple[str, str], seed: int | None) -> None:
        seeds = self._found[key][2]
        if seed is not None and seed not in seeds:
            seeds.append(seed)

    def findings(self) -> list[Finding]:
        found = [
            Finding(p.path, p.line, p.column, p.field, p.message, severity, tuple(seeds))
            for p, severity, seeds in self._found.values()
        ]
        return sorted(found, key=lambda f: (f.line, f.column, f.field))
