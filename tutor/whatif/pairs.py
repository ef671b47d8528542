"""Two programs that differ in one edit, and in what they answer: for what does not want to stick."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tutor.misconceptions import minimal_pair
from tutor.whatif.bench import Asked, bench_of
from tutor.whatif.run import what_if

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tutor.question import Question
    from tutor.runner.client import Runner
    from tutor.whatif.bench import Bench
    from tutor.whatif.run import WhatIf

#: Edits that are tried before it is given up that one of them changes the answer.
TRIED: Final = 4
#: What an expression is called in a program that ends with it.
ANSWER: Final = "answer"


@dataclass(frozen=True, slots=True)
class Pair:
    """``program`` is the question's own, ``result`` what the edited one gives beside it."""

    program: str
    result: WhatIf


async def telling_pair(question: Question, missed: Sequence[str], runner: Runner) -> Pair | None:
    """The first pair whose answers differ: of the near misses ``missed``, then of the edits to try.

    Raises:
        RunnerFailure: there is no result through our own fault.
    """
    for tried, (bench, program) in enumerate(_pairs(question, missed)):
        if tried == TRIED:
            break
        result = await what_if(bench, program, {}, runner)
        if not result.stopped and any(row.changed for row in result.rows):
            return Pair(bench.program, result)
    return None


def _pairs(question: Question, missed: Sequence[str]) -> Iterator[tuple[Bench, str]]:
    bench = bench_of(question)
    for near in missed:
        pair = minimal_pair(question, near)
        if pair is None:
            continue
        if pair.expressions is None:
            yield bench, pair.edited
        else:
            # The same program, asked for something else: its last line says what.
            own, other = (f"{pair.program}{ANSWER} = {asked}\n" for asked in pair.expressions)
            yield replace(bench, program=own, asked=(Asked(ANSWER),)), other
    for suggestion in bench.suggestions:
        yield bench, suggestion.program
