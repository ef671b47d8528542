"""The graph and the backward walk, from the live run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from explained_checks import check_call, numbers
from runner_helpers import program

from tutor.runner.job import ExplainRun, Job, Section
from tutor.values import Number

if TYPE_CHECKING:
    from tutor.runner.client import Runner
    from tutor.runner.explained import BackwardCall, Explained, Graph, GraphNode

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def explain(runner: Runner, source: str, *asked: str) -> Explained:
    run = ExplainRun((Section("program", source),), 1, asked)
    found = (await runner.run(Job((run,)))).explained(0)
    for call in found.walk.calls:
        check_call(found.walk.graph, call)
    return found


def node(graph: Graph, name: str) -> GraphNode:
    """The last node that makes, or holds, a tensor of the program's."""
    return [node for node in graph.nodes if name in node.names][-1]


def visited(found: Explained, call: BackwardCall) -> list[str]:
    """The nodes in the order of visiting, by the name of their tensor or by their function."""
    nodes = {node.id: node for node in found.walk.graph.nodes}
    return [
        nodes[visit.node].names[0] if nodes[visit.node].names else nodes[visit.node].function
        for visit in call.visits
    ]


def cuts(graph: Graph) -> list[tuple[str, str, str]]:
    """The cut edges: from, to and why."""
    label = {
        node.id: node.names[0] if node.names else node.function or str(node.value)
        for node in graph.nodes
    }
    return [(label[e.source], label[e.target], e.cut) for e in graph.edges if e.cut is not None]


async def test_visits_in_order_with_what_came_and_went(runner: Runner) -> None:
    found = await explain(
        runner,
        "a = torch.tensor(2., requires_grad=True)\n"
        "b = torch.tensor(3., requires_grad=True)\n"
        "p = a * b\n"
        "q = p * a\n"
        "q.backward()\n",
    )
    (call,) = found.walk.calls
    assert (call.how, call.section, call.line) == ("backward", "program", 5)
    assert (call.retain_graph, call.create_graph, call.raised) == (False, False, None)
    assert visited(found, call) == ["q", "p", "a", "b"]
    q, p = call.visits[:2]
    assert [numbers(v) for v in q.incoming] == [[1.0]]
    assert [numbers(v) for v in q.outgoing] == [[2.0], [6.0]]
    assert [numbers(v) for v in p.outgoing] == [[6.0], [4.0]]
    added = {found.walk.graph.nodes[a.node].names[0]: a for a in call.accumulations}
    assert (added["a"].before, numbers(added["a"].after)) == (None, [12.0])
    graph = found.walk.graph
    assert graph.roots == (node(graph, "q").id,)
    made = node(graph, "p")
    assert (made.kind, made.function, made.line, made.shape) == ("operation", "MulBackward0", 3, ())
    assert numbers(made.value) == [6.0]
    assert {(s.name, s.tensor_name) for s in made.saved} == {("self", "a"), ("other", "b")}
    leaf = node(graph, "a")
    assert (leaf.kind, leaf.function, leaf.line) == ("leaf", "AccumulateGrad", 1)
    into_a = [(edge.source, edge.slot) for edge in graph.edges if edge.target == leaf.id]
    assert sorted(into_a) == [(node(graph, "q").id, 1), (made.id, 0)]


