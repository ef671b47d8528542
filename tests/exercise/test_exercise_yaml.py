"""YAML as the format wants it: encodings, the 1.2 core schema, anchors, bounds."""

from __future__ import annotations

import json
import math
import time
from typing import TYPE_CHECKING

import pytest
import yaml
from exercise_helpers import HEAD, PROGRAM, VALUE, WHOLE, errors, load
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.exercise.convert import MAX_NODES
from tutor.exercise.load import load_file, read_exercise
from tutor.exercise.problems import ExerciseErrors
from tutor.exercise.scalars import resolve_plain
from tutor.exercise.yaml12 import read

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001),
        ("1E3", 1000.0),
        ("012", 12),
        ("+12", 12),
        ("-0", 0),
        ("0o14", 12),
        ("0x1F", 31),
        (".5", 0.5),
        ("1.", 1.0),
        ("-1.5e+2", -150.0),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("true", True),
        ("True", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("Null", None),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("n", "n"),
        ("3:20", "3:20"),
        ("2024-01-02", "2024-01-02"),
        ("1_000", "1_000"),
        ("0b11", "0b11"),
        ("None", "None"),
        ("nan", "nan"),
        ("inf", "inf"),
        ("tRUE", "tRUE"),
        ("1e", "1e"),
        ("0x", "0x"),
        ("0o8", "0o8"),
        ("+0x1", "+0x1"),
        ("-", "-"),
        ("+", "+"),
        (".", "."),
        ("1.2.3", "1.2.3"),
        ("٣", "٣"),
        ("=", "="),
    ],
)
def test_plain_scalars_follow_the_core_schema(text: str, value: object) -> None:
    got = resolve_plain(text)
    assert got == value
    assert type(got) is type(value)


def test_nan_is_a_float() -> None:
    got = resolve_plain(".NaN")
    assert isinstance(got, float)
    assert math.isnan(got)


def test_quoted_scalars_are_texts() -> None:
    data = read(b'["1", \'2\', "true", \'null\', ""]').data
    assert data == ["1", "2", "true", "null", ""]


def test_block_scalars_are_texts() -> None:
    assert read(b"a: |\n  12\nb: >-\n  true\n").data == {"a": "12\n", "b": "true"}


def test_on_and_no_are_languages_and_texts(tmp_path: Path) -> None:
    loaded = load(tmp_path, WHOLE.replace("title: T", "title: {no: Tittel, en: on}"))
    assert loaded.exercise.title == {"no": "Tittel", "en": "on"}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_newlines_and_bom_make_no_difference(newline: str, bom: bytes, tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_bytes(bom + WHOLE.replace("\n", newline).encode())
    loaded = load_file(path)
    assert loaded.exercise == load(tmp_path, WHOLE, "u.yaml").exercise
    assert loaded.content_hash == load(tmp_path, WHOLE, "u.yaml").content_hash


def test_lines_are_the_same_with_crlf(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_bytes((WHOLE + "hint: x\n").replace("\n", "\r\n").encode())
    with pytest.raises(ExerciseErrors) as caught:
        load_file(path)
    assert [(p.line, p.column) for p in caught.value.problems if p.severity == "error"] == [(12, 1)]


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        (HEAD.encode() + b"ask: caf\xe9\n", 5, 9),
        ("format: 1\n".encode("utf-16"), 1, 1),
        (b"id: a\nask: \xed\xa0\x80\n", 2, 6),
    ],
)
def test_other_encodings_are_refused_at_their_place(
    source: bytes, line: int, column: int, tmp_path: Path
) -> None:
    path = tmp_path / "t.yaml"
    path.write_bytes(source)
    with pytest.raises(ExerciseErrors) as caught:
        load_file(path)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (line, column)
    assert "save the file as UTF-8" in problem.message


def test_anchors_and_aliases_are_allowed(tmp_path: Path) -> None:
    text = WHOLE.replace("title: T", "title: &t {en: Same}").replace("ask: What is it?", "ask: *t")
    exercise = load(tmp_path, text).exercise
    assert exercise.ask == {"en": "Same"}


def test_an_alias_may_be_an_anchor_of_a_list(tmp_path: Path) -> None:
    loaded = load(tmp_path, WHOLE + "hints: &h [One, Two]\ntags: *h\n")
    assert loaded.exercise.tags == ("One", "Two")


def test_alias_bomb_is_refused_quickly(tmp_path: Path) -> None:
    levels = ["tags: &l0 [a, a, a, a, a, a, a, a, a]\n"]
    levels += [f"x{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 9)}]\n" for i in range(1, 30)]
    start = time.perf_counter()
    found = errors(tmp_path, WHOLE + "".join(levels))
    assert time.perf_counter() - start < 2
    assert any(f"more than {MAX_NODES:,} values" in problem.message for problem in found)


def test_nodes_within_the_bound_are_fine(tmp_path: Path) -> None:
    many = ", ".join(["a"] * 90)
    text = WHOLE + f"tags: &t [{many}]\nhints: [{', '.join(['a'] * 90)}]\n"
    assert errors(tmp_path, text) == ()


def test_an_alias_within_its_own_anchor_is_refused(tmp_path: Path) -> None:
    found = errors(tmp_path, WHOLE + "tags: &t [*t]\n")
    assert any("inside its own anchor" in problem.message for problem in found)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 400_000,
        "- " * 400_000,
        "{a: " * 200_000,
        "? " * 300_000,
        "[" * 100 + "]" * 100,
        "".join(" " * i + "a:\n" for i in range(500)),
        "[{" * 300_000,
    ],
    ids=["lists", "dashes", "maps", "keys", "100 lists", "indented", "mixed"],
)
def test_deep_nesting_is_refused_quickly(text: str) -> None:
    start = time.perf_counter()
    document = read(text.encode())
    assert time.perf_counter() - start < 5
    assert document.faults
    assert all(
        "nested more than 64 deep" in f.message or "not YAML" in f.message for f in document.faults
    )


