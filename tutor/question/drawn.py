"""What a question holds: every text rendered, every number fixed, every option in its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from tutor.exercise.answers import MISSING

if TYPE_CHECKING:
    from collections.abc import Mapping

VariableKind: TypeAlias = Literal["symmetric", "positive", "spd", "orthogonal", "unit"]


@dataclass(frozen=True, slots=True)
class DrawnNear:
    """A near miss: exactly what its author gave of a patched program, an expression, a value.

    ``program`` is the whole program with the patch applied.  ``value`` is plain data as a learner
    might have typed it (None is a value), or ``MISSING``.
    """

    id: str
    program: str | None
    expression: str | None
    value: Any
    says: str

    @property
    def has_value(self) -> bool:
        """Whether ``value`` was given."""
        return self.value is not MISSING


@dataclass(frozen=True, slots=True)
class _Drawn:
    name: str
    weight: float
    prompt: str | None


@dataclass(frozen=True, slots=True)
class DrawnValue(_Drawn):
    """The live value of an expression."""

    expression: str
    near: Mapping[str, DrawnNear]


@dataclass(frozen=True, slots=True)
class DrawnFlags(_Drawn):
    """The live truth of several expressions, in this order."""

    expressions: tuple[str, ...]
    near: Mapping[str, DrawnNear]


@dataclass(frozen=True, slots=True)
class DrawnRaises(_Drawn):
    """Whether and how the program raises; ``lines`` are those on offer, from 1."""

    lines: tuple[int, ...] | None
    near: Mapping[str, DrawnNear]


@dataclass(frozen=True, slots=True)
class VariableSpec:
    """Where a formula's variable gets its values: a shape, what kind, uniform in [low, high]."""

    shape: tuple[int, ...]
    kind: VariableKind | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class DrawnFormula(_Drawn):
    """A formula; ``truth`` is Python in the program's namespace, ``show`` the learner's syntax."""

    variables: Mapping[str, VariableSpec]
    truth: str
    show: str
    near: Mapping[str, DrawnNear]


@dataclass(frozen=True, slots=True)
class DrawnRule:
    """A name that code may not, or must, use; ``says`` gives the reason."""

    name: str
    says: str | None


@dataclass(frozen=True, slots=True)
class DrawnCode(_Drawn):
    """Code, compared with the solution's by the values of some expressions."""

    starter: str
    solution: str
    compare: tuple[str, ...]
    forbid: tuple[DrawnRule, ...]
    require: tuple[DrawnRule, ...]


@dataclass(frozen=True, slots=True)
class DrawnOption:
    """One option: ``text``, or ``expr``, or the near miss ``near`` of the answer ``near_of``."""

    text: str | None
    expr: str | None
    near: str | None
    near_of: str | None
    correct: bool
    says: str | None
    #: Its place in the author's list, from 0.
    index: int


@dataclass(frozen=True, slots=True)
class DrawnChoice(_Drawn):
    """Options as shown: a, b, c … by position."""

    options: tuple[DrawnOption, ...]
    many: bool


@dataclass(frozen=True, slots=True)
class DrawnOrder(_Drawn):
    """Lines as shown: a, b, c … by position; all other fields count positions from 0.

    ``right_order`` is the author's order.  ``depends`` gives for a line those that have to stand
    before it; where it is None, only the author's order is right.
    """

    lines: tuple[str, ...]
    right_order: tuple[int, ...]
    distractors: frozenset[int]
    depends: Mapping[int, tuple[int, ...]] | None
    compare: tuple[str, ...]


DrawnAnswer: TypeAlias = (
    DrawnValue | DrawnFlags | DrawnRaises | DrawnFormula | DrawnCode | DrawnChoice | DrawnOrder
)


@dataclass(frozen=True, slots=True)
class DrawnTest:
    """A test by the author: what is typed, and the verdict or the near misses expected, by name."""

    answer: Mapping[str, str]
    expect: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class FinalTexts:
    """The texts with the values of the live run; ``says`` by answer and near miss.

    ``options`` and ``option_says`` go by answer and position as shown.
    """

    ask: str
    explain: str | None
    hints: tuple[str, ...]
    says: Mapping[tuple[str, str], str]
    options: Mapping[tuple[str, int], str] = field(default_factory=dict)
    option_says: Mapping[tuple[str, int], str] = field(default_factory=dict)
