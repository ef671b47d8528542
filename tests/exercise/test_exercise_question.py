"""Questions: every kind of answer drawn, texts in languages, live values, patches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from exercise_helpers import HEAD, PROGRAM, VALUE, WHOLE, answers, load, params, question, write

from tutor.exercise.answers import MISSING
from tutor.exercise.load import load_file
from tutor.question import (
    DrawError,
    DrawnChoice,
    DrawnCode,
    DrawnFlags,
    DrawnFormula,
    DrawnNear,
    DrawnOrder,
    DrawnRaises,
    DrawnRule,
    DrawnValue,
    VariableSpec,
    draw,
)

if TYPE_CHECKING:
    from pathlib import Path

RUN = "x = torch.tensor([2.0], requires_grad=True)\ny = 3 * x\ny.backward()\n"


def test_value(tmp_path: Path) -> None:
    drawn = question(tmp_path, answers("a: {kind: value, value: ' x.grad ', weight: 2, prompt: P}"))
    assert drawn.program == RUN
    assert drawn.answers["a"] == DrawnValue("a", 2.0, "P", "x.grad", {})


def test_defaults(tmp_path: Path) -> None:
    exercise = load(tmp_path, WHOLE).exercise
    assert (exercise.revision, exercise.params, exercise.hints, exercise.tests) == (1, {}, (), ())
    assert (exercise.explain, exercise.tags, exercise.difficulty) == (None, (), None)
    drawn = question(tmp_path, WHOLE)
    assert (drawn.answers["a"].weight, drawn.answers["a"].prompt, drawn.hints) == (1.0, None, ())
    assert (drawn.tests, drawn.live_expressions) == ((), ())
    assert drawn.texts_with({}).explain is None


def test_flags(tmp_path: Path) -> None:
    text = answers(
        "a: {kind: flags, flags: [x.is_leaf, y.is_leaf], near: {n: {value: [true, true], says: s}}}"
    )
    drawn = question(tmp_path, text).answers["a"]
    assert isinstance(drawn, DrawnFlags)
    assert drawn.expressions == ("x.is_leaf", "y.is_leaf")
    assert drawn.near == {"n": DrawnNear("n", None, None, [True, True], "s")}


def test_raises(tmp_path: Path) -> None:
    text = answers("a: {kind: raises, lines: [1, '{{ 1 + 2 }}'], near: {n: {value: no, says: s}}}")
    drawn = question(tmp_path, text).answers["a"]
    assert drawn == DrawnRaises(
        "a", 1.0, None, (1, 3), {"n": DrawnNear("n", None, None, "no", "s")}
    )
    assert question(tmp_path, answers("a: {kind: raises}")).answers["a"] == DrawnRaises(
        "a", 1.0, None, None, {}
    )


def test_raises_line_beyond_the_program(tmp_path: Path) -> None:
    with pytest.raises(DrawError, match="there is no line 4; the program has 3 lines"):
        question(tmp_path, answers("a: {kind: raises, lines: [4]}"))


FORMULA = """
f:
  kind: formula
  vars:
    A: [2, 3]
    s: []
    B: {shape: [3, 3], kind: spd}
    p: {shape: ["{{ 1 + 1 }}"], kind: positive}
    q: {shape: [4], low: -1, high: 0.5}
    r: {shape: [4], high: 7}
  truth: torch.autograd.grad((A @ B).sum(), A)[0]
  show: ones_like(A) @ B.T
  near:
    n: {expr: "2x is no Python", says: s}
    v: {value: A, says: s}
