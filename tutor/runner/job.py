"""What is asked of a child and what it answers: plain data, in Python and nowhere else.

A :class:`Job` runs in one fresh child, its runs one after the other, nothing left over from one to the
next.  What must not meet (a truth and a learner's code, two learners' codes) goes into different jobs.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from tutor.runner.failures import (
    ChildDied,
    RunnerFailure,
    Stopped,
    WorkerLost,
    WorkerUnavailable,
)
from tutor.runner.limits import DEFAULT, Limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tutor.runner.explained import Explained
    from tutor.values import Value

__all__ = [
    "DEFAULT",
    "ChildDied",
    "ExplainRun",
    "FormulaResult",
    "FormulaRun",
    "Job",
    "JobResult",
    "Limits",
    "ProgramRun",
    "Raised",
    "Result",
    "RunResult",
    "RunnerFailure",
    "Section",
    "Stopped",
    "Variable",
    "VariableLike",
    "WorkerLost",
    "WorkerUnavailable",
]


@dataclass(frozen=True, slots=True)
class Section:
    """A named piece of source: ``program``, ``answer`` …; errors are located in it by that name."""

    name: str
    source: str


@dataclass(frozen=True, slots=True)
class ProgramRun:
    """Run the sections in one namespace, then evaluate expressions in it.

    The namespace holds ``torch``, seeded with ``seed``.  The expressions are evaluated in their order,
    each value taken before the next is evaluated, also when a section raised (then on what it left).
    """

    sections: tuple[Section, ...]
    seed: int
    evaluate: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExplainRun:
    """Run as a :class:`ProgramRun`, observed: what each statement did and how gradients flowed.

    The expressions are evaluated as a last section, with their backward calls observed too.
    ``double``: floats are float64 unless a program says otherwise, as in a :class:`FormulaRun`.
    """

    sections: tuple[Section, ...]
    seed: int
    evaluate: tuple[str, ...] = ()
    double: bool = False


class VariableLike(Protocol):
    """A formula's variable: its shape, its ``kind`` and the range of its entries."""

    @property
    def shape(self) -> tuple[int, ...]: ...
    @property
    def kind(self) -> str | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Variable:
    """``kind``: ``symmetric``, ``positive``, ``spd``, ``orthogonal``, ``unit`` or none of these.

    ``low`` and ``high`` bound the entries that are drawn; ``None`` is the kind's own bound
    ([-2, 2], for ``positive`` [0.1, 2]).
    """

    shape: tuple[int, ...]
    kind: str | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class FormulaRun:
    """Evaluate a truth and formulas at the same float64 points.

    Attributes:
        program: run first; ``truth`` is evaluated in its namespace.
        variables: by name; an instance of :class:`VariableLike` or a mapping with its fields.
        points: the points, as values; ``None`` draws ``count`` of them with ``seed``.
        truth: a Python expression in the program's names and the variables (requiring grad).
        trees: formulas by id, as :meth:`FormulaTree.to_json` of ``tutor.answer`` writes them.
    """

    program: str
    seed: int
    variables: Mapping[str, VariableLike | Mapping[str, Any]]
    points: tuple[Mapping[str, Value], ...] | None = None
    truth: str | None = None
    trees: Mapping[str, Any] = field(default_factory=dict)
    count: int = 5


Run: TypeAlias = ProgramRun | FormulaRun | ExplainRun


@dataclass(frozen=True, slots=True)
class Job:
    """Runs for one child.  ``limits`` hold for each run; ``None`` are the runner's own."""

    runs: tuple[Run, ...]
    limits: Limits | None = None


@dataclass(frozen=True, slots=True)
class Raised:
    """An error that a program raised.

    Attributes:
        class_name: the error's class, ``bases`` the names of all its classes, itself first.
        section: where: a section's name, ``expression`` or ``formula``; empty if it is not known.
        line: 1-based, the innermost line of that section on the traceback; 0 if not known.
        limit: the limit behind it (``memory``, ``processes``, ``files``, ``file size``,
            ``confined``), else empty; then ``message`` starts with that limit in words.
    """

    class_name: str
    bases: tuple[str, ...]
    section: str
    line: int
    message: str
    line_text: str = ""
    limit: str = ""


@dataclass(frozen=True, slots=True)
class RunResult:
    """``values`` and ``failures`` by expression: each is in exactly one of them.

    ``output`` is what was printed, bounded; ``output_truncated`` says that there was more.  ``seeded``:
    the seed may have had a part in it; if not, the same sections give the same with any other.
    """

    values: Mapping[str, Value]
    failures: Mapping[str, Raised]
    raised: Raised | None
    output: str
    output_truncated: bool
    seconds: float
    seeded: bool = True


@dataclass(frozen=True, slots=True)
class FormulaResult:
    """``truth`` and every tree have one entry per point, in the points' order.

    ``raised`` is the program's error; then there are no points.  ``redrawn`` counts points that were
    drawn again because the truth was not finite there.  ``seeded`` as in a :class:`RunResult`.
    """

    points: tuple[Mapping[str, Value], ...]
    truth: tuple[Value | Raised, ...]
    trees: Mapping[str, tuple[Value | Raised, ...]]
    raised: Raised | None
    redrawn: int = 0
    seeded: bool = True


Result: TypeAlias = "RunResult | FormulaResult | Explained"


def any_seeded(results: Iterable[Result]) -> bool:
    """Whether the seed may have had a part in one of them."""
    return any(getattr(result, "seeded", True) for result in results)


@dataclass(frozen=True, slots=True)
class JobResult:
    """The results in the order of the job's runs."""

    runs: tuple[Result, ...]
    torch_version: str

    def program(self, index: int) -> RunResult:
        """The result of a :class:`ProgramRun`."""
        run = self.runs[index]
        assert isinstance(run, RunResult)  # noqa: S101 - the job asked for it
        return run

    def formula(self, index: int) -> FormulaResult:
        """The result of a :class:`FormulaRun`."""
        run = self.runs[index]
        assert isinstance(run, FormulaResult)  # noqa: S101 - the job asked for it
        return run

    def explained(self, index: int) -> Explained:
        """The result of an :class:`ExplainRun`."""
        run = self.runs[index]
        assert not isinstance(run, RunResult | FormulaResult)  # noqa: S101 - the job asked for it
        return replace(run, torch_version=self.torch_version)
