"""Slips of an author's hand in a whole exercise: one message each, where the slip is, with its remedy."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from exercise_helpers import errors, write

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = """\
format: 1
id: optim.step.plain
skill: step
title: {en: One plain step, zh: 一步梯度下降}
params:
  w: {list: {len: 2, of: {int: [1, 6]}}}
  rate: {choice: [0.1, 0.5]}
where: ["w[0] != w[1]"]
program: |
  w = torch.tensor({{ w | floats }}, requires_grad=True)
  loss = (w * w).sum()
  with torch.no_grad():
      w -= {{ rate }} * w
ask: {en: "What is `w` after this runs?", zh: "运行之后 `w` 是什么？"}
answers:
  w:
    kind: value
    value: w
    weight: 2
    near:
      uphill:
        patch: [{replace: "w -=", with: "w +="}]
        says: {en: That goes uphill., zh: 那是上坡。}
      alone:
        expr: "-{{ rate }} * w"
        says: {en: That is the step alone., zh: 那只是步长本身。}
hints:
  - {en: What is the slope?, zh: 斜率是多少？}
explain: {en: "w becomes {{ live('w') }}.", zh: "w 成为 {{ live('w') }}。"}
tests:
  - {answer: {w: "{{ w[0] }}, {{ rate }}"}, expect: {w: wrong}}