"""


def test_formula(tmp_path: Path) -> None:
    drawn = question(tmp_path, answers(FORMULA, program="")).answers["f"]
    assert isinstance(drawn, DrawnFormula)
    assert drawn.variables == {
        "A": VariableSpec((2, 3), None, -2.0, 2.0),
        "s": VariableSpec((), None, -2.0, 2.0),
        "B": VariableSpec((3, 3), "spd", -2.0, 2.0),
        "p": VariableSpec((2,), "positive", 0.0, 2.0),
        "q": VariableSpec((4,), None, -1.0, 0.5),
        "r": VariableSpec((4,), None, -2.0, 7.0),
    }
    assert drawn.truth == "torch.autograd.grad((A @ B).sum(), A)[0]"
    assert drawn.show == "ones_like(A) @ B.T"
    assert drawn.near["n"].expression == "2x is no Python"
    assert (drawn.near["v"].value, drawn.near["n"].has_value) == ("A", False)


def test_formula_needs_no_program_but_may_have_one(tmp_path: Path) -> None:
    assert question(tmp_path, answers(FORMULA, program="")).program == ""
    assert question(tmp_path, answers(FORMULA)).program == RUN


@pytest.mark.parametrize(
    ("shape", "part"),
    [
        ("['{{ 0 }}']", "a dimension of 0"),
        ("['x']", "`x` is no whole number"),
        ("['{{ 10**6 }}']", "1 to 1,000"),
    ],
)
def test_formula_shapes_are_checked_when_drawn(shape: str, part: str, tmp_path: Path) -> None:
    text = answers(f"f: {{kind: formula, vars: {{A: {shape}}}, truth: A, show: A}}", program="")
    with pytest.raises(DrawError, match=part):
        question(tmp_path, text)


def test_code(tmp_path: Path) -> None:
    text = answers("""
        c:
          kind: code
          starter: |
            def f(x):
              ...
          solution: |
            def f(x):
                return x * {{ 1 + 1 }}
          compare: ["f({{ 3 }})", x]
          forbid: [numpy, {name: torch.sum, says: {en: No, zh: 不}}]
          require: [f]
        """)
    drawn = question(tmp_path, text, language="zh").answers["c"]
    assert drawn == DrawnCode(
        "c",
        1.0,
        None,
        "def f(x):\n  ...\n",
        "def f(x):\n    return x * 2\n",
        ("f(3)", "x"),
        (DrawnRule("numpy", None), DrawnRule("torch.sum", "不")),
        (DrawnRule("f", None),),
    )


def test_code_solution_has_to_be_python(tmp_path: Path) -> None:
    with pytest.raises(DrawError, match="this is no Python"):
        question(tmp_path, answers("c: {kind: code, starter: '', solution: 'y =', compare: [y]}"))


CHOICE = """
a:
  kind: value
  value: x.grad
  near:
    plus: {patch: [{replace: "3 *", with: "3 +"}], says: Plus}
    none: {value: null, says: Nothing}
c:
  kind: choice
  options:
    - {text: {en: three, zh: 三}, correct: true, says: Right}
    - {expr: "x.grad + {{ 1 }}"}
    - {near: plus}
    - {near: none, says: Own}
