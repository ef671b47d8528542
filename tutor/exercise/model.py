"""An exercise and a deck as their files give them."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field, TypeAdapter, WithJsonSchema

from tutor.exercise.answers import (
    MISSING,
    AnswerSpec,
    Choice,
    Code,
    Flags,
    Formula,
    Near,
    Option,
    Order,
    Patch,
    Raises,
    Rule,
    Value,
    Variable,
)
from tutor.exercise.base import (
    Id,
    Identifier,
    Language,
    Listed,
    Localized,
    Model,
    NonEmpty,
    Some,
    Template,
)
from tutor.exercise.params import Param

__all__ = [
    "MISSING", "AnswerSpec", "Choice", "Code", "DeckFile", "Exercise", "ExerciseTest", "Flags",
    "Formula", "Near", "Option", "Order", "Patch", "Raises", "Rule", "Skill", "Value", "Variable",
    "schema",
]  # fmt: skip


#: `1` and nothing else: neither `true` nor `1.0`, which a literal would take.
Format: TypeAlias = Annotated[int, Field(ge=1, le=1), WithJsonSchema({"const": 1})]


def _as_typed(value: Any) -> Any:
    """Numbers and the like without quotes, as a learner would type them."""
    if value is None or isinstance(value, bool | int | float | list):
        return repr(value)
    return value


Typed: TypeAlias = Annotated[
    str,
    BeforeValidator(_as_typed),
    WithJsonSchema({"type": ["string", "number", "boolean", "null", "array"]}),
]


class ExerciseTest(Model):
    """A test by the author, run on every deployed seed."""

    answer: Annotated[dict[Identifier, Typed], Field(min_length=1)] = Field(
        description="What is typed, by the answer's name; all or some of them."
    )
    expect: Annotated[
        dict[Identifier, Annotated[NonEmpty | Some[NonEmpty], Field(union_mode="left_to_right")]],
        Field(min_length=1),
    ] = Field(
        description="By the answer's name: a verdict (correct, wrong, invalid, broken), "
        "the id of a near miss, or a list of ids."
    )


Params: TypeAlias = dict[Identifier, Param]


class Exercise(Model):
    """One exercise: a template from which questions are drawn."""

    format: Format = Field(description="The version of this format.")
    id: Id = Field(description="Stable for ever: lower-case words joined by `.` and `-`.")
    revision: int = Field(1, ge=1, description="Raised when the meaning changes.")
    skill: Id = Field(description="The skill practised, a node of the deck's graph.")
    title: Localized = Field(description="A short title.")
    params: Params = Field({}, description="What is drawn with every seed.")
    let: dict[Identifier, NonEmpty] = Field(
        {}, description="Values computed from the parameters, in order."
    )
    where: Listed[NonEmpty] = Field((), description="Conditions; other draws are redrawn.")
    program: Template | None = Field(
        None, description="The program, run first; needed except for `choice` and `formula`."
    )
    ask: Localized = Field(description="The question.")
    answers: Annotated[dict[Identifier, AnswerSpec], Field(min_length=1)] = Field(
        description="What is asked for, by name."
    )
    hints: Listed[Localized] = Field((), description="Hints, from gentle to plain.")
    explain: Localized | None = Field(None, description="The explanation shown after the answer.")
    tests: Listed[ExerciseTest] = Field((), description="The author's own tests.")
    difficulty: int | None = Field(None, ge=1, le=5, description="From 1 (easy) to 5.")
    source: str | None = Field(None, description="Where the exercise comes from.")
    tags: Listed[NonEmpty] = Field((), description="Words to find it by.")

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the exercise's texts, in the order met; empty if no text names one."""
        found: dict[str, None] = {}
        for _, text in localized_texts(self):
            if isinstance(text, dict):
                found.update(dict.fromkeys(text))
        return tuple(found)


FieldPath: TypeAlias = tuple[str | int, ...]


def localized_texts(exercise: Exercise) -> list[tuple[FieldPath, str | dict[str, str]]]:
    """Every text that may have several languages, with its place in the file."""
    texts: list[tuple[FieldPath, str | dict[str, str] | None]] = [
        (("title",), exercise.title),
        (("ask",), exercise.ask),
    ]
    for name, answer in exercise.answers.items():
        at: FieldPath = ("answers", name)
        texts.append(((*at, "prompt"), answer.prompt))
        match answer:
            case Value() | Flags() | Raises() | Formula():
                texts += (
                    ((*at, "near", id_, "says"), near.says) for id_, near in answer.near.items()
                )
            case Choice():
                for index, option in enumerate(answer.options):
                    texts.append(((*at, "options", index, "text"), option.text))
                    texts.append(((*at, "options", index, "says"), option.says))
            case Code():
                for field in ("forbid", "require"):
                    for index, rule in enumerate(getattr(answer, field)):
                        if isinstance(rule, Rule):
                            texts.append(((*at, field, index, "says"), rule.says))
            case Order():
                pass
    texts += ((("hints", index), hint) for index, hint in enumerate(exercise.hints))
    texts.append((("explain",), exercise.explain))
    return [(path, text) for path, text in texts if text is not None]


class Skill(Model):
    """A node of a deck's skill graph."""

    title: Localized = Field(description="A short title.")
    requires: Listed[Id] = Field((), description="Skills to learn first.")
    exercises: dict[Id, Annotated[float, Field(gt=0)]] = Field(
        {}, description="Skills practised along with this one, each with a weight."
    )


class DeckFile(Model):
    """The `deck.yaml` of a folder of exercises."""

    format: Format = Field(description="The version of this format.")
    id: Id = Field(description="Stable for ever: lower-case words joined by `.` and `-`.")
    title: Localized = Field(description="A short title.")
    languages: Some[Language] = Field(
        description="The languages of the deck; the first is its own."
    )
    licence: NonEmpty = Field(description="The licence of the exercises, such as CC-BY-4.0.")
    skills: Annotated[dict[Id, Skill], Field(min_length=1)] = Field(
        description="The skill graph, by the skills' names."
    )


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of exercise files, for editors and for ``tutor schema``."""
    made = TypeAdapter(Exercise).json_schema(by_alias=True)
    _close_maps(made)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **made,
        "title": "Autograd Tutor exercise, format 1",
    }


def _close_maps(part: Any) -> None:
    """Keys that are no names, or no languages, are errors; pydantic's schema lets them pass."""
    if isinstance(part, dict):
        if "patternProperties" in part:
            part.setdefault("additionalProperties", False)
        for inner in part.values():
            _close_maps(inner)
    elif isinstance(part, list):
        for inner in part:
            _close_maps(inner)
