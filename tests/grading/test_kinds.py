"""Every answer kind, graded with real torch: right, wrong by a near miss, wrong, invalid."""

from __future__ import annotations

import pytest

from tutor.grading.grade import grade, right_answers
from tutor.grading.truths import AuthorFault, find_truths
from tutor.question import draw

pytestmark = pytest.mark.asyncio(loop_scope="session")

HEAD = "format: 1\nid: one\nskill: some.skill\ntitle: One\nask: What?\n"


@pytest.fixture
def graded(library_of, runner):
    """``await graded(YAML, TEXT)``: the verdict on the one answer, or on all of them by name."""

    async def grading(yaml: str, text: str | None = None, *, seed: int = 0, **texts: str):
        library = library_of(one=HEAD + yaml)
        question = draw(library.exercises["one"], seed, "en")
        if text is not None:
            texts = {next(iter(question.answers)): text}
        truths = await find_truths(question, runner)
        verdict = await grade(question, truths, texts, runner)
        if text is None:
            return verdict
        return next(iter(verdict.answers.values()))

    return grading


@pytest.fixture
def shown(library_of, runner):
    async def showing(yaml: str, seed: int = 0):
        question = draw(library_of(one=HEAD + yaml).exercises["one"], seed, "en")
        return right_answers(question, await find_truths(question, runner))

    return showing


VALUE = """
program: |
  x = torch.tensor({x}, requires_grad=True)
  {more}
answers:
  a: {{kind: value, value: "{value}"}}
"""


def value(expression: str, x: str = "[1.0, 2.0, 3.0]", more: str = "y = (x * x).sum()") -> str:
    return VALUE.format(value=expression, x=x, more=more)