"""


def test_choice(tmp_path: Path) -> None:
    loaded = load(tmp_path, answers(CHOICE))
    orders = set()
    for seed in range(200):
        drawn = draw(loaded, seed, "zh")
        choice = drawn.answers["c"]
        assert isinstance(choice, DrawnChoice)
        assert not choice.many
        orders.add(tuple(option.index for option in choice.options))
        by_index = {option.index: option for option in choice.options}
        assert (by_index[0].text, by_index[0].correct, by_index[0].says) == ("三", True, "Right")
        assert (by_index[1].expr, by_index[1].says) == ("x.grad + 1", None)
        assert (by_index[2].near, by_index[2].near_of, by_index[2].says) == ("plus", "a", "Plus")
        assert (by_index[3].near, by_index[3].says) == ("none", "Own")
        final = drawn.texts_with({})
        place = [option.index for option in choice.options].index(2)
        assert final.option_says["c", place] == "Plus"
    assert len(orders) == 24


def test_choice_needs_no_program(tmp_path: Path) -> None:
    text = answers(
        "c: {kind: choice, many: true, options: [{text: a, correct: true}, {text: b, correct: true}]}",
        program="",
    )
    drawn = question(tmp_path, text)
    choice = drawn.answers["c"]
    assert drawn.program == ""
    assert isinstance(choice, DrawnChoice)
    assert choice.many


def test_the_same_near_id_in_two_answers_is_ambiguous_as_an_option(tmp_path: Path) -> None:
    from exercise_helpers import errors

    near = "near: {n: {value: 1, says: s}}"
    text = answers(
        f"a: {{kind: value, value: x, {near}}}\nb: {{kind: value, value: y, {near}}}\n"
        "c: {kind: choice, options: [{text: a, correct: true}, {near: n}]}"
    )
    (problem,) = errors(tmp_path, text)
    assert "`n` is a near miss of `a` and of `b`" in problem.message


def test_options_that_become_equal_are_refused(tmp_path: Path) -> None:
    text = params("k: {int: [2, 2]}").split("answers:")[0] + (
        "answers:\n  c:\n    kind: choice\n    options:\n"
        "    - {text: '{{ k + k }}', correct: true}\n    - {text: '{{ k * k }}'}\n"
    )
    with pytest.raises(DrawError, match="the same as option 1: `4`") as caught:
        question(tmp_path, text)
    assert caught.value.problem.field == "answers.c.options.1"


ORDER = """
o:
  kind: order
  lines: ["a = {{ 1 }}", "b = a", "c = b", "d = a"]
  distractors: ["b = c"]
  depends: {2: [1], 3: [2], 4: [1]}
  compare: [c]
