"""The seven kinds of answers an exercise may ask for."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import ConfigDict, Field, WithJsonSchema

from tutor.exercise.base import (
    Id,
    Identifier,
    Listed,
    Localized,
    Model,
    NonEmpty,
    Some,
    Template,
    Whole,
)
from tutor.families import FAMILIES


class Missing:
    """The type of :data:`MISSING`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"


#: Stands where a near miss has no ``value``; YAML's null is a value.
MISSING: Final = Missing()


class Patch(Model):
    """One edit of the rendered program."""

    replace: NonEmpty = Field(description="The text to replace; it must occur exactly once.")
    with_: Template = Field(alias="with", description="What to put there; may be empty.")
    count: Annotated[
        Annotated[int, Field(ge=1, le=1)] | Literal["all"], WithJsonSchema({"enum": [1, "all"]})
    ] = Field(1, description="`all` replaces every occurrence.")


#: An unknown one is found by ``answer_checks``, which can say what is near it.
Family: TypeAlias = Annotated[str, WithJsonSchema({"enum": list(FAMILIES)})]


class Near(Model):
    """A near miss: one of `patch`, `expr`, `value`, or `patch` with `expr`."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["value"]},
                {"anyOf": [{"required": ["patch"]}, {"required": ["expr"]}]},
            ]
        }
    )

    patch: Some[Patch] | None = Field(
        None, description="Edits of the program; the answer is what the edited program gives."
    )
    expr: NonEmpty | None = Field(
        None, description="Another expression in the run (`formula`: in the learner's syntax)."
    )
    value: Any = Field(
        default_factory=lambda: MISSING,
        description="An answer as a learner would type it: a text, number, bool, null or list.",
        json_schema_extra={
            "type": ["string", "number", "boolean", "null", "array"],
        },
    )
    says: Localized = Field(description="What this answer says about the learner's thinking.")
    idea: Family | None = Field(
        None,
        description="The family of misconceptions it belongs to; needed only where no standard "
        "edit of the program says the same.",
    )

    @property
    def has_value(self) -> bool:
        """Whether ``value`` was given (null counts)."""
        return self.value is not MISSING


class _Answer(Model):
    weight: float = Field(1.0, gt=0, description="Its share of the question's score.")
    prompt: Localized | None = Field(None, description="A label shown beside the answer field.")


class _AnswerWithNear(_Answer):
    near: dict[Id, Near] = Field({}, description="Near misses, by id.")


class Value(_AnswerWithNear):
    """Whatever an expression yields in the live run."""

    kind: Literal["value"] = Field(description="The kind of answer.")
    value: NonEmpty = Field(
        description="The expression: a tensor, number, bool, None, shape, text or grad_fn node."
    )


class Flags(_AnswerWithNear):
    """True or false, several times; credit for each."""

    kind: Literal["flags"] = Field(description="The kind of answer.")
    flags: Some[NonEmpty] = Field(description="The expressions, in the order asked.")


class Raises(_AnswerWithNear):
    """Does the program raise; which class; on which line."""

    kind: Literal["raises"] = Field(description="The kind of answer.")
    lines: Listed[Whole] | None = Field(
        None,
        description="The lines on offer, counted from 1 in the program as shown; all unless said. "
        "`[]` asks for the class alone.",
    )


class Variable(Model):
    """A formula's variable: where its random values come from."""

    shape: Listed[Whole] = Field(description="`[]` for a scalar.")
    kind: Literal["symmetric", "positive", "spd", "orthogonal", "unit"] | None = Field(
        None, description="What the values have to be, if more than just numbers."
    )
    low: float | None = Field(None, description="The least value; -2 unless said.")
    high: float | None = Field(None, description="The greatest value; 2 unless said.")


class Formula(_AnswerWithNear):
    """A formula in torch's notation, compared with autograd's truth at random points."""

    kind: Literal["formula"] = Field(description="The kind of answer.")
    vars: Annotated[
        dict[Identifier, Annotated[Listed[Whole] | Variable, Field(union_mode="left_to_right")]],
        Field(min_length=1),
    ] = Field(description="The variables by name, each with its shape or more.")
    truth: NonEmpty = Field(
        description="An expression in the program's namespace and the variables."
    )
    show: NonEmpty = Field(description="A right answer in the learner's own syntax.")


class Rule(Model):
    """A name that an answer's code may not, or must, use."""

    name: NonEmpty = Field(description="A name, an attribute or a called function; may be dotted.")
    says: Localized | None = Field(None, description="The reason shown when the rule is broken.")


RuleOrName: TypeAlias = Annotated[NonEmpty | Rule, Field(union_mode="left_to_right")]


class Code(_Answer):
    """Lines of Python, run after the program; values are compared."""

    kind: Literal["code"] = Field(description="The kind of answer.")
    starter: Template = Field(
        description="What stands in the editor at first; it must not be right."
    )
    solution: NonEmpty = Field(description="A right answer.")
    compare: Some[NonEmpty] = Field(description="The expressions whose values have to agree.")
    forbid: Listed[RuleOrName] = Field((), description="Names that the answer may not use.")
    require: Listed[RuleOrName] = Field((), description="Names that the answer has to use.")


class Option(Model):
    """One option: exactly one of `text`, `expr`, `near`."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": [name]} for name in ("text", "expr", "near")]}
    )

    text: Localized | None = Field(None, description="The option as a text.")
    expr: NonEmpty | None = Field(None, description="An expression whose live value is the option.")
    near: Id | None = Field(None, description="The id of a near miss, whose value is the option.")
    correct: bool = Field(False, description="Whether this option is right.")
    says: Localized | None = Field(None, description="Shown to whoever chose it.")


class Choice(_Answer):
    """One or several options, shuffled by the seed."""

    kind: Literal["choice"] = Field(description="The kind of answer.")
    options: Annotated[Listed[Option], Field(min_length=2, max_length=26)] = Field(
        description="The options, in any order."
    )
    many: bool = Field(False, description="Whether several options may be right.")


class Order(_Answer):
    """Lines of a program to be put in order, shuffled by the seed."""

    kind: Literal["order"] = Field(description="The kind of answer.")
    lines: Annotated[Listed[NonEmpty], Field(min_length=2, max_length=26)] = Field(
        description="The lines in a right order."
    )
    distractors: Listed[NonEmpty] = Field((), description="Lines that do not belong.")
    depends: dict[int, Listed[int]] | None = Field(
        None,
        description="For a line's number (from 1) the numbers of the lines it needs before it; "
        "without it only the given order is right.",
    )
    compare: Listed[NonEmpty] = Field(
        (), description="Expressions whose values have to agree with those of the given order."
    )


AnswerSpec: TypeAlias = Annotated[
    Value | Flags | Raises | Formula | Code | Choice | Order, Field(discriminator="kind")
]
WithNear: TypeAlias = Value | Flags | Raises | Formula
