"""Near misses without an author: what the standard edits of a question's program give in this draw.

They run in a job of their own, after that of the truths: an edit may loop for ever or crash, and that costs
neither the truth nor the learner anything - the edit at fault does not take part.  Only those take part that
can be told from the truth, from every near miss of the author's and from each other.
"""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from tutor import syntax
from tutor.edits import says
from tutor.edits.find import one_of_each_first
from tutor.grading.kinds.flags import flags_of
from tutor.grading.kinds.formula import zero_point
from tutor.grading.kinds.raises import Outcome
from tutor.grading.told import near_answers, told_as
from tutor.grading.truths import AuthorFault
from tutor.question import DrawnFlags, DrawnFormula, DrawnRaises
from tutor.question.standard import asked, edits_of_answer, edits_of_program, takes_part
from tutor.runner.job import (
    FormulaResult,
    FormulaRun,
    Job,
    Limits,
    ProgramRun,
    RunnerFailure,
    RunResult,
    Section,
    WorkerUnavailable,
    any_seeded,
)
from tutor.values import Number, Opaque, Tensor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tutor.edits import Edit
    from tutor.grading.kinds.formula import Point
    from tutor.grading.truths import Truths
    from tutor.question import DrawnAnswer, Question
    from tutor.runner.client import Runner
    from tutor.runner.job import Result, Run
    from tutor.values import Value

#: Edits of a program that are run: a run takes a fifth of a millisecond.
MOST_EDITS: Final = 24
#: What an edited program may use: less than the original, as nobody waits for a loop that does not end.
LIMITS: Final = Limits(cpu=1)
#: Edits that may be stopped; after one more the rest are let go.
MOST_STOPPED: Final = 2
#: What an answer of kind raises may be wrong by, the likeliest first; many other edits end the same way.
_ABOUT_ERRORS: Final = (
    "add-retain-graph", "drop-retain-graph", "drop-create-graph", "add-create-graph",
    "out-for-in-place", "in-place-ignored", "in-place-for-out", "drop-no-grad", "add-no-grad",
    "add-clone", "drop-clone", "drop-detach", "drop-data", "add-detach", "add-detach-result",
    "add-requires-grad", "drop-requires-grad", "drop-transpose", "add-transpose", "swapped-product",
    "entrywise-product", "matrix-product",
)  # fmt: skip
#: The place of the run of the program as it is.
_BASE: Final = 0
#: Errors that only the edit itself has made: nobody expects them of the original.
_SLIPS: Final = frozenset(("AttributeError", "NameError", "TypeError", "UnboundLocalError"))


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard near miss of an answer: the edit and what it gives, as the answer's kind compares it."""

    edit: Edit
    value: Any

    @property
    def id(self) -> str:
        return self.edit.id

    @property
    def says(self) -> str:
        return says(self.edit)


@dataclass(frozen=True, slots=True)
class Standards:
    """``near`` holds, by answer name, the standard near misses that take part, the likeliest first.

    ``inputs`` are the values of the leaves and other plain tensors of the program, by name: what
    relations between numbers may speak of.
    """

    near: Mapping[str, tuple[Standard, ...]] = field(default_factory=dict)
    inputs: Mapping[str, Value] = field(default_factory=dict)
    #: The truth of a formula where every variable is zero, by answer, where that is a point of its.
    at_zero: Mapping[str, Value] = field(default_factory=dict)
    #: Whether the seed may have had a part in them, beside what was drawn.
    seeded: bool = True


NONE: Final = Standards()

#: Gives the standards when an answer is wrong, having run them by then or running them now.
FindStandards = Callable[[], Awaitable[Standards]]


