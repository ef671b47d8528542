"""The nine results of the notebook that the project grew from, found among the draws and run live."""

from __future__ import annotations

import pytest

from tutor.grading.grade import grade
from tutor.grading.truths import find_truths
from tutor.question import draw

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: id, what the notebook's own numbers are as parameters, answer name, what the notebook printed.
RESULTS = [
    (
        "matrix.by-scalar.sum-of-powers",
        {"a": 2, "powers": [[1, 2], [3, 4]], "reduce": "y.sum()"},
        "grad",
        "tensor([49.])",
    ),
    (
        "matrix.scalar-by-matrix.two-entries",
        {"m": [[1, 2], [3, 4]], "cells": [[0, 0], [1, 1]], "p": 2, "q": 3, "op": "+"},
        "grad",
        "tensor([[ 2.,  0.],\n        [ 0., 48.]])",
    ),
    (
        "matrix.by-matrix.mean-of-powers",
        {"m": [[1, 2], [3, 4]], "k": 2, "how": "entries"},
        "grad",
        "tensor([[0.5000, 1.0000],\n        [1.5000, 2.0000]])",
    ),
    (
        "tensor.arange.half-open",
        {"start": 0, "step": 1, "n": 4},
        "x",
        "tensor([0., 1., 2., 3.])",
    ),
    (
        "autograd.leaf.grad-before-backward",
        {"n": 4, "flag": "x.requires_grad_(True)", "then": ""},
        "grad",
        "None",
    ),
    (
        "autograd.graph.scaled-dot",
        {"first": 0, "n": 4, "inner": "torch.dot(x, x)", "c": 2, "op": "left"},
        "y",
        "tensor(28., grad_fn=<MulBackward0>)",
    ),
    (
        "autograd.backward.scaled-dot",
        {"first": 0, "n": 4, "c": 2, "form": "outside"},
        "grad",
        "tensor([ 0.,  4.,  8., 12.])",
    ),
    (
        "autograd.accumulate.zero-then-sum",
        {"n": 4, "c": 2, "second": [1, "y = x.sum()"], "clear": "x.grad.zero_()"},
        "grad",
        "tensor([1., 1., 1., 1.])",
    ),
    (
        "autograd.detach.square-times-x",
        {"v": [2], "inner": "x * x", "tail": "u * x"},
        "same",
        "tensor([True])",
    ),
]


def drawn_with(loaded, params):
    """The first draw that has these parameters; lists are compared as far as the notebook goes."""
    for seed in range(2000):
        question = draw(loaded, seed, "en")
        if all(_begins(question.params[name], value) for name, value in params.items()):
            return question
    pytest.fail(f"no draw of {loaded.exercise.id} has {params}")


def _begins(drawn, wanted) -> bool:
    if isinstance(wanted, list) and isinstance(drawn, list):
        return drawn[: len(wanted)] == wanted
    return drawn == wanted


@pytest.mark.parametrize(("id_", "params", "name", "printed"), RESULTS, ids=[r[0] for r in RESULTS])
async def test_the_live_run_gives_what_the_notebook_printed(
    id_, params, name, printed, shipped, runner
):
    question = drawn_with(shipped.exercises[id_], params)
    truths = await find_truths(question, runner)
    side = truths.sides[name]
    shown = getattr(side.truth, "printed", "") or "None"
    assert shown.split("grad_fn")[0].rstrip(", )") == printed.split("grad_fn")[0].rstrip(", )")
    texts = dict.fromkeys(question.answers, "None") | {name: printed}
    verdict = await grade(question, truths, texts, runner)
    if verdict.verdict != "invalid":  # another answer of the exercise may not be a tensor
        assert verdict.answers[name].verdict == "correct"
