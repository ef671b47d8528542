"""The reference of every field in ``docs/authoring.md``, written from the models of the format.

``python -m tutor.authoring.reference docs/authoring.md`` brings the page up to date; a test keeps the
two equal.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from tutor.exercise.model import DeckFile, schema

BEGIN: Final = "<!-- reference: written by `python -m tutor.authoring.reference`, not by hand -->"
END: Final = "<!-- end of reference -->"

#: The models in the order of the page, each with its heading.
_EXERCISE: Final = {
    "IntParam": "`params`: `int`", "FloatRange": "`params`: `float`", "ChoiceParam": "`params`: `choice`",
    "ListSpec": "`params`: `list`", "PermutationParam": "`params`: `permutation`",
    "LineParam": "`params`: `line`",
    "Value": "`kind: value`", "Flags": "`kind: flags`", "Raises": "`kind: raises`",
    "Formula": "`kind: formula`", "Variable": "A variable under `vars`",
    "Code": "`kind: code`", "Rule": "An entry of `forbid` or `require`",
    "Choice": "`kind: choice`", "Option": "An entry of `options`", "Order": "`kind: order`",
    "Near": "A near miss under `near`", "Patch": "An entry of `patch`",
    "ExerciseTest": "An entry of `tests`",
}  # fmt: skip
_DECK: Final = {"Skill": "A skill under `skills`"}
#: What a reference to a model is called in the column of types.
_NAMES: Final = {
    "Near": "near miss", "Patch": "edit", "Option": "option", "Rule": "map", "Variable": "map",
    "ExerciseTest": "test", "FloatRange": "map", "ListSpec": "map", "Skill": "skill",
    "JsonValue": "anything",
}  # fmt: skip


def reference() -> str:
    """The tables, as Markdown."""
    exercise = schema()
    deck = TypeAdapter(DeckFile).json_schema(by_alias=True)
    parts = [_table("An exercise", exercise)]
    parts += [_table(title, exercise["$defs"][name]) for name, title in _EXERCISE.items()]
    parts.append(_table("`deck.yaml`", deck))
    parts += [_table(title, deck["$defs"][name]) for name, title in _DECK.items()]
    return "\n\n".join(parts)


def put_into(page: str) -> str:
    """The page with the tables in their place.

    Raises:
        ValueError: the page has no place for them.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the page needs a line {BEGIN} and a line {END}")
    return f"{before}{BEGIN}\n\n{reference()}\n\n{END}{after}"


def _table(title: str, model: dict[str, Any]) -> str:
    needed = set(model.get("required", ()))
    fields = list(model["properties"].items())
    if "weight" in model["properties"]:
        # What all answers share comes last.
        fields.sort(key=lambda item: item[0] in ("weight", "prompt", "near"))
    rows = [
        f"| `{name}` | {_type(field)} | {_default(name, field, needed)} | {field.get('description', '')} |"
        for name, field in fields
    ]
    head = ["| field | type | default | |", "|---|---|---|---|"]
    says = model.get("description", "")
    return "\n".join((f"#### {title}", "", *([says, ""] if says else []), *head, *rows))


def _default(name: str, field: dict[str, Any], needed: set[str]) -> str:
    if name in needed:
        return "needed"
    default = field.get("default")
    if default is None:
        return ""
    return {"[]": "`[]`", "{}": "`{}`", "False": "`false`", "1.0": "1"}.get(
        str(default), str(default)
    )


def _type(field: dict[str, Any]) -> str:
    if "$ref" in field:
        return _NAMES.get(field["$ref"].rpartition("/")[2], "map")
    if "const" in field:
        return f"`{field['const']}`"
    if "enum" in field:
        return " or ".join(f"`{value}`" for value in field["enum"])
    union = field.get("anyOf") or field.get("oneOf")
    if union:
        return _union(union)
    kind = field.get("type")
    if isinstance(kind, list):
        return "text, number, bool, null or list"
    if kind == "array":
        return f"list of {_plural(_type(field['items']))}" if field.get("items") else "list"
    if kind == "object":
        inner = next(iter(field.get("patternProperties", {}).values()), None)
        inner = inner or field.get("additionalProperties")
        return f"map to {_plural(_type(inner))}" if isinstance(inner, dict) else "map"
    words = {"string": "text", "integer": "whole number", "boolean": "`true` or `false`"}
    return words.get(str(kind), str(kind or "anything"))


def _union(members: list[dict[str, Any]]) -> str:
    kinds = [member.get("type") for member in members]
    members = [m for m, kind in zip(members, kinds, strict=True) if kind != "null"]
    kinds = [kind for kind in kinds if kind != "null"]
    if kinds == ["string", "object"]:
        return "text, or one per language"
    if kinds == ["integer", "string"]:
        return "whole number"
    refs = [member["$ref"].rpartition("/")[2] for member in members if "$ref" in member]
    if "IntParam" in refs:
        return "parameter"
    if "Value" in refs:
        return "answer"
    words = dict.fromkeys(_type(member) for member in members)
    return " or ".join(words)


def _plural(words: str) -> str:
    first, comma, rest = words.partition(",")
    if first.startswith(("`", "map to", "list of", "anything")) or " or " in words:
        return words
    irregular = {"near miss": "near misses"}
    return irregular.get(first, f"{first}s") + comma + rest


def main(arguments: list[str]) -> None:
    for name in arguments:
        path = Path(name)
        path.write_text(put_into(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
