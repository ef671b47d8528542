"""Every proof of `tutor check` fails when it should, at the author's line and with the values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tutor.check.prove import Proof, prove
from tutor.exercise.load import load_file

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.check.findings import Finding
    from tutor.pytest_plugin.live import Live

GOOD = """\
format: 1
id: proofs.good
skill: proofs
title: A sum of squares
params:
  c: {int: [2, 5]}
  v: {list: {len: 3, of: {choice: [-3, -2, 2, 3, 4]}}}
where: ["len(set(v)) == 3"]
program: |
  x = torch.tensor({{ v | floats }}, requires_grad=True)
  y = ({{ c }} * x * x).sum()
  y.backward()
ask: What is `x.grad`?
answers:
  grad:
    kind: value
    value: x.grad
    near:
      factor-forgotten:
        patch: [{replace: "{{ c }} * x * x", with: x * x}]
        says: Without the factor.
      values-not-slopes:
        expr: ({{ c }} * x * x).detach()
        says: Those are the terms.
hints: [Differentiate term by term.]
explain: It is {{ live('x.grad') }}.
tests:
  - {answer: {grad: "[{% for a in v %}{{ 2 * c * a }}, {% endfor %}]"}, expect: {grad: correct}}
  - {answer: {grad: "[{% for a in v %}{{ 2 * a }}, {% endfor %}]"}, expect: {grad: factor-forgotten}}