"""


def test_order(tmp_path: Path) -> None:
    loaded = load(tmp_path, answers(ORDER))
    shown = set()
    for seed in range(40):
        drawn = draw(loaded, seed, "en").answers["o"]
        assert isinstance(drawn, DrawnOrder)
        shown.add(drawn.lines)
        assert [drawn.lines[i] for i in drawn.right_order] == ["a = 1", "b = a", "c = b", "d = a"]
        assert [drawn.lines[i] for i in drawn.distractors] == ["b = c"]
        named = {
            drawn.lines[k]: {drawn.lines[i] for i in v} for k, v in (drawn.depends or {}).items()
        }
        assert named == {"b = a": {"a = 1"}, "c = b": {"b = a"}, "d = a": {"a = 1"}}
        assert drawn.compare == ("c",)
        places = [i for i in range(5) if i not in drawn.distractors]
        at = {line: place for place, line in enumerate(places)}
        a, b, c, d = (at[i] for i in drawn.right_order)
        assert not (a < b < c and a < d), "the lines are shown in a right order"
    assert len(shown) > 20


def test_order_without_depends_has_one_right_order(tmp_path: Path) -> None:
    loaded = load(tmp_path, answers("o: {kind: order, lines: [a = 1, b = a]}"))
    for seed in range(10):
        drawn = draw(loaded, seed, "en").answers["o"]
        assert isinstance(drawn, DrawnOrder)
        assert drawn.depends is None
        assert drawn.lines == ("b = a", "a = 1")
        assert drawn.right_order == (1, 0)


def test_order_with_empty_depends_may_be_shown_in_any_order(tmp_path: Path) -> None:
    loaded = load(tmp_path, answers("o: {kind: order, lines: [a = 1, b = 2], depends: {}}"))
    assert len({draw(loaded, seed, "en").answers["o"].lines for seed in range(20)}) == 2  # type: ignore[union-attr]


def test_order_distractor_that_becomes_a_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DrawError, match="also line 1"):
        question(
            tmp_path,
            answers("o: {kind: order, lines: [a = 1, b = 2], distractors: ['a = {{ 1 }}']}"),
        )


def near(text: str, *, program: str = PROGRAM) -> str:
    return answers(f"a:\n  kind: value\n  value: x.grad\n  near:\n    n: {text}", program=program)


def test_patch(tmp_path: Path) -> None:
    drawn = question(
        tmp_path, near("{patch: [{replace: 3 * x, with: '{{ 2 * 2 }} * x'}], says: s}")
    )
    (miss,) = drawn.answers["a"].near.values()  # type: ignore[union-attr]
    assert miss == DrawnNear("n", RUN.replace("3 * x", "4 * x"), None, MISSING, "s")


def test_patch_with_expression(tmp_path: Path) -> None:
    drawn = question(
        tmp_path, near("{patch: [{replace: 3, with: '4'}], expr: y, says: s}".replace("3,", "'3',"))
    )
    (miss,) = drawn.answers["a"].near.values()  # type: ignore[union-attr]
    assert (miss.program, miss.expression) == (RUN.replace("3", "4"), "y")


def test_patch_deletes_lines(tmp_path: Path) -> None:
    text = answers(
        "a:\n  kind: value\n  value: x.grad\n  near:\n    n:\n      patch:\n        - replace: |\n"
        "            y = 3 * x\n            y.backward()\n          with: ''\n      says: s"
    )
    (miss,) = question(tmp_path, text).answers["a"].near.values()  # type: ignore[union-attr]
    assert miss.program == RUN.split("\n")[0] + "\n"


def test_patch_everywhere(tmp_path: Path) -> None:
    drawn = question(tmp_path, near("{patch: [{replace: x, with: z, count: all}], says: s}"))
    (miss,) = drawn.answers["a"].near.values()  # type: ignore[union-attr]
    assert miss.program == RUN.replace("x", "z")


def test_patches_exchange_two_texts(tmp_path: Path) -> None:
    program = "program: |\n  a = 1\n  b = 2\n  x = a - b\n"
    text = near(
        "{patch: [{replace: '= a', with: '= b'}, {replace: '- b', with: '- a'}], says: s}",
        program=program,
    )
    (miss,) = question(tmp_path, text).answers["a"].near.values()  # type: ignore[union-attr]
    assert miss.program == "a = 1\nb = 2\nx = b - a\n"


@pytest.mark.parametrize(
    ("patch", "field", "part"),
    [
        ("[{replace: nope, with: a}]", "patch.0.replace", "does not occur in the program"),
        (
            "[{replace: x, with: a}]",
            "patch.0.replace",
            r"occurs 2 times \(lines 1, 2\).*`count: all`",
        ),
        ("[{replace: nope, with: a, count: all}]", "patch.0.replace", "does not occur"),
        ("[{replace: 3 *, with: a}, {replace: '* x', with: b}]", "patch", "the same place"),
        ("[{replace: '{{ '''' }}', with: b}]", "patch.0.replace", "is empty in this draw"),
    ],
)
def test_patches_that_do_not_fit(patch: str, field: str, part: str, tmp_path: Path) -> None:
    with pytest.raises(DrawError, match=part) as caught:
        question(tmp_path, near(f"{{patch: {patch}, says: s}}"))
    assert caught.value.problem.field == f"answers.a.near.n.{field}"
    assert caught.value.problem.line == 15


def test_occurrences_that_overlap_are_counted(tmp_path: Path) -> None:
    with pytest.raises(DrawError, match="occurs 2 times"):
        question(
            tmp_path,
            near("{patch: [{replace: aa, with: b}], says: s}", program="program: x = 'aaa'\n"),
        )


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("null", None),
        ("~", None),
        ("None", "None"),
        ("true", True),
        ("2", 2),
        ("2.5", 2.5),
        ("[1, 2]", [1, 2]),
        ("[[1, 2], [3, 4.5]]", [[1, 2], [3, 4.5]]),
        ("'1, 2'", "1, 2"),
        ("'{{ 1 + 1 }}'", "2"),
        ("['{{ 1 + 1 }}', 3]", [2, 3]),
        ("[['{{ 0.5 }}']]", [[0.5]]),
        (".inf", float("inf")),
        ("MulBackward0", "MulBackward0"),
        ("''", ""),
    ],
)
def test_near_values_mean_what_they_say(given: str, value: object, tmp_path: Path) -> None:
    drawn = question(tmp_path, near(f"{{value: {given}, says: s}}"))
    (miss,) = drawn.answers["a"].near.values()  # type: ignore[union-attr]
    assert miss.has_value
    assert miss.value == value
    assert type(miss.value) is type(value)


@pytest.mark.parametrize(
    ("text", "field", "part"),
    [
        (
            WHOLE.replace("y = 3 * x", "y = 3 *"),
            "program",
            "this is no Python: invalid syntax on line 2",
        ),
        (WHOLE.replace("x.grad", "x grad"), "answers.a.value", "`x grad` is no Python expression"),
        (WHOLE.replace("x.grad", "x = 1"), "answers.a.value", "is no Python expression"),
        (
            answers("a: {kind: flags, flags: [x, 'y z']}"),
            "answers.a.flags.1",
            "is no Python expression",
        ),
        (near("{expr: 1 +, says: s}"), "answers.a.near.n.expr", "is no Python expression"),
        (WHOLE.replace("x.grad", '"{{ 1 / 0 }}"'), "answers.a.value", "division by zero"),
    ],
)
def test_python_is_checked_when_drawn(text: str, field: str, part: str, tmp_path: Path) -> None:
    with pytest.raises(DrawError, match=part) as caught:
        question(tmp_path, text)
    assert caught.value.problem.field == field


def test_program_keeps_its_lines(tmp_path: Path) -> None:
    text = WHOLE.replace("y = 3 * x\n", "\n  y = (3 *\n       x)  \n").replace(
        "program: |", "program: |2+\n\n"
    )
    drawn = question(tmp_path, text.replace("y.backward()\n", "y.backward()\n\n\n"))
    assert drawn.program.split("\n")[:4] == [RUN.split("\n")[0], "", "y = (3 *", "     x)  "]
    assert drawn.program.endswith("y.backward()\n")


LANGUAGES = (
    HEAD
    + PROGRAM
    + """\
