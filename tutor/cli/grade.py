"""`tutor grade`: a verdict on answers, for people and for programs."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from tutor.cli.answers import checked_names
from tutor.cli.common import (
    find_exercise,
    home_of,
    json_option,
    lang_option,
    print_json,
    use_language,
)
from tutor.cli.problems import Problem

if TYPE_CHECKING:
    from tutor.exercise.load import LoadedExercise
    from tutor.grading.verdict import QuestionVerdict
    from tutor.question import Question

EXITS: Final = {"correct": 0, "wrong": 1, "invalid": 2, "broken": 3}


@click.command("grade")
@click.argument("id_", metavar="[ID]", required=False)
@click.option("--seed", type=click.IntRange(min=0, max=2**63 - 1), help="Which draw.")
@click.option(
    "--answer",
    "typed",
    metavar="NAME=TEXT",
    multiple=True,
    help="An answer; TEXT alone where there is only one; NAME=@FILE takes it from a file.",
)
@click.option("--answers", metavar="-|FILE", help="All answers as one JSON object {NAME: TEXT}.")
@click.option("--batch", metavar="FILE|-", help="Grade JSON lines, each with its own exercise.")
@lang_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    id_: str | None,
    seed: int | None,
    typed: tuple[str, ...],
    answers: str | None,
    batch: str | None,
    language: str | None,
    as_json: bool,
) -> None:
    """Grade answers to one question: ID is an exercise's id or the path of its file.

    Exits with 0 for correct, 1 wrong, 2 invalid (could not be read: would cost nothing), 3 broken (our
    fault). Nothing is recorded.

    With --batch, each line is {"exercise": ID, "seed": N, "answers": {NAME: TEXT}}; each is answered
    in order with one JSON object, and a line that cannot be graded with {"error": …}.
    """
    language = use_language(language)
    if batch is not None:
        if id_ or typed or answers:
            raise click.UsageError("--batch takes its exercises and answers from the lines.")
        from tutor.cli.batch import grade_lines

        asyncio.run(grade_lines(batch, language, home_of(ctx)))
        return
    if id_ is None or seed is None:
        raise click.UsageError("Name the exercise and the draw: tutor grade ID --seed N …")
    from tutor.question import draw

    loaded = find_exercise(id_)
    question = draw(loaded, seed, language)
    texts = _texts(question, typed, answers)
    verdict = asyncio.run(_grade(loaded, question, texts, home_of(ctx)))
    if as_json:
        print_json({"id": question.exercise.id, "seed": question.seed} | verdict.to_json())
    else:
        _print(verdict, texts)
    sys.exit(EXITS[verdict.verdict.value])


async def _grade(
    loaded: LoadedExercise, question: Question, texts: dict[str, str], home: Path
) -> QuestionVerdict:
    from tutor.gate import allow
    from tutor.grading.compare import NotGradable
    from tutor.grading.grade import grade
    from tutor.grading.truths import AuthorFault, find_truths
    from tutor.grading.verdict import broken
    from tutor.runner.client import Runner
    from tutor.runner.job import RunnerFailure

    async with Runner(spares=2) as runner:
        await allow([loaded], home, runner)
        try:
            truths = await find_truths(question, runner)
            return await grade(question, truths, texts, runner)
        except (RunnerFailure, AuthorFault, NotGradable) as fault:
            return broken(fault.message)


def _texts(question: Question, typed: tuple[str, ...], answers: str | None) -> dict[str, str]:
    """The learner's text for every answer of the question, from whichever way it came."""
    texts = _from_json(answers) if answers is not None else {}
    for item in typed:
        name, text = _named(question, item)
        texts[name] = text
    return checked_names(question, texts)


def _named(question: Question, item: str) -> tuple[str, str]:
    names = list(question.answers)
    name, equals, text = item.partition("=")
    if equals and name.strip() in question.answers:
        return name.strip(), _from_file(text) if text.startswith("@") else text
    if len(names) == 1:
        # One answer only: the text alone will do, and may well have a "=" in it.
        return names[0], _from_file(item) if item.startswith("@") else item
    raise Problem(f"which answer is {item!r}? Write NAME=TEXT with one of {', '.join(names)}")


def _from_file(text: str) -> str:
    path = Path(text[1:])
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise Problem(f"the answer's file {path} cannot be read: {reason}") from error


def _from_json(source: str) -> dict[str, str]:
    text = sys.stdin.read() if source == "-" else _from_file(f"@{source}")
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Problem(f"--answers is no JSON object: {error}") from error
    if not isinstance(data, dict) or not all(isinstance(v, str) for v in data.values()):
        raise Problem('--answers takes one JSON object of texts: {"NAME": "TEXT"}')
    return data


def _print(verdict: QuestionVerdict, texts: dict[str, str]) -> None:
    click.echo(verdict.verdict.value + (f" ({verdict.score:.0%})" if verdict.score else ""))
    if verdict.fault:
        click.echo(verdict.fault)
    for name, answer in verdict.answers.items():
        click.echo(f"\n{name}: {answer.verdict.value}")
        if answer.read_as:
            click.echo(f"  read as: {answer.read_as}")
        if answer.verdict.value == "invalid":
            for row in caret(texts[name], answer.line, answer.column):
                click.echo(f"  {row}")
        if answer.near:
            click.echo(f"  consistent with: {', '.join(answer.near)}")
        click.echo(f"  {answer.message}")
        if answer.truth is not None and answer.verdict.value != "correct":
            click.echo(f"  truth: {answer.truth}")


def caret(text: str, line: int, column: int) -> list[str]:
    """The line of the text that is meant, and a caret under the column (1-based)."""
    lines = text.splitlines() or [""]
    at = lines[min(line, len(lines)) - 1]
    if not at.isprintable() or len(at) > 200:
        return []
    return [at, " " * (column - 1) + "^"]