"""

# name: (what is written, what instead, line, column, field, part of the message)
SLIPS: dict[str, tuple[str, str, int, int, str, str]] = {
    # the syntax of YAML
    "a tab": ("    kind: value", "\tkind: value", 17, 1, "file", "a tab; indent with spaces"),
    "a backtick first": (
        '"What is `w` after', "`w` is what after", 14, 11, "file", "cannot begin with ```; put it in quotes",
    ),
    "an at sign first": ("{en: What is the", "{en: @What is the", 28, 10, "file", "cannot begin with `@`"),
    "a template first": (
        'expr: "-{{ rate }} * w"', "expr: {{ rate }} * w", 25, 15, "file",
        'begins with `{{` needs quotes: "{{ rate }} * w"',
    ),
    "a template alone": (
        'expr: "-{{ rate }} * w"', "expr: {{ rate }}", 25, 15, "answers.w.near.alone.expr",
        'begins with `{{` needs quotes: "{{ rate }}"',
    ),
    "a template alone in braces": (
        '{w: "{{ w[0] }}, {{ rate }}"}', "{w: {{ rate }}}", 31, 18, "tests.0.answer.w",
        'begins with `{{` needs quotes: "{{ rate }}"',
    ),
    "an indented line": (
        "    value: w\n", "      value: w\n", 18, 7, "file",
        "further in than `kind: value` above, whose text it would go on; begin both in one column",
    ),
    "a program without its bar": (
        "program: |", "program:", 9, 1, "file", "write `program: |`, with the lines below it",
    ),
    "a colon in a text": (
        "title: {en: One plain step, zh: 一步梯度下降}", "title: One: plain", 4, 11, "file",
        "a `: ` inside a text; put the text in quotes",
    ),
    "a colon in a text in braces": (
        "{en: What is the slope?", "{en: Hint: the slope", 28, 14, "file",
        "a `: ` inside a text; put the text in quotes",
    ),
    "a comment in a text": (
        "{en: What is the slope?", "{en: What is # the slope?", 28, 18, "file",
        "` #` begins a comment; put the text in quotes",
    ),
    "an open bracket": (
        '["w[0] != w[1]"]', '["w[0] != w[1]"', 9, 1, "file",
        "the `[` of line 8 is not closed before this, or a comma is missing",
    ),
    "an open bracket before a key": (
        "weight: 2", "tags: [a", 20, 9, "file", "the `[` of line 19 is not closed before this",
    ),
    "an open quote": (
        'after this runs?"', "after this runs?", 14, 47, "file",
        "the `{` of line 14 is not closed before this, or a comma or a quote is missing",
    ),
    "an open quote at the end": ("expect: {w: wrong}", 'expect: {w: "wrong}', 31, 57, "file", "never closed"),
    "no space behind a colon": (
        "skill: step", "skill:step", 3, 1, "file", "no `: ` (colon and space) behind its key",
    ),
    # full-width punctuation
    "a full-width colon": ("skill: step", "skill：step", 3, 6, "file", "write `: ` for `：`"),
    "a full-width brace": ("{list: {len", "｛list: {len", 6, 6, "file", "write `{` for `｛`"),
    "full-width brackets": (
        "[1, 6]", "【1, 6】", 6, 32, "params.w.list.of.int", "write `[` for `【`",
    ),
    "a full-width comma": (
        "[1, 6]", "[1，6]", 6, 33, "params.w.list.of.int.0", "write `,` for `，`",
    ),
    "full-width quotes": (
        '"What is `w` after this runs?"', "“What is `w`, after this?”", 14, 11, "ask.en", 'write `"` for `“`',
    ),
    # what stands where it does not belong
    "a misspelt key that is needed": (
        "answers:", "answer:", 15, 1, "answer", "unknown key `answer`; did you mean `answers`?",
    ),
    "a misspelt kind": (
        "kind: value", "knid: value", 17, 5, "answers.w.knid", "unknown key `knid`; did you mean `kind`?",
    ),
    "a comma in a text in braces": (
        "{en: What is the slope?", "{en: So, what is it?", 28, 14, "hints.0",
        "a text with a comma in it needs quotes within {…}",
    ),
    "a range as a text": ("int: [1, 6]", "int: 1-6", 6, 32, "params.w.list.of.int", "write [1, 6]"),
    "a condition that is no list": (
        'where: ["w[0] != w[1]"]', 'where: "w[0] != w[1]"', 8, 8, "where", 'write ["w[0] != w[1]"]',
    ),
    "one equals sign": ('"w[0] != w[1]"', '"w[0] = w[1]"', 8, 9, "where.0", "write `==` to compare"),
    "a parameter by a wrong name": (
        "  rate: {choice", "  rates: {choice", 13, 1, "program",
        "`rate` is unknown here (and on lines 25, 31); did you mean `rates`?",
    ),
    "no program, though patches": (
        WHOLE[WHOLE.index("program: |") : WHOLE.index("ask:")], "", 1, 1, "program", "which needs one",
    ),
    "a test of a misspelt answer": (
        "{answer: {w: ", "{answer: {W: ", 31, 15, "tests.0.answer.W", "`W` is no answer",
    ),
    "an anchor in itself": (
        "title: {en: One plain step", "title: &t {en: *t", 4, 8, "file", "inside its own anchor never ends",
    ),
    "too much": (
        "title: {en: One plain step, zh: 一步梯度下降}",
        "tags:\n  - &a [" + "x," * 99 + "]\n  - &b [" + "*a," * 99 + "]\n  - [" + "*b," * 99 + "]",
        5, 5, "file", "more than 10,000 values",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_gives_one_message_at_its_place(name: str, tmp_path: Path) -> None:
    right, slip, line, column, field, message = SLIPS[name]
    assert WHOLE.count(right) == 1, "the slip is made in one place"
    found = errors(tmp_path, WHOLE.replace(right, slip))
    told = "\n".join(map(str, found))
    assert len(found) == 1, told or "nothing was found"
    assert message in found[0].message, told
    assert (found[0].line, found[0].column, found[0].field) == (line, column, field), told


def test_a_file_of_another_kind_is_told_in_one_sentence(tmp_path: Path) -> None:
    (found,) = errors(tmp_path, "site_name: My notes\nnav: [a, b]\ntheme: {name: x}\n")
    assert (found.line, found.column, found.field) == (1, 1, "file")
    assert "this is no exercise: it has none of its keys" in found.message


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    from tutor.exercise.load import load_library

    os.mkfifo(tmp_path / "pipe.yaml")
    (problem,) = load_library([tmp_path]).problems
    assert "this is no ordinary file" in problem.message


def test_the_whole_is_right(tmp_path: Path) -> None:
    assert errors(tmp_path, WHOLE) == ()


@pytest.mark.parametrize(
    "text",
    [
        "“Quoted” words, 「quoted」 words【1】｛1｝：all in a text",
        "ratio 3：4",
    ],
)
def test_full_width_punctuation_in_texts_is_fine(text: str, tmp_path: Path) -> None:
    quoted = WHOLE.replace("{en: What is the slope?", '{en: "' + text + '"')
    assert errors(tmp_path, quoted) == ()
    block = WHOLE.replace("  - {en: What is the slope?, zh: 斜率是多少？}", f"  - |\n    {text}: x")
    assert all("program" not in str(p) for p in errors(tmp_path, block))


def test_a_language_by_a_wrong_name_is_told_once(tmp_path: Path) -> None:
    from tutor.exercise.load import load_library

    deck = "format: 1\nid: d\ntitle: D\nlanguages: [en, zh]\nlicence: MIT\nskills: {step: {title: S}}\n"
    write(tmp_path, deck, "deck.yaml")
    write(tmp_path, WHOLE.replace("plain step, zh:", "plain step, cn:"))
    (problem,) = load_library([tmp_path]).problems
    assert (problem.line, problem.severity) == (4, "warning")
    assert "`cn` is no language of the deck, and zh is missing: write it for zh" in problem.message
