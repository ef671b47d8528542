"""Broken files: each one's message, at its line and column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from exercise_helpers import ASK, HEAD, PROGRAM, VALUE, WHOLE, answers, errors, params

if TYPE_CHECKING:
    from pathlib import Path

# name: (file, line, column, field, part of the message)
BROKEN: dict[str, tuple[str, int, int, str, str]] = {
    "empty": ("", 1, 1, "file", "the file is empty"),
    "only a comment": ("# hm\n", 1, 1, "file", "the file is empty"),
    "a list": ("- format: 1\n", 1, 1, "file", "an exercise is a map"),
    "a text": ("hello\n", 1, 1, "file", "an exercise is a map"),
    "unclosed quote": (HEAD + 'ask: "What\n', 6, 1, "file", "never closed"),
    "unclosed bracket": (WHOLE + "tags: [a, b\n", 13, 1, "file", "bracket is not closed"),
    "tab": (HEAD + "params:\n\tc: 1\n", 6, 1, "file", "indent with spaces, not tabs"),
    "colon in text": (HEAD + "ask: What: this\n", 5, 10, "file", "put the text in quotes"),
    "backtick first": (HEAD + "ask: `x` what\n", 5, 6, "file", "put the text in quotes"),
    "unknown escape": (HEAD + 'ask: "a \\d"\n', 5, 9, "file", "unknown escape"),
    "unknown alias": (HEAD + "ask: *a\n", 5, 6, "file", "no anchor"),
    "two documents": (WHOLE + "---\nformat: 1\n", 12, 1, "file", "second document"),
    "wrong indentation": (HEAD + "params:\n  a: {int: [1, 2]}\n b: 1\n", 7, 2, "file", "indentation"),
    "duplicate key": (WHOLE + "title: Again\n", 12, 1, "title", "given twice, first on line 4"),
    "duplicate key deep": (
        answers("a: {kind: value, value: x, weight: 1, weight: 2}"),
        11, 41, "answers.a.weight", "first on line 11",
    ),
    "tag": (HEAD + "ask: !!str hm\n" + PROGRAM + VALUE, 5, 6, "ask", "tags"),
    "own tag": (HEAD + "ask: !hm hm\n" + PROGRAM + VALUE, 5, 6, "ask", "tags"),
    "bare tag": (HEAD + "ask: ! 12\n" + PROGRAM + VALUE, 5, 6, "file", "tags"),
    "merge key": (HEAD + "ask:\n  <<: {en: a}\n" + PROGRAM + VALUE, 6, 3, "ask", "merge keys"),
    "key no text": (WHOLE + "true: 1\n", 12, 1, "file", 'write "true"'),
    "null key": (WHOLE + "~: 1\n", 12, 1, "file", "is not a text"),
    "list as key": (WHOLE + "? [a]\n: 1\n", 12, 3, "file", "a key must be a word"),
    "unknown key": (WHOLE + "hint: [a]\n", 12, 1, "hint", "did you mean `hints`?"),
    "format 2": (WHOLE.replace("format: 1", "format: 2"), 1, 9, "format", "reads `format: 1`"),
    "format true": (WHOLE.replace("format: 1", "format: true"), 1, 9, "format", "reads `format: 1`"),
    "format 1.0": (WHOLE.replace("format: 1", "format: 1.0"), 1, 9, "format", "reads `format: 1`"),
    "no format": (WHOLE.removeprefix("format: 1\n"), 1, 1, "format", "`format` is missing"),
    "no id": (WHOLE.replace("id: t.one\n", ""), 1, 1, "id", "`id` is missing"),
    "id with capitals": (WHOLE.replace("t.one", "T.one"), 2, 5, "id", "lower-case words"),
    "id with underscore": (WHOLE.replace("t.one", "t.no_grad"), 2, 5, "id", "`autograd.no-grad`"),
    "id ends in a dot": (WHOLE.replace("t.one", "t.one."), 2, 5, "id", "lower-case words"),
    "id a number": (WHOLE.replace("t.one", "12"), 2, 5, "id", 'in quotes: "12"'),
    "revision 0": (WHOLE + "revision: 0\n", 12, 11, "revision", "write 1 or more"),
    "revision text": (WHOLE + 'revision: "2"\n', 12, 11, "revision", "write 2, without quotes"),
    "revision float": (WHOLE + "revision: 1e-3\n", 12, 11, "revision", "a whole number"),
    "revision underscores": (WHOLE + "revision: 1_0\n", 12, 11, "revision", "write 10"),
    "title a number": (WHOLE.replace("title: T", "title: 2024"), 4, 8, "title", 'quotes: "2024"'),
    "title true": (WHOLE.replace("title: T", "title: true"), 4, 8, "title", 'quotes: "true"'),
    "title empty": (WHOLE.replace("title: T", "title:"), 4, 7, "title", "nothing stands where"),
    "title empty text": (WHOLE.replace("title: T", "title: ''"), 4, 8, "title", "text is empty"),
    "title list": (WHOLE.replace("title: T", "title: [a]"), 4, 8, "title", "a list stands where"),
    "title no language": (WHOLE.replace("title: T", "title: {}"), 4, 8, "title", "at least 1"),
    "bad language": (
        WHOLE.replace("title: T", "title: {English: T}"), 4, 9, "title.English", "language code",
    ),
    "language number": (
        WHOLE.replace("title: T", "title: {en: 3}"), 4, 13, "title.en", 'in quotes: "3"',
    ),
    "no ask": (HEAD + PROGRAM + VALUE, 1, 1, "ask", "`ask` is missing"),
    "no answers": (HEAD + PROGRAM + ASK, 1, 1, "answers", "`answers` is missing"),
    "answers empty": (HEAD + PROGRAM + ASK + "answers: {}\n", 10, 10, "answers", "at least 1"),
    "no program": (HEAD + ASK + VALUE, 1, 1, "program", "kind value, which needs one"),
    "hints a text": (WHOLE + "hints: hm\n", 12, 8, "hints", "write [hm]"),
    "hints nothing": (WHOLE + "hints:\n", 12, 7, "hints", "nothing stands where a list"),
    "difficulty 6": (WHOLE + "difficulty: 6\n", 12, 13, "difficulty", "write 5 or less"),
    "answer name": (answers("a-b: {kind: value, value: x}"), 11, 3, "answers.a-b", "a Python name"),
    "answer name number": (answers("1: {kind: value, value: x}"), 11, 3, "answers.1", "as key"),
    "no kind": (answers("a: {value: x}"), 11, 6, "answers.a", "`kind` is missing"),
    "no kind, block": (answers("a:\n  value: x"), 11, 3, "answers.a", "`kind` is missing"),
    "unknown kind": (answers("a: {kind: valeu}"), 11, 6, "answers.a", "did you mean `value`?"),
    "answer a text": (answers("a: x.grad"), 11, 6, "answers.a", "stands where a map belongs"),
    "value missing": (answers("a: {kind: value}"), 11, 6, "answers.a.value", "is missing"),
    "value a number": (answers("a: {kind: value, value: 3}"), 11, 27, "answers.a.value", '"3"'),
    "weight 0": (answers("a: {kind: value, value: x, weight: 0}"), 11, 38, "answers.a.weight", "above 0"),
    "weight inf": (
        answers("a: {kind: value, value: x, weight: .inf}"), 11, 38, "answers.a.weight", "finite",
    ),
    "weight text": (
        answers("a: {kind: value, value: x, weight: one}"), 11, 38, "answers.a.weight", "in digits",
    ),
    "near id": (
        answers("a: {kind: value, value: x, near: {No: {value: 1, says: s}}}"),
        11, 37, "answers.a.near.No", "lower-case words",
    ),
    "near id a verdict": (
        answers("a: {kind: value, value: x, near: {wrong: {value: 1, says: s}}}"),
        11, 37, "answers.a.near.wrong", "is a verdict",
    ),
    "near without says": (
        answers("a:\n  kind: value\n  value: x\n  near:\n    n: {value: 1}"),
        15, 10, "answers.a.near.n.says", "`says` is missing",
    ),
    "near without anything": (
        answers("a:\n  kind: value\n  value: x\n  near:\n    n: {says: s}"),
        15, 10, "answers.a.near.n", "add `patch`, `expr` or `value`",
    ),
    "near patch and value": (
        answers("a:\n  kind: value\n  value: x\n  near:\n    n:\n      patch: [{replace: a, with: b}]\n"
                "      value: 1\n      says: s"),
        15, 7, "answers.a.near.n", "`patch` and `value` exclude each other",
    ),
    "near expr and value": (
        answers("a: {kind: value, value: x, near: {n: {expr: y, value: null, says: s}}}"),
        11, 40, "answers.a.near.n", "`expr` and `value` exclude each other",
    ),
    "near value a map": (
        answers("a: {kind: value, value: x, near: {n: {value: {a: 1}, says: s}}}"),
        11, 48, "answers.a.near.n.value", "a map is no answer",
    ),
    "near of code": (
        answers("a: {kind: code, starter: '', solution: y, compare: [y], near: {}}"),
        11, 59, "answers.a.near", "unknown key `near`",
    ),
    "near of choice": (
        answers("a: {kind: choice, near: {}, options: [{text: a, correct: true}, {text: b}]}"),
        11, 21, "answers.a.near", "unknown key `near`",
    ),
    "near of order": (
        answers("a: {kind: order, near: {}, lines: [a, b]}"), 11, 20, "answers.a.near", "unknown key",
    ),
    "raises expr": (
        answers("a: {kind: raises, near: {n: {expr: x, says: s}}}"),
        11, 32, "answers.a.near.n.expr", "use `patch` or `value`",
    ),
    "patch a map": (
        answers("a: {kind: value, value: x, near: {n: {patch: {replace: a, with: b}, says: s}}}"),
        11, 48, "answers.a.near.n.patch", "a map stands where a list belongs",
    ),
    "patch without with": (
        answers("a: {kind: value, value: x, near: {n: {patch: [{replace: a}], says: s}}}"),
        11, 49, "answers.a.near.n.patch.0.with", "`with` is missing",
    ),
    "patch count 2": (
        answers("a: {kind: value, value: x, near: {n: {patch: [{replace: a, with: b, count: 2}],"
                " says: s}}}"),
        11, 78, "answers.a.near.n.patch.0.count", "write 1 or `all`",
    ),
    "patch without a program": (
        answers("f: {kind: formula, vars: {A: [2]}, truth: A, show: A,"
                " near: {n: {patch: [{replace: a, with: b}], says: s}}}", program=""),
        7, 68, "answers.f.near.n.patch", "there is no `program`",
    ),
    "flags empty": (answers("a: {kind: flags, flags: []}"), 11, 27, "answers.a.flags", "at least 1"),
    "flags with true": (
        answers("a: {kind: flags, flags: [true]}"), 11, 28, "answers.a.flags.0", 'in quotes: "true"',
    ),
    "raises line 0": (
        answers("a: {kind: raises, lines: [0, 1]}"), 11, 29, "answers.a.lines.0", "count from 1",
    ),
    "raises line twice": (
        answers("a: {kind: raises, lines: [1, 1]}"), 11, 32, "answers.a.lines.1", "twice",
    ),
    "formula shape": (
        answers("f: {kind: formula, vars: {A: 3}, truth: A, show: A}"),
        11, 32, "answers.f.vars.A", "{shape: [3, 3], kind: spd}",
    ),
    "formula dimension 0": (
        answers("f: {kind: formula, vars: {A: [0]}, truth: A, show: A}"),
        11, 33, "answers.f.vars.A.0", "write 1 to 1,000",
    ),
    "formula not square": (
        answers("f: {kind: formula, vars: {A: {shape: [2, 3], kind: spd}}, truth: A, show: A}"),
        11, 40, "answers.f.vars.A.shape", "a square matrix",
    ),
    "formula unknown kind": (
        answers("f: {kind: formula, vars: {A: {shape: [2, 2], kind: diagonal}}, truth: A, show: A}"),
        11, 54, "answers.f.vars.A.kind", "'symmetric', 'positive'",
    ),
    "formula low above high": (
        answers("f: {kind: formula, vars: {A: {shape: [2], low: 3}}, truth: A, show: A}"),
        11, 50, "answers.f.vars.A.low", "is not below `high` 2",
    ),
    "formula without show": (
        answers("f: {kind: formula, vars: {A: [2]}, truth: A}"), 11, 6, "answers.f.show", "missing",
    ),
    "code without compare": (
        answers("c: {kind: code, starter: '', solution: y = 1}"), 11, 6, "answers.c.compare", "missing",
    ),
    "code starter is solution": (
        answers("c: {kind: code, starter: y = 1, solution: y = 1, compare: [y]}"),
        11, 28, "answers.c.starter", "leave something to do",
    ),
    "code forbids no name": (
        answers("c: {kind: code, starter: '', solution: y = 1, compare: [y], forbid: [a b]}"),
        11, 72, "answers.c.forbid.0", "is no name",
    ),
    "code forbids and requires": (
        answers("c: {kind: code, starter: '', solution: y = 1, compare: [y], forbid: [a], require: [a]}"),
        11, 86, "answers.c.require.0", "both forbidden and required",
    ),
    "choice one option": (
        answers("c: {kind: choice, options: [{text: a, correct: true}]}"),
        11, 30, "answers.c.options", "at least 2",
    ),
    "choice none right": (
        answers("c: {kind: choice, options: [{text: a}, {text: b}]}"),
        11, 30, "answers.c.options", "no option is right",
    ),
    "choice two right": (
        answers("c: {kind: choice, options: [{text: a, correct: true}, {text: b, correct: true}]}"),
        11, 30, "answers.c.options", "add `many: true`",
    ),
    "choice correct: yes": (
        answers("c: {kind: choice, options: [{text: a, correct: yes}, {text: b}]}"),
        11, 50, "answers.c.options.0.correct", "write true",
    ),
    "choice text and expr": (
        answers("c: {kind: choice, options: [{text: a, correct: true}, {text: b, expr: c}]}"),
        11, 57, "answers.c.options.1", "`text` and `expr` exclude each other",
    ),
    "choice nothing": (
        answers("c: {kind: choice, options: [{text: a, correct: true}, {says: b}]}"),
        11, 57, "answers.c.options.1", "one of `text`, `expr`, `near`",
    ),
    "choice unknown near": (
        answers("c: {kind: choice, options: [{text: a, correct: true}, {near: b}]}"),
        11, 64, "answers.c.options.1.near", "`b` is no near miss; no answer has any",
    ),
    "choice same text": (
        answers("c: {kind: choice, options: [{text: a, correct: true}, {text: a}]}"),
        11, 30, "answers.c.options", "the same text",
    ),
    "order depends on later": (
        answers("o: {kind: order, lines: [a, b], depends: {1: [2]}}"),
        11, 49, "answers.o.depends.1.0", "stands before it",
    ),
    "order depends out of range": (
        answers("o: {kind: order, lines: [a, b], depends: {3: [1]}}"),
        11, 45, "answers.o.depends.3", "lines count from 1 to 2",
    ),
    "order depends itself": (
        answers("o: {kind: order, lines: [a, b], depends: {2: [2]}}"),
        11, 49, "answers.o.depends.2.0", "needs itself",
    ),
    "order depends by text": (
        answers("o: {kind: order, lines: [a, b], depends: {b: [1]}}"),
        11, 45, "answers.o.depends.b", "a whole number",
    ),
    "order one line": (answers("o: {kind: order, lines: [a]}"), 11, 27, "answers.o.lines", "at least 2"),
    "order distractor a line": (
        answers("o: {kind: order, lines: [a, b], distractors: [b]}"),
        11, 49, "answers.o.distractors.0", "also line 2",
    ),
    "test of unknown answer": (
        WHOLE + "tests: [{answer: {b: '1'}, expect: {a: correct}}]\n",
        12, 19, "tests.0.answer.b", "`b` is no answer",
    ),
    "test of unknown id": (
        WHOLE + "tests: [{answer: {a: '1'}, expect: {a: corect}}]\n",
        12, 40, "tests.0.expect.a", "did you mean `correct`?",
    ),
    "test with a verdict in a list": (
        WHOLE + "tests: [{answer: {a: '1'}, expect: {a: [wrong]}}]\n",
        12, 41, "tests.0.expect.a.0", "write wrong without brackets",
    ),
    "test expects what is not answered": (
        answers("a: {kind: value, value: x}\nb: {kind: value, value: x}")
        + "tests: [{answer: {a: '1'}, expect: {b: correct}}]\n",
        13, 37, "tests.0.expect.b", "not answered",
    ),
    "test without expect": (
        WHOLE + "tests: [{answer: {a: '1'}}]\n", 12, 9, "tests.0.expect", "`expect` is missing",
    ),
    "parameter name": (params("a-b: {int: [1, 2]}"), 6, 3, "params.a-b", "a Python name"),
    "parameter a keyword": (params("lambda: {int: [1, 2]}"), 6, 3, "params.lambda", "a word of Python"),
    "parameter a function": (params("len: {int: [1, 2]}"), 6, 3, "params.len", "is taken"),
    "parameter live": (params("live: {int: [1, 2]}"), 6, 3, "params.live", "is taken"),
    "parameter of no kind": (params("a: {itn: [1, 2]}"), 6, 6, "params.a", "did you mean `int`?"),
    "parameter a number": (params("a: 3"), 6, 6, "params.a", "such as {int: [1, 5]}"),
    "parameter of two kinds": (
        params("a: {int: [1, 2], choice: [1]}"), 6, 20, "params.a.choice", "unknown key",
    ),
    "int of one": (params("a: {int: [1]}"), 6, 12, "params.a.int", "at least 2"),
    "int of three": (params("a: {int: [1, 2, 3]}"), 6, 12, "params.a.int", "at most 2"),
    "int backwards": (params("a: {int: [3, 1]}"), 6, 12, "params.a.int", "write [1, 3]"),
    "int of floats": (params("a: {int: [1, 2.5]}"), 6, 16, "params.a.int.1", "a whole number"),
    "int huge": (params("a: {int: [1, 99999999999999999999]}"), 6, 16, "params.a.int.1", "or less"),
    "float step 0": (
        params("a: {float: {from: 0, to: 1, step: 0}}"), 6, 37, "params.a.float.step", "above 0",
    ),
    "float backwards": (
        params("a: {float: {from: 2, to: 1, step: 1}}"), 6, 21, "params.a.float.from", "exchange",
    ),
    "choice empty": (params("a: {choice: []}"), 6, 15, "params.a.choice", "at least 1"),
    "choice of inf": (params("a: {choice: [.inf]}"), 6, 16, "params.a.choice.0", "finite"),
    "list without of": (params("a: {list: {len: 3}}"), 6, 13, "params.a.list.of", "missing"),
    "list too long": (
        params("a: {list: {len: 1001, of: {int: [0, 1]}}}"), 6, 19, "params.a.list.len", "0 to 1,000",
    ),
    "list of lists too large": (
        params("a: {list: {len: 101, of: {list: {len: 100, of: {int: [0, 1]}}}}}"),
        6, 41, "params.a.list.of.list.len", "10,100 numbers",
    ),
    "list of inner error": (
        params("a: {list: {len: 2, of: {int: [3, 1]}}}"), 6, 32, "params.a.list.of.int", "[1, 3]",
    ),
    "permutation 0": (params("a: {permutation: 0}"), 6, 20, "params.a.permutation", "1 or more"),
    "line a text": (params("a: {line: x}"), 6, 13, "params.a.line", "write [x]"),
    "let a parameter": (
        params("a: {int: [1, 2]}", more="let: {a: '1'}\n"), 7, 7, "let.a", "a parameter already",
    ),
    "let unknown name": (
        params("a: {int: [1, 2]}", more="let: {b: c + 1, c: '1'}\n"), 7, 10, "let.b", "`c` is unknown",
    ),
    "let no expression": (
        params("a: {int: [1, 2]}", more="let: {b: 'a +'}\n"), 7, 10, "let.b", "not an expression",
    ),
    "let a template": (
        params("a: {int: [1, 2]}", more="let: {b: '{{ a }}'}\n"), 7, 10, "let.b", "the names themselves",
    ),
    "where calls": (
        params("a: {int: [1, 2]}", more="where: [\"open('x')\"]\n"), 7, 9, "where.0", "cannot be called",
    ),
    "where a method": (
        params("a: {int: [1, 2]}", more="where: [a.bit_length() > 1]\n"), 7, 9, "where.0", "cannot be",
    ),
    "template unknown name": (
        WHOLE.replace("y = 3 * x", "y = {{ c }} * x"), 7, 1, "program", "`c` is unknown here",
    ),
    "template unknown close name": (
        params("coeff: {int: [1, 2]}", show="{{ coef }}"), 10, 27, "answers.a.value", "mean `coeff`?",
    ),
    "template syntax": (
        WHOLE.replace("y = 3 * x", "y = {{ 3 * }} * x"), 7, 1, "program", "cannot be read",
    ),
    "template unclosed": (
        WHOLE.replace("What is it?", "'What {{ is'"), 9, 6, "ask", "cannot be read",
    ),
    "template unknown filter": (
        params("a: {int: [1, 2]}", show="{{ a | flots }}"),
        10, 27, "answers.a.value", "floats, matrix, signed",
    ),
    "template unended if": (
        WHOLE.replace("y = 3 * x", "y = 3{% if 1 %} * x"), 7, 1, "program", "cannot be read",
    ),
    "live in the program": (
        WHOLE.replace("3 * x", "{{ live('x') }} * x"), 7, 1, "program", "`live` is for texts",
    ),
    "live in a near value": (
        answers("a: {kind: value, value: x, near: {n: {value: \"{{ live('x') }}\", says: s}}}"),
        11, 48, "answers.a.near.n.value", "`live` is for texts",
    ),
    "control character": (HEAD + "ask: a\x1bb\n", 5, 7, "file", "U+001B may not stand"),
    "escaped control character": (
        WHOLE.replace("What is it?", '"a\\e[31mb"'), 9, 6, "ask", "control character U+001B",
    ),
    "escaped NUL": (WHOLE.replace("What is it?", '"a\\0b"'), 9, 6, "ask", "U+0000"),
    "line separator": (HEAD + "ask: a\u2028b\n", 5, 7, "file", "U+2028 may not stand"),
    "lone surrogate escape": (HEAD + 'ask: "a \\ud800"\n', 5, 11, "file", "no such character"),
    "a number too long": (WHOLE + f"revision: {'9' * 1001}\n", 12, 11, "revision", "1000 digits"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_message_stands_at_its_line(name: str, tmp_path: Path) -> None:
    text, line, column, field, part = BROKEN[name]
    found = errors(tmp_path, text)
    assert found, "no error was found"
    first = next((p for p in found if part in p.message), found[0])
    assert part in first.message
    assert (first.line, first.column, first.field) == (line, column, field), str(first)
    assert str(first) == f"{tmp_path / 't.yaml'}:{line}:{column}: {field}: {first.message}"


@pytest.mark.parametrize("name", BROKEN)
def test_one_fault_gives_one_message(name: str, tmp_path: Path) -> None:
    found = errors(tmp_path, BROKEN[name][0])
    allowed = 2 if name in ("bare tag", "key no text", "null key", "list as key", "tag") else 1
    cascades = {
        "test of unknown answer",
        "merge key",
        "answer name number",
        "unknown alias",
        "a number too long",
    }
    assert len(found) <= allowed or name in cascades, "\n".join(map(str, found))


def test_messages_name_a_remedy(tmp_path: Path) -> None:
    for text, *_ in BROKEN.values():
        for problem in errors(tmp_path, text):
            assert "Traceback" not in problem.message
            assert "pydantic" not in problem.message
            assert "Input should" not in problem.message, str(problem)