"""


@pytest.fixture
def check(tmp_path: Path, live: Live):
    """Prove a file with this text on ten draws; its findings."""

    def check(text: str) -> list[Finding]:
        return proof_of(text).findings

    def proof_of(text: str) -> Proof:
        path = tmp_path / "exercise.yaml"
        path.write_text(text, encoding="utf-8")
        proof: Proof = live.wait(prove(load_file(path), range(10), live.runner))
        return proof

    check.proof_of = proof_of
    return check


def with_answer(answer: str, *, program: str = "x = torch.tensor([1.0, {{ a }}])", rest="") -> str:
    """An exercise with one answer `it`, and a parameter `a` in the program."""
    indented = "\n".join(f"  {line}" for line in program.splitlines())
    lines = "\n".join(f"    {line}" for line in answer.splitlines())
    return (
        "format: 1\nid: proofs.one\nskill: proofs\ntitle: One\nparams: {a: {int: [2, 40]}}\n"
        f"program: |\n{indented}\nask: What?\nanswers:\n  it:\n{lines}\n"
        f"hints: [Look.]\nexplain: So.\n{rest}"
    )


def only(findings: list[Finding]) -> Finding:
    assert len(findings) == 1, "\n".join(map(str, findings))
    return findings[0]


def test_a_good_exercise_holds(check):
    proof = check.proof_of(GOOD)
    assert proof.findings == []
    assert proof.ok
    assert proof.draws == 10
    assert proof.gradings == 10 * (1 + 2 + 2)  # shown, near misses, tests
    assert sorted(proof.truths) == list(range(10))


def test_a_program_that_stops_is_told_with_its_line_and_all_its_seeds(check):
    found = only(check(GOOD.replace("y.backward()", "z.backward()")))
    assert (found.line, found.field) == (12, "program")
    assert "NameError on line 3" in found.message
    assert found.seeds == tuple(range(10))


def test_a_program_without_end_is_stopped_and_told(check):
    text = with_answer("kind: value\nvalue: x", program="x = {{ a }}\nwhile True: pass")
    found = only(check(text))
    assert "does not end" in found.message


def test_conditions_that_no_draw_meets_are_told_at_the_condition(check):
    found = only(check(GOOD.replace('"len(set(v)) == 3"', '"len(v) == 4"')))
    assert (found.line, found.field) == (8, "where.0")
    assert "fails in 1,000 draws" in found.message


def test_a_near_miss_that_is_the_truth_shows_the_value(check):
    found = only(check(GOOD.replace("expr: ({{ c }} * x * x).detach()", "expr: x.grad * 1")))
    assert found.field == "answers.grad.near.values-not-slopes"
    assert "is the same as the truth: tensor([" in found.message
    assert found.line == 22


def test_a_near_miss_within_ten_tolerances_of_the_truth_is_too_near(check):
    near = "near: {close: {expr: x * 1.0005, says: Close.}}"
    found = only(
        check(with_answer(f"kind: value\nvalue: x / 3\n{near}".replace("x * ", "x / 3 * ")))
    )
    assert "is the same as the truth" in found.message


def test_of_two_near_misses_with_one_value_the_later_is_told_with_both_values(check):
    found = only(check(GOOD.replace("({{ c }} * x * x).detach()", "2 * x.detach()")))
    assert found.field == "answers.grad.near.values-not-slopes"
    assert "is the same as factor-forgotten: tensor([" in found.message
    assert "(the truth is tensor([" in found.message


def test_a_coincidence_names_only_the_draws_that_show_it(check):
    near = "near: {four: {value: 4, says: Four.}}"
    findings = check(
        with_answer(f"kind: value\nvalue: k * 2\n{near}", program="k = {{ 2 if a < 12 else a }}")
    )
    found = only(findings)
    assert 0 < len(found.seeds) < 10


def test_a_near_miss_that_cannot_run_is_told(check):
    without_tests = GOOD[: GOOD.index("tests:")]
    found = only(check(without_tests.replace("with: x * x}", "with: x * w}")))
    assert "cannot be run: the program stopped with NameError on line 2" in found.message


def test_a_patch_that_matches_nothing_is_told(check):
    found = only(check(GOOD.replace('replace: "{{ c }} * x * x"', 'replace: "{{ c }} * x**2"')))
    assert found.field.startswith("answers.grad.near.factor-forgotten.patch")
    assert found.line == 20


def test_the_shown_answer_has_to_be_right(check):
    found = only(check(with_answer("kind: raises\nlines: [1]", program="x = {{ a }}\ny = x.z")))
    assert found.field == "answers.it"
    assert "the right answer, typed as 'AttributeError, line 2', is graded invalid" in found.message


def test_a_value_that_nobody_can_type_is_told(check):
    found = only(check(with_answer("kind: value\nvalue: torch")))
    assert "cannot be typed" in found.message


@pytest.mark.parametrize("field", ["ask: What?", "hints: [Look.]", "title: One"])
def test_texts_that_give_the_answer_away_are_told(check, field):
    name, _, text = field.partition(": ")
    wrapped = text.strip("[]") + " [7., 1., {{ a }}.]"
    new = f'{name}: ["{wrapped}"]' if "[" in field else f'{name}: "{wrapped}"'
    program = "x = torch.tensor([7.0, 1.0, {{ a }}.0])"
    findings = check(with_answer("kind: value\nvalue: x", program=program).replace(field, new))
    found = only(findings)
    assert found.field.split(".")[0] == name
    assert "gives the answer to `it` away: tensor([" in found.message


def test_another_language_may_not_give_it_away_either(check):
    text = with_answer("kind: value\nvalue: x", program="x = torch.tensor([7.0, 1.0, {{ a }}.0])")
    found = only(
        check(text.replace("ask: What?", 'ask: {en: What?, zh: "是 [7., 1., {{ a }}.] 吗？"}'))
    )
    assert "gives the answer to `it` away" in found.message


def test_a_test_that_expects_something_else_shows_answer_verdict_and_truth(check):
    found = only(check(GOOD.replace("expect: {grad: correct}", "expect: {grad: wrong}")))
    assert (found.line, found.field) == (28, "tests.0.expect.grad")
    assert "is correct, expected wrong" in found.message
    found = only(check(GOOD.replace("{{ 2 * c * a }}", "{{ 2 * c * a + 1 }}")))
    assert "is wrong, expected correct" in found.message
    assert "(the truth is tensor([" in found.message


def test_a_test_that_expects_another_near_miss_says_which_was_told(check):
    found = only(
        check(
            GOOD.replace("expect: {grad: factor-forgotten}", "expect: {grad: [values-not-slopes]}")
        )
    )
    assert "is told as factor-forgotten, expected values-not-slopes" in found.message


def test_a_starter_that_is_right_and_a_solution_that_breaks_its_rules_are_told(check):
    answer = "kind: code\nstarter: y = x * 1\nsolution: y = x\ncompare: [y]"
    assert "is right already" in only(check(with_answer(answer))).message
    answer = "kind: code\nstarter: y = 0\nsolution: y = x.sum()\ncompare: [y]\nforbid: [sum]"
    findings = check(with_answer(answer))
    assert any("breaks the answer's own forbid or require" in f.message for f in findings)


def test_a_solution_that_stops_is_told(check):
    answer = "kind: code\nstarter: y = 0\nsolution: y = q\ncompare: [y]"
    found = only(check(with_answer(answer)))
    assert "NameError" in found.message


def test_an_order_that_does_not_run_as_given_is_told(check):
    answer = "kind: order\nlines: [y = z, z = x]"
    found = only(check(with_answer(answer)))
    assert "the given order stops with NameError" in found.message


def test_a_choice_with_two_right_options_by_accident_is_told(check):
    options = "- {expr: x + 1, correct: true}\n- {expr: (1 + x).tolist()}\n- {text: No.}"
    answer = f"kind: choice\noptions:\n{options}"
    found = only(check(with_answer(answer)))
    assert found.field == "answers.it.options.1"
    assert "is right as well" in found.message


def test_a_formula_whose_shown_form_is_wrong_is_told(check):
    answer = (
        "kind: formula\nvars: {w: [3]}\ntruth: torch.autograd.grad((w * w).sum(), w)[0]\nshow: w"
    )
    found = only(check(with_answer(answer)))
    assert "the right answer, typed as 'w', is graded wrong" in found.message


def test_a_formula_near_miss_that_is_the_truth_is_told(check):
    answer = (
        "kind: formula\nvars: {w: [3]}\ntruth: torch.autograd.grad((w * w).sum(), w)[0]\nshow: 2 * w\n"
        "near: {same: {expr: w + w, says: No.}}"
    )
    assert "is the same as the truth: w + w" in only(check(with_answer(answer))).message


def test_flags_near_misses_are_told_apart(check):
    near = "near: {same: {value: 'True, False', says: No.}}"
    answer = f"kind: flags\nflags: [x.is_leaf, x.requires_grad]\n{near}"
    assert "is the same as the truth: True, False" in only(check(with_answer(answer))).message


def test_texts_marked_todo_and_draws_that_never_vary_are_warnings(check):
    findings = check(
        GOOD.replace("ask: What is", 'ask: "TODO: What is').replace("x.grad`?", 'x.grad`?"')
    )
    found = only(findings)
    assert (found.severity, found.field) == ("warning", "ask")
    assert "TODO" in found.message
    text = with_answer("kind: value\nvalue: x").replace("{int: [2, 40]}", "{int: [3, 3]}")
    found = only(check(text))
    assert found.severity == "warning"
    assert "every draw is the same" in found.message


def test_a_program_that_ends_on_other_draws_only_is_told_with_its_draws(check):
    program = "k = {{ a }}\nwhile k == SLOW: pass"
    text = with_answer("kind: value\nvalue: k", program=program)
    slow = check.proof_of(text.replace("SLOW", "0")).truths[7]["it"]
    found = only(check(text.replace("SLOW", slow)))
    assert found.seeds == (7,)


def test_code_that_ends_its_process_is_wrong_and_no_fault_of_the_check(check):
    findings = check(
        """\