ask: {en: Ask, zh: 问, de: Frage}
hints: [{en: Hint}, {zh: 提示}, {de: Tipp}, {fr: Indice}, plain]
"""
    + VALUE
)
DECK = "format: 1\nid: d\ntitle: D\nlanguages: [zh, en]\nlicence: MIT\nskills: {t: {title: T}}\n"


@pytest.mark.parametrize(
    ("language", "deck", "hints", "used"),
    [
        ("de", True, ("Hint", "提示", "Tipp", "Indice", "plain"), "de"),
        ("en", True, ("Hint", "提示", "Tipp", "Indice", "plain"), "en"),
        ("fr", True, ("Hint", "提示", "Tipp", "Indice", "plain"), "zh"),
        ("fr", False, ("Hint", "提示", "Tipp", "Indice", "plain"), "en"),
        ("de-AT", False, ("Hint", "提示", "Tipp", "Indice", "plain"), "de"),
        ("", False, ("Hint", "提示", "Tipp", "Indice", "plain"), "en"),
    ],
)
def test_language_falls_back(
    language: str, deck: bool, hints: tuple[str, ...], used: str, tmp_path: Path
) -> None:
    if deck:
        write(tmp_path, DECK, "deck.yaml")
    drawn = question(tmp_path, LANGUAGES, language=language)
    assert (drawn.hints, drawn.language) == (hints, used)


def test_languages_of_an_exercise(tmp_path: Path) -> None:
    assert load(tmp_path, LANGUAGES).exercise.languages == ("en", "zh", "de", "fr")
    assert load(tmp_path, WHOLE).exercise.languages == ()


LIVE = """\
ask: "{{ live('a') }}?"
hints: ["{{ live('x.grad') }}", plain]
explain: {en: "is {{ live('x.grad') }} and {{ live(\\"x['k']\\") | upper }} of {{ 1 + 1 }}"}
""" + answers("""
a: {kind: value, value: x, near: {n: {value: 1, says: "not {{ live('b') }}"}}}
c:
  kind: choice
  options: [{text: "{{ live('c') }}", correct: true}, {text: no, says: "{{ live('d' ~ 1) }}"}]
