"""`tutor show ID`: one question, as a learner would see it."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Any

import click

from tutor.cli.common import (
    find_exercise,
    home_of,
    json_option,
    lang_option,
    print_json,
    use_language,
)
from tutor.cli.show_explained import (
    STDOUT,
    check_file,
    explained,
    headings,
    parts,
    write_graph,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.exercise.load import LoadedExercise
    from tutor.question import Question


@click.command("show")
@click.argument("id_", metavar="ID")
@click.option("--seed", type=click.IntRange(min=0, max=2**63 - 1), help="Which draw. [a new one]")
@click.option("--trace", is_flag=True, help="Add what each line of the program does.")
@click.option("--walk", is_flag=True, help="Add how each backward call went, node by node.")
@click.option(
    "--graph",
    metavar="FILE",
    is_flag=False,
    flag_value="-",
    help="Write the backward graph to FILE, by its ending .svg, .dot or .gv; - prints it.",
)
@lang_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    id_: str,
    seed: int | None,
    trace: bool,
    walk: bool,
    graph: str | None,
    language: str | None,
    as_json: bool,
) -> None:
    """Print one question: ID is an exercise's id or the path of its file.

    The JSON object has `id`, `seed`, `params`, `program`, `ask` and `answers`, and never the truth. Only
    --trace, --walk and --graph show it: they run the program and explain the run.
    """
    if graph is not None:
        check_file(graph)
    from tutor.question import draw
    from tutor.question.seeds import DEPLOYED_SEEDS

    loaded = find_exercise(id_)
    seed = secrets.randbelow(DEPLOYED_SEEDS) if seed is None else seed
    question = draw(loaded, seed, use_language(language))
    ask, answers = asyncio.run(_texts(loaded, question, home_of(ctx)))
    data = {
        "id": question.exercise.id,
        "revision": question.exercise.revision,
        "seed": question.seed,
        "language": question.language,
        "title": question.title,
        "params": question.params,
        "program": question.program,
        "ask": ask,
        "answers": answers,
    }
    texts: dict[str, str] = {}
    if trace or walk or graph is not None:
        found = asyncio.run(explained(loaded, question, home_of(ctx)))
        texts = dict(parts(found, trace=trace, walk=walk, graph=graph == STDOUT))
        if graph is not None and graph != STDOUT:
            write_graph(found, graph, f"{question.title} ({question.exercise.id}, seed {seed})")
            data["graph_file"] = graph
    if as_json:
        print_json({**data, **texts})
        return
    _print(data)
    for key, text in texts.items():
        click.echo(f"\n── {headings()[key]} ──\n\n{text}", nl=False)
    if "graph_file" in data:
        click.echo(f"\nThe graph is in {graph}")


async def _texts(
    loaded: LoadedExercise, question: Question, home: Path
) -> tuple[str, dict[str, Any]]:
    """The question's text and answers; its program is run only if one of them shows a live value."""
    from tutor.grading.offer import needs_run, offered

    if not needs_run(question):
        return question.ask, {n: offered(a, None) for n, a in question.answers.items()}
    from tutor.gate import allow
    from tutor.grading.truths import find_truths
    from tutor.runner.client import Runner

    async with Runner(spares=1) as runner:
        await allow([loaded], home, runner)
        truths = await find_truths(question, runner)
    answers = {n: offered(a, truths.sides[n]) for n, a in question.answers.items()}
    return truths.texts.ask, answers


def _print(data: dict[str, Any]) -> None:
    click.echo(f"{data['title']}   ({data['id']}, seed {data['seed']})\n")
    for number, line in enumerate(data["program"].rstrip("\n").split("\n"), 1):
        if data["program"].strip():
            click.echo(f"{number:>4}  {line}")
    click.echo(f"\n{data['ask']}")
    for name, answer in data["answers"].items():
        prompt = answer.get("prompt") or ""
        click.echo(f"\n  {name} ({answer['kind']}) {prompt}".rstrip())
        for option in answer.get("options") or answer.get("lines") or ():
            shown = f"{option['letter']}  {option['text']}" if isinstance(option, dict) else option
            click.echo(f"    {shown}")
        for expression in answer.get("flags", ()):
            click.echo(f"    {expression}")
        if answer.get("starter"):
            click.echo("\n".join(f"    {line}" for line in answer["starter"].split("\n")))
