"""What the documents name is there: files, headings, commands, options, keys, numbers."""

from __future__ import annotations

import re
import tomllib

import click
import pytest
from pages import (
    NAMES,
    PATHS,
    ROOT,
    anchors_of,
    code_of,
    prose_of,
    text_of,
    tutor_commands,
    typed_in,
)

from tutor import __version__
from tutor.cli import tutor
from tutor.edits.words import KINDS
from tutor.exercise.load import load_library
from tutor.families import FAMILIES
from tutor.locations import exercises_dir
from tutor.question.seeds import DEPLOYED_SEEDS
from tutor.runner.limits import DEFAULT, in_words
from tutor.schedule import placement
from tutor.schedule.settings import ENOUGH

#: Where a short name in CONTRIBUTING may lie.
ROOMS = ("", *(f"tutor/{room}" for room in (
    "app", "app/screens", "app/widgets", "edits", "exercise", "grading", "grading/relations", "question",
    "render", "runner", "runner/worker",
)))  # fmt: skip

documents = pytest.mark.parametrize("name", NAMES)


@documents
def test_every_link_leads_to_a_file_and_a_heading(name):
    folder = (ROOT / name).parent
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text_of(name)):
        file, _, anchor = target.partition("#")
        path = (folder / file).resolve() if file else ROOT / name
        assert path.exists(), target
        if anchor:
            assert anchor in anchors_of(str(path.relative_to(ROOT))), target


@documents
def test_every_file_and_folder_named_is_there(name):
    for code in code_of(name):
        for word in code.split():
            if re.fullmatch(r"(tutor|tests|docs|data|exercises)/[\w./-]*", word):
                assert (ROOT / word).exists(), word


def test_every_short_name_in_contributing_is_there():
    short = [code for code in code_of("CONTRIBUTING.md") if re.fullmatch(r"\w+(\.py|/)", code)]
    assert len(short) > 30
    for code in short:
        assert any((ROOT / room / code).exists() for room in ROOMS), code


def test_contributing_has_every_room_and_every_folder_of_tests():
    told = set(code_of("CONTRIBUTING.md"))
    rooms = [path for path in (ROOT / "tutor").iterdir() if not path.name.startswith("_")]
    for path in rooms:
        if path.is_dir() or path.suffix == ".py":
            assert f"tutor/{path.name}{'/' if path.is_dir() else ''}" in told, path
    for path in (ROOT / "tests").iterdir():
        if path.is_dir() and not path.name.startswith(("_", ".")):
            of_a_room = path.name in {room.stem for room in rooms}
            assert of_a_room or f"tests/{path.name}/" in told, path


def test_every_picture_is_shown_and_can_be_taken_anew():
    for path in (ROOT / "docs" / "img").iterdir():
        shown = [page for page in PATHS if f"img/{path.name})" in page.read_text(encoding="utf-8")]
        assert shown, f"no document shows {path.name}"
        assert f'"{path.stem}"' in text_of("docs/screenshots.py"), f"nothing makes {path.name}"


@documents
def test_every_command_and_option_told_of_is_there(name):
    of_all = {option for param in tutor.params for option in param.opts} | {"--help"}
    for line in tutor_commands(name):
        command: click.Command = tutor
        for word in re.findall(r"[^\s,\[\]]+", line):
            if word.startswith("--"):
                assert word in of_all | {o for param in command.params for o in param.opts}, line
            elif isinstance(command, click.Group):
                several = [
                    command.get_command(click.Context(command), one)
                    for one in word.replace("\\|", "|").split("|")
                ]
                assert None not in several, line
                command = several[0]