@pytest.mark.parametrize(
    ("expression", "text", "verdict"),
    [
        # tensors
        ("x", "1, 2, 3", "correct"),
        ("y.grad_fn.name()", "SumBackward0", "correct"),
        ("y.grad_fn.name()", "<sum>", "correct"),
        ("type(y.grad_fn).__name__", "'SumBackward0'", "correct"),
        ("y.grad_fn.name()", "MulBackward0", "wrong"),
        ("str(x.dtype)", "float32", "wrong"),
        ("(x, None)", "([1, 2, 3], None)", "correct"),
        ("(x, None)", "[1, 2, 3], None", "correct"),
        ("(x, None)", "[3, 2, 1], None", "wrong"),
        ("x.is_leaf", "tensor(True)", "correct"),
        ("x.is_leaf", "tensor(False)", "wrong"),
        ("(x, None)", "1, 2, 3, None", "invalid"),
        ("x", "[1, 2, 3]", "correct"),
        ("x", "tensor([1., 2., 3.], requires_grad=True)", "correct"),
        ("x", "1 2 3", "correct"),
        ("x", "1\n2\n3", "correct"),  # one number a line is a vector, if the question has one
        ("x.reshape(3, 1)", "1\n2\n3", "correct"),  # … or a column
        ("x", "1; 2; 3", "wrong"),  # semicolons make rows: 3×1
        ("x.reshape(3, 1)", "1; 2; 3", "correct"),
        ("x.reshape(1, 3)", "[[1, 2, 3]]", "correct"),
        ("x.reshape(1, 3)", "[1, 2, 3]", "wrong"),
        ("x", "1, 2", "wrong"),
        ("x", "1, 2, 4", "wrong"),
        ("x / 3", "1/3, 2/3, 1", "correct"),
        ("x / 3", "0.333, 0.667, 1", "correct"),
        ("x / 3", "0.33, 0.67, 1", "wrong"),
        ("x / 3", "tensor([0.3333, 0.6667, 1.0000])", "correct"),
        ("x * 1e-4", "tensor([1.0000e-04, 2.0000e-04, 3.0000e-04])", "correct"),
        ("x.sum()", "6", "correct"),
        ("x.sum()", "tensor(6.)", "correct"),
        ("x.sum()", "[6]", "wrong"),  # a list of one is 1-d, the truth 0-d
        ("x[:1]", "1", "correct"),  # a one-element tensor may be typed as a number
        ("x[:1]", "[1]", "correct"),
        ("x.reshape(1, 3)[:, :1]", "1", "correct"),
        ("x > 1", "False, True, True", "correct"),
        ("x > 1", "tensor([False, True, True])", "correct"),
        ("x > 1", "0, 1, 1", "wrong"),  # 1 is not True
        ("x[:1] > 0", "True", "correct"),
        ("x * float('nan')", "nan nan nan", "correct"),
        ("x / 0", "inf, inf, inf", "correct"),
        ("-x / 0", "inf, inf, inf", "wrong"),
        ("x * -0.0", "0, 0, 0", "correct"),
        ("torch.zeros(0, 3)", "tensor([], size=(0, 3))", "correct"),
        # None, bools, numbers
        ("x.grad", "None", "correct"),
        ("x.grad", "none", "correct"),
        ("x.grad", "0, 0, 0", "wrong"),
        ("x.grad", "abc", "invalid"),
        ("x.requires_grad", "True", "correct"),
        ("x.requires_grad", "false", "wrong"),
        ("x.requires_grad", "1", "wrong"),
        ("x.requires_grad", "maybe", "invalid"),
        ("x.dim()", "1", "correct"),
        ("x.dim()", "1.0", "correct"),
        ("x.dim()", "[1]", "wrong"),
        ("y.item()", "14", "correct"),
        ("x", "banana", "invalid"),
        ("x", "[1, 2", "invalid"),
        ("x", "2x, 1, 1", "invalid"),
        # shapes
        ("x.reshape(1, 3).shape", "1, 3", "correct"),
        ("x.reshape(1, 3).shape", "1×3", "correct"),
        ("x.reshape(1, 3).shape", "1 x 3", "correct"),
        ("x.reshape(1, 3).shape", "(1, 3)", "correct"),
        ("x.reshape(1, 3).shape", "torch.Size([1, 3])", "correct"),
        ("x.reshape(1, 3).shape", "tensor([1, 3])", "wrong"),
        ("x.reshape(1, 3).shape", "3, 1", "wrong"),
        # names of nodes
        ("(x * x).grad_fn", "MulBackward0", "correct"),
        ("(x * x).grad_fn", "<MulBackward0>", "correct"),
        ("(x * x).grad_fn", "<MulBackward0 object at 0x7f12>", "correct"),
        ("(x * x).grad_fn", "mul", "correct"),
        ("(x * x).grad_fn", "'MulBackward0'", "correct"),
        ("(x * x).grad_fn", "AddBackward0", "wrong"),
        ("(x * x).grad_fn", "1", "wrong"),
        # strings, tuples
        ("'abc'", "abc", "correct"),
        ("'abc'", "'abc'", "correct"),
        ("(x.sum(), x.mean())", "6, 2", "correct"),
        ("(x.sum(), x.mean())", "(tensor(6.), tensor(2.))", "correct"),
        ("(x[:2], x)", "(tensor([1., 2.]), tensor([1., 2., 3.]))", "correct"),
        ("(x, None)", "(tensor([1., 2., 3.]), None)", "correct"),
        ("(x, None)", "(tensor([1., 2., 3.]), tensor(0.))", "wrong"),
        ("x.tolist()", "[1, 2, 3]", "correct"),
    ],
)
async def test_values(graded, expression, text, verdict):
    answer = await graded(value(expression), text)
    assert answer.verdict == verdict, answer


async def test_a_wrong_shape_names_both(graded):
    answer = await graded(value("x.reshape(1, 3)"), "1, 2, 3")
    assert "[1, 3]" in answer.message
    assert "[3]" in answer.message


async def test_the_shown_answer_is_read_back_as_right(graded, shown):
    for expression in ("x", "x.sum()", "x.shape", "y.grad_fn", "x.grad", "(x, None)", "x > 1"):
        text = (await shown(value(expression)))["a"]
        assert (await graded(value(expression), text)).verdict == "correct", text