async def test_several_calls_accumulate(runner: Runner) -> None:
    found = await explain(
        runner,
        "x = torch.tensor([1., 2.], requires_grad=True)\n"
        "y = (x * x).sum()\n"
        "y.backward(retain_graph=True)\n"
        "y.backward()\n"
        "x.grad = None\n"
        "(3 * x).sum().backward()\n",
    )
    first, second, third = found.walk.calls
    assert (first.retain_graph, second.retain_graph) == (True, False)
    assert numbers(first.accumulations[0].after) == numbers(second.accumulations[0].before)
    assert numbers(second.accumulations[0].after) == [4.0, 8.0]
    assert (third.accumulations[0].before, third.line) == (None, 6)
    assert first.roots == second.roots != third.roots
    assert len([n for n in found.walk.graph.nodes if n.kind == "leaf"]) == 1


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("c = x.detach()", [("y", "c", "detach"), ("c", "x", "detach")]),
        ("c = (x * x).detach() + 1", [("y", "c", "detach"), ("c", "x", "detach")]),
        ("c = x.data", [("y", "c", "data"), ("c", "x", "data")]),
        ("c = torch.tensor([5., 6.])", [("y", "c", "no_requires_grad")]),
        ("c = torch.tensor([5, 6])", [("y", "c", "integer")]),
        ("c = x.long()", [("y", "c", "integer"), ("c", "x", "integer")]),
        ("c = x > 1", [("y", "c", "integer"), ("c", "x", "integer")]),
        (
            "with torch.no_grad():\n    c = 2 * x",
            [("y", "c", "no_grad"), ("c", "x", "no_grad")],
        ),
        (
            "with torch.inference_mode():\n    c = 2 * x\nc = c.clone()",
            [("y", "c", "inference_mode"), ("c", "x", "inference_mode")],
        ),
        (
            "c = torch.tensor(x.tolist())",
            [("y", "c", "numpy_or_item"), ("c", "x", "numpy_or_item")],
        ),
        (
            "c = x[0].item()",
            [
                ("y", "Number(number=1.0)", "numpy_or_item"),
                ("Number(number=1.0)", "x", "numpy_or_item"),
            ],
        ),
        ("c = 3", [("y", "Number(number=3)", "no_requires_grad")]),
        ("c = torch.ones_like(x)", [("y", "c", "no_requires_grad")]),
    ],
)
async def test_where_the_graph_is_cut_and_why(
    runner: Runner, lines: str, expected: list[tuple[str, str, str]]
) -> None:
    source = (
        f"x = torch.tensor([1., 2.], requires_grad=True)\n{lines}\ny = x * c\ny.sum().backward()"
    )
    found = await explain(runner, source)
    assert cuts(found.walk.graph) == expected
    assert found.walk.graph.nodes[1].line > 1


async def test_only_what_stands_at_an_input_is_one(runner: Runner) -> None:
    found = await explain(
        runner,
        "x = torch.tensor([1., -2.], requires_grad=True)\n"
        "mask = x > 0\n"
        "z = torch.zeros(2)\n"
        "y = torch.where(mask, z, x)\n"
        "i = torch.tensor([1, 0])\n"
        "(torch.stack([z, y[i]]) / torch.full((2, 2), 4.)).sum().backward()\n",
    )
    assert [cut for cut in cuts(found.walk.graph) if cut[2] != "no_requires_grad"] == []
    (where,) = [n for n in found.walk.graph.nodes if n.names == ("y",)]
    (edge,) = [e for e in found.walk.graph.edges if e.source == where.id and e.cut]
    assert (edge.slot, found.walk.graph.nodes[edge.target].names) == (0, ("z",))


async def test_gradients_asked_for_by_grad(runner: Runner) -> None:
    found = await explain(
        runner,
        "x = torch.tensor(3., requires_grad=True)\n"
        "z = torch.tensor(1., requires_grad=True)\n"
        "h = x * x\n"
        "y = 2 * h\n"
        "dh, dz = torch.autograd.grad(y, (h, z), allow_unused=True)\n",
    )
    (call,) = found.walk.calls
    graph = found.walk.graph
    assert (call.how, call.accumulations) == ("grad", ())
    assert call.inputs == (node(graph, "h").id, node(graph, "z").id)
    assert [numbers(value) for value in call.results] == [[2.0], None]
    assert ("y", "z", "unused") in cuts(graph)
    assert visited(found, call) == ["y"]


async def test_an_asked_expression_may_be_the_one_that_goes_backward(runner: Runner) -> None:
    found = await explain(
        runner,
        "x = torch.tensor([1., 2.], requires_grad=True)\ny = x * x\n",
        "x.grad",
        "torch.autograd.grad(y, x, torch.ones(2))[0]",
    )
    (call,) = found.walk.calls
    assert (call.section, call.line) == ("expression", 2)
    assert numbers(call.results[0]) == [2.0, 4.0]
    assert found.walk.notes == ()