@documents
def test_every_make_target_told_of_is_there(name):
    makefile = text_of("Makefile")
    told = [*code_of(name), *typed_in(name)]
    for target in (line.split()[1] for line in told if re.match(r"make \w", line)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


#: Keys of the terminal's or of the text field's own.
NOT_OURS = {"ctrl+c", "ctrl+z"}


def test_every_key_told_of_does_something():
    from tutor.app import keys
    from tutor.app.screens.preview import PreviewScreen

    bound = set[str]()
    for binding in (*vars(keys).values(), PreviewScreen.BINDINGS):
        bindings = binding if isinstance(binding, tuple | list) else [binding]
        for one in bindings:
            bound |= {key.strip() for key in getattr(one, "key", "").split(",")}
    for name in NAMES:
        for key in re.findall(r"\bctrl\+\w\b|\bF\d+\b|\^[a-z]\b", prose_of(name)):
            key = key.lower().replace("^", "ctrl+")
            assert key in bound | NOT_OURS, f"{name}: {key}"


# -- numbers -----------------------------------------------------------------------------------------------


def _numbers(pattern: str) -> dict[str, set[int]]:
    found = {name: {int(n) for n in re.findall(pattern, text_of(name))} for name in NAMES}
    return {name: numbers for name, numbers in found.items() if numbers}


def test_the_numbers_of_exercises_and_skills_are_those_of_the_deck():
    library = load_library([exercises_dir()])
    (deck,) = library.decks
    exercises, skills = len(library.exercises), len(deck.skills)
    told = _numbers(r"(\d+) exercises over \d+ skills") | _numbers(r"(\d+) 道练习")
    assert set(told) == {"README.md", "README.zh.md", "CHANGELOG.md", "docs/curriculum.md"}
    assert all(numbers == {exercises} for numbers in told.values()), (exercises, told)
    told = _numbers(r"\d+ exercises over (\d+) skills") | _numbers(r"(\d+) 项技能")
    assert all(numbers == {skills} for numbers in told.values()), (skills, told)


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        (r"(\d+) families of misconceptions", len(FAMILIES)),
        (r"(\d+) kinds in all", len(KINDS)),
        (r"at most (\d+) questions", placement.MOST),
        (r"5 to (\d+) questions", placement.MOST),
        (r"once (\d+) reviews count", ENOUGH),
        (r"has drawn all (\d+) questions", DEPLOYED_SEEDS),
    ],
)
def test_a_number_that_is_told_is_that_of_the_program(pattern, number):
    told = _numbers(pattern)
    assert told
    for name, numbers in told.items():
        assert numbers == {number}, name


def test_the_limits_told_are_those_in_force():
    told = text_of("docs/running.md")
    for limit in ("cpu", "wall", "memory", "files", "result"):
        assert f"| {in_words(limit, DEFAULT)} |" in told, limit
    assert f"{DEFAULT.output:,} characters" in told


def test_the_version_is_one():
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    newest = re.search(r"^## (\S+)", text_of("CHANGELOG.md"), re.MULTILINE)
    assert project["version"] == __version__ == newest[1]


def test_the_changelog_says_each_thing_once_and_in_a_group():
    """A merge of two branches that both add lines may bring old ones back."""
    version = text_of("CHANGELOG.md").split("\n## ")[1]
    head, *groups = version.split("\n### ")
    assert "\n- " not in head
    begins = [tuple(line.split()[:4]) for line in version.splitlines() if line.startswith("- ")]
    assert len(begins) == len(set(begins)), [begin for begin in begins if begins.count(begin) > 1]
    names = [group.splitlines()[0] for group in groups]
    assert len(names) == len(set(names))


# -- both READMEs ------------------------------------------------------------------------------------------


def test_both_readmes_say_the_same():
    """Headings, lines to type, what stands in code, and where links lead."""
    english, chinese = "README.md", "README.zh.md"
    shape = [
        [len(hashes) for hashes in re.findall(r"^(#+) ", text_of(name), re.MULTILINE)]
        for name in (english, chinese)
    ]
    assert shape[0] == shape[1]
    typed = [[line.removesuffix(" --lang zh") for line in typed_in(n)] for n in (english, chinese)]
    assert typed[0] == typed[1]
    assert set(code_of(english)) == set(code_of(chinese))
    links = [
        [
            target.replace("-zh.svg", ".svg")
            for target in re.findall(r"\]\(([^)]+)\)", text_of(name))
        ]
        for name in (english, chinese)
    ]
    assert links[0][1:] == links[1][1:], "the first leads to the other language"
