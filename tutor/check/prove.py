"""All proofs about one exercise, over its seeds.

Each proof is a function over one *case*: the question of one seed with its truths.  A proof adds what
it finds to the collector and never stops the others.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from tutor.answer import InvalidAnswer
from tutor.check.cases import Case, add_fault, cases, languages_of, without_digits
from tutor.check.findings import Collector, Finding
from tutor.check.giveaway import gives_away
from tutor.check.options import right_by_accident
from tutor.check.whole import gives_the_same_again, look_over
from tutor.grading.compare import NotGradable
from tutor.grading.grade import judge_one, read_one
from tutor.grading.kinds import code as code_kind
from tutor.grading.kinds import shown
from tutor.grading.many import find_all_truths
from tutor.grading.truths import AuthorFault
from tutor.grading.verdict import AnswerVerdict, Verdict
from tutor.question import DrawError, DrawnChoice, DrawnCode, DrawnFormula, draw
from tutor.render.value import show
from tutor.runner.job import RunnerFailure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tutor.exercise.load import LoadedExercise
    from tutor.grading.truths import Truths
    from tutor.question import Question
    from tutor.runner.client import Runner

#: The verdicts that a test of the author may expect by name; anything else is a near-miss id.
VERDICTS: Final = frozenset(v.value for v in Verdict)


@dataclass(slots=True)
class Proof:
    """The outcome for one exercise.  ``gradings`` counts answers graded, near misses included."""

    loaded: LoadedExercise
    findings: list[Finding] = field(default_factory=list)
    draws: int = 0
    gradings: int = 0
    #: seed → answer name → the right answer as text, for the record.
    truths: dict[int, dict[str, str]] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not any(f.severity == "error" for f in self.findings)


async def prove(
    loaded: LoadedExercise,
    seeds: Iterable[int],
    runner: Runner,
    tell: Callable[[int], None] = lambda _: None,
) -> Proof:
    """Prove the exercise over the seeds, each in every language it has.

    ``tell`` is told how many draws are proved whenever one more is.
    """
    proof = Proof(loaded)
    done = 0

    async def one(case: Case) -> int:
        nonlocal done
        gradings = await _prove_case(case)
        done += 1
        tell(done)
        return gradings

    found = Collector(loaded)
    drawn = await cases(loaded, seeds, runner, found)
    whole = {seed: case for seed, case in drawn.items() if isinstance(case, Case)}
    proof.draws = len(drawn)
    once_more = [case.afresh() for case in list(whole.values())[:1]]
    same, counts = await asyncio.gather(
        asyncio.gather(*(gives_the_same_again(case, runner) for case in once_more)),
        asyncio.gather(*map(one, whole.values())),
    )
    proof.gradings = sum(counts)
    if not all(same):
        proof.findings = once_more[0].found.findings()
        return proof  # all else that was found comes of it
    for seed, case in whole.items():
        proof.truths[seed] = {
            name: shown(answer, case.truths.sides[name])
            for name, answer in case.question.answers.items()
        }
    for language in languages_of(loaded)[1:]:
        await _prove_language(loaded, list(whole.values()), language, runner)
    look_over(loaded, list(whole.values()), found)
    proof.findings = found.findings()
    return proof


async def _prove_language(
    loaded: LoadedExercise, done: Sequence[Case], language: str, runner: Runner
) -> None:
    """Another language's texts can be filled in and give nothing away: the numbers are proved."""
    drawn: list[tuple[Case, Question]] = []
    for case in done:
        try:
            drawn.append((case, draw(loaded, case.question.seed, language)))
        except DrawError as error:
            message = error.problem.message
            case.found.add_problem(error.problem, case.question.seed, without_digits(message))
    told = [(case, question, _retold(case, question)) for case, question in drawn]
    # Only a text that shows another live value than the first language's has to be run for.
    new = [question for _, question, truths in told if truths is None]
    found = iter(await find_all_truths(new, runner))
    for case, question, known in told:
        truths = next(found) if known is None else known
        if isinstance(truths, AuthorFault):
            add_fault(case.found, truths, question)
        else:
            _prove_nothing_given_away(replace(case, question=question, truths=truths))


def _retold(case: Case, question: Question) -> Truths | None:
    """The case's truths with another language's texts; ``None`` if these show what was not run."""
    values = case.truths.base.values
    if not values.keys() >= set(question.live_expressions):
        return None
    live = {expression: show(values[expression]) for expression in question.live_expressions}
    return replace(case.truths, texts=question.texts_with(live))


async def _prove_case(case: Case) -> int:
    """Every proof on one draw; the number of gradings it took."""
    proofs = [prove_draw(case)]
    proofs += [prove_near(case, n, id_) for n, (_, nears) in case.told.items() for id_ in nears]
    proofs += [prove_test(case, index) for index in range(len(case.tests))]
    gradings = sum(await asyncio.gather(*proofs))
    for (name, near), fault in case.truths.near_faults.items():
        case.add(("answers", name, "near", near), f"cannot be run: {fault}", without_digits(fault))
    return gradings