async def test_the_graph_of_the_graph(runner: Runner) -> None:
    found = await explain(
        runner,
        "x = torch.tensor(2., requires_grad=True)\n"
        "y = x**3\n"
        "(g,) = torch.autograd.grad(y, x, create_graph=True)\n"
        "g.backward()\n",
    )
    first, second = found.walk.calls
    assert first.create_graph
    assert numbers(second.accumulations[0].after) == [12.0]
    assert node(found.walk.graph, "g").line == 3
    assert node(found.walk.graph, "g").id in [visit.node for visit in second.visits]


async def test_locals_name_what_has_no_other_name_and_are_no_other(runner: Runner) -> None:
    found = await explain(
        runner,
        "def f(x, w):\n"
        "    s = x * w\n"
        "    x = s + 1\n"
        "    return x * x\n"
        "x = torch.tensor(3., requires_grad=True)\n"
        "y = f(2 * x, x)\n"
        "y.backward()\n",
    )
    names = {node.function: node.names for node in found.walk.graph.nodes if node.line == 3}
    assert names["AddBackward0"] == ()
    assert node(found.walk.graph, "s").line == 2
    assert node(found.walk.graph, "x").kind == "leaf"


async def test_custom_functions(runner: Runner) -> None:
    found = await explain(
        runner,
        "class Scale(torch.autograd.Function):\n"
        "    @staticmethod\n"
        "    def forward(ctx, x, c, k):\n"
        "        ctx.save_for_backward(x)\n"
        "        ctx.k = k\n"
        "        return k * x\n"
        "    @staticmethod\n"
        "    def backward(ctx, g):\n"
        "        return 7 * g, None, None\n"
        "x = torch.tensor([1., 2.], requires_grad=True)\n"
        "c = torch.ones(2)\n"
        "y = Scale.apply(x, c, 3)\n"
        "y.sum().backward()\n",
    )
    made = node(found.walk.graph, "y")
    assert (made.custom, made.function, made.line) == ("Scale", "ScaleBackward", 12)
    assert numbers(made.value) == [3.0, 6.0]
    assert [(s.name, numbers(s.value), s.tensor_name) for s in made.saved] == [
        ("saved_tensors[0]", [1.0, 2.0], "x")
    ]
    assert made.attributes["k"] == "3"
    assert ("y", "c", "no_requires_grad") in cuts(found.walk.graph)
    assert found.trace.last()["x"].tensor.grad.entries == (7.0, 7.0)
    steps = [(step.function, step.line) for step in found.trace.steps if step.depth]
    assert ("backward", 9) in steps
    assert ("forward", 6) in steps


async def test_hooks_show_what_they_changed(runner: Runner) -> None:
    found = await explain(
        runner,
        "x = torch.tensor([1., 2.], requires_grad=True)\n"
        "h = 2 * x\n"
        "h.register_hook(lambda g: -g)\n"
        "h.retain_grad()\n"
        "(h + h).sum().backward()\n",
    )
    (call,) = found.walk.calls
    h = node(found.walk.graph, "h")
    (visit,) = [visit for visit in call.visits if visit.node == h.id]
    assert [numbers(v) for v in visit.before_hooks] == [[2.0, 2.0]]
    assert [numbers(v) for v in visit.incoming] == [[-2.0, -2.0]]
    assert all(v.before_hooks is None for v in call.visits if v.node != h.id)
    assert h.retains_grad
    retained = [a for a in call.accumulations if a.node == h.id]
    assert [numbers(a.after) for a in retained] == [[-2.0, -2.0]]


async def test_checkpointed_parts_run_as_often_as_ever(runner: Runner) -> None:
    source = (
        "from torch.utils.checkpoint import checkpoint\n"
        "runs = 0\n"
        "def block(v):\n"
        "    global runs\n"
        "    runs += 1\n"
        "    return torch.sin(v) * v\n"
        "x = torch.tensor([1., 2.], requires_grad=True)\n"
        "y = checkpoint(block, x, use_reentrant=REENTRANT)\n"
        "y.sum().backward()\n"
    )
    for reentrant in ("False", "True"):
        text = source.replace("REENTRANT", reentrant)
        found = await explain(runner, text, "runs", "x.grad")
        plain = (await runner.run(Job((program(text, "runs", "x.grad"),)))).program(0)
        assert found.run.values == plain.values
        assert found.run.values["runs"] == Number(2)
        assert found.walk.calls[0].visits