class StandardsOf:
    """The standards of one question, run at most once: ahead by :meth:`start`, else when asked for.

    ``patience`` is how many seconds an asker waits for them at most; they do not take part in a verdict
    that they come too late for.
    """

    def __init__(
        self, question: Question, truths: Truths, runner: Runner, *, patience: float | None = None
    ) -> None:
        self._question, self._truths, self._runner = question, truths, runner
        self._patience = patience
        self._task: asyncio.Task[Standards] | None = None

    def start(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(
                find_standards(self._question, self._truths, self._runner)
            )
            self._task.add_done_callback(lambda task: task.cancelled() or task.exception())

    def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def finished(self) -> None:
        """Until they have been run, however long it takes."""
        self.start()
        if self._task is not None:
            await asyncio.wait([self._task])

    async def __call__(self) -> Standards:
        self.start()
        task = self._task
        if task is None:
            return NONE
        try:
            return await asyncio.wait_for(asyncio.shield(task), self._patience)
        except TimeoutError:
            return NONE
        except Exception:  # noqa: BLE001 - a slip in explaining must not cost a verdict
            return NONE


async def find_standards(question: Question, truths: Truths, runner: Runner) -> Standards:
    """Run the standard edits of ``question``; none where nothing can be run."""
    # Some programs have many edits, each of which is parsed: not on the event loop's time.
    plan = await asyncio.to_thread(_Plan, question, truths)
    results = await _run_all(plan.runs, runner)
    return plan.resolve(results)


async def _run_all(runs: list[Run], runner: Runner) -> dict[int, Result]:
    """The results by the runs' places; a run that is stopped has none, and the others go on."""
    results: dict[int, Result] = {}
    waiting = list(range(len(runs)))
    stopped = 0
    while waiting and stopped <= MOST_STOPPED:
        try:
            result = await runner.run(Job(tuple(runs[i] for i in waiting), LIMITS))
        except WorkerUnavailable:
            break
        except RunnerFailure as failure:
            stopped += 1
            results |= zip(waiting, failure.before, strict=False)
            waiting = waiting[len(failure.before) + 1 :]
        else:
            return results | dict(zip(waiting, result.runs, strict=True))
    return results


#: An edit, the place of its run, the expression that was evaluated.
_Found: TypeAlias = "tuple[Edit, int, str | None]"


class _Plan:
    """What is run for one question, and what becomes of it."""

    def __init__(self, question: Question, truths: Truths) -> None:
        self.question = question
        self.truths = truths
        self.runs: list[Run] = []
        self._answers = {n: a for n, a in question.answers.items() if takes_part(a)}
        self._found: dict[str, list[_Found]] = {n: [] for n in self._answers}
        self._names: tuple[str, ...] = ()
        self._zeros: dict[str, int] = {}
        self._plain = {n: a for n, a in self._answers.items() if not isinstance(a, DrawnFormula)}
        self._formulas = {n: a for n, a in self._answers.items() if isinstance(a, DrawnFormula)}
        if self._answers:
            self._add_base()
            self._add_edited()

    def _add_base(self) -> None:
        """The program as it is: what else may have been meant, and the inputs' values."""
        expressions: dict[str, None] = {}
        for name, answer in self._plain.items():
            for edit in edits_of_answer(self.question, answer):
                if edit.expression is not None:
                    expressions[edit.expression] = None
                    self._found[name].append((edit, _BASE, edit.expression))
        self._names = _assigned(self.question.program)
        looked_at = (*expressions, *map(_input, self._names))
        self._add_program(self.question.program, looked_at)
        for name, formula in self._formulas.items():
            for edit in edits_of_answer(self.question, formula):
                self._add_formula(name, formula, edit)
            zero = zero_point(formula)
            if zero is not None:
                self._zeros[name] = self._add_points(formula, self.question.program, None, (zero,))

    def _add_edited(self) -> None:
        authors = {
            near.program
            for answer in self._answers.values()
            for near in getattr(answer, "near", {}).values()
            if near.expression is None
        }
        edits = one_of_each_first(edits_of_program(self.question))
        asked_for = [e for answer in self._plain.values() if (e := asked(answer)) is not None]
        for edit in [edit for edit in edits if edit.program not in authors][:MOST_EDITS]:
            if self._plain:
                place = self._add_program(edit.program, tuple(dict.fromkeys(asked_for)))
                for name, answer in self._plain.items():
                    self._found[name].append((edit, place, asked(answer)))
            for name, formula in self._formulas.items():
                self._add_formula(name, formula, edit)

    def _add_program(self, program: str, evaluate: tuple[str, ...]) -> int:
        run = ProgramRun((Section("program", program),), self.question.seed, evaluate)
        self.runs.append(run)
        return len(self.runs) - 1

    def _add_formula(self, name: str, answer: DrawnFormula, edit: Edit) -> None:
        points = self.truths.sides[name].points
        place = self._add_points(answer, edit.program, edit.expression, points)
        self._found[name].append((edit, place, None))

    def _add_points(
        self, answer: DrawnFormula, program: str, truth: str | None, points: tuple[Point, ...]
    ) -> int:
        run = FormulaRun(
            program=program,
            seed=self.question.seed,
            variables=answer.variables,
            points=points,
            truth=truth or answer.truth,
        )
        self.runs.append(run)
        return len(self.runs) - 1

    # -- what came of it ------------------------------------------------------------------------

    def resolve(self, results: Mapping[int, Result]) -> Standards:
        near = {
            name: tuple(self._told_apart(name, answer, results))
            for name, answer in self._answers.items()
        }
        at_zero = {
            name: value
            for name, place in self._zeros.items()
            if (value := _first(results.get(place))) is not None
        }
        return Standards(near, self._input_values(results), at_zero, any_seeded(results.values()))

    def _told_apart(
        self, name: str, answer: DrawnAnswer, results: Mapping[int, Result]
    ) -> Iterator[Standard]:
        truth, authors = near_answers(answer, self.truths.sides[name])
        others = [truth, *authors.values()]
        for edit, place, expression in _in_order(answer, self._found[name]):
            result = results.get(place)
            if result is None:
                continue
            value = _value(answer, result, expression)
            if value is None or isinstance(value, Opaque):
                continue
            try:
                told = told_as(answer, value)
                if not all(told.differs(other) for other in others):
                    continue
            except (TypeError, ValueError, AuthorFault):
                continue  # of a type that cannot be compared with the truth's
            if _is_slip(value, truth.value):
                continue
            others.append(told)
            yield Standard(edit, value)

    def _input_values(self, results: Mapping[int, Result]) -> Mapping[str, Value]:
        result = results.get(_BASE)
        if not isinstance(result, RunResult):
            return {}
        found = {name: result.values.get(_input(name)) for name in self._names}
        return {name: value for name, value in found.items() if value is not None}


def _first(result: Result | None) -> Value | None:
    """What a formula's truth gives at its only point, if it is numbers."""
    if not isinstance(result, FormulaResult) or not result.truth:
        return None
    value = result.truth[0]
    return value if isinstance(value, Tensor | Number) else None


def _input(name: str) -> str:
    return f"{name}.detach()"


def _in_order(answer: DrawnAnswer, found: list[_Found]) -> list[_Found]:
    if not isinstance(answer, DrawnRaises):
        return found
    about = [one for one in found if one[0].kind in _ABOUT_ERRORS]
    return sorted(about, key=lambda one: _ABOUT_ERRORS.index(one[0].kind))


def _value(answer: DrawnAnswer, result: Result, expression: str | None) -> Any:
    """What the edited program gives, as the answer's kind compares it; ``None`` if nothing."""
    if isinstance(result, FormulaResult):
        whole = all(isinstance(value, Tensor | Number) for value in result.truth)
        return result.truth if result.raised is None and result.truth and whole else None
    if not isinstance(result, RunResult):
        return None
    if isinstance(answer, DrawnRaises):
        return Outcome(result.raised)
    if result.raised is not None or expression is None:
        return None
    value = result.values.get(expression)
    if value is None or not isinstance(answer, DrawnFlags):
        return value
    try:
        return flags_of([value], answer)
    except AuthorFault:
        return None


def _is_slip(value: Any, truth: Any) -> bool:
    """An error of a class that only a slip in the edit raises, and not the truth."""
    raised = value.raised if isinstance(value, Outcome) else None
    if raised is None or raised.class_name not in _SLIPS:
        return False
    return truth is None or truth[0] != raised.class_name.lower()


def _assigned(program: str) -> tuple[str, ...]:
    """The names that the program's own lines give to something, in the order met."""
    names: dict[str, None] = {}
    for statement in syntax.module(program).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)]):
                names[name] = None
    return tuple(names)[:12]
