"""Templates: what they may do, what they may not, and that all of it ends."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from exercise_helpers import params, question
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.exercise.jinja_template import JinjaTemplate, names_by_jinja
from tutor.exercise.template import TemplateError, compile_template
from tutor.exercise.template_check import template_names

if TYPE_CHECKING:
    from pathlib import Path

VALUES = {"c": 3, "n": -2, "x": 0.5, "v": [1, -2, 3], "A": [[1, -20], [3, 4]], "s": "ab", "t": True}


def render(source: str, **more: object) -> str:
    return compile_template(source).render({**VALUES, **more})


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("plain", "plain"),
        ("{ c }", "{ c }"),
        ("{{ c }}", "3"),
        ("{{c}}", "3"),
        ("a {{ v }} b", "a [1, -2, 3] b"),
        ("{{ v | floats }}", "[1.0, -2.0, 3.0]"),
        ("{{ c|floats }}", "3.0"),
        ("{{ x | floats }}", "0.5"),
        ("{{ A | floats }}", "[[1.0, -20.0], [3.0, 4.0]]"),
        ("{{ A | matrix }}", "[[  1, -20],\n [  3,   4]]"),
        ("{{ A | floats | matrix }}", "[[  1.0, -20.0],\n [  3.0,   4.0]]"),
        ("{{ c | signed }}", "+ 3"),
        ("{{ n | signed }}", "- 2"),
        ("{{ 0 | signed }}", "+ 0"),
        ("{{ x | signed }}", "+ 0.5"),
        ("{{ -x | signed }}", "- 0.5"),
        ("{{ c * v[0] + 1 }}", "4"),
        ("{{ v | sum }}", "2"),
        ("{{ v|join(', ') }}", "1, -2, 3"),
        ("{% if c > 2 %}big{% else %}small{% endif %}", "big"),
        ("{% for i in v %}{{ i }};{% endfor %}", "1;-2;3;"),
        ("{% set k = c + 1 %}{{ k }}", "4"),
        ("{# note #}a", "a"),
        ("{{ 'x' if t else 'y' }}", "x"),
        ("{{ s ~ c }}", "ab3"),
        ("{{ s.upper() }}", "AB"),
        ("{{ range(3) | list }}", "[0, 1, 2]"),
        ("{{ none }} {{ True }}", "None True"),
        ("{{ '%.2f' | format(x) }} {{ '%d * %d' % (c, n) }}", "0.50 3 * -2"),
        ("{{ {'a': c}['a'] }}", "3"),
        ("{{ A[1][0] ** 2 }}", "9"),
        ("{{ 7 // 2 }} {{ 7 % 4 }}", "3 3"),
        ("{% raw %}{{ c }}{% endraw %}", "{{ c }}"),
        ("{{ (v | length) * c }}", "9"),
        ("{{ v | map('abs') | list }}", "[1, 2, 3]"),
        ("{{- c -}} ", "3"),
        ("{{ [1, 2] + v }}", "[1, 2, 1, -2, 3]"),
        ("{{ 'a' * 3 }}", "aaa"),
        ("{{ c is odd }}", "True"),
    ],
)
def test_renders(source: str, text: str) -> None:
    assert render(source) == text


def test_a_line_with_only_a_tag_leaves_no_empty_line() -> None:
    source = "a\n{% if c > 2 %}\nb\n  {% else %}\nc\n{% endif %}\n{# note #}\nd{% if c %}!{% endif %}\ne\n"
    assert render(source) == "a\nb\nd!\ne\n"
    assert (
        render("{% for i in v %}\nx{{ loop.index }} = {{ i }}\n{% endfor %}\ny")
        == "x1 = 1\nx2 = -2\nx3 = 3\ny"
    )


def test_newlines_and_spaces_are_kept() -> None:
    assert render("a\n  {{ c }}\n\n b \n") == "a\n  3\n\n b \n"


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("{{ q }}", "`q` is undefined"),
        ("{{ q + 1 }}", "`q` is undefined"),
        ("{{ v[7] }}", "no element 7"),
        ("{{ v.nope }}", "has no attribute"),
        ("{{ c / 0 }}", "division by zero"),
        ("{{ s | floats }}", "`floats` is for numbers"),
        ("{{ t | floats }}", "`floats` is for numbers"),
        ("{{ v | matrix }}", "`matrix` is for a list of lists"),
        ("{{ s | signed }}", "`signed` is for a number"),
        ("{{ v | signed }}", "`signed` is for a number"),
        ("{{ c", "cannot be read"),
        ("{{ c }", "cannot be read"),
        ("{% if %}", "cannot be read"),
        ("{% endif %}", "cannot be read"),
        ("{{ c | nope }}", "No filter named `nope`"),
        ("{% include 'x' %}", "no loader"),
        ("{% import 'x' as y %}", "no loader"),
        ("{{ v.append(1) }}", "unsafe"),
        ("{{ ''.__class__ }}", "unsafe"),
        ("{{ ().__class__.__mro__ }}", "unsafe"),
        ("{{ s.format(c) }}", "unsafe"),
        ("{{ s.format_map({}) }}", "unsafe"),
        ("{{ v | random }}", "No filter"),
        ("{{ lipsum() }}", "undefined"),
        ("{{ s.encode() }}", "unsafe"),
        ("{{ v.sort }}", "unsafe"),
        ("{{ s.upper }}", "cannot stand in a text"),
        ("{{ range }}", ""),
        ("{{ self }}", "cannot stand"),
        ("{{ 'a' + 1 }}", "concatenate"),
    ],
)
def test_refuses(source: str, part: str) -> None:
    with pytest.raises(TemplateError) as caught:
        render(source)
    assert part in caught.value.message


@pytest.mark.parametrize(
    "source",
    [
        "{{ 9 ** 99999999 }}",
        "{{ (9 ** 999) ** 9 ** 9 }}",
        "{{ 'a' * 10 ** 10 }}",
        "{{ [0] * 10 ** 10 }}",
        "{{ 'a' | center(10 ** 9) }}",
        "{{ 'a'.ljust(10 ** 9) }}",
        "{{ '%9999999999d' % 1 }}",
        "{{ '%*d' % (10 ** 9, 1) }}",
        "{{ '%.9999999f' | format(1.5) }}",
        "{{ '{:>9999999999}'.format(1) }}",
        "{{ range(10 ** 9) | list }}",
        "".join(f"{{% for {i} in range(1000) %}}" for i in "abc") + "{% endfor %}" * 3,
        (
            "{% set n = namespace(a='x') %}"
            "{% for i in range(60) %}{% set n.a = n.a ~ n.a %}{% endfor %}{{ n.a }}"
        ),
        "{% set n = namespace(a=[1]) %}{% for i in range(60) %}{% set n.a = n.a + n.a %}{% endfor %}",
        "{% set n = namespace(a=9) %}{% for i in range(60) %}{% set n.a = n.a * n.a %}{% endfor %}",
        "".join(
            f"{{% set a{i + 1} %}}{{{{ a{i} }}}}{{{{ a{i} }}}}{{% endset %}}" for i in range(60)
        ).replace("{{ a0 }}", "xx"),
        "{% macro f(n) %}{{ f(n - 1) }}{{ f(n - 1) }}{% endmacro %}{{ f(100) }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% for i in v recursive %}{{ loop(v) }}{{ loop(v) }}{% endfor %}",
        "{{ 'x' | slice(10 ** 9) | list }}",
        "{{ v | batch(10 ** 9, 0) | list }}",
        "{{ 'a' | indent(10 ** 9) }}",
        "{{ 1.5 | round(10 ** 9) }}",
        "{{ ('a' * 19000).replace('a', 'b' * 19000) }}",
        "{{ (['a' * 9000] * 9000) | join('') }}",
        "{% for i in range(1000) %}{% for j in range(15) %}"
        + "y" * 5000
        + "{% endfor %}{% endfor %}",
        "{{ 'b' * 19000 }}" * 20,
        "{% filter upper %}{% for i in range(1000) %}{{ 'a' * 19000 }}{% endfor %}{% endfilter %}",
        "{{ v | tojson(10 ** 9) }}",
        "{{ " + "(" * 900 + "1" + ")" * 900 + " }}",
        "{{ " + "-" * 9000 + "1 }}",
        "{{ " + "[" * 150 + "]" * 150 + " }}",
        "{% if 1 %}" * 300 + "{% endif %}" * 300,
        "{{ " * 9000,
        "{% for i in v %}" * 60 + "{% endfor %}" * 60,
        "{{ 1" + " + 1" * 9000 + " }}",
        "{{ v" + "[0]" * 3000 + " }}",
        "x" * 60_000 + "{{ c }}",
        "{% for a in v|batch(1) %}" * 18 + "x" + "{% endfor %}" * 18,
        "{{ v" + "|map('abs')" * 3000 + "|list }}",
        "{{ '" + "a" * 49_000 + "' | wordwrap(1) }}",
    ],
    ids=range(41),
)
def test_whatever_is_written_ends_soon_and_small(source: str) -> None:
    start = time.process_time()
    with suppress(TemplateError):
        assert len(render(source)) <= 100_000
    assert time.process_time() - start < 5


def test_a_budget_is_of_one_rendering() -> None:
    template = compile_template("{% for i in range(900) %}{{ i }}{% endfor %}")
    lengths = {len(template.render(VALUES)) for _ in range(40)}
    assert lengths == {2590}


def test_templates_do_not_change_values() -> None:
    values = {"v": [1, [2]], "d": {"a": 1}}
    for source in (
        "{% set x = v %}{{ x.append(1) }}",
        "{{ d.update({'b': 1}) }}",
        "{{ v[1].pop() }}",
    ):
        with pytest.raises(TemplateError):
            compile_template(source).render(values)
    assert values == {"v": [1, [2]], "d": {"a": 1}}


def test_syntax_errors_know_their_line() -> None:
    for source, line in (
        ("a\nb {{ c\nd", 3),
        ("{% if c %}\nx\n{{ | }}\n{% endif %}", 3),
        ("a\n{% nope %}\n", 2),
    ):
        with pytest.raises(TemplateError) as caught:
            compile_template(source)
        assert caught.value.line == line


@pytest.mark.parametrize(
    "source",
    [
        "{{ c * v[0] }} {{ A[1][c - 1] }}",
        "{% for i in v if i > c %}{{ i + n }}{{ loop.index }}{% else %}{{ x }}{% endfor %}",
        "{% set k = c %}{{ k * n }}",
        "{% if c and not t or x in v %}a{% elif n == 2 %}{{ s }}{% else %}{{ u }}{% endif %}",
        "{{ live('x.grad') }} {{ w }}",
        "{{ s | replace('a', y) | upper }}",
        "{% for a, b in z %}{{ a }}{{ b }}{{ c }}{% endfor %}",
        "{{ f(1, k=2)[q:r] }} {{ {'a': d}.a }} {{ (e, g) }}",
        "{{ a if b else h }}",
        "{{ a ~ b ~ 'x' ~ c[0] }}",
        "{% set a = b %}{% set b = 1 %}{{ a }}",
    ],
)
def test_the_quick_look_finds_the_names_that_jinja_finds(source: str) -> None:
    assert template_names(source) == names_by_jinja(source) == JinjaTemplate(source).names


_PIECES = st.sampled_from(
    [
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        " ",
        "c",
        "v",
        "[0]",
        "|",
        "floats",
        "join",
        "(",
        ")",
        "'",
        '"',
        "if ",
        "endif",
        "for i in ",
        "endfor",
        "else",
        "elif ",
        "set k = ",
        "k",
        "+",
        "-",
        "*",
        "**",
        "//",
        "~",
        "==",
        "<",
        "not ",
        "and ",
        "in ",
        "is ",
        "1",
        "1.5",
        ".",
        ",",
        ":",
        "[",
        "]",
        "{",
        "}",
        "\n",
        "x",
        "True",
        "none",
        "loop",
        "\\",
        "#",
        "r'a'",
        "1.",
        ".5",
        "0x1",
        "1_0",
        "lambda: 1",
        ":=",
        "@",
        "&",
        "^",
        "<<",
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.lists(_PIECES, max_size=14), st.booleans())
def test_what_the_quick_look_takes_jinja_takes(pieces: list[str], wrap: bool) -> None:
    source = "".join(pieces)
    source = "{{ " + source + " }}" if wrap else source
    try:
        names = template_names(source)
    except TemplateError:
        with pytest.raises(TemplateError):
            compile_template(source)
        return
    template = compile_template(source)
    assert template.names == names
    try:
        assert isinstance(template.render({**VALUES, "k": 1, "i": 2}), str)
    except TemplateError as error:
        assert error.message  # noqa: PT017


_SIMPLE_PARTS = st.lists(
    st.sampled_from(
        [
            "{{ c }}",
            "{{v|floats}}",
            "{{ A | matrix }}",
            "{{n|signed }}",
            "{{ s }}",
            "text",
            "{",
            "}",
            "\n",
            "{ {",
            "}}",
            " ",
        ]
    ),
    max_size=8,
)


@settings(max_examples=200, deadline=None)
@given(_SIMPLE_PARTS)
def test_simple_templates_render_as_jinja_would(parts: list[str]) -> None:
    source = "".join(parts)

    def outcome(make: type) -> str:
        try:
            return str(make(source).render(VALUES))
        except TemplateError:
            return "an error"

    assert outcome(compile_template) == outcome(JinjaTemplate)  # type: ignore[arg-type]


def test_all_strings_are_templates(tmp_path: Path) -> None:
    text = params("c: {int: [3, 3]}", show="x{{ c }}").replace("title: T", "title: 'T{{ c }}'")
    text = text.replace("program: ''", "program: 'x{{ c }} = 1'").replace(
        "ask: What is it?", "ask: '{{ c }}?'"
    )
    text = text.rstrip() + "\nhints: ['h{{ c }}']\nexplain: 'e{{ c }}'\n"
    text += "tests: [{answer: {a: '{{ c * 2 }}'}, expect: {a: correct}}]\n"
    drawn = question(tmp_path, text)
    assert (drawn.title, drawn.program, drawn.ask, drawn.hints) == ("T3", "x3 = 1\n", "3?", ("h3",))
    assert drawn.texts_with({}).explain == "e3"
    assert drawn.tests[0].answer == {"a": "6"}
