"""How many wrong answers are explained, by what, and whether the explanations fit.

For every shipped exercise and some of its draws, each near miss of the author's and each standard edit that
gives another answer than the truth is typed as a wrong answer, and so are some answers at random.  Told are
the shares that the author's list alone, the standard edits alone, and the relations alone would name; what
all together name; and how many were named falsely.

False means: a named near miss, run again in a child of its own, does not give what was typed; or what a
relation says is not true of the numbers, by a check of its own (``facts.py``).

    python -m tests.benchmarks.coverage [SEEDS] [-v]
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import torch
from facts import as_torch, close, holds, numbers_hold

from tutor.answer import InvalidAnswer
from tutor.exercise.load import load_library
from tutor.grading.compare import compare
from tutor.grading.context import Context
from tutor.grading.grade import judge_one, read_one
from tutor.grading.kinds import raises
from tutor.grading.kinds.flags import flags_of
from tutor.grading.near import value_like
from tutor.grading.relations.formulas import formula_relation
from tutor.grading.relations.values import Facts, value_relation
from tutor.grading.standards import Standards, find_standards
from tutor.grading.told import near_answers, told_as
from tutor.grading.truths import AuthorFault, find_truths
from tutor.locations import exercises_dir
from tutor.question import DrawnFlags, DrawnFormula, DrawnRaises, DrawnValue, draw
from tutor.question.standard import asked
from tutor.runner.client import Runner
from tutor.runner.job import FormulaRun, Job, ProgramRun, RunnerFailure, Section
from tutor.values import Number, Tensor

#: The seed of the points at which formulas are looked at anew.
FRESH = 987_654_321
GROUPS = ("author", "standard", "random")


@dataclass
class Tally:
    """Counts by group of answers; ``unnamed`` and ``false`` say which."""

    typed: Counter = field(default_factory=Counter)
    by: Counter = field(default_factory=Counter)
    unnamed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    #: Near misses of authors that nothing else would have named.
    left: list[str] = field(default_factory=list)
    relations: Counter = field(default_factory=Counter)

    def share(self, how: str, group: str) -> str:
        n = self.typed[group]
        return f"{100 * self.by[how, group] / n:6.1f} %" if n else "     –"


async def measure(seeds: range, tally: Tally) -> None:
    library = load_library([exercises_dir()])
    async with Runner(spares=2) as runner:
        await runner.wait_ready()
        places = asyncio.Semaphore(2)

        async def one(loaded, seed: int) -> None:
            async with places:
                await measure_draw(loaded, seed, runner, tally)

        await asyncio.gather(*(one(e, seed) for e in library.exercises.values() for seed in seeds))


async def measure_draw(loaded, seed: int, runner: Runner, tally: Tally) -> None:
    question = draw(loaded, seed, "en")
    try:
        truths = await find_truths(question, runner)
    except (AuthorFault, RunnerFailure) as fault:
        print(f"{loaded.id} {seed}: {fault.message}")
        return
    standards = await find_standards(question, truths, runner)
    alone = await find_standards(without_authors(question), without_near(truths), runner)
    rng = random.Random(f"{loaded.id} {seed}")

    async def given() -> Standards:
        return standards

    for name, answer in question.answers.items():
        if not isinstance(answer, DrawnValue | DrawnFlags | DrawnRaises | DrawnFormula):
            continue
        context = Context(question, truths, runner, given)
        for group, text in wrong_answers(answer, truths.sides[name], alone.near.get(name, ()), rng):
            where = f"{loaded.id} {seed} {name}: {text.splitlines()[0][:70]}"
            await measure_answer(name, text, group, where, context, alone, tally)


def without_authors(question):
    answers = {
        name: replace(answer, near={}) if hasattr(answer, "near") else answer
        for name, answer in question.answers.items()
    }
    return replace(question, answers=answers)


def without_near(truths):
    sides = {
        name: replace(side, near={}) if hasattr(side, "near") else side
        for name, side in truths.sides.items()
    }
    return replace(truths, sides=sides)


def wrong_answers(answer, side, standard, rng):
    """Each wrong answer as a learner would type it, with the group it is of; none twice."""
    truth, nears = near_answers(answer, side)
    seen = {truth.text}
    for group, told in (
        *(("author", near) for near in nears.values()),
        *(("standard", told_as(answer, one.value)) for one in standard),
        *(("random", told) for told in at_random(answer, side, rng)),
    ):
        if told.text is not None and told.text not in seen and told.differs(truth):
            seen.add(told.text)
            yield group, told.text


def at_random(answer, side, rng):
    if isinstance(answer, DrawnValue) and isinstance(side.truth, Tensor | Number):
        truth = side.truth
        for _ in range(4):
            if isinstance(truth, Number) or truth.dtype == "bool":
                break
            entries = tuple(float(rng.randint(-12, 12)) for _ in truth.entries)
            yield told_as(answer, Tensor(truth.dtype, truth.shape, entries))
        if isinstance(truth, Tensor) and truth.dtype != "bool" and len(truth.entries) > 1:
            at = rng.randrange(len(truth.entries))
            entries = tuple(
                e + (i == at) * rng.choice([1, -1, 2]) for i, e in enumerate(truth.entries)
            )
            yield told_as(answer, Tensor(truth.dtype, truth.shape, entries))


async def measure_answer(name, text, group, where, context, alone, tally) -> None:
    try:
        read = read_one(name, text, context)
        verdict = await judge_one(name, read, context)
    except InvalidAnswer as error:
        print(f"{where}: invalid: {error.message}")
        return
    if verdict.verdict != "wrong":
        return  # within the tolerance of another truth, or a formula that is equal after all
    tally.typed[group] += 1
    own = [id_ for id_ in verdict.near if not id_.startswith(("std:", "rel:"))]
    tally.by["author", group] += bool(own)
    tally.by["together", group] += bool(verdict.near)
    alone_context = replace(context, find_standards=None, question=without_authors(context.question),
                            truths=without_near(context.truths))  # fmt: skip

    async def only_standards() -> Standards:
        return Standards(alone.near, {})

    async def only_inputs() -> Standards:
        return Standards({}, alone.inputs)

    by_edit = await judge_one(name, read, replace(alone_context, find_standards=only_standards))
    tally.by["standard", group] += any(id_.startswith("std:") for id_ in by_edit.near)
    by_relation = await judge_one(name, read, replace(alone_context, find_standards=only_inputs))
    related = [id_ for id_ in by_relation.near if id_.startswith("rel:")]
    tally.by["relation", group] += bool(related)
    tally.relations.update((group, id_) for id_ in related)
    tally.by["either", group] += bool(related or by_edit.near)
    if not (related or by_edit.near) and group == "author":
        tally.left.append(where)
    if not verdict.near and group != "random":
        tally.unnamed.append(where)
    for id_ in dict.fromkeys((*verdict.near, *by_edit.near, *by_relation.near)):
        if not await fits(id_, name, text, read, context, alone):
            tally.false.append(f"{where}: {id_}")


async def fits(id_, name, text, read, context, alone) -> bool:
    """Whether a named explanation is true of what was typed, found out anew."""
    answer, side = context.question.answers[name], context.truths.sides[name]
    if isinstance(answer, DrawnFormula):
        return await formula_fits(id_, answer, read, context, alone.near.get(name, ()))
    if id_.startswith("rel:"):
        if isinstance(answer, DrawnFlags):
            return flags_fit(id_, answer, side, read)
        return relation_fits(answer, side, read, context, alone)
    program, expression, value = context.question.program, asked(answer), None
    if id_.startswith("std:"):
        one = next(s for s in (*alone.near[name],) if s.id == id_)
        program, expression = one.edit.program, one.edit.expression or expression
    else:
        near = answer.near[id_]
        if near.has_value:
            return True  # what was written is what is compared
        program, expression = near.program or program, near.expression or expression
    run = ProgramRun((Section("program", program),), context.question.seed,
                     () if expression is None else (expression,))  # fmt: skip
    result = (await context.runner.run(Job((run,)))).program(0)
    if isinstance(answer, DrawnRaises):
        return raises.Outcome(result.raised).matches(read)
    value = result.values.get(expression)
    if isinstance(answer, DrawnFlags):
        return value is not None and flags_of([value], answer) == read
    return value is not None and compare(value, read).right


def flags_fit(id_, answer, side, read) -> bool:
    wrong = [e for e, a, b in zip(answer.expressions, read, side.truth, strict=True) if a is not b]
    if id_ == "rel:inverted":
        return len(wrong) == len(read)
    about = ".is_leaf" if id_ == "rel:is-leaf-only" else ".requires_grad"
    return all(e.endswith(about) for e in wrong)


async def formula_fits(id_, answer, read, context, standard) -> bool:
    """At other points than those that the grade has looked at."""
    program, truth, near = context.question.program, answer.truth, None
    if id_.startswith("std:"):
        edit = next(one.edit for one in standard if one.id == id_)
        near = FormulaRun(edit.program, FRESH, answer.variables, truth=edit.expression or truth)
    elif not id_.startswith("rel:"):
        return True  # written by the author; `tutor check` proves it
    trees = {"answer": read.tree.to_json()}
    run = FormulaRun(program, FRESH, answer.variables, truth=truth, trees=trees)
    result = (await context.runner.run(Job((run,)))).formula(0)
    mine = [as_torch(value) for value in result.trees["answer"]]
    if near is not None:
        again = replace(near, points=result.points)
        other = (await context.runner.run(Job((again,)))).formula(0)
        return all(close(a, as_torch(b)) for a, b in zip(mine, other.truth, strict=True))
    told = formula_relation(result.trees["answer"], result.truth, result.points, program)
    if told is None or told.id != id_:
        return False
    if told.kind == "inner-derivative":
        return inner_fits(told.parts["name"], mine, result)
    return all(
        numbers_hold(told.kind, told.parts, a, as_torch(t), point)
        for a, t, point in zip(mine, result.truth, result.points, strict=True)
    )


def inner_fits(slope: str, mine, result) -> bool:
    functions = ("sin", "cos", "exp", "tanh", "sqrt", "sigmoid")
    names = {name: getattr(torch, name) for name in functions}
    for a, t, point in zip(mine, result.truth, result.points, strict=True):
        here = names | {name: as_torch(value) for name, value in point.items()}
        if not close(a * eval(slope, here), as_torch(t)):  # noqa: S307 - our own words
            return False
    return True


def relation_fits(answer, side, read, context, alone) -> bool:
    facts = Facts(context.question.program, answer.expression, alone.inputs)
    told = value_relation(side.truth, read, facts)
    if told is None:
        return False
    return any(
        holds(told.kind, told.parts, value_like(side.truth, replace(read, readings=(one,))),
              side.truth, alone.inputs)
        for one in read.readings
    )  # fmt: skip


def report(tally: Tally, draws: int, *, verbose: bool) -> None:
    print(
        f"\n{draws} draws of each exercise: " + ", ".join(f"{tally.typed[g]} {g}" for g in GROUPS)
    )
    print(f"\n{'wrong answers':28}" + "".join(f"{g:>12}" for g in GROUPS))
    for how, words in (
        ("author", "named by the author's list"),
        ("standard", "by the standard edits alone"),
        ("relation", "by the relations alone"),
        ("either", "by edits or relations"),
        ("together", "by all together"),
    ):
        print(f"{words:28}" + "".join(f"{tally.share(how, g):>12}" for g in GROUPS))
    print(f"\nfalsely named: {len(tally.false)}")
    for one in tally.false:
        print(f"  {one}")
    if verbose:
        print("\nrelations:", dict(tally.relations.most_common()))
        print(f"\nnot named ({len(tally.unnamed)}):")
        for one in tally.unnamed:
            print(f"  {one}")
        print(f"\nnamed by their authors alone ({len(tally.left)}):")
        for one in tally.left:
            print(f"  {one}")


def main() -> None:
    numbers = [int(a) for a in sys.argv[1:] if a.isdigit()]
    seeds, tally = range(numbers[0] if numbers else 2), Tally()
    asyncio.run(measure(seeds, tally))
    report(tally, len(seeds), verbose="-v" in sys.argv)
    sys.exit(bool(tally.false))


if __name__ == "__main__":
    main()