async def prove_draw(case: Case) -> int:
    """The shown answer is right, a starter is not, and no text gives the answer away."""
    gradings = 0
    for name, answer in case.question.answers.items():
        try:
            if isinstance(answer, DrawnCode):
                gradings += await _prove_starter(case, name, answer)
                if _breaks_its_rules(case, name, answer):
                    continue
            gradings += await _prove_shown(case, name)
        except RunnerFailure as failure:
            case.add(("answers", name), failure.message, without_digits(failure.message))
        if isinstance(answer, DrawnChoice):
            for index, message in right_by_accident(answer, case.truths.sides[name]):
                case.add(("answers", name, "options", index), message, f"option {index}")
    _prove_nothing_given_away(case)
    return gradings


def _prove_nothing_given_away(case: Case) -> None:
    for name in case.question.answers:
        where = gives_away(case.question, case.truths, name)
        if where is not None:
            case.add(where, f"gives the answer to `{name}` away: {_truth(case, name)}", "given")


def _truth(case: Case, name: str) -> str:
    return shown(case.question.answers[name], case.truths.sides[name])


async def _judge(case: Case, name: str, text: str) -> AnswerVerdict:
    try:
        read = read_one(name, text, case.context)
    except InvalidAnswer as error:
        return AnswerVerdict(Verdict.INVALID, 0.0, error.message)
    except NotGradable as fault:
        return AnswerVerdict(Verdict.BROKEN, 0.0, fault.message)
    return await judge_one(name, read, case.context)


async def _prove_shown(case: Case, name: str) -> int:
    """The answer that the program itself shows has to be right."""
    text = _truth(case, name)
    verdict = await _judge(case, name, text)
    if verdict.verdict is not Verdict.CORRECT:
        shown_at = {DrawnFormula: ("show",), DrawnCode: ("solution",)}
        case.add(
            ("answers", name, *shown_at.get(type(case.question.answers[name]), ())),
            f"the right answer, typed as {text!r}, is graded {verdict.verdict.value}: "
            f"{verdict.message}",
            "shown",
        )
    return 1


async def prove_near(case: Case, name: str, id_: str) -> int:
    """A near miss differs from the truth and the others with a margin, and is told apart."""
    where = ("answers", name, "near", id_)
    fault = case.truths.near_faults.get((name, id_))
    if fault is not None:
        case.add(where, f"cannot be run: {fault}", without_digits(fault))
        return 0
    truth, nears = case.told[name]
    near = nears[id_]
    if not near.differs(truth):
        case.add(where, f"is the same as the truth: {near.text or truth.text}", "truth")
        return 1
    twins = [other for other, one in nears.items() if other != id_ and not near.differs(one)]
    if twins:
        # Told once, at the later of the two.
        order = list(nears)
        if order.index(twins[0]) < order.index(id_):
            value = near.text or nears[twins[0]].text or "the same at every point"
            message = f"is the same as {twins[0]}: {value}{_beside(truth.text)}"
            case.add(where, message, f"={twins[0]}")
        return 1
    if near.text is None:
        return 0
    try:
        verdict = await _judge(case, name, near.text)
    except RunnerFailure as failure:
        case.add(where, failure.message, without_digits(failure.message))
        return 1
    if verdict.near != (id_,):
        told = ", ".join(verdict.near) or f"{verdict.verdict.value} and no near miss"
        message = f"typed as {near.text!r} it is told as {told}{_beside(truth.text)}"
        case.add(where, message, f"told {told}")
    return 1


def _beside(truth: str | None) -> str:
    return f" (the truth is {truth})" if truth else ""


def _breaks_its_rules(case: Case, name: str, answer: DrawnCode) -> bool:
    reason = code_kind.rule_broken(answer, answer.solution)
    if reason is not None:
        message = f"breaks the answer's own forbid or require: {reason}"
        case.add(("answers", name, "solution"), message)
    return reason is not None


async def _prove_starter(case: Case, name: str, answer: DrawnCode) -> int:
    verdict = await _judge(case, name, answer.starter)
    if verdict.verdict is Verdict.CORRECT:
        case.add(("answers", name, "starter"), "is right already: leave something to do")
    return 1


async def prove_test(case: Case, index: int) -> int:
    """A test of the author: every answer named gets the verdict that is expected."""
    test = case.tests[index]
    for name, expected in test.expect.items():
        where = ("tests", index, "expect", name)
        text = test.answer[name]
        try:
            verdict = await _judge(case, name, text)
        except RunnerFailure as failure:
            case.add(where, failure.message, without_digits(failure.message))
            continue
        reason = unmet(verdict, expected)
        if reason is not None:
            beside = "" if verdict.verdict is Verdict.CORRECT else _beside(_truth(case, name))
            case.add(where, f"{text!r} {reason}: {verdict.message}{beside}", f"test {index} {name}")
    return len(test.expect)


def unmet(verdict: AnswerVerdict, expected: tuple[str, ...]) -> str | None:
    """How a verdict is not what a test expects, ``None`` if it is."""
    ids = [e for e in expected if e not in VERDICTS]
    named = [e for e in expected if e in VERDICTS]
    if named and verdict.verdict.value not in named:
        return f"is {verdict.verdict.value}, expected {named[0]}"
    if ids and verdict.verdict is not Verdict.WRONG:
        return f"is {verdict.verdict.value}, expected wrong by {', '.join(ids)}"
    missing = [id_ for id_ in ids if id_ not in verdict.near]
    if missing:
        return f"is told as {', '.join(verdict.near) or 'no near miss'}, expected {missing[0]}"
    return None
