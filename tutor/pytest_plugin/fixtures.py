"""What the fixtures give: drawing, grading and expecting in plain pytest tests.

The protocols are for annotations: ``def test_it(tutor_question: TutorQuestion, tutor_grade: TutorGrade)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from tutor.pytest_plugin.live import Live

if TYPE_CHECKING:
    import os

    import pytest

    from tutor.exercise.loaded import Library
    from tutor.grading.standards import StandardsOf
    from tutor.grading.truths import Truths
    from tutor.grading.verdict import AnswerVerdict, QuestionVerdict
    from tutor.question import Question

#: What is typed: a text, or anything that is typed as Python writes it (``12``, ``[1, 2]``, ``None``).
Typed: TypeAlias = object
#: A verdict, the id of a near miss, or several ids; by the answer's name where several are asked for.
Expected: TypeAlias = str | Sequence[str] | Mapping[str, str | Sequence[str]]

_NOTHING: Any = object()


class TutorQuestion(Protocol):
    """Draws a question."""

    def __call__(
        self, id_or_path: str | os.PathLike[str], seed: int = 0, language: str = "en"
    ) -> Question: ...


class TutorGrade(Protocol):
    """Grades what is typed, as a learner's answer is graded."""

    def __call__(
        self, question: Question, text: Typed = _NOTHING, /, **texts: Typed
    ) -> QuestionVerdict: ...


class TutorExpect(Protocol):
    """Grades, and fails the test unless each answer named gets what is expected."""

    def __call__(
        self, question: Question, answer: Typed, expect: Expected, /
    ) -> Mapping[str, AnswerVerdict]: ...


class Drawing:
    """``tutor_question``."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def __call__(
        self, id_or_path: str | os.PathLike[str], seed: int = 0, language: str = "en"
    ) -> Question:
        __tracebackhide__ = True
        from tutor.exercise.find import find
        from tutor.exercise.problems import ExerciseErrors, UnknownExercise
        from tutor.question import DrawError, draw

        try:
            return draw(find(self._library, str(id_or_path)), seed, language)
        except (UnknownExercise, ExerciseErrors, DrawError) as error:
            # The way inside says nothing to who has misspelt an id.
            raise error.with_traceback(None) from None


class Grading:
    """``tutor_grade`` and ``tutor_expect``; what a question's program gives is found once."""

    def __init__(self, config: pytest.Config) -> None:
        self._live = Live.of(config)
        self._known: dict[tuple[str, int, str], tuple[Truths, StandardsOf]] = {}

    def grade(
        self, question: Question, text: Typed = _NOTHING, /, **texts: Typed
    ) -> QuestionVerdict:
        __tracebackhide__ = True
        if text is not _NOTHING and texts:
            raise TypeError("give one answer, or each by its name")
        typed = _named(question, texts if text is _NOTHING else text)
        verdict: QuestionVerdict = self._live.wait(self._graded(question, typed))
        return verdict

    def expect(
        self, question: Question, answer: Typed, expect: Expected, /
    ) -> Mapping[str, AnswerVerdict]:
        __tracebackhide__ = True
        from tutor.check.prove import unmet

        typed = _named(question, answer)
        if not isinstance(expect, Mapping):
            if len(typed) != 1:
                raise TypeError(f"say what is expected of each: {{{next(iter(typed))!r}: …}}")
            expect = dict.fromkeys(typed, expect)
        if strange := [name for name in expect if name not in typed]:
            raise TypeError(f"`{strange[0]}` is expected but not answered")
        verdicts: Mapping[str, AnswerVerdict] = self._live.wait(self._each(question, typed))
        failures = []
        for name, wanted in expect.items():
            verdict = verdicts[name]
            reason = unmet(verdict, (wanted,) if isinstance(wanted, str) else tuple(wanted))
            if reason is not None:
                truth = f" (the truth is {verdict.truth})" if verdict.truth else ""
                failures.append(f"{name}: {typed[name]!r} {reason}: {verdict.message}{truth}")
        if failures:
            raise AssertionError("\n".join(failures))
        return verdicts

    async def _graded(self, question: Question, typed: Mapping[str, str]) -> QuestionVerdict:
        from tutor.grading.grade import grade

        truths, standards = await self._of(question)
        return await grade(question, truths, typed, self._live.runner, standards)

    async def _each(
        self, question: Question, typed: Mapping[str, str]
    ) -> Mapping[str, AnswerVerdict]:
        """Each answer by itself, as in an exercise's own tests: the others may be missing."""
        from tutor.answer import InvalidAnswer
        from tutor.grading.context import Context
        from tutor.grading.grade import invalid_verdict, judge_one, read_one

        truths, standards = await self._of(question)
        reads: dict[str, Any] = {}
        context = Context(question, truths, self._live.runner, standards, reads)
        verdicts = {}
        for name, text in typed.items():
            try:
                reads[name] = read_one(name, text, context)
                verdicts[name] = await judge_one(name, reads[name], context)
            except InvalidAnswer as error:
                verdicts[name] = invalid_verdict(error)
        return verdicts

    async def _of(self, question: Question) -> tuple[Truths, StandardsOf]:
        from tutor.grading.standards import StandardsOf
        from tutor.grading.truths import find_truths

        key = question.content_hash, question.seed, question.language
        if key not in self._known:
            runner = self._live.runner
            truths = await find_truths(question, runner)
            self._known[key] = truths, StandardsOf(question, truths, runner)
        return self._known[key]


def _named(question: Question, answer: Typed) -> dict[str, str]:
    """What is typed, by the answers' names."""
    __tracebackhide__ = True
    names = list(question.answers)
    there = ", ".join(names)
    if not isinstance(answer, Mapping):
        if len(names) != 1:
            raise TypeError(f"this question asks for {there}: name each answer")
        answer = {names[0]: answer}
    if strange := [name for name in answer if name not in names]:
        raise TypeError(f"this question asks for {there}, and not for `{strange[0]}`")
    return {name: typed if isinstance(typed, str) else str(typed) for name, typed in answer.items()}