NEAR = """
params: {c: {int: [3, 5]}}
program: |
  x = torch.tensor([1.0, 2.0], requires_grad=True)
  y = ({{ c }} * x.detach() * x).sum()
  y.backward()
answers:
  grad:
    kind: value
    value: x.grad
    near:
      ignored: {patch: [{replace: x.detach(), with: x}], says: "{{ c }}, {{ live('x.grad') }}"}
      none: {value: None, says: nothing}
      constant: {expr: x.detach(), says: forgot}
      list: {value: [7, 8], says: typed}
      sum: {patch: [{replace: .sum(), with: .mean()}], expr: x.grad * 1, says: mean}
"""


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("{2c}, {4c}", ("ignored",)),
        ("None", ("none",)),
        ("1, 2", ("constant",)),
        ("tensor([7., 8.])", ("list",)),
        ("{c}/2, {c}", ("sum",)),
        ("9, 9", ()),
    ],
)
async def test_near_misses_are_named(graded, library_of, text, near):
    c = draw(library_of(one=HEAD + NEAR).exercises["one"], 4, "en").params["c"]
    text = text.replace("{2c}", str(2 * c)).replace("{4c}", str(4 * c)).replace("{c}", str(c))
    answer = await graded(NEAR, text, seed=4)
    assert answer.verdict == "wrong"
    assert answer.near == near
    if near == ("ignored",):
        assert f"{c}, tensor([" in answer.message


FLAGS = """
program: |
  x = torch.ones(2, requires_grad=True)
  y = x.detach()
answers:
  f:
    kind: flags
    flags: [x.is_leaf, y.requires_grad, y.is_leaf]
    near:
      all: {value: [true, true, true], says: all}
"""


@pytest.mark.parametrize(
    ("text", "verdict", "score", "near"),
    [
        ("True False True", "correct", 1, ()),
        ("T, F, T", "correct", 1, ()),
        ("yes no yes", "correct", 1, ()),
        ("x.is_leaf=True y.is_leaf=True y.requires_grad=False", "correct", 1, ()),
        ("True True True", "wrong", 2 / 3, ("all",)),
        ("False True False", "wrong", 0, ("rel:inverted",)),
        ("True False", "invalid", 0, ()),
    ],
)
async def test_flags(graded, text, verdict, score, near):
    answer = await graded(FLAGS, text)
    assert (answer.verdict, answer.near) == (verdict, near)
    assert answer.score == pytest.approx(score)


RAISES = """
program: |
  x = torch.ones(2, requires_grad=True)
  y = x * x
  y.backward()
answers:
  r:
    kind: raises
    near:
      scalar: {patch: [{replace: y.backward(), with: y.sum().backward()}], says: only for scalars}
      elsewhere: {value: RuntimeError 2, says: not there}
"""


@pytest.mark.parametrize(
    ("text", "verdict", "near"),
    [
        ("RuntimeError 3", "correct", ()),
        ("RuntimeError, line 3", "correct", ()),
        ("no", "wrong", ("scalar",)),
        ("RuntimeError 2", "wrong", ("elsewhere",)),
        ("ValueError 3", "wrong", ()),
        ("Exception 3", "wrong", ()),
        ("RuntimeError", "invalid", ()),
        ("RuntimeError 9", "invalid", ()),
    ],
)
async def test_raises(graded, text, verdict, near):
    answer = await graded(RAISES, text)
    assert (answer.verdict, answer.near) == (verdict, near), answer


async def test_of_a_wrong_error_it_is_said_whether_its_line_is_right(graded):
    alone = RAISES.split("    near:")[0]
    assert (await graded(alone, "ValueError 3")).message.startswith("The line is right")
    assert (await graded(alone, "ValueError 2")).message.startswith("It stops with an error")


async def test_the_class_alone_may_be_asked(graded, shown):
    alone = RAISES.replace("kind: raises\n", "kind: raises\n    lines: []\n").split("    near:")[0]
    assert (await graded(alone, "RuntimeError")).verdict == "correct"
    assert (await graded(alone, "ValueError")).verdict == "wrong"
    assert await shown(alone) == {"r": "RuntimeError"}


async def test_a_program_that_does_not_raise(graded):
    quiet = RAISES.replace("y.backward()\n", "y.sum().backward()\n").split("    near:")[0]
    assert (await graded(quiet, "none")).verdict == "correct"
    assert (await graded(quiet, "RuntimeError 3")).verdict == "wrong"