format: 1
id: proofs.exits
skill: proofs
title: A process that ends
params: {a: {int: [1, 9]}}
program: |
  x = torch.tensor([{{ a }}.0])
ask: Double `x` into `y`.
answers:
  y: {kind: code, starter: "import os; os._exit(0)", solution: y = 2 * x, compare: [y]}
"""
    )
    assert [f for f in findings if f.severity == "error"] == []


CODE = "kind: code\nstarter: pass\nsolution: |\n  y = {}\ncompare: [x, {}]"

# what is at fault: (the exercise, the field, its line, part of the message)
PLACES = {
    "a truth's name": (
        with_answer("kind: value\nvalue: xx"), "answers.it.value", 12, "name 'xx' is not defined"
    ),
    "a truth that cannot be typed": (
        with_answer("kind: value\nvalue: torch"), "answers.it.value", 12, "a module"
    ),
    "a flag": (
        with_answer("kind: flags\nflags:\n  - x.is_leaf\n  - x"), "answers.it.flags.1", 14, "`x` is not"
    ),
    "a live value": (
        with_answer("kind: value\nvalue: x").replace("So.", "So {{ live('y') }}"),
        "explain", 14, "name 'y' is not defined",
    ),
    "a live value without quotes": (
        with_answer("kind: value\nvalue: x").replace("So.", "So {{ live(a) }}"),
        "explain", 14, "an expression in quotes, such as live('x.grad')",
    ),
    "a line of the program": (
        with_answer("kind: value\nvalue: x", program="x = torch.ones({{ a }})\nx = y"),
        "program", 8, "NameError on line 2",
    ),
    "a line that is no Python": (
        with_answer("kind: value\nvalue: x", program="x = torch.ones({{ a }})\nx = ("),
        "program", 8, "no Python",
    ),
    "a program whose lines depend on the draw": (
        with_answer("kind: value\nvalue: x", program="{% if a %}y = 1\n{% endif %}x = y.z"),
        "program", 6, "AttributeError on line 2",
    ),
    "a solution": (
        with_answer(CODE.format("z", "y")), "answers.it.solution", 13, "NameError on line 1"
    ),
    "a solution against its own rules": (
        with_answer(CODE.format("x", "y") + "\nforbid: [x]"),
        "answers.it.solution", 13, "own forbid or require: `x` is not allowed here",
    ),
    "what is compared": (
        with_answer(CODE.format("x", "z")), "answers.it.compare.1", 15, "name 'z' is not defined"
    ),
    "an order that does not run": (
        with_answer("kind: order\nlines:\n  - z = y\n  - y = x\ncompare: [z]"),
        "answers.it.lines", 12, "NameError on line 1",
    ),
    "two options": (
        with_answer("kind: choice\noptions:\n  - {expr: x, correct: true}\n  - {expr: x + 0}"),
        "answers.it.options.1", 14, "this one and number 1 of the list",
    ),
    "an option": (
        with_answer("kind: choice\noptions:\n  - {expr: x, correct: true}\n  - {expr: z}"),
        "answers.it.options.1.expr", 14, "name 'z' is not defined",
    ),
    "a formula's truth": (
        with_answer("kind: formula\nvars: {w: [2]}\ntruth: w + z\nshow: w"),
        "answers.it.truth", 13, "name 'z' is not defined",
    ),
    "a formula shown that cannot be read": (
        with_answer("kind: formula\nvars: {w: [2]}\ntruth: w\nshow: 2w"),
        "answers.it.show", 14, "cannot be read",
    ),
    "a formula shown that is wrong": (
        with_answer("kind: formula\nvars: {w: [2]}\ntruth: w\nshow: 2 * w"),
        "answers.it.show", 14, "is graded wrong",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "where", "line", "message"), PLACES.values(), ids=PLACES)
def test_a_fault_is_shown_once_and_where_it_stands(check, text, where, line, message) -> None:
    finding = only(check(text))
    assert (finding.field, finding.line) == (where, line), str(finding)
    assert message in finding.message


def test_a_program_that_takes_all_memory_is_not_run_for_every_draw(check) -> None:
    # Zeroed memory is taken, not written: what writes it may meet the time limit first on a busy machine.
    greedy = "x = []\nwhile {{ a }}:\n    x.append(bytearray(10**8))"
    finding = only(check(with_answer("kind: value\nvalue: x", program=greedy)))
    assert "memory" in finding.message
    assert finding.seeds == (0,)


def test_a_program_that_gives_something_else_each_time_is_told_once(check) -> None:
    timed = "import time\nx = torch.tensor([time.time_ns() % 10**6, {{ a }}])"
    code = only(check(with_answer(CODE.format("x * 2", "y"), program=timed)))
    assert (code.field, code.severity) == ("program", "error")
    finding = only(check(with_answer("kind: value\nvalue: x", program=timed)))
    assert (finding.field, finding.severity) == ("program", "error")
    assert "`it` is something else when it is run again: tensor([" in finding.message


def test_python_s_own_random_numbers_are_the_same_again(check) -> None:
    seeded = "import random\nx = torch.tensor([random.random(), {{ a }}])"
    assert check(with_answer("kind: value\nvalue: x", program=seeded)) == []


def test_a_name_that_nothing_uses_is_warned_of(check) -> None:
    text = with_answer("kind: value\nvalue: x").replace(
        "{a: {int: [2, 40]}}",
        "{a: {int: [2, 40]}, b: {int: [1, 2]}, c: {int: [1, 2]}}\nlet: {d: c + 1}",
    )
    found = check(text)
    assert [(f.field, f.severity) for f in found] == [("params.b", "warning"), ("let.d", "warning")]
    assert "`b` is used nowhere" in found[0].message


def test_an_answer_that_is_nan_on_some_draws_is_warned_of_unless_it_is_spoken_of(check) -> None:
    text = with_answer(
        "kind: value\nvalue: x",
        program="x = torch.tensor([float('{{ 'nan' if a > 20 else a }}'), 1.0])",
    )
    assert check(text) == []  # the word is in the program
    rooted = with_answer("kind: value\nvalue: x", program="x = torch.tensor(20.0 - {{ a }}).sqrt()")
    finding = only(check(rooted))
    assert (finding.field, finding.severity) == ("answers.it", "warning")
    assert 0 < len(finding.seeds) < 10
    assert check(rooted.replace("So.", "Below 0 it is nan.")) == []
