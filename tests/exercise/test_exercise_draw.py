"""Drawing parameters: kinds, streams, let and where; the same everywhere."""

from __future__ import annotations

import subprocess
import sys
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from exercise_helpers import HEAD, WHOLE, errors, load, params, question

from tutor.exercise.drawing import draw_values
from tutor.exercise.streams import Stream
from tutor.question import DrawError, draw

if TYPE_CHECKING:
    from pathlib import Path
from typing import Any

MANY = """
a: {int: [-5, 5]}
b: {float: {from: 0.1, to: 0.7, step: 0.2}}
c: {choice: [sum, mean, 3, [1, 2], {op: max}]}
d: {list: {len: 3, of: {int: [0, 9]}}}
e: {list: {len: 2, of: {list: {len: 2, of: {choice: [-1, 1]}}}}}
f: {permutation: 5}
g: {permutation: [x, y, z]}
h: {line: ["y = x.sum()", "y = x.mean()"]}
"""


def values(folder: Path, text: str, seed: int, more: str = "") -> dict[str, Any]:
    return dict(draw_values(load(folder, params(text, more=more)).exercise, seed))


def test_pinned_draws(tmp_path: Path) -> None:
    """These values are the format's promise: no machine and no version may draw others."""
    assert values(tmp_path, MANY, 0) == PINNED[0]
    assert values(tmp_path, MANY, 1) == PINNED[1]
    assert values(tmp_path, MANY, 10**30) == PINNED[2]


def test_pinned_stream() -> None:
    stream = Stream("t.one:1:0:a:0")
    assert [stream.below(1000) for _ in range(8)] == PINNED_STREAM