@pytest.mark.parametrize(
    "text",
    [
        "a: 'x" + "y" * 990_000,
        "- a\n" * 240_000,
        "a" * 990_000,
        "&a " * 300_000,
        "*a\n" * 300_000,
        "a: " * 300_000,
        "'" * 990_000,
        "\n" * 990_000,
        "# x\n" * 240_000,
        "%" * 990_000,
        "| " * 400_000,
        "x: {" + "a, " * 300_000 + "}",
    ],
    ids=range(12),
)
def test_a_megabyte_takes_seconds_at_most(text: str) -> None:
    start = time.perf_counter()
    document = read(text.encode())
    assert time.perf_counter() - start < 10
    assert document.faults or document.data is not None


def test_larger_files_are_refused(tmp_path: Path) -> None:
    found = errors(tmp_path, WHOLE + "# " + "x" * 1_000_000)
    assert "an exercise may have 1,000,000" in found[0].message


def test_a_file_of_a_megabyte_that_is_a_comment_loads(tmp_path: Path) -> None:
    assert errors(tmp_path, WHOLE + "# " + "x" * 990_000 + "\n") == ()


def test_missing_file_and_folder(tmp_path: Path) -> None:
    for path, part in ((tmp_path / "no.yaml", "no such file"), (tmp_path, "this is a folder")):
        with pytest.raises(ExerciseErrors, match=part):
            load_file(path)


def test_all_errors_of_a_file_are_told_in_order(tmp_path: Path) -> None:
    text = (
        "format: 2\nid: A\nskill: t\ntitle: 3\nbogus: 1\nbogus: 2\n"
        + PROGRAM
        + "ask: !!str x\nanswers:\n  a: {kind: valu}\n  b: {kind: value, value: 1, weight: 0}\n"
    )
    found = errors(tmp_path, text)
    assert [problem.line for problem in found] == [1, 2, 4, 5, 6, 11, 13, 14, 14]


def test_structure_and_template_errors_are_told_together(tmp_path: Path) -> None:
    text = (
        HEAD + "params: {c: {int: [3, 1]}}\nwhere: [d > 1]\n" + PROGRAM.replace("3 *", "{{ e }} *")
    )
    found = errors(
        tmp_path,
        text + "ask: '{{ f'\n" + VALUE + "tests: [{answer: {q: '1'}, expect: {q: correct}}]\n",
    )
    assert {p.field for p in found} == {
        "params.c.int",
        "where.0",
        "program",
        "ask",
        "tests.0.answer.q",
        "tests.0.expect.q",
    }


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(source: bytes) -> None:
    document = read(source)
    assert document.faults or document.root is not None
    for fault in document.faults:
        assert fault.position >= (1, 1)


_TOKENS = st.sampled_from(
    [
        "format: 1\n",
        "id: a\n",
        "skill: t\n",
        "title:",
        " {en: a}",
        "\n",
        "  ",
        "- ",
        "answers:\n",
        "a: ",
        "kind: value",
        "{",
        "}",
        "[",
        "]",
        ", ",
        "program: |\n  x = 1\n",
        "ask: q\n",
        "'",
        '"',
        "&a ",
        "*a",
        "!!str ",
        "<<: ",
        "? ",
        "1e9",
        "{{ c }}",
        "{% if %}",
        "near",
        "params:\n",
        "int: [1, 2]",
        "#",
        "\t",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_TOKENS, max_size=40))
def test_any_file_loads_or_gives_problems(
    tmp_path_factory: pytest.TempPathFactory, parts: list[str]
) -> None:
    path = tmp_path_factory.mktemp("any") / "t.yaml"
    path.write_text("".join(parts), encoding="utf-8")
    loaded, problems, _ = read_exercise(path, None)
    assert loaded is not None or problems
    assert all(p.line >= 1 and p.column >= 1 and p.message for p in problems)


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cn"]), max_size=8
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(_JSON)
def test_json_written_as_yaml_is_read_back(data: object) -> None:
    document = read(json.dumps(data, ensure_ascii=True).encode())
    if any("Unicode" in f.message or "no such character" in f.message for f in document.faults):
        return  # JSON's surrogate pairs are no YAML
    assert document.faults == ()
    assert document.data == data


@settings(max_examples=100, deadline=None)
@given(_JSON)
def test_what_pyyaml_writes_is_read_back(data: object) -> None:
    text = yaml.safe_dump(data, allow_unicode=True)
    document = read(text.encode())
    if not document.faults and "1_" not in text:
        expected = json.loads(json.dumps(data))
        assert document.data == expected or isinstance(data, float | str)


@settings(max_examples=150, deadline=None)
@given(
    _JSON,
    st.sampled_from(["params", "answers", "tests", "hints", "let", "where", "title", "program"]),
)
def test_any_value_of_a_field_loads_or_gives_problems(
    tmp_path_factory: pytest.TempPathFactory, data: object, name: str
) -> None:
    content = yaml.safe_load(WHOLE)
    content[name] = data
    path = tmp_path_factory.mktemp("field") / "t.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    loaded, problems, _ = read_exercise(path, None)
    assert loaded is not None or problems
