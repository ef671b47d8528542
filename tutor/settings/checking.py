"""Whether a setting may have a value: the pydantic model of the settings."""

from __future__ import annotations

from dataclasses import MISSING, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError, create_model
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from tutor.settings.values import ABOUT, AUTO, ENV_PREFIX, UserSettings
from tutor.settings.words import unknown, wrong_value

if TYPE_CHECKING:
    from collections.abc import Mapping


class SettingsError(Exception):
    """A setting cannot be changed; the message says why and what would be right."""


def checked(values: Mapping[str, Any]) -> UserSettings:
    """The settings with ``values``.

    Raises:
        ValidationError: some are not what they may be.
    """
    return UserSettings(**model()(**values).model_dump())


class _Base(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, extra="forbid", frozen=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # The environment is read apart, so that a message can say where a wrong value stands.
        return (init_settings,)


@lru_cache(maxsize=1)
def model() -> type[_Base]:
    """The pydantic model of :class:`UserSettings`: same names, types, defaults and limits."""
    types = {
        "bool": bool,
        "int": int,
        "float": float,
        "str": str,
        "Mapping[str, str]": dict[str, str],
    }
    model: dict[str, Any] = {}
    for one in fields(UserSettings):
        about = ABOUT[one.name]
        kind: Any = Literal[about.choices] if about.choices else types[str(one.type)]
        if one.name == "time_zone":
            kind = Annotated[str, AfterValidator(_zone)]
        default = {} if one.default is MISSING else one.default
        model[one.name] = (kind, Field(default, ge=about.least, le=about.most))
    return create_model("SettingsModel", __base__=_Base, **model)


def _zone(name: str) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    if name != AUTO:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, OSError) as error:  # OSError: the name of a folder of zones
            raise ValueError(name) from error
    return name


def check(name: str, value: object) -> Any:
    """The value of a setting, from text too.

    Raises:
        SettingsError: no such setting, or a value that cannot be.
    """
    if name not in ABOUT:
        raise SettingsError(unknown(name))
    try:
        return getattr(checked({name: value}), name)
    except ValidationError:
        raise SettingsError(wrong_value(name, value)) from None
