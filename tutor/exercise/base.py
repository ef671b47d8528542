"""What all models of the format share: strictness, and the types of its names and texts."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

ID_PATTERN: Final = r"^[a-z0-9]+(?:[.-][a-z0-9]+)*$"
IDENTIFIER_PATTERN: Final = r"^[^\W\d]\w*$"
LANGUAGE_PATTERN: Final = r"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$"

MAX_NAME: Final = 200

Id: TypeAlias = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=MAX_NAME)]
Identifier: TypeAlias = Annotated[
    str, StringConstraints(pattern=IDENTIFIER_PATTERN, max_length=MAX_NAME)
]
Language: TypeAlias = Annotated[str, StringConstraints(pattern=LANGUAGE_PATTERN)]

#: A template (Jinja2) over the drawn parameters.
Template: TypeAlias = str
NonEmpty: TypeAlias = Annotated[str, StringConstraints(min_length=1)]
#: A template, in one language or in several.
Localized: TypeAlias = Annotated[
    NonEmpty | Annotated[dict[Language, NonEmpty], Field(min_length=1)],
    Field(union_mode="left_to_right"),
]
#: A whole number, or a template that renders to one.
Whole: TypeAlias = Annotated[int | NonEmpty, Field(union_mode="left_to_right")]

T = TypeVar("T")
#: Lists of the file become tuples; what stands in them stays strict.
Listed: TypeAlias = Annotated[tuple[T, ...], Strict(False)]
Some: TypeAlias = Annotated[tuple[T, ...], Strict(False), Field(min_length=1)]


class Model(BaseModel):
    """Unknown keys and values of another type are errors; nothing changes after loading."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, allow_inf_nan=False, populate_by_name=False
    )