async def test_a_class_that_torch_hides_behind_an_underscore_goes_by_its_public_name(graded, shown):
    singular = "program: |\n  torch.linalg.inv(torch.zeros(2, 2))\nanswers:\n  r: {kind: raises}\n"
    assert (await graded(singular, "torch.linalg.LinAlgError 1")).verdict == "correct"
    assert (await graded(singular, "RuntimeError 1")).verdict == "correct"
    assert await shown(singular) == {"r": "LinAlgError, line 1"}


FORMULA = """
program: |
  def f(A, x): return (A @ x).pow(2).sum()
answers:
  g:
    kind: formula
    vars: {A: [2, 3], x: [3]}
    truth: torch.autograd.grad(f(A, x), x)[0]
    show: 2 * A.T @ (A @ x)
    near:
      two: {expr: A.T @ (A @ x), says: the square's factor}
      patched: {patch: [{replace: pow(2), with: pow(3)}], says: third power}
"""


@pytest.mark.parametrize(
    ("text", "verdict", "near", "says"),
    [
        ("2 * A.T @ (A @ x)", "correct", (), ""),
        ("2*torch.matmul(A.T, A @ x)", "correct", (), ""),
        ("(2*A.T@A)@x", "correct", (), ""),
        ("A.T @ (A @ x)", "wrong", ("two",), "factor"),
        ("3 * A.T @ (A @ x)**2", "wrong", ("patched",), "third"),
        ("2 * A @ x", "wrong", (), "shape"),
        ("A @ A", "wrong", (), "torch cannot run this"),
        ("2 * A.T @ (A @ x) + log(x - 9)", "wrong", (), "nan"),
        ("2 * A.T @ (A @ x) + 0.001", "wrong", (), "At A = "),
        ("f(A, x)", "invalid", (), ""),
        ("lambda: x", "invalid", (), ""),
        ("x.backward()", "invalid", (), ""),
        ("ones(100000, 100000) @ A", "invalid", (), "asks for too much memory: write one with"),
        (
            "eye(4000) @ eye(4000) @ eye(4000) @ eye(4000)",
            "invalid",
            (),
            "This formula takes too long",
        ),
        ("Aᵀ @ x", "invalid", (), "`ᵀ` does not transpose"),
        ("exp()", "wrong", (), ": exp() missing"),
    ],
)
async def test_formulas(graded, text, verdict, near, says):
    answer = await graded(FORMULA, text)
    assert (answer.verdict, answer.near) == (verdict, near), answer
    assert says in answer.message


CODE = """
program: |
  x = torch.tensor([1.0, 2.0], requires_grad=True)
answers:
  c:
    kind: code
    starter: "y = ..."
    solution: |
      y = (x * x).sum()
      y.backward()
    compare: [x.grad, "y.item()"]
    forbid: [{name: autograd.grad, says: use backward}]
    require: [backward]
"""


@pytest.mark.parametrize(
    ("text", "verdict", "says"),
    [
        ("y = (x**2).sum()\ny.backward()", "correct", ""),
        ("y = x.dot(x)\ny.backward()", "correct", ""),
        ("y = (x * x).sum()\n(y + y).backward()", "wrong", "`x.grad`"),
        ("y = (x * x).sum()", "wrong", "`backward`"),
        ("y = x\nz = torch.autograd.grad(y.sum(), x); y.backward", "wrong", "use backward"),
        ("y = x * x\ny.backward()", "wrong", "RuntimeError on line 2"),
        ("y = 1 / 0 # backward\ny.backward()", "wrong", "ZeroDivisionError on line 1"),
        ("import os\nos._exit(0)\nbackward = 1", "wrong", "ended the process"),
        ("y.backward\nwhile True: pass", "wrong", "line 1"),
        ("x.backward\nwhile True: pass", "wrong", "stopped"),
        ("y = (", "invalid", ""),
        (
            "x = torch.tensor([1.0, 2.0]).double().requires_grad_()\ny = (x * x).sum()\ny.backward()",
            "wrong",
            "should be float32",
        ),
    ],
)
async def test_code(graded, text, verdict, says):
    answer = await graded(CODE, text)
    assert answer.verdict == verdict, answer
    assert says in answer.message