def test_the_hash_seed_of_python_has_no_influence(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(params(MANY, more="let: {s: 'set(d)'}\n"), encoding="utf-8")
    code = (
        "import sys, pathlib, json\n"
        "from tutor.exercise.load import load_file\n"
        "from tutor.question import draw\n"
        "q = draw(load_file(pathlib.Path(sys.argv[1])), 7, 'en')\n"
        "print(json.dumps(q.params), q.content_hash)\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, str(path)],
            env={"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_a_new_parameter_changes_none_of_the_others(tmp_path: Path) -> None:
    for seed in range(20):
        before = values(tmp_path, MANY, seed)
        after = values(tmp_path, "new: {int: [0, 99]}\n" + MANY.strip(), seed)
        assert {name: after[name] for name in before} == before


def test_order_of_parameters_has_no_influence(tmp_path: Path) -> None:
    backwards = "\n".join(reversed(MANY.strip().split("\n")))
    assert values(tmp_path, backwards, 3) == values(tmp_path, MANY, 3)


def test_revision_and_id_and_seed_change_the_draw(tmp_path: Path) -> None:
    base = params("a: {int: [0, 1000000]}")
    drawn = {
        draw(load(tmp_path, text), seed, "en").params["a"]
        for text in (base, base + "revision: 2\n", base.replace("t.one", "t.two"))
        for seed in (0, 1)
    }
    assert len(drawn) == 6


def test_int_includes_both_ends(tmp_path: Path) -> None:
    text = "a: {int: [2, 4]}"
    assert {values(tmp_path, text, seed)["a"] for seed in range(60)} == {2, 3, 4}


def test_int_of_one_value(tmp_path: Path) -> None:
    assert values(tmp_path, "a: {int: [3, 3]}", 0) == {"a": 3}


def test_float_lies_on_its_grid_and_is_clean(tmp_path: Path) -> None:
    text = "a: {float: {from: 0.1, to: 0.7, step: 0.2}}"
    drawn = {values(tmp_path, text, seed)["a"] for seed in range(60)}
    assert drawn == {0.1, 0.3, 0.5, 0.7}
    assert all(isinstance(x, float) for x in drawn)


def test_float_stops_below_an_end_off_the_grid(tmp_path: Path) -> None:
    text = "a: {float: {from: -1, to: 0.9, step: 1}}"
    assert {values(tmp_path, text, seed)["a"] for seed in range(40)} == {-1.0, 0.0}


def test_choice_takes_values_of_any_type(tmp_path: Path) -> None:
    text = "a: {choice: [1, 2.5, x, true, null, [1], {b: 2}]}"
    drawn = [values(tmp_path, text, seed)["a"] for seed in range(100)]
    for value in (1, 2.5, "x", True, None, [1], {"b": 2}):
        assert any(type(d) is type(value) and d == value for d in drawn)


def test_entries_of_a_list_are_independent(tmp_path: Path) -> None:
    text = "a: {list: {len: 2, of: {int: [0, 1]}}}"
    drawn = {tuple(values(tmp_path, text, seed)["a"]) for seed in range(60)}
    assert drawn == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_length_may_come_from_an_earlier_parameter(tmp_path: Path) -> None:
    text = (
        "n: {int: [1, 3]}\n"
        "v: {list: {len: '{{ n }}', of: {list: {len: '{{ n + 1 }}', of: {int: [0, 9]}}}}}"
    )
    for seed in range(20):
        drawn = values(tmp_path, text, seed)
        assert len(drawn["v"]) == drawn["n"]
        assert all(len(row) == drawn["n"] + 1 for row in drawn["v"])


def test_length_from_a_later_parameter_is_an_error(tmp_path: Path) -> None:
    text = params("v: {list: {len: '{{ n }}', of: {int: [0, 9]}}}\nn: {int: [1, 3]}")
    (problem,) = errors(tmp_path, text)
    assert "`n` is unknown here" in problem.message


def test_permutations_are_all_drawn(tmp_path: Path) -> None:
    numbers = {tuple(values(tmp_path, "a: {permutation: 3}", s)["a"]) for s in range(100)}
    assert numbers == set(permutations(range(3)))
    words = {"".join(values(tmp_path, "a: {permutation: [x, y]}", s)["a"]) for s in range(40)}
    assert words == {"xy", "yx"}


def test_fragments_are_templates_over_the_other_parameters(tmp_path: Path) -> None:
    text = "line: {line: ['y = {{ c }} * x', '']}\nc: {int: [2, 3]}"
    for seed in range(20):
        drawn = values(tmp_path, text, seed)
        assert drawn["line"] in (f"y = {drawn['c']} * x", "")


def test_fragments_in_choices_and_lists(tmp_path: Path) -> None:
    text = "c: {int: [2, 3]}\nl: {list: {len: 2, of: {choice: ['<{{ c }}>']}}}\nm: {choice: [{t: '{{ c }}'}]}"
    drawn = values(tmp_path, text, 0)
    assert drawn["l"] == [f"<{drawn['c']}>"] * 2
    assert drawn["m"] == {"t": str(drawn["c"])}


def test_fragments_may_use_earlier_fragments_but_not_later_ones(tmp_path: Path) -> None:
    forward = "a: {line: ['<{{ c }}>']}\nb: {line: ['{{ a }}!']}\nc: {int: [1, 1]}"
    assert values(tmp_path, forward, 0)["b"] == "<1>!"
    with pytest.raises(DrawError, match="`b` is undefined"):
        question(
            tmp_path, params("a: {line: ['{{ b }}']}\nb: {line: ['{{ c }}']}\nc: {int: [1, 1]}")
        )


def test_uniform_enough() -> None:
    stream = Stream("x")
    counts = [0] * 7
    for _ in range(7000):
        counts[stream.below(7)] += 1
    assert all(850 < count < 1150 for count in counts)


def test_let_is_computed_in_order_and_is_plain(tmp_path: Path) -> None:
    more = (
        "let: {s: sum(v), m: s / len(v), t: '(1, 2)', u: 'set([3, 1])', r: range(3),"
        " big: max(v) > 5, z: 'None', w: '\"a\" + \"b\"', k: '[x * 2 for x in v]'}\n"
    )
    drawn = values(tmp_path, "v: {list: {len: 3, of: {int: [0, 9]}}}", 0, more)
    numbers = drawn["v"]
    assert isinstance(numbers, list)
    assert drawn["s"] == sum(numbers)
    assert drawn["m"] == sum(numbers) / 3
    assert (drawn["t"], drawn["u"], drawn["r"]) == ([1, 2], [1, 3], [0, 1, 2])
    assert drawn["big"] is (max(numbers) > 5)
    assert (drawn["z"], drawn["w"], drawn["k"]) == (None, "ab", [2 * x for x in numbers])


def test_let_and_where_may_be_templates(tmp_path: Path) -> None:
    more = "let: {s: \"{{ v | join(' + ') }}\"}\nwhere: ['{{ v[0] }} {{ op }} 5', 's > 0']\n"
    text = "v: {list: {len: 2, of: {int: [0, 9]}}}\nop: {choice: ['<']}"
    for seed in range(20):
        drawn = values(tmp_path, text, seed, more)
        assert drawn["s"] == sum(drawn["v"])
        assert drawn["v"][0] < 5
    with pytest.raises(DrawError, match="not an expression"):
        question(tmp_path, params("a: {int: [1, 2]}", more="let: {b: '{{ a }} +'}\n"))
    (problem,) = errors(tmp_path, params("a: {int: [1, 2]}", more="let: {b: '{{ c }}'}\n"))
    assert (problem.field, problem.line) == ("let.b", 7)
    assert "`c` is unknown here" in problem.message


def test_where_redraws(tmp_path: Path) -> None:
    more = 'where: ["len(set(v)) == 3", "gcd(v[0], v[1]) == 1"]\n'
    for seed in range(50):
        numbers = values(tmp_path, "v: {list: {len: 3, of: {int: [1, 4]}}}", seed, more)["v"]
        assert len(set(numbers)) == 3


def test_where_sees_let_and_guards_it(tmp_path: Path) -> None:
    more = "let: {q: 6 / a}\nwhere: [a != 0, q > 2]\n"
    drawn = {values(tmp_path, "a: {int: [0, 3]}", seed, more)["a"] for seed in range(40)}
    assert drawn == {1, 2}


def test_impossible_where_names_the_condition(tmp_path: Path) -> None:
    text = params("a: {int: [1, 3]}", more="where: [a > 1, a > 5]\n")
    with pytest.raises(DrawError) as caught:
        question(tmp_path, text, 4)
    problem = caught.value.problem
    assert (problem.line, problem.field) == (7, "where.1")
    assert "`a > 5` fails in 1,000 draws" in problem.message
    assert caught.value.seed == 4


@pytest.mark.parametrize(
    ("let", "part"),
    [
        ("1 / 0", "division by zero"),
        ("v[9]", "out of range"),
        ("v + 1", "concatenate"),
        ("9**9**9", "too large"),
        ("[0] * 20000", "10,000"),
        ("sum([sum([x * y for x in range(500)]) for y in range(500)])", "steps"),
        ("2.0**5000", "too large"),
        ("1e308 * 10", "finite"),
        ("'a' * 10001", "10,000"),
        ("range(10**9)", "10,000"),
        ("max([])", "empty"),
    ],
)
def test_let_without_a_value_is_an_error_at_its_place(let: str, part: str, tmp_path: Path) -> None:
    text = params("v: {list: {len: 2, of: {int: [0, 9]}}}", more=f'let: {{x: "{let}"}}\n')
    with pytest.raises(DrawError, match=part) as caught:
        question(tmp_path, text)
    assert (caught.value.problem.line, caught.value.problem.field) == (7, "let.x")


@pytest.mark.parametrize(
    "bad",
    [
        "__import__('os')",
        "v.append(1)",
        "().__class__",
        "lambda: 1",
        "open('x')",
        "(x := 3)",
        "f'{v}'",
        "{1: 2}",
        "[*v]",
        "eval('1')",
        "exec('1')",
        "len.__self__",
        "print(v)",
        "v if v",
        "a b",
        "1 @ 2",
        "int('3')",
        "str(3)",
        "await v",
        "yield",
        "b'x'",
        "1j",
        "...",
        "v[0](1)",
        "sorted(v, key=abs)",
        "len(*v)",
        "(" * 250 + "1" + ")" * 250,
        "-" * 1000 + "1",
        "[" * 60 + "]" * 60,
        "1+" * 900 + "1",
    ],
)
def test_only_the_small_language_is_allowed(bad: str, tmp_path: Path) -> None:
    text = params("v: {list: {len: 2, of: {int: [0, 9]}}}", more="let:\n  x: |\n    " + bad + "\n")
    assert [problem.field for problem in errors(tmp_path, text)] == ["let.x"]


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("len(v)", 2),
        ("abs(-3)", 3),
        ("min(v) <= max(v)", True),
        ("sum(v, 1)", None),
        ("all([1, 0])", False),
        ("any([0, 1])", True),
        ("sorted([3, 1], reverse=True)", [3, 1]),
        ("round(2.567, 1)", 2.6),
        ("gcd(12, 18)", 6),
        ("7 // 2 + 7 % 2 + 2**3", 12),
        ("1 < 2 < 3 != 4", True),
        ("not 0 and 1 or 0", True),
        ("3 in [1, 3] and 4 not in [1]", True),
        ("5 if 0 else 6", 6),
        ("[1, 2, 3][1:]", [2, 3]),
        ("v[-1] == v[1]", True),
        ("[a + b for a, b in [(1, 2), (3, 4)]]", [3, 7]),
        ("[x for x in range(5) if x % 2]", [1, 3]),
        ("len({1, 1, 2})", 2),
        ("set([1, 2]) & {2}", [2]),
        ("'b' in 'abc'", True),
        ("-(3)", -3),
        ("min(1, 2, 3)", 1),
        ("[[0] * 2 for i in range(2)]", [[0, 0], [0, 0]]),
        ("None is None", True),
        ("{'a'} | {'b'}", ["a", "b"]),
    ],
)
def test_what_the_small_language_has(source: str, value: object, tmp_path: Path) -> None:
    drawn = values(
        tmp_path, "v: {list: {len: 2, of: {int: [0, 9]}}}", 0, f'let: {{x: "{source}"}}\n'
    )
    assert value is None or drawn["x"] == value


def test_comprehension_names_stay_inside(tmp_path: Path) -> None:
    drawn = values(tmp_path, "a: {int: [7, 7]}", 0, "let: {x: 'sum([a for a in [1, 2]]) + a'}\n")
    assert drawn["x"] == 10
    (problem,) = errors(
        tmp_path, params("a: {int: [1, 2]}", more="let: {x: '[i for i in [1]] + [i]'}\n")
    )
    assert "`i` is unknown" in problem.message


def test_a_question_without_parameters(tmp_path: Path) -> None:
    assert question(tmp_path, WHOLE).params == {}


def test_drawing_does_not_change_the_exercise(tmp_path: Path) -> None:
    loaded = load(tmp_path, params(MANY, more="let: {z: 'd'}\n"))
    first = draw(loaded, 0, "en")
    before = repr(loaded.exercise)
    for seed in range(30):
        draw(loaded, seed, "en")
    assert repr(loaded.exercise) == before
    assert draw(loaded, 0, "en") == first


def test_seeds_may_be_any_whole_number(tmp_path: Path) -> None:
    loaded = load(
        tmp_path, HEAD + "program: 'x = 1'\nask: q\nanswers: {a: {kind: value, value: x}}\n"
    )
    for seed in (-1, 0, 2**64, 10**50):
        assert draw(loaded, seed, "en").seed == seed


PINNED: list[dict[str, object]] = [
    {
        "a": -1,
        "b": 0.5,
        "c": {"op": "max"},
        "d": [3, 6, 2],
        "e": [[-1, -1], [1, -1]],
        "f": [4, 0, 2, 1, 3],
        "g": ["y", "z", "x"],
        "h": "y = x.mean()",
    },
    {
        "a": 5,
        "b": 0.1,
        "c": 3,
        "d": [8, 0, 3],
        "e": [[1, -1], [-1, -1]],
        "f": [1, 0, 4, 3, 2],
        "g": ["z", "x", "y"],
        "h": "y = x.sum()",
    },
    {
        "a": 1,
        "b": 0.3,
        "c": "mean",
        "d": [8, 2, 6],
        "e": [[-1, 1], [-1, 1]],
        "f": [1, 0, 4, 3, 2],
        "g": ["y", "x", "z"],
        "h": "y = x.mean()",
    },
]
PINNED_STREAM: list[int] = [543, 623, 381, 214, 426, 256, 962, 9]