async def test_calls_within_a_call_are_calls_of_their_own(runner: Runner) -> None:
    found = await explain(
        runner,
        "x = torch.tensor(2., requires_grad=True)\n"
        "w = torch.tensor(3., requires_grad=True)\n"
        "def inner(g):\n"
        "    with torch.enable_grad():\n"
        "        (w * w).backward()\n"
        "    torch.autograd.grad(y, x, retain_graph=True)\n"
        "y = x * x\n"
        "h = 2 * y\n"
        "h.register_hook(inner)\n"
        "h.backward()\n",
    )
    outer, inner, shared = found.walk.calls
    assert (outer.line, inner.line, shared.line) == (10, 5, 6)
    assert visited(found, outer) == ["h", "y", "x"]
    assert visited(found, inner)[-1] == "w"
    assert visited(found, shared) == ["y"]


async def test_torch_func_is_said_to_have_no_graph_to_see(runner: Runner) -> None:
    found = await explain(
        runner, "g = torch.func.grad(lambda x: (x * x).sum())(torch.tensor([1., 2.]))\n", "g"
    )
    assert numbers(found.run.values["g"]) == [2.0, 4.0]
    assert found.walk.notes == ("torch-func", "no-graph")
    assert found.walk.calls == ()


async def test_without_backward_the_graph_is_that_of_what_is_asked(runner: Runner) -> None:
    source = "x = torch.tensor([1., 2.], requires_grad=True)\na = x * x\nb = a + 1\nc = a.sum()\n"
    found = await explain(runner, source, "c")
    assert found.walk.notes == ("no-backward",)
    assert found.walk.graph.roots == (node(found.walk.graph, "c").id,)
    found = await explain(runner, source)
    graph = found.walk.graph
    assert set(graph.roots) == {node(graph, "b").id, node(graph, "c").id}
    assert (await explain(runner, "x = 1\n", "x")).walk.notes == ("no-graph",)


async def test_what_is_watched_prints_and_draws_what_it_would(runner: Runner) -> None:
    source = (
        "import warnings, random\n"
        "x = torch.tensor([1., 2.], requires_grad=True)\n"
        "h = x * torch.randn(2)\n"
        "h.grad\n"
        "for _ in range(2):\n"
        "    x.sum().item() + float(h.sum()); torch.ones(2).T\n"
        "warnings.warn('mine')\n"
        "h.sum().backward(create_graph=True)\n"
        "print(x, h, x.grad, torch.nn.functional.softmax(torch.eye(2)))\n"
        "numbers = torch.rand(2), random.random()\n"
        "try:\n    x + 'a'\nexcept TypeError as error:\n    print(error)\n"
    )
    asked = ("numbers", "x.grad", "torch._C._autograd._get_sequence_nr()", "x._version")
    found = await explain(runner, source, *asked)
    plain = (await runner.run(Job((program(source, *asked),)))).program(0)
    assert found.run.output == plain.output
    assert "<program>:4: UserWarning" in plain.output
    assert found.run.values == plain.values


async def test_what_a_program_lets_go_is_let_go(runner: Runner) -> None:
    found = await explain(
        runner,
        "import weakref, gc\n"
        "x = torch.tensor([1., 2.], requires_grad=True)\n"
        "y = x * x\n"
        "ref = weakref.ref(y)\n"
        "y.sum().backward()\n"
        "c = torch.ones(2)\n"
        "leaf = torch.ones(2, requires_grad=True)\n"
        "(leaf * c).sum().backward()\n"
        "refs = [ref, weakref.ref(c), weakref.ref(leaf)]\n"
        "del y, c, leaf\n"
        "gone = [ref() is None for ref in refs]\n"
        "x.data = torch.ones(3)\n"
        "x.grad = None\n"
        "x.sum().backward()\n",  # an old AccumulateGrad kept alive would refuse the new shape
        "gone",
        "x.grad",
    )
    assert found.run.raised is None
    assert str(found.run.values["gone"]).count("true=True") == 3
    assert numbers(found.run.values["x.grad"]) == [1.0, 1.0, 1.0]
