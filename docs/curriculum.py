"""`make curriculum`: docs/curriculum.md, the table of what the shipped deck covers.

Skill × kind × language × near misses, counted from the files; a test keeps the page equal to them.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tutor.exercise.answers import Choice, Code, Order
from tutor.exercise.load import load_library
from tutor.exercise.model import localized_texts
from tutor.locations import exercises_dir

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tutor.exercise.answers import AnswerSpec
    from tutor.exercise.load import Library, LoadedExercise

PAGE: Final = Path(__file__).parent / "curriculum.md"
KINDS: Final = ("value", "flags", "raises", "formula", "code", "choice", "order")
CHAPTERS: Final = {
    "tensor": "Tensors",
    "autograd": "Autograd",
    "calculus": "Calculus",
    "matrix": "Matrix calculus",
    "linalg": "Linear algebra",
    "probability": "Probability",
    "model": "Putting together",
}

HEAD: Final = """\
# What the shipped deck covers

Written by `make curriculum` from the files; a test keeps it equal to them. *Wrong ways named* counts the
near misses of an exercise and the wrong options and lines that it offers, each of which stands for a way of
thinking; standard edits of the program, which every exercise has for free, are not counted.
"""


def page(library: Library) -> str:
    """The whole page, in Markdown."""
    deck = library.decks[0]
    by_skill: dict[str, list[LoadedExercise]] = {skill: [] for skill in deck.skills}
    for loaded in library.exercises.values():
        by_skill[loaded.skill].append(loaded)
    parts = [HEAD, _totals(library, by_skill)]
    for chapter, title in CHAPTERS.items():
        skills = [skill for skill in by_skill if skill.partition(".")[0] == chapter]
        parts.append(f"## {title}\n")
        parts.append("| skill | builds on | exercises | kinds | languages | wrong ways named |")
        parts.append("|---|---|---|---|---|---|")
        for skill in skills:
            requires = ", ".join(f"`{name}`" for name in deck.skills[skill].requires) or "–"
            parts.append(f"| `{skill}` | {requires} | {_row(by_skill[skill])} |")
        parts.append("")
    return "\n".join(parts)


def _totals(library: Library, by_skill: dict[str, list[LoadedExercise]]) -> str:
    exercises = list(library.exercises.values())
    answers = [answer for loaded in exercises for answer in loaded.exercise.answers.values()]
    first = Counter(_kinds(loaded)[0] for loaded in exercises)
    every = Counter(answer.kind for answer in answers)
    three = sum(wrong_ways(loaded) >= 3 for loaded in exercises)
    lines = [
        (
            f"{len(exercises)} exercises over {len(by_skill)} skills; {three} of them name three wrong ways "
            "or more.\n"
        ),
        "| kind | exercises that begin with it | answers |",
        "|---|---|---|",
        *(
            f"| `{kind}` | {first[kind]} ({first[kind] / len(exercises):.0%}) | {every[kind]} |"
            for kind in KINDS
        ),
        "",
    ]
    return "\n".join(lines)


def _row(exercises: Iterable[LoadedExercise]) -> str:
    exercises = list(exercises)
    kinds = Counter(kind for loaded in exercises for kind in _kinds(loaded))
    shown = ", ".join(f"{kind} {kinds[kind]}" for kind in KINDS if kinds[kind])
    languages = set[str]().union(*(_languages(loaded) for loaded in exercises))
    wrong = " + ".join(str(wrong_ways(loaded)) for loaded in exercises)
    return f"{len(exercises)} | {shown} | {', '.join(sorted(languages))} | {wrong}"


def _kinds(loaded: LoadedExercise) -> list[str]:
    return [answer.kind for answer in loaded.exercise.answers.values()]


def _languages(loaded: LoadedExercise) -> set[str]:
    """The languages in which every text of the exercise is there."""
    texts = [set(text) for _, text in localized_texts(loaded.exercise) if isinstance(text, dict)]
    return set.intersection(*texts)


def wrong_ways(loaded: LoadedExercise) -> int:
    """Near misses, wrong options that say why, distractors, and wrong answers among the tests of code."""
    return sum(_ways(loaded, name, answer) for name, answer in loaded.exercise.answers.items())


def _ways(loaded: LoadedExercise, name: str, answer: AnswerSpec) -> int:
    match answer:
        case Choice():
            return sum(not option.correct for option in answer.options)
        case Order():
            return len(answer.distractors)
        case Code():
            rules = sum(not isinstance(rule, str) for rule in (*answer.forbid, *answer.require))
            tests = sum(test.expect.get(name) == "wrong" for test in loaded.exercise.tests)
            return rules + tests + 1  # the starter is a wrong way too
        case _:
            return len(answer.near)


def main() -> None:
    PAGE.write_text(page(load_library([exercises_dir()])), encoding="utf-8")


if __name__ == "__main__":
    main()
