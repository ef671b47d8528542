"""Libraries: many files, decks and their graphs, ids, finding, warnings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from exercise_helpers import HEAD, PROGRAM, VALUE, WHOLE, load, write

from tutor.exercise.find import find
from tutor.exercise.load import Library, load_exercise, load_file, load_library
from tutor.exercise.model import schema
from tutor.exercise.problems import ExerciseErrors, Problem, UnknownExercise
from tutor.exercise.reference import reference

ROOT = Path(__file__).parents[2]
DECK = """\
format: 1
id: d
title: {en: Deck, zh: 牌组}
languages: [en, zh]
licence: CC-BY-4.0
skills:
  t: {title: T}
  u: {title: U, requires: [t], exercises: {t: 0.5}}
"""


def exercise(name: str, *, skill: str = "t", more: str = "") -> str:
    return WHOLE.replace("t.one", name).replace("skill: t", f"skill: {skill}") + more


def told(library: Library, severity: str = "error") -> list[str]:
    return [
        f"{p.path.name}:{p.line}: {p.field}: {p.message}"
        for p in library.problems
        if p.severity == severity
    ]


def test_a_library_holds_what_is_right_and_tells_what_is_not(tmp_path: Path) -> None:
    write(tmp_path, DECK, "deck.yaml")
    write(tmp_path, exercise("a"), "a.yaml")
    write(tmp_path, exercise("b"), "deep/er/b.yml")
    write(tmp_path, exercise("c").replace("kind: value", "kind: valeu"), "c.yaml")
    write(tmp_path, "{", "d.yaml")
    write(tmp_path, "\x00", "e.yaml")
    write(tmp_path, "not yaml: [", "notes.txt")
    write(tmp_path, "{", ".hidden.yaml")
    write(tmp_path, "{", ".git/x.yaml")
    library = load_library([tmp_path])
    assert list(library.exercises) == ["a", "b"]
    assert [deck.id for deck in library.decks] == ["d"]
    assert all(loaded.deck is library.decks[0] for loaded in library.exercises.values())
    assert {problem.path.name for problem in library.problems if problem.severity == "error"} == {
        "c.yaml",
        "d.yaml",
        "e.yaml",
    }
    assert dict(library.broken) == {"c": tmp_path / "c.yaml"}


def test_deck(tmp_path: Path) -> None:
    write(tmp_path, DECK, "deck.yaml")
    (deck,) = load_library([tmp_path]).decks
    assert (deck.title, deck.languages, deck.licence) == (
        {"en": "Deck", "zh": "牌组"},
        ("en", "zh"),
        "CC-BY-4.0",
    )
    assert deck.folder == tmp_path
    assert deck.skills["u"].requires == ("t",)
    assert deck.skills["u"].exercises == {"t": 0.5}


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "field", "part"),
    [
        ("format: 1", "format: 2", 1, 9, "format", "reads `format: 1`"),
        ("id: d", "id: D", 2, 5, "id", "lower-case"),
        ("languages: [en, zh]", "languages: []", 4, 12, "languages", "at least 1"),
        ("languages: [en, zh]", "languages: [english]", 4, 13, "languages.0", "language code"),
        ("languages: [en, zh]", "languages: [en, en]", 4, 12, "languages", "twice"),
        ("licence: CC-BY-4.0\n", "", 1, 1, "licence", "missing"),
        ("licence:", "license:", 5, 1, "license", "did you mean `licence`?"),
        (
            "requires: [t]",
            "requires: [v]",
            8,
            28,
            "skills.u.requires.0",
            "`v` is no skill of this deck",
        ),
        ("requires: [t]", "requires: t", 8, 27, "skills.u.requires", "write [t]"),
        ("requires: [t]", "requires: [u]", 8, 17, "skills.u.requires", "`u` (line 8) requires `u`"),
        (
            "exercises: {t: 0.5}",
            "exercises: {tt: 0.5}",
            8,
            44,
            "skills.u.exercises.tt",
            "did you mean `t`?",
        ),
        ("exercises: {t: 0.5}", "exercises: {t: 0}", 8, 47, "skills.u.exercises.t", "above 0"),
        ("exercises: {t: 0.5}", "exercises: {u: 1}", 8, 44, "skills.u.exercises.u", "itself"),
        ("t: {title: T}", "t: {}", 7, 6, "skills.t.title", "missing"),
        ("t: {title: T}", "T: {title: T}", 7, 3, "skills.T", "lower-case"),
        (
            "t: {title: T}",
            "t: {title: T, require: []}",
            7,
            17,
            "skills.t.require",
            "mean `requires`?",
        ),
        (
            "  t: {title: T}",
            "  t: {title: T}\n  t: {title: T}",
            8,
            3,
            "skills.t",
            "given twice, first on line 7",
        ),
    ],
)
def test_errors_of_a_deck_stand_at_their_place(
    old: str, new: str, line: int, column: int, field: str, part: str, tmp_path: Path
) -> None:
    assert old in DECK
    path = write(tmp_path, DECK.replace(old, new), "deck.yaml")
    write(tmp_path, exercise("a"), "a.yaml")
    library = load_library([tmp_path])
    found = next(p for p in library.problems if part in p.message)
    assert (found.path, found.line, found.column, found.field) == (path, line, column, field)
    assert list(library.exercises) == ["a"], "a broken deck does not hide its exercises"


def test_cycles_name_every_place(tmp_path: Path) -> None:
    write(
        tmp_path,
        DECK.split("  t:")[0]
        + (
            "  a: {title: A, requires: [b]}\n  b:\n    title: B\n    requires: [c]\n"
            "  c: {title: C, requires: [a]}\n  e: {title: E, requires: [e]}\n"
        ),
        "deck.yaml",
    )
    first, second = told(load_library([tmp_path]))
    assert first == (
        "deck.yaml:11: skills.c.requires: a skill may not require itself in the end: "
        "`a` (line 7) requires `b`, "
        "`b` (line 8) requires `c`, `c` (line 11) requires `a`; take one of these away"
    )
    assert "`e` (line 12) requires `e`" in second


def test_a_diamond_is_no_cycle(tmp_path: Path) -> None:
    write(
        tmp_path,
        DECK.split("  t:")[0]
        + (
            "  a: {title: A}\n  b: {title: B, requires: [a]}\n  c: {title: C, requires: [a]}\n"
            "  e: {title: E, requires: [b, c]}\n"
        ),
        "deck.yaml",
    )
    assert told(load_library([tmp_path])) == []


def test_a_long_chain_of_skills_is_no_trouble(tmp_path: Path) -> None:
    chain = "".join(f"  s{i}: {{title: S, requires: [s{i + 1}]}}\n" for i in range(1200))
    write(tmp_path, DECK.split("  t:")[0] + chain + "  s1200: {title: S}\n", "deck.yaml")
    assert told(load_library([tmp_path])) == []


def test_unknown_skill_names_both_places(tmp_path: Path) -> None:
    deck = write(tmp_path, DECK, "deck.yaml")
    write(tmp_path, exercise("a", skill="tt"), "a.yaml")
    library = load_library([tmp_path])
    assert told(library) == [
        (
            f"a.yaml:3: skill: `tt` is no skill of the deck ({deck}:6); did you mean `t`? "
            "add it there, or take one of t, u"
        )
    ]
    assert not library.exercises


def test_outside_a_deck_any_skill_will_do(tmp_path: Path) -> None:
    loaded = load(tmp_path, exercise("a", skill="anything.at-all"))
    assert loaded.deck is None


def test_duplicate_ids_name_both_places(tmp_path: Path) -> None:
    first = write(tmp_path, exercise("a"), "one/x.yaml")
    write(tmp_path, exercise("a"), "two/x.yaml")
    library = load_library([tmp_path])
    assert told(library) == [
        f"x.yaml:2: id: `a` is also the id at {first}:2:5; ids are unique: rename one of the two"
    ]
    assert library.exercises["a"].path == first


def test_duplicate_deck_ids_name_both_places(tmp_path: Path) -> None:
    first = write(tmp_path, DECK, "one/deck.yaml")
    second = write(tmp_path, DECK, "two/deck.yaml")
    library = load_library([tmp_path])
    (problem,) = library.problems
    assert (problem.path, problem.line, problem.field) == (second, 2, "id")
    assert str(first) in problem.message


def test_a_file_reached_twice_is_loaded_once(tmp_path: Path) -> None:
    path = write(tmp_path, exercise("a"), "x/a.yaml")
    (tmp_path / "link.yaml").symlink_to(path)
    (tmp_path / "x" / "loop").symlink_to(tmp_path, target_is_directory=True)
    library = load_library([tmp_path, tmp_path / "x", path])
    assert told(library) == []
    assert list(library.exercises) == ["a"]


def test_the_nearest_deck_counts(tmp_path: Path) -> None:
    write(tmp_path, DECK, "deck.yaml")
    write(tmp_path, DECK.replace("id: d", "id: inner"), "in/deck.yaml")
    write(tmp_path, exercise("a"), "in/er/a.yaml")
    write(tmp_path, exercise("b"), "b.yaml")
    library = load_library([tmp_path])
    decks = {name: loaded.deck.id for name, loaded in library.exercises.items() if loaded.deck}
    assert decks == {"a": "inner", "b": "d"}


def test_a_single_file_finds_its_deck_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, DECK, "deck.yaml")
    write(tmp_path, exercise("a"), "in/er/a.yaml")
    monkeypatch.chdir(tmp_path / "in" / "er")
    for path in (Path("a.yaml"), Path("../er/a.yaml"), tmp_path / "in/er/a.yaml"):
        deck = load_file(path).deck
        assert deck is not None
        assert deck.id == "d"


def test_missing_paths_are_problems(tmp_path: Path) -> None:
    library = load_library([tmp_path / "nowhere", tmp_path / "no.yaml"])
    assert len(library.problems) == 2
    assert all("no such file" in problem.message for problem in library.problems)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = write(tmp_path, exercise("a"))
    path.chmod(0)
    assert "may not be read" in told(load_library([tmp_path]))[0]


def test_warnings_do_not_keep_an_exercise_out(tmp_path: Path) -> None:
    write(tmp_path, DECK, "deck.yaml")
    text = (
        exercise("a")
        .replace("title: T", "title: {en: T}")
        .replace("ask: What is it?", "ask: {en: A, zh: B, fr: C}")
    )
    write(tmp_path, text, "a.yaml")
    library = load_library([tmp_path])
    assert told(library) == []
    assert told(library, "warning") == [
        "a.yaml:1: hints: there are no hints; add one",
        "a.yaml:1: explain: there is no explanation; add one",
        "a.yaml:4: title: the text is missing in zh; add it",
        "a.yaml:9: ask: fr: the deck has only en, zh; add the language there, or correct it here",
    ]
    assert library.exercises["a"].warnings == library.problems


def test_warnings_of_every_text(tmp_path: Path) -> None:
    write(tmp_path, DECK, "deck.yaml")
    text = (
        HEAD
        + PROGRAM
        + "ask: {en: A, zh: B}\nhints: [{en: A}]\nexplain: {zh: A}\nanswers:\n"
        + (
            "  a: {kind: value, value: x, prompt: {en: P}, near: {n: {value: 1, says: {en: S}}}}\n"
            "  c: {kind: choice, options: [{text: {en: A}, correct: true, says: {en: S}}, {text: b}]}\n"
            "  d: {kind: code, starter: '', solution: y = 1, compare: [y],"
            " forbid: [{name: a, says: {en: S}}]}\n"
        )
    )
    write(tmp_path, text, "a.yaml")
    fields = [problem.field for problem in load_library([tmp_path]).problems]
    assert set(fields) == {
        "hints.0",
        "explain",
        "answers.a.prompt",
        "answers.a.near.n.says",
        "answers.c.options.0.text",
        "answers.c.options.0.says",
        "answers.d.forbid.0.says",
    }


def test_outside_a_deck_the_languages_are_those_it_has(tmp_path: Path) -> None:
    text = WHOLE.replace("title: T", "title: {en: T, zh: T}") + "hints: [{en: H}]\nexplain: e\n"
    (warning,) = load(tmp_path, text).warnings
    assert (warning.field, warning.message) == ("hints.0", "the text is missing in zh; add it")
    assert load(tmp_path, WHOLE + "hints: [a]\nexplain: e\n").warnings == ()


def test_find_by_id_and_by_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, exercise("autograd.detach.one"), "in/a.yaml")
    other = write(tmp_path / "elsewhere", exercise("other"), "o.yml")
    library = load_library([tmp_path / "in"])
    loaded = library.exercises["autograd.detach.one"]
    monkeypatch.chdir(tmp_path)
    for name in ("autograd.detach.one", str(path), "in/a.yaml", "./in/../in/a.yaml"):
        assert find(library, name) is loaded
    assert find(library, str(other)).exercise.id == "other"


def test_find_suggests(tmp_path: Path) -> None:
    for name in ("autograd.detach.one", "autograd.detach.two", "matrix.trace"):
        write(tmp_path, exercise(name), f"{name}.yaml")
    library = load_library([tmp_path])
    with pytest.raises(UnknownExercise, match=r"did you mean `autograd.detach.one` or") as caught:
        find(library, "autograd.detach.on")
    assert caught.value.suggestions[0] == "autograd.detach.one"
    for name, part in (
        ("trace", "did you mean `matrix.trace`"),
        ("zzz", "3 exercises were found"),
        ("", "no exercise"),
        ("no/such.yaml", "no such file"),
        (str(tmp_path), "a folder"),
        ("a\0b/x", "no such file"),
        ("x" * 9999, "…"),
    ):
        with pytest.raises(UnknownExercise, match=part):
            find(library, name)


def test_find_tells_what_is_wrong_with_a_broken_one(tmp_path: Path) -> None:
    path = write(tmp_path, exercise("a").replace("kind: value", "kind: valeu"))
    library = load_library([tmp_path])
    for name in ("a", str(path)):
        with pytest.raises(ExerciseErrors, match="no kind of answer") as caught:
            find(library, name)
        assert "no hints" not in str(caught.value)  # a warning, and not why it cannot be used


def test_content_hash_is_of_the_content(tmp_path: Path) -> None:
    first = load(tmp_path, WHOLE).content_hash
    assert len(first) == 64
    assert load(tmp_path, "# a comment\n" + WHOLE, "b.yaml").content_hash == first
    assert load(tmp_path, WHOLE.replace("title: T", "title:   'T'"), "c.yaml").content_hash == first
    lines = WHOLE.split("answers:")[0].strip().split("\n")
    moved = "\n".join([lines[3], *lines[:3], *lines[4:]]) + "\n" + VALUE
    assert load(tmp_path, moved, "d.yaml").content_hash == first
    assert load(tmp_path, WHOLE.replace("title: T", "title: U"), "e.yaml").content_hash != first
    assert load(tmp_path, WHOLE + "explain: e\n", "f.yaml").content_hash != first


def test_positions_are_found_later(tmp_path: Path) -> None:
    loaded = load(tmp_path, WHOLE)
    assert loaded.position(("answers", "a", "value")) == (11, 27)
    assert loaded.position(("program",)) == (5, 10)
    assert loaded.position(("nope",)) == (1, 1)
    problem = loaded.problem(("answers", "a"), "hm")
    assert problem == Problem(loaded.path, 11, 6, "answers.a", "hm")
    loaded.path.unlink()
    assert loaded.position(("program",)) == (1, 1)


def test_load_exercise(tmp_path: Path) -> None:
    assert load_exercise(write(tmp_path, WHOLE)).id == "t.one"


def test_the_schema_in_data_is_that_of_the_models() -> None:
    shipped = json.loads((ROOT / "data" / "exercise.schema.json").read_text(encoding="utf-8"))
    assert shipped == schema(), "write it anew: tutor schema > data/exercise.schema.json"


def test_the_schema_names_every_field_and_explains_it() -> None:
    definitions = {"Exercise": schema(), **schema()["$defs"]}
    for name, definition in definitions.items():
        for field, described in definition.get("properties", {}).items():
            # What only refers to another definition is explained there.
            assert described.get("description") or "$ref" in described, f"{name}.{field}"
        assert definition.get("additionalProperties") is False or "properties" not in definition


def test_the_reference_in_docs_is_that_of_the_models() -> None:
    shipped = (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
    assert shipped == reference(), "python -m tutor.exercise.reference > docs/format.md"


def test_loading_needs_neither_torch_nor_jinja_nor_textual(tmp_path: Path) -> None:
    write(tmp_path, WHOLE + "explain: '{{ 1 + 1 }} {% if 1 %}a{% endif %}'\n")
    code = (
        "import sys, pathlib\nfrom tutor.exercise.load import load_library\n"
        "assert load_library([pathlib.Path(sys.argv[1])]).exercises\n"
        "print(sorted({'torch', 'jinja2', 'textual', 'sqlite_utils'} & set(sys.modules)))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], check=True, capture_output=True, text=True
    )
    assert run.stdout == "[]\n"


def test_shipped_exercises_have_no_errors() -> None:
    library = load_library([ROOT / "exercises"])
    assert [str(p) for p in library.problems if p.severity == "error"] == []
