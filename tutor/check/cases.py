"""What is proved on: the question of one seed with what its run gave."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tutor.check.findings import Collector, Finding
from tutor.grading.context import Context
from tutor.grading.many import find_all_truths
from tutor.grading.told import Told, near_answers
from tutor.grading.truths import AuthorFault
from tutor.question import DrawError, draw

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tutor.exercise.document import FieldPath
    from tutor.exercise.load import LoadedExercise
    from tutor.grading.many import Found
    from tutor.grading.truths import Truths
    from tutor.question import DrawnTest, Question
    from tutor.runner.client import Runner


@dataclass(frozen=True, slots=True)
class Case:
    """One draw of the exercise with what its run gave.

    ``told`` holds for every answer its truth and its near misses, as they compare and as they are typed.
    """

    question: Question
    truths: Truths
    context: Context
    tests: tuple[DrawnTest, ...]
    told: Mapping[str, tuple[Told, Mapping[str, Told]]]
    found: Collector

    def add(self, where: FieldPath, message: str, about: str | None = None) -> None:
        self.found.add(where, message, seed=self.question.seed, about=about)

    def afresh(self) -> Case:
        """The same case with nothing found yet."""
        return replace(self, found=Collector(self.found.loaded))


async def cases(
    loaded: LoadedExercise,
    seeds: Iterable[int],
    runner: Runner,
    found: Collector | None = None,
) -> dict[int, Case | list[Finding]]:
    """The case of every seed, run together; where there is none, what was found instead."""
    found = found or Collector(loaded)
    language = languages_of(loaded)[0]
    drawn: dict[int, Case | list[Finding]] = {}
    ready: list[tuple[Question, tuple[DrawnTest, ...]]] = []
    for seed in seeds:
        try:
            question = draw(loaded, seed, language)
            ready.append((question, question.tests))
        except DrawError as error:
            own = Collector(loaded)
            for one in (found, own):
                one.add_problem(error.problem, seed, without_digits(error.problem.message))
            drawn[seed] = own.findings()
    results = await _truths([question for question, _ in ready], runner)
    for (question, tests), truths in zip(ready, results, strict=False):
        seed = question.seed
        if isinstance(truths, AuthorFault):
            own = Collector(loaded)
            for one in (found, own):
                add_fault(one, truths, question)
            drawn[seed] = own.findings()
            continue
        context = Context(question, truths, runner)
        told = {n: near_answers(a, truths.sides[n]) for n, a in question.answers.items()}
        drawn[seed] = Case(question, truths, context, tests, told, found)
    for question, _ in ready[len(results) :]:
        drawn[question.seed] = found.findings()
    return drawn


async def _truths(questions: Sequence[Question], runner: Runner) -> list[Found]:
    """The truths of every question, or of the first ones if their programs do not end.

    Every stopped program costs seconds: a few of them say as much as a hundred.
    """
    found: list[Found] = []
    for count in (1, 4, len(questions)):
        wave = questions[len(found) : len(found) + count]
        found += await find_all_truths(wave, runner)
        if any(isinstance(one, AuthorFault) and _is_costly(one) for one in found):
            break
    return found


def _is_costly(fault: AuthorFault) -> bool:
    """Whether a limit stopped the run: it took seconds to reach it."""
    return "stopped: it asked for more" in fault.message or fault.message.startswith("stopped")


def add_fault(found: Collector, fault: AuthorFault, question: Question) -> None:
    """What keeps a draw from being run, at its field and its line."""
    about = without_digits(fault.message)
    line = question.line_in_file(fault.line) if fault.where == ("program",) else 0
    found.add(fault.where, fault.message, seed=question.seed, about=about, line=line)


def languages_of(loaded: LoadedExercise) -> tuple[str, ...]:
    """The languages to prove: those the exercise has, `en` for one whose texts name none."""
    return loaded.exercise.languages or ("en",)


def without_digits(message: str) -> str:
    """The same fault with other numbers, wider or negative ones too, is the same fault."""
    return "".join(c for c in message if not c.isdigit() and c not in " -")