async def test_code_compares_nothing_inside_a_value_that_it_cannot_compare(graded):
    nested = CODE.replace('"y.item()"', '"[{1: y}]"')
    with pytest.raises(AuthorFault, match="dict"):
        await graded(nested, "y = (x * x).sum()\ny.backward()")


CHOICE = """
program: |
  x = torch.tensor([1.0, 2.0], requires_grad=True)
  (3 * x).sum().backward()
answers:
  v: {kind: value, value: x.grad, near: {none: {value: null, says: no}}}
  c:
    kind: choice
    options:
      - {expr: x.grad, correct: true}
      - {expr: "x.detach()", says: that is x}
      - {near: none, says: there is one}
      - {text: it raises, says: it does not}
"""


async def test_choice(graded, library_of):
    question = draw(library_of(one=HEAD + CHOICE).exercises["one"], 0, "en")
    options = question.answers["c"].options
    right = next(i for i, option in enumerate(options) if option.correct)
    raises = next(i for i, option in enumerate(options) if option.text)
    for text, verdict, says in [
        ("abcd"[right], "correct", ""),
        ("ABCD"[right], "correct", ""),
        ("tensor([3., 3.])", "correct", ""),
        ("3, 3", "correct", ""),
        ("abcd"[raises], "wrong", "it does not"),
        ("it raises", "wrong", "it does not"),
        ("1, 2", "wrong", "that is x"),
        ("None", "wrong", "there is one"),
        ("z", "invalid", ""),
        ("5, 5", "invalid", ""),
    ]:
        answer = (await graded(CHOICE, v="3, 3", c=text)).answers["c"]
        assert answer.verdict == verdict, (text, answer)
        assert says in answer.message


async def test_two_options_that_are_the_same_are_the_authors_fault(graded):
    with pytest.raises(AuthorFault, match="the same"):
        await graded(CHOICE.replace("x.detach()", "x.grad * 1"), v="3, 3", c="a")


MANY = """
program: |
  x = torch.tensor([1.0, 2.0, 6.0])
answers:
  c:
    kind: choice
    many: true
    options:
      - {expr: x.sum(), correct: true}
      - {expr: x.mean(), correct: true}
      - {expr: x, says: that is x}
      - {text: both}
"""


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("9, 3", "correct"),
        ("3; 9", "correct"),
        ("9\n3", "correct"),
        ("9 3", "correct"),
        ("tensor(9.), tensor(3.)", "correct"),
        ("9", "wrong"),
        ("1, 2, 6", "wrong"),
        ("9; 3; both", "wrong"),
        ("9; [1, 2, 6]", "wrong"),
        ("9, 4", "invalid"),
        ("9, foo", "invalid"),
    ],
)
async def test_several_options_may_be_chosen_by_their_values(graded, text, verdict):
    answer = await graded(MANY, text)
    assert answer.verdict == verdict, answer


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("9", "What you chose holds, but it is not all that holds."),
        ("1, 2, 6", "that is x"),
        ("9; [1, 2, 6]", "{x}: that is x"),
        ("[1, 2, 6]; both", "{x}: that is x"),
        ("9; both", "That is not it."),
    ],
)
async def test_of_several_options_each_reason_stands_with_its_letter(
    graded, text, says, library_of
):
    options = draw(library_of(one=HEAD + MANY).exercises["one"], 0, "en").answers["c"].options
    letter = "abcd"[next(i for i, option in enumerate(options) if option.says)]
    answer = await graded(MANY, text)
    assert answer.message == says.format(x=letter)


async def test_two_wrong_options_are_told_apart(graded, library_of):
    two = MANY.replace("{text: both}", "{text: both, says: not both}")
    options = draw(library_of(one=HEAD + two).exercises["one"], 0, "en").answers["c"].options
    told = [
        f"{'abcd'[i]}: {'that is x' if o.expr else 'not both'}"
        for i, o in enumerate(options)
        if not o.correct
    ]
    answer = await graded(two, "[1, 2, 6]; both")
    assert answer.message.split("\n") == told
    assert answer.says == ()


