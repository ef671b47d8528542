"""A question: an exercise drawn with a seed, its numbers fixed and its texts in one language.

Drawing is pure: the same exercise (id and revision), seed and language give the same question on
every machine and every version of Python.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tutor.exercise.drawing import DrawingError, draw_values, stream_of
from tutor.exercise.rendering import PENDING, Renderer, pick, preference, syntax_problem
from tutor.exercise.template import Template, TemplateError
from tutor.question.answers import draw_answer
from tutor.question.drawn import (
    DrawnAnswer,
    DrawnChoice,
    DrawnFlags,
    DrawnFormula,
    DrawnRaises,
    DrawnTest,
    DrawnValue,
    FinalTexts,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tutor.exercise.document import FieldPath
    from tutor.exercise.load import LoadedExercise
    from tutor.exercise.model import Exercise
    from tutor.exercise.problems import Problem


class DrawError(Exception):
    """An exercise cannot be drawn with this seed; ``problem`` says why, with file and line."""

    def __init__(self, problem: Problem, seed: int, where: FieldPath = ()) -> None:
        self.problem = problem
        self.seed = seed
        self.where = where
        super().__init__(f"{problem} (seed {seed})")


@dataclass(frozen=True, slots=True)
class Question:
    """A drawn exercise.

    ``params`` holds plain data, that of ``let`` included.  ``program`` ends in a newline unless it
    is empty; its lines count from 1 as they stand there.  In ``ask``, ``hints``, the options' texts
    and all ``says`` a ``…`` stands for every live value: :meth:`texts_with` puts them in, once the
    expressions ``live_expressions`` have values.
    """

    exercise: Exercise
    content_hash: str
    seed: int
    language: str
    params: Mapping[str, Any]
    title: str
    program: str
    ask: str
    answers: Mapping[str, DrawnAnswer]
    hints: tuple[str, ...]
    live_expressions: tuple[str, ...]
    _texts: _Texts = field(repr=False, compare=False)

    @property
    def asks_live(self) -> bool:
        """Whether the question itself, or an option on offer, shows a live value."""
        return any(
            path[0] == "ask" or (path[0] == "answers" and "options" in path)
            for path in self._texts.waiting
        )

    @property
    def tests(self) -> tuple[DrawnTest, ...]:
        """The author's tests with this draw's values, rendered when asked for.

        Raises:
            DrawError: if one cannot be rendered.
        """
        try:
            return _tests(self.exercise, Renderer(self.params, ()))
        except DrawingError as error:
            raise _error(self._texts.loaded, self.seed, error) from None

    def live_place(self, expression: str) -> FieldPath:
        """The text that asks for a live value: only errors want to know it."""
        return self._texts.place_of(expression)

    def line_in_file(self, line: int) -> int:
        """The line of the program's template that gave the drawn program's; 0 where it cannot be told."""
        return _template_line(self.exercise.program or "", self.program, line)

    def texts_with(self, live: Mapping[str, str]) -> FinalTexts:
        """All texts with the live values' texts, by expression.

        Raises:
            DrawError: if a text asks for a live value that is not in ``live_expressions``, which
                only a ``live('…')`` within a condition on another one can do.
        """
        try:
            texts = self._texts.filled(live)
        except DrawingError as error:
            raise _error(self._texts.loaded, self.seed, error) from None
        return _final_texts(texts, self.answers, self.exercise)


@dataclass(frozen=True, slots=True)
class _Texts:
    """The rendered texts by their place in the file, and the templates of those with live values."""

    loaded: LoadedExercise
    values: Mapping[str, Any]
    rendered: Mapping[FieldPath, str]
    waiting: Mapping[FieldPath, Template]

    def filled(self, live: Mapping[str, str]) -> Mapping[FieldPath, str]:
        if not self.waiting:
            return self.rendered
        values = {**self.values, "live": _lookup(live)}
        texts = dict(self.rendered)
        for path, template in self.waiting.items():
            try:
                texts[path] = template.render(values)
            except TemplateError as error:
                raise DrawingError(path, error.message) from None
            texts[path] = _within_sentences(texts[path], live.values())
        return texts

    def place_of(self, expression: str) -> FieldPath:
        for path, template in self.waiting.items():
            asked: dict[str, str] = {}
            note = asked.setdefault
            with suppress(TemplateError):
                template.render({**self.values, "live": lambda one, note=note: note(one, PENDING)})
            if expression in asked:
                return path
        return ("ask",)


def _template_line(template: str, program: str, line: int) -> int:
    """Lines are told apart only where the template gives one line for each of its own."""
    as_many = template.rstrip().count("\n") == program.rstrip().count("\n")
    return line if as_many and template[:1].strip() and "{%" not in template else 0


def _within_sentences(text: str, values: Iterable[str]) -> str:
    """A value of several rows, as torch prints a matrix, keeps them only where it stands alone."""
    for value in values:
        if "\n" in value:
            within = f"(?<=[^\\n]){re.escape(value)}|{re.escape(value)}(?=[^\\n])"
            one_row = " ".join(value.split()).replace("\\", r"\\")
            text = re.sub(within, one_row, text)
    return text


def _lookup(live: Mapping[str, str]) -> Any:
    def value(expression: str) -> str:
        if expression not in live:
            raise TemplateError(f"live('{expression}') was not asked for before the run")
        return live[expression]

    return value


def draw(loaded: LoadedExercise, seed: int, language: str) -> Question:
    """The question of an exercise with a seed, in ``language`` where its texts have it.

    Else the deck's first language serves, else English, else any that is there.

    Raises:
        DrawError: if it cannot be drawn; the problem names the field and its line.
    """
    try:
        return _draw(loaded, seed, language)
    except DrawingError as error:
        raise _error(loaded, seed, error) from None


def _error(loaded: LoadedExercise, seed: int, error: DrawingError) -> DrawError:
    problem = loaded.problem(error.path, error.message, error.line)
    return DrawError(problem, seed, error.path)


def _draw(loaded: LoadedExercise, seed: int, language: str) -> Question:
    exercise = loaded.exercise
    languages = preference(language, loaded.deck.languages if loaded.deck else ())
    values = draw_values(exercise, seed)
    renderer = Renderer(values, languages)
    program = _program(exercise, renderer)
    title = renderer.string(pick(exercise.title, languages)[0], ("title",))
    ask = renderer.text(exercise.ask, ("ask",))
    hints = tuple(
        renderer.text(hint, ("hints", index)) for index, hint in enumerate(exercise.hints)
    )
    if exercise.explain is not None:
        renderer.text(exercise.explain, ("explain",))
    answers = {}
    for name in exercise.answers:
        stream = stream_of(exercise, seed, f"answers.{name}")
        answers[name] = draw_answer(exercise, name, program, renderer, stream)
    return Question(
        exercise=exercise,
        content_hash=loaded.content_hash,
        seed=seed,
        language=pick(exercise.ask, languages)[1] or language,
        params=values,
        title=title,
        program=program,
        ask=ask,
        answers=answers,
        hints=hints,
        live_expressions=tuple(renderer.live),
        _texts=_Texts(loaded, values, renderer.texts, renderer.waiting),
    )


def _program(exercise: Exercise, renderer: Renderer) -> str:
    if exercise.program is None:
        return ""
    lines = renderer.string(exercise.program, ("program",)).rstrip().split("\n")
    while lines and not lines[0].strip():
        del lines[0]
    program = "\n".join(lines)
    if not program:
        return ""
    if problem := syntax_problem(program, "exec"):
        message = f"this is no Python: {problem} of the program as drawn"
        line = _template_line(exercise.program, program, problem.line)
        raise DrawingError(("program",), message, line)
    return program + "\n"


def _tests(exercise: Exercise, renderer: Renderer) -> tuple[DrawnTest, ...]:
    tests = []
    for index, test in enumerate(exercise.tests):
        answer = {
            name: renderer.string(text, ("tests", index, "answer", name))
            for name, text in test.answer.items()
        }
        expect = {
            name: (expected,) if isinstance(expected, str) else expected
            for name, expected in test.expect.items()
        }
        tests.append(DrawnTest(answer, expect))
    return tuple(tests)


def _final_texts(
    texts: Mapping[FieldPath, str], answers: Mapping[str, DrawnAnswer], exercise: Exercise
) -> FinalTexts:
    says, options, option_says = {}, {}, {}
    for name, answer in answers.items():
        match answer:
            case DrawnChoice(options=shown):
                for place, option in enumerate(shown):
                    at: FieldPath = ("answers", name, "options", option.index)
                    if (text := texts.get((*at, "text"))) is not None:
                        options[name, place] = text
                    if (text := texts.get((*at, "says"))) is not None:
                        option_says[name, place] = text
            case DrawnValue() | DrawnFlags() | DrawnRaises() | DrawnFormula():
                for near_id in answer.near:
                    says[name, near_id] = texts["answers", name, "near", near_id, "says"]
    hints = tuple(texts["hints", index] for index in range(len(exercise.hints)))
    return FinalTexts(texts["ask",], texts.get(("explain",)), hints, says, options, option_says)
