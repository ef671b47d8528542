"""The parameters of an exercise: what is drawn anew with every seed."""

from __future__ import annotations

from typing import Annotated, Any, Final, TypeAlias

from pydantic import Discriminator, Field, JsonValue, Tag

from tutor.exercise.base import Listed, Model, NonEmpty, Some, Whole

#: Bounds of drawn whole numbers.
MAX_INT: Final = 2**53
MAX_LENGTH: Final = 1_000

Bound: TypeAlias = Annotated[int, Field(ge=-MAX_INT, le=MAX_INT)]


class IntParam(Model):
    """A whole number."""

    int: Annotated[Listed[Bound], Field(min_length=2, max_length=2)] = Field(
        description="The least and the greatest value, both included: `[2, 4]`."
    )


class FloatRange(Model):
    """Evenly spaced numbers."""

    from_: float = Field(alias="from", description="The least value.")
    to: float = Field(description="The greatest value, itself drawn if a step ends on it.")
    step: float = Field(gt=0, description="The distance between neighbours.")


class FloatParam(Model):
    """A number on a grid."""

    float: FloatRange = Field(description="The grid.")


class ChoiceParam(Model):
    """One of several values: numbers, texts, lists or maps."""

    choice: Some[JsonValue] = Field(
        description="The values; one that stands twice is twice as likely."
    )


class ListSpec(Model):
    """How many, and of what."""

    len: Whole = Field(
        description="How many entries: a number, or a template over earlier parameters."
    )
    of: Param = Field(description="How every entry is drawn; a list of lists makes a matrix.")


class ListParam(Model):
    """A list of independent draws; lists nest."""

    list: ListSpec = Field(description="How many, and of what.")


class PermutationParam(Model):
    """A random order."""

    permutation: Annotated[int, Field(ge=1, le=MAX_LENGTH)] | Some[JsonValue] = Field(
        description="N for the numbers 0 … N-1, or a list of values, in a random order.",
    )


class LineParam(Model):
    """One of several fragments of a program, so that its structure varies."""

    line: Some[NonEmpty | Annotated[str, Field(max_length=0)]] = Field(
        description="The fragments: templates over the other parameters. An empty one leaves nothing."
    )


_KINDS: Final = ("int", "float", "choice", "list", "permutation", "line")


def _kind(value: Any) -> str | None:
    """The tag of a parameter: its one key."""
    if isinstance(value, dict):
        return next((f"<{key}>" for key in value if key in _KINDS), None)
    return f"<{next(iter(type(value).model_fields))}>" if isinstance(value, Model) else None


Param: TypeAlias = Annotated[
    Annotated[IntParam, Tag("<int>")]
    | Annotated[FloatParam, Tag("<float>")]
    | Annotated[ChoiceParam, Tag("<choice>")]
    | Annotated[ListParam, Tag("<list>")]
    | Annotated[PermutationParam, Tag("<permutation>")]
    | Annotated[LineParam, Tag("<line>")],
    Discriminator(_kind),
]

ListSpec.model_rebuild()
ListParam.model_rebuild()