""").split("answers:\n")[1].join(["answers:\n", ""])


def test_live_values_come_after_the_run(tmp_path: Path) -> None:
    drawn = question(tmp_path, HEAD + PROGRAM + LIVE, seed=1)
    assert set(drawn.live_expressions) == {"a", "x.grad", "x['k']", "b", "c", "d1"}
    assert drawn.live_expressions[:2] == ("a", "x.grad")
    assert drawn.ask == "…?"
    texts = drawn.texts_with({name: f"<{name}>" for name in drawn.live_expressions})
    assert (texts.ask, texts.hints) == ("<a>?", ("<x.grad>", "plain"))
    matrix = "tensor([[1.],\n        [2.]])"
    rows = drawn.texts_with({**dict.fromkeys(drawn.live_expressions, "1"), "x.grad": matrix})
    assert rows.hints == (matrix, "plain"), "it stands alone: in the rows that torch prints"
    assert rows.explain == "is tensor([[1.], [2.]]) and 1 of 2", "in a sentence it is one row"
    assert texts.explain == "is <x.grad> and <X['K']> of 2"
    assert texts.says == {("a", "n"): "not <b>"}
    choice = drawn.answers["c"]
    assert isinstance(choice, DrawnChoice)
    right = next(place for place, option in enumerate(choice.options) if option.correct)
    assert texts.options == {("c", right): "<c>", ("c", 1 - right): "no"}
    assert texts.option_says == {("c", 1 - right): "<d1>"}


def test_live_within_a_condition_that_was_not_met_before(tmp_path: Path) -> None:
    text = WHOLE + "explain: \"{% if live('a') == '1' %}{{ live('b') }}{% endif %}\"\n"
    drawn = question(tmp_path, text)
    assert drawn.live_expressions == ("a",)
    assert drawn.texts_with({"a": "2"}).explain == ""
    with pytest.raises(DrawError, match=r"live\('b'\) was not asked for"):
        drawn.texts_with({"a": "1"})


def test_tests_are_rendered(tmp_path: Path) -> None:
    text = params("c: {int: [3, 3]}") + (
        "tests:\n- {answer: {a: '{{ c }}'}, expect: {a: [one, two]}}\n"
        "- {answer: {a: 49}, expect: {a: wrong}}\n"
        "- {answer: {a: null}, expect: {a: wrong}}\n- {answer: {a: [1, 2]}, expect: {a: wrong}}\n"
        "- {answer: {a: None}, expect: {a: 'std:transposed'}}\n"
    )
    text = text.replace(
        'value: "0"}', 'value: "0", near: {one: {value: 1, says: s}, two: {value: 2, says: s}}}'
    )
    tests = question(tmp_path, text).tests
    assert [test.answer["a"] for test in tests] == ["3", "49", "None", "[1, 2]", "None"]
    assert tests[0].expect == {"a": ("one", "two")}
    assert tests[4].expect == {"a": ("std:transposed",)}


def test_structure_varies_with_lines(tmp_path: Path) -> None:
    text = HEAD + (
        "params: {d: {line: [x.detach(), x]}}\nprogram: |\n  x = torch.ones(2, requires_grad=True)\n"
        "  y = ({{ d }} * x).sum()\nask: q\nanswers: {a: {kind: value, value: y}}\n"
    )
    loaded = load_file(write(tmp_path, text))
    programs = {draw(loaded, seed, "en").program.split("\n")[1] for seed in range(20)}
    assert programs == {"y = (x.detach() * x).sum()", "y = (x * x).sum()"}


def test_same_seed_same_question(tmp_path: Path) -> None:
    loaded = load(tmp_path, answers(CHOICE + ORDER))
    again = load(tmp_path, answers(CHOICE + ORDER), "moved.yaml")
    for seed in range(5):
        assert draw(loaded, seed, "en") == draw(again, seed, "en")
