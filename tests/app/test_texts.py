"""Texts and programs on the screen: rows, colours, words; pure functions, no terminal."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from tutor import i18n
from tutor.app.text.highlight import python
from tutor.app.text.prose import prose
from tutor.app.text.wrapping import fold, wrap
from tutor.presenting.forms import Form
from tutor.presenting.outcome import spelled
from tutor.presenting.words import DAY, HOUR, MINUTE, percent, until
from tutor.render.bar_columns import ticks

LINES = st.text("ab ,.()[]'#\t 中文，。（", max_size=80)


def rows(text: str, width: int, hang: int = 0) -> list[str]:
    return [row.plain for row in wrap(Content(text), width, hang)]


@example("。。.（[。", 4, 1)
@given(LINES, st.integers(4, 40), st.integers(0, 12))
def test_no_row_of_prose_is_too_wide_and_no_character_but_blanks_is_lost(text, width, hang):
    broken = rows(text, width, hang)
    assert all(cell_len(row.rstrip()) <= width for row in broken)
    assert "".join("".join(broken).split()) == "".join(text.split())


@given(LINES, st.integers(12, 40))
def test_no_row_of_code_is_too_wide_and_no_character_is_lost(line, width):
    folded = fold(Content(line), width)
    assert all(indent + cell_len(part.plain) <= width for indent, part in folded)
    assert "".join(part.plain for _, part in folded) == line


def test_a_run_of_chinese_fills_the_row_that_it_begins_in():
    assert rows("x 的梯度是一个常数", 10) == ["x 的梯度是", "一个常数"]


def test_no_row_begins_with_closing_punctuation():
    assert rows("中文中文，中文", 8) == ["中文中", "文，中文"]


def test_words_are_kept_whole():
    assert rows("the gradient of the sum", 12) == ["the gradient", "of the sum"]


def test_what_goes_on_in_a_further_row_can_be_indented():
    assert rows("F1  every key of it\nF2  a hint", 12, 4) == [
        "F1  every",
        "    key of",
        "    it",
        "F2  a hint",
    ]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=60), st.integers(1, 6), st.integers(10, 90))
def test_the_dates_under_columns_are_evenly_spaced_and_do_not_touch(labels, slot, width):
    found = ticks(len(labels), labels, slot, width)
    steps = {after - before for before, after in pairwise(found)}
    assert len(steps) <= 1 or all(step % min(steps) == 0 for step in steps)
    for before, after in pairwise(found):
        assert before * slot + labels[before] < after * slot
    assert all(i * slot + labels[i] <= width for i in found)


def test_code_is_broken_after_a_comma_and_indented():
    line = "x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)"
    assert [(indent, part.plain) for indent, part in fold(Content(line), 45)] == [
        (0, "x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], "),
        (2, "requires_grad=True)"),
    ]


@given(st.text("`ab[]/ \\$\n", max_size=60))
def test_nothing_but_backticks_is_taken_from_a_text(text):
    shown = prose(text).plain
    assert shown.replace("`", "").rstrip() == text.replace("`", "").rstrip()


def test_code_in_a_sentence_is_set_apart_and_markup_is_not_markup():
    content = prose("What is `x.grad` in [red]this[/red]?")
    assert content.plain == "What is x.grad in [red]this[/red]?"
    assert [(span.start, span.end) for span in content.spans] == [(8, 14)]


@given(st.text("x=[]'\"#\n 1.a(", max_size=60))
def test_highlighting_changes_no_character(source):
    assert python(source).plain == source


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (-DAY, "now"),
        (MINUTE - 1, "now"),
        (10 * MINUTE, "in 10 minutes"),
        (HOUR, "in 1 hour"),
        (23 * HOUR, "in 23 hours"),
        (DAY, "in 1 day"),
        (3 * DAY, "in 3 days"),
        (59 * DAY, "in 59 days"),
        (61 * DAY, "in 2 months"),
        (800 * DAY, "in 2 years"),
    ],
)
def test_until_in_words(left, words):
    assert until(1_000_000 + left, 1_000_000) == words


def test_until_in_chinese():
    i18n.use("zh")
    assert until(3 * DAY, 0) == "3 天后"


@pytest.mark.parametrize(
    ("score", "text"), [(0, "0 %"), (0.001, "1 %"), (2 / 3, "67 %"), (0.999, "99 %"), (1, "100 %")]
)
def test_percent_is_full_or_nothing_only_when_it_is(score, text):
    assert percent(score) == text


def test_right_answers_in_letters_and_flags_say_what_they_stand_for():
    form = Form("a", "", "", str, offers=(("a", "x.sum()"), ("b", "x.mean()")))
    assert spelled(form, "b, a") == "b  x.mean()\na  x.sum()"
    assert spelled(form, "True, False") == "x.sum()  True\nx.mean()  False"
    assert spelled(form, "tensor(3.)\n") == "tensor(3.)"
