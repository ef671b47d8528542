"""The author's side of a question, run live: the truth of every answer and of every near miss.

One job in one child does it all.  Each answer kind registers on a :class:`Plan` what it needs and gets
its results back; the learner's text plays no part here, so all of it can run while the learner reads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tutor.grading.runner_words import in_language
from tutor.i18n import _
from tutor.question import DrawError
from tutor.render.value import show
from tutor.runner.job import (
    FormulaResult,
    FormulaRun,
    Job,
    JobResult,
    ProgramRun,
    RunResult,
    Section,
    any_seeded,
)

if TYPE_CHECKING:
    from tutor.exercise.document import FieldPath
    from tutor.question import FinalTexts, Question
    from tutor.runner.client import Runner
    from tutor.runner.job import Raised, Result
    from tutor.values import Value


class AuthorFault(Exception):
    """The exercise itself is at fault: ``message`` says how, for its author.

    ``where`` is the field at fault, the program unless said; ``line`` the line of the program as drawn,
    from 1, and 0 where there is none to name.
    """

    def __init__(self, message: str, where: FieldPath = ("program",), line: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.line = line


@dataclass(frozen=True, slots=True)
class Truths:
    """All that grading compares with.

    ``sides`` holds, by answer name, what that answer's kind found (see ``grading/kinds``).
    ``near_faults`` names the near misses that could not be run: never the learner's concern, but
    an error for ``tutor check``.  ``seeded``: the seed may have had a part in them, beside what was drawn.
    """

    sides: dict[str, Any]
    texts: FinalTexts
    base: RunResult
    torch_version: str
    near_faults: dict[tuple[str, str], str] = field(default_factory=dict)
    seeded: bool = True


class Results:
    """The finished runs of a plan, asked for by what was registered, and the texts with live values.

    Raises:
        AuthorFault: a text cannot be filled: the program stops, or does not give a value asked for.
    """

    def __init__(
        self,
        question: Question,
        base: RunResult,
        others: tuple[Result, ...],
        version: str,
    ) -> None:
        self.base = base
        self.near_faults: dict[tuple[str, str], str] = {}
        self._others = JobResult(others, version)
        self.torch_version = version
        live = {e: show(self.value(e, question.live_place(e))) for e in question.live_expressions}
        try:
            self.texts = question.texts_with(live)
        except DrawError as error:
            raise AuthorFault(error.problem.message, error.where) from None

    def value(self, expression: str, where: FieldPath = ("program",)) -> Value:
        """The value of an expression, which stands at ``where``, after the base program.

        Raises:
            AuthorFault: the program or the expression failed.
        """
        return self.value_of(self.base, expression, where)

    def value_of(self, run: RunResult, expression: str, where: FieldPath = ("program",)) -> Value:
        if run.raised is not None:
            line = run.raised.line if run.raised.section == "program" else 0
            raise AuthorFault(f"the program stopped with {describe(run.raised)}", line=line)
        failure = run.failures.get(expression)
        if failure is not None:
            raise AuthorFault(f"`{expression}` stopped with {_in_expression(failure)}", where)
        return run.values[expression]

    def program(self, index: int) -> RunResult:
        return self._others.program(index)

    def formula(self, index: int) -> FormulaResult:
        return self._others.formula(index)


class Plan:
    """What has to be run for one question."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self._first: dict[str, None] = {}
        self._later: dict[str, None] = {}
        self._others: list[ProgramRun | FormulaRun] = []

    def base(self, expression: str) -> None:
        """Evaluate a truth after the program."""
        self._first[expression] = None

    def base_near(self, expression: str) -> None:
        """Evaluate a near miss after the program, after every truth: it may change something."""
        self._later[expression] = None

    def program(self, *sources: str, evaluate: tuple[str, ...] = ()) -> int:
        """Run another program (its sections one after the other); the index of its result."""
        sections = tuple(
            Section("program" if i == 0 else "answer", source) for i, source in enumerate(sources)
        )
        self._others.append(ProgramRun(sections, self.question.seed, evaluate))
        return len(self._others) - 1

    def formula(self, run: FormulaRun) -> int:
        self._others.append(run)
        return len(self._others) - 1

    def job(self) -> Job:
        for expression in self.question.live_expressions:
            self._first[expression] = None
        later = [e for e in self._later if e not in self._first]
        base = ProgramRun(
            (Section("program", self.question.program),),
            self.question.seed,
            (*self._first, *later),
        )
        return Job((base, *self._others))


Resolve = Callable[[Results], Any]


def _in_expression(raised: Raised) -> str:
    """An error in one line; which line of an expression of one line goes without saying."""
    return describe(replace(raised, line=0) if raised.line == 1 else raised)


def describe(raised: Raised) -> str:
    """An error in one line: class, line where it is known, and the first line of the message."""
    first = raised.message.strip().split("\n")[0][:300]
    error = raised.class_name
    if raised.line:
        error = _("{error} on line {line}").format(error=error, line=raised.line)
    return f"{error}: {in_language(first)}" if first else error


async def find_truths(question: Question, runner: Runner) -> Truths:
    """Run the author's side of ``question`` in one job.

    Raises:
        AuthorFault: the program, a truth or a text of the exercise fails.
        RunnerFailure: the run was stopped or its process died.
    """
    from tutor.grading.kinds import prepare  # the kinds import Plan from here

    plan = Plan(question)
    resolve: dict[str, Resolve] = {
        name: prepare(plan, answer) for name, answer in question.answers.items()
    }
    found = await runner.run(plan.job())
    results = Results(question, found.program(0), found.runs[1:], found.torch_version)
    sides = {name: find(results) for name, find in resolve.items()}
    version, seeded = found.torch_version, any_seeded(found.runs)
    return Truths(sides, results.texts, results.base, version, results.near_faults, seeded)
