"""The pytest plugin in runs of its own, on a course outside the repository."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "authoring"))
from documents import shown_files, write

pytest_plugins = ["pytester"]

#: The plugin itself comes by its entry point, as it does for everybody.
QUIET = ("-p", "no:randomly", "-p", "no:cacheprovider")
COURSE = {
    name.removeprefix("course/"): text
    for name, text in shown_files().items()
    if name.startswith("course/")
}
CHAIN = "exercises/chain.yaml"
ID = f"{CHAIN}::course.chain.square"


@pytest.fixture
def course(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """The course that docs/authoring.md shows."""
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    write(COURSE, pytester.path)
    return pytester


def add(course: pytest.Pytester, name: str, *edits: tuple[str, str]) -> None:
    """Another exercise, like the first but for some edits."""
    text = COURSE[CHAIN].replace("course.chain.square", f"course.chain.{name}")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    (course.path / "exercises" / f"{name}.yaml").write_text(text)


def collected(course: pytest.Pytester, *args: str) -> tuple[list[str], str]:
    """The ids that a run would take, and all that it prints."""
    result = course.runpytest_subprocess(*QUIET, "--collect-only", "-q", *args)
    return [line for line in result.outlines if "::" in line], result.stdout.str()


def test_the_course_of_the_page_passes_with_the_ids_it_shows(course: pytest.Pytester) -> None:
    result = course.runpytest_subprocess(*QUIET, "-v", "exercises", "test_course.py")
    result.assert_outcomes(passed=11)
    ran = re.findall(r"^(\S+yaml::\S+) PASSED", result.stdout.str(), re.MULTILINE)
    assert ran == [
        *(f"{ID}::draws[seed={seed}]" for seed in range(5)),
        f"{ID}::near[not-squared]",
        f"{ID}::tests[0]",
    ]


def test_failures_show_the_author_s_line_and_both_values_and_run_again_alone(
    course: pytest.Pytester,
) -> None:
    add(course, "near", ("{replace: x * x, with: x}", "{replace: x * x, with: 1 * x * x}"))
    add(course, "test", ('"2 * {{ a }}"', '"3 * {{ a }}"'))
    add(course, "program", ("y.backward()", "z.backward()"))
    run = (*QUIET[:2], "exercises", "--tutor-seeds", "1")
    result = course.runpytest_subprocess(*run)
    result.assert_outcomes(passed=7, failed=5)
    output = result.stdout.str()
    near = (
        r"near.yaml:17:7: answers.grad.near.not-squared: is the same as the truth: tensor\(\d+\.\) .*"
        r"\n          not-squared:\n          \^"
    )
    tests = (
        r"test.yaml:23:52: tests.0.expect.grad: '3 \* \d' is wrong, expected correct: .*"
        r"\(the truth is tensor\(\d+\.\)\) .*"
        r"\n      - \{answer: \{grad: \"3 \* \{\{ a \}\}\"\}, expect: \{grad: correct\}\}\n"
    )
    program = (
        r"program.yaml:10:1: program: the program stopped with NameError on line 3: name 'z' .*"
        r"\n      z.backward\(\)\n      \^\n"
    )
    for expected in (near, tests, program):
        assert re.search(expected, output), expected
    assert "Traceback" not in output
    again = course.runpytest_subprocess(*run, "--lf", "-k", "near or tests")
    again.assert_outcomes(failed=4, deselected=8)


def test_it_runs_spread_over_processes(course: pytest.Pytester) -> None:
    result = course.runpytest_subprocess(*QUIET, "-n", "2", "exercises", "test_course.py")
    result.assert_outcomes(passed=11)


def test_parts_are_chosen_by_id_and_by_word(course: pytest.Pytester) -> None:
    chosen = [f"{ID}::draws[seed=3]", f"{ID}::tests[0]"]
    assert collected(course, *chosen)[0] == chosen
    assert collected(course, "exercises", "-k", "near")[0] == [f"{ID}::near[not-squared]"]


def test_what_is_collected_and_what_is_not(course: pytest.Pytester) -> None:
    # Two answers with a near miss of one name, an exercise with an error, and files of other kinds.
    answer = COURSE[CHAIN][COURSE[CHAIN].index("  grad:\n") : COURSE[CHAIN].index("hints:")]
    add(course, "two", (answer, answer + answer.replace("grad:\n", "again:\n", 1)))
    add(course, "wrong", ("title: The", "titel: The"))
    (course.path / "exercises" / "deck.yaml").write_text("format: 1\nanswers: {}\n")
    (course.path / "compose.yaml").write_text("services: {}\n")
    (course.path / "binary.yml").write_bytes(b"\xff\xfe\x00")
    ids, output = collected(course, "--tutor-seeds", "2")
    assert [id_ for id_ in ids if id_.startswith(("exercises/two", "compose", "binary"))] == [
        "exercises/two.yaml::course.chain.two::draws[seed=0]",
        "exercises/two.yaml::course.chain.two::draws[seed=1]",
        "exercises/two.yaml::course.chain.two::near[grad.not-squared]",
        "exercises/two.yaml::course.chain.two::near[again.not-squared]",
        "exercises/two.yaml::course.chain.two::tests[0]",
    ]
    assert "deck.yaml" not in output
    assert "wrong.yaml:4:1: titel: unknown key `titel`; did you mean `title`" in output
    assert "1 error" in output
    assert "Traceback" not in output


def test_the_fixtures_find_exercises_where_the_setting_says(course: pytest.Pytester) -> None:
    (course.path / "exercises").rename(course.path / "lessons")
    course.makeini("[pytest]\ntutor_exercises = lessons\n")
    course.makepyfile(
        test_drawn="""
        def test_drawn(tutor_question):
            first = tutor_question("course.chain.square", seed=2)
            assert first == tutor_question("lessons/chain.yaml", seed=2)
            assert "x.backward()" not in first.program
        """
    )
    course.runpytest_subprocess(*QUIET, "test_drawn.py").assert_outcomes(passed=1)


def test_a_test_of_one_s_own_says_what_was_expected_and_why_it_is_not_so(
    course: pytest.Pytester,
) -> None:
    course.makepyfile(
        test_own="""
        ID = "course.chain.square"

        def test_right(tutor_question, tutor_expect):
            question = tutor_question(ID, seed=1)
            a = question.params["a"]
            tutor_expect(question, 2 * a, "correct")  # a number is typed as Python writes it
            tutor_expect(question, {"grad": 1}, {"grad": ["not-squared"]})
            assert tutor_expect(question, "[1", "invalid")["grad"].column == 1

        def test_wrong(tutor_question, tutor_expect):
            tutor_expect(tutor_question(ID, seed=1), "1", "correct")

        def test_another_near_miss(tutor_question, tutor_expect):
            tutor_expect(tutor_question(ID, seed=1), "0.5", "not-squared")

        def test_misspelt_answer(tutor_question, tutor_grade):
            tutor_grade(tutor_question(ID), grd="1")

        def test_misspelt_expectation(tutor_question, tutor_expect):
            tutor_expect(tutor_question(ID), {"grad": "1"}, {"grd": "correct"})

        def test_misspelt_id(tutor_question):
            tutor_question("course.chain.sqare")
        """
    )
    result = course.runpytest_subprocess(*QUIET, "test_own.py")
    result.assert_outcomes(passed=1, failed=5)
    output = result.stdout.str()
    for part in (
        r"grad: '1' is wrong, expected correct: That would be the slope .* \(the truth is tensor\(\d+\.\)\)",
        r"grad: '0.5' is told as .*, expected not-squared: .* \(the truth is",
        r"TypeError: this question asks for grad, and not for `grd`",
        r"TypeError: `grd` is expected but not answered",
        r"UnknownExercise: there is no exercise `course.chain.sqare`; did you mean `course.chain.square`\?",
    ):
        assert re.search(part, output), part
    # The way inside is nothing to the author of a test.
    assert "tutor/pytest_plugin" not in output.replace(str(course.path), "")
    assert "asyncio" not in output.split("FAILURES")[1]


def test_editors_find_the_line_of_each_test(course: pytest.Pytester) -> None:
    course.makeconftest(
        """
        def pytest_collection_modifyitems(items):
            for item in items:
                path, line, _ = item.reportinfo()
                print("AT", item.name, path.read_text().splitlines()[line].strip())
        """
    )
    shown = course.runpytest_subprocess(
        *QUIET, "--collect-only", "-q", "-s", "exercises"
    ).stdout.str()
    assert "AT draws[seed=0] format: 1" in shown
    assert "AT near[not-squared] not-squared:" in shown
    assert 'AT tests[0] - {answer: {grad: "2 *' in shown