LIVE_CHOICE = """
program: |
  x = torch.tensor([1.0, 2.0])
answers:
  c:
    kind: choice
    options:
      - {text: "The sum is {{ live('x.sum().item()') }}", correct: true}
      - {text: "The sum is {{ live('x.sum().item() + 1') }}", says: "that is {{ live('x') }} and 1"}
"""


async def test_an_options_text_may_hold_live_values(graded):
    assert (await graded(LIVE_CHOICE, "The sum is 3.0")).verdict == "correct"
    wrong = await graded(LIVE_CHOICE, "the sum is 4.0")
    assert (wrong.verdict, wrong.message) == ("wrong", "that is tensor([1., 2.]) and 1")
    with pytest.raises(AuthorFault, match="the same: The sum is"):
        await graded(LIVE_CHOICE.replace(" + 1", " + 0"), "a")


ORDER = """
program: |
  x = torch.tensor([2.0], requires_grad=True)
answers:
  o:
    kind: order
    lines: ["y = x * x", "z = 3 * x", "(y + z).backward()"]
    distractors: ["x.grad.zero_()"]
    depends: {3: [1, 2]}
    compare: [x.grad]
"""


async def test_order(graded, library_of):
    lines = draw(library_of(one=HEAD + ORDER).exercises["one"], 0, "en").answers["o"].lines
    a, b, c, zero = (
        "abcd"[lines.index(line)]
        for line in ("y = x * x", "z = 3 * x", "(y + z).backward()", "x.grad.zero_()")
    )
    for text, verdict, says in [
        (f"{a} {b} {c}", "correct", ""),
        (f"{b}{a}{c}", "correct", ""),
        ("y = x * x\nz = 3 * x\n(y + z).backward()", "correct", ""),
        (f"{a} {c} {b}", "wrong", "needs a line"),
        (f"{a} {b} {c} {zero}", "wrong", "does not belong"),
        (f"{a} {c}", "wrong", "missing"),
        (f"{a} {a} {c}", "invalid", ""),
        ("q", "invalid", ""),
    ]:
        answer = await graded(ORDER, text)
        assert answer.verdict == verdict, (text, answer)
        assert says in answer.message


async def test_lines_of_the_same_text_may_change_places(graded, library_of):
    doubled = """
program: |
  x = torch.tensor([2.0])
answers:
  o: {kind: order, lines: ["x += 1", "x *= 2", "x += 1"], depends: {2: [1], 3: [2]}, compare: [x]}
"""
    strict = doubled.replace("depends: {2: [1], 3: [2]}, ", "")
    for yaml in (doubled, strict):
        lines = draw(library_of(one=HEAD + yaml).exercises["one"], 0, "en").answers["o"].lines
        (first, last), mid = (
            ["abc"[i] for i, line in enumerate(lines) if line == text][:2]
            for text in ("x += 1", "x *= 2")
        )
        for text, verdict in [
            (f"{first} {mid[0]} {last}", "correct"),
            (f"{last} {mid[0]} {first}", "correct"),
            (f"{first} {last} {mid[0]}", "wrong"),
        ]:
            assert (await graded(yaml, text)).verdict == verdict, (yaml, text)


async def test_a_text_that_cannot_be_filled_is_the_authors_fault(graded):
    hidden = "explain: \"{% if live('a') == 'tensor([1.])' %}{{ live('x.grad') }}{% endif %}\"\n"
    with pytest.raises(AuthorFault, match="not asked for"):
        await graded(hidden.replace("'a'", "'x.detach()'") + TWO, a="1", b="None")


TWO = """
program: |
  x = torch.tensor([1.0], requires_grad=True)
answers:
  a: {kind: value, value: x, weight: 3}
  b: {kind: value, value: x.grad}
"""


async def test_several_answers_weigh_together(graded):
    assert (await graded(TWO, a="1", b="None")).score == 1
    half = await graded(TWO, a="1", b="0")
    assert (half.verdict, half.score) == ("wrong", 0.75)


async def test_one_invalid_answer_tells_nothing_of_the_others(graded):
    verdict = await graded(TWO, a="2", b="[")
    assert verdict.verdict == "invalid"
    assert verdict.score is None
    assert set(verdict.answers) == {"b"}
    assert verdict.answers["b"].truth is None
