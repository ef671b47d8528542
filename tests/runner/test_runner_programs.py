"""What a program gives back: values, errors with their lines, output, and the same again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from runner_helpers import program

from tutor.runner.job import Job, ProgramRun, Section
from tutor.values import (
    MAX_ENTRIES,
    Node,
    Nothing,
    Number,
    Opaque,
    Sequence,
    Size,
    Tensor,
    Text,
    Truth,
)

if TYPE_CHECKING:
    from runner_helpers import RunOne

    from tutor.runner.client import Runner

pytestmark = pytest.mark.asyncio(loop_scope="session")

DETACH = """\
x = torch.tensor([1., 2., 3.], requires_grad=True)
y = (2 * x.detach() * x).sum()
y.backward()
"""


async def test_every_type_of_value_arrives(run_one: RunOne) -> None:
    expressions = {
        "x.grad": Tensor("float32", (3,), (2.0, 4.0, 6.0), "tensor([2., 4., 6.])"),
        "y.grad_fn": Node("SumBackward0"),
        "(x * 1).grad_fn.next_functions[0][0]": Node("AccumulateGrad"),
        "x.shape": Size((3,)),
        "y.grad": Nothing(),
        "x.is_leaf": Truth(True),
        "x.dim()": Number(1),
        "x.sum().item()": Number(6.0),
        "str(x.dtype)": Text("torch.float32"),
        "[x.dim(), (True, None)]": Sequence(
            (Number(1), Sequence((Truth(True), Nothing()), is_tuple=True))
        ),
        "torch.tensor([[True], [False]])": Tensor(
            "bool", (2, 1), (True, False), "tensor([[ True],\n        [False]])"
        ),
        "torch.arange(3)": Tensor("int64", (3,), (0, 1, 2), "tensor([0, 1, 2])"),
        "torch.tensor(2.)": Tensor("float32", (), (2.0,), "tensor(2.)"),
        "torch.ones(0, 3)": Tensor("float32", (0, 3), (), "tensor([], size=(0, 3))"),
        "torch.tensor([1.], dtype=torch.float64)": Tensor(
            "float64", (1,), (1.0,), "tensor([1.], dtype=torch.float64)"
        ),
        "torch.nn.Parameter(torch.ones(1)).data": Tensor("float32", (1,), (1.0,), "tensor([1.])"),
    }
    result = await run_one(DETACH, *expressions)
    assert result.failures == {}
    assert result.values == expressions


async def test_numbers_that_are_not_finite_arrive(run_one: RunOne) -> None:
    source = "x = torch.tensor([float('nan'), float('inf'), -float('inf'), 0.5])"
    result = await run_one(source, "x", "x[1].item()")
    value = result.values["x"]
    assert isinstance(value, Tensor)
    assert str(value.entries) == "(nan, inf, -inf, 0.5)"
    assert value.printed == "tensor([   nan,    inf,   -inf, 0.5000])"
    assert result.values["x[1].item()"] == Number(float("inf"))


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (f"torch.zeros({MAX_ENTRIES + 1})", "too many to carry over"),
        ("[0] * 20_000", "too large"),
        ("'a' * 20_000", "20000 characters"),
        ("10 ** 10_000", "bits"),
        ("-(10**309)", "bits"),
        ("torch.ones(2, device='meta')", "meta"),
        ("torch.ones(2).to_sparse()", "sparse"),
        ("torch.tensor(1j)", "1.j"),
        ("torch", "module"),
        ("{1: 2}", "{1: 2}"),
    ],
)
async def test_what_cannot_be_carried_over_says_so(
    run_one: RunOne, expression: str, words: str
) -> None:
    value = (await run_one("", expression)).values[expression]
    assert isinstance(value, Opaque)
    assert words in value.text


async def test_an_error_names_its_class_and_the_innermost_line_of_the_program(
    run_one: RunOne,
) -> None:
    source = "def f(v):\n    return v.sum().backward()\n\nx = torch.ones(2)\nf(x)\n"
    raised = (await run_one(source)).raised
    assert raised is not None
    assert (raised.class_name, raised.section, raised.line) == ("RuntimeError", "program", 2)
    assert raised.line_text == "    return v.sum().backward()"
    assert raised.bases == ("RuntimeError", "Exception", "BaseException")
    assert "does not require grad" in raised.message
    assert raised.limit == ""


async def test_an_error_inside_a_hook_is_on_the_hooks_line(run_one: RunOne) -> None:
    source = (
        "x = torch.ones(2, requires_grad=True)\n"
        "def hook(g):\n"
        "    return 1 / len([])\n"
        "x.register_hook(hook)\n"
        "x.sum().backward()\n"
    )
    raised = (await run_one(source)).raised
    assert raised is not None
    assert (raised.class_name, raised.line) == ("ZeroDivisionError", 3)


@pytest.mark.parametrize(
    ("source", "class_name", "line"),
    [
        ("x = 1\ny = (\n", "SyntaxError", 2),
        ("x = 1\n  y = 2\n", "IndentationError", 2),
        ("x = 'a\x00b'", "SyntaxError", 0),
        ("raise SystemExit(0)", "SystemExit", 1),
        ("\nraise KeyboardInterrupt", "KeyboardInterrupt", 2),
        ("class E(ValueError):\n    pass\n\n\nraise E('own')\n", "E", 5),
        ("def f():\n    f()\n\n\nf()\n", "RecursionError", 2),
        ("import no_such_module", "ModuleNotFoundError", 1),
    ],
)
async def test_every_kind_of_error_is_located(
    run_one: RunOne, source: str, class_name: str, line: int
) -> None:
    raised = (await run_one(source)).raised
    assert raised is not None
    assert raised.class_name == class_name
    assert raised.line == line


async def test_sections_share_a_namespace_and_errors_name_the_section(runner: Runner) -> None:
    run = ProgramRun(
        (Section("program", "a = torch.ones(2)\n"), Section("answer", "b = a + 1\nc = b + d\n")),
        seed=1,
        evaluate=("b", "c"),
    )
    result = (await runner.run(Job((run,)))).program(0)
    assert result.raised is not None
    assert (result.raised.section, result.raised.line) == ("answer", 2)
    # What the sections left is evaluated all the same: an explanation may show it.
    assert result.values["b"] == Tensor("float32", (2,), (2.0, 2.0), "tensor([2., 2.])")
    assert result.failures["c"].class_name == "NameError"


async def test_expressions_are_evaluated_in_order_and_each_value_is_taken_at_once(
    run_one: RunOne,
) -> None:
    result = await run_one("x = torch.zeros(2)", "x", "x.add_(1).sum()", "x + 0", "1 / 0", "x * 1")
    before, after = result.values["x"], result.values["x + 0"]
    assert isinstance(before, Tensor)
    assert isinstance(after, Tensor)
    assert (before.entries, after.entries) == ((0.0, 0.0), (1.0, 1.0))
    failure = result.failures["1 / 0"]
    assert (failure.class_name, failure.section, failure.line) == (
        "ZeroDivisionError",
        "expression",
        1,
    )
    assert "x * 1" in result.values


async def test_a_failure_in_a_function_of_the_program_is_on_the_programs_line(
    run_one: RunOne,
) -> None:
    failure = (await run_one("def f():\n    return 1 / 0\n", "f()")).failures["f()"]
    assert (failure.section, failure.line) == ("program", 2)


async def test_output_is_kept_in_order_and_cut_with_a_word(run_one: RunOne) -> None:
    source = "import sys\nprint('one')\nprint('two', file=sys.stderr)\n"
    result = await run_one(source)
    assert (result.output, result.output_truncated) == ("one\ntwo\n", False)
    result = await run_one("for i in range(10**5): print('x' * 99)", "1 + 1")
    assert result.output_truncated
    assert 0 < len(result.output) <= 20_000
    assert result.values["1 + 1"] == Number(2)


async def test_lone_surrogates_and_nuls_do_no_harm(run_one: RunOne) -> None:
    result = await run_one("print('\\ud800 \\U0001F600 \\0')", "'\\udfff'", "'\\U0001F600'")
    assert result.output.encode("utf-8") == "\ufffd \U0001f600 ␀\n".encode()
    assert result.values["'\\udfff'"] == Text("\ufffd")
    assert result.values["'\\U0001F600'"] == Text("\U0001f600")


async def test_a_program_is_main_and_can_read_its_own_source(run_one: RunOne) -> None:
    source = (
        "import inspect\n"
        "from dataclasses import dataclass\n"
        "@dataclass\n"
        "class P:\n"
        "    x: 'int'\n"
        "def f(v):\n"
        "    return v\n"
    )
    result = await run_one(source, "__name__", "P(3).x", "inspect.getsource(f)")
    assert result.values["__name__"] == Text("__main__")
    assert result.values["P(3).x"] == Number(3)
    assert result.values["inspect.getsource(f)"] == Text("def f(v):\n    return v\n")


async def test_many_jobs_at_once_each_get_their_own_results(runner: Runner) -> None:
    jobs = [Job(tuple(program(f"x = {i} * 100 + {j}", "x") for j in range(5))) for i in range(12)]
    for i, result in enumerate(await asyncio.gather(*(runner.run(job) for job in jobs))):
        assert [run.values["x"] for run in result.runs] == [Number(i * 100 + j) for j in range(5)]  # type: ignore[union-attr]
        assert result.torch_version


async def test_a_job_without_runs_has_no_results(runner: Runner) -> None:
    assert (await runner.run(Job(()))).runs == ()


@pytest.mark.parametrize(
    ("source", "expression"),
    [
        ("o = torch.optim.SGD([torch.ones(2, requires_grad=True)], lr=.1)\no.step()", "1"),
        ("g = torch.func.grad(lambda x: x * x)(torch.tensor(2.))", "g"),
        ("h = torch.func.hessian(lambda x: (x * x).sum())(torch.ones(2))", "h"),
        (
            (
                "from torch.utils.checkpoint import checkpoint\nx = torch.ones(2, requires_grad=True)\n"
                "checkpoint(torch.sin, x, use_reentrant=False).sum().backward()"
            ),
            "x.grad",
        ),
        (
            (
                "ok = torch.autograd.gradcheck(torch.sin, "
                "torch.ones(2, dtype=torch.double, requires_grad=True))"
            ),
            "ok",
        ),
        ("j = torch.autograd.functional.jacobian(torch.sin, torch.ones(2))", "j"),
    ],
)
async def test_the_slow_parts_of_torch_work_within_the_limits(
    run_one: RunOne, source: str, expression: str
) -> None:
    result = await run_one(source, expression)
    assert result.raised is None
    assert result.failures == {}
