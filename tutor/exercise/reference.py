"""The reference of the format, written from the models.

python -m tutor.exercise.reference > docs/format.md
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, TypeAdapter

from tutor.exercise import answers, model, params

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The models in the order in which an author meets them, with their headings.
_SECTIONS: Final[tuple[tuple[str, type[BaseModel]], ...]] = (
    ("The exercise", model.Exercise),
    ("Parameter `int`", params.IntParam),
    ("Parameter `float`", params.FloatRange),
    ("Parameter `choice`", params.ChoiceParam),
    ("Parameter `list`", params.ListSpec),
    ("Parameter `permutation`", params.PermutationParam),
    ("Parameter `line`", params.LineParam),
    ("Answer `value`", answers.Value),
    ("Answer `flags`", answers.Flags),
    ("Answer `raises`", answers.Raises),
    ("Answer `formula`", answers.Formula),
    ("Variable of a formula", answers.Variable),
    ("Answer `code`", answers.Code),
    ("Rule of `forbid` and `require`", answers.Rule),
    ("Answer `choice`", answers.Choice),
    ("Option of a choice", answers.Option),
    ("Answer `order`", answers.Order),
    ("Near miss", answers.Near),
    ("Patch of a near miss", answers.Patch),
    ("Test", model.ExerciseTest),
    ("The deck, `deck.yaml`", model.DeckFile),
    ("Skill of a deck", model.Skill),
)

_HEAD: Final = """\
# Every field of the format

Written from the models by `tutor.exercise.reference`; a test keeps it equal to them. How to write an
exercise is told in [authoring.md](authoring.md).

A *text* is a string or a map of languages (`{en: …, zh: …}`). Every string but ids, names and
skills is a template over the drawn parameters.
"""

_TAIL: Final = """\
## Templates

Jinja2, with undefined names as errors. Beside Jinja's filters there are `floats` (whole numbers as
floats, in lists too), `matrix` (a list of lists, one row a line, as Python reads it) and `signed`
(`+ 3`, `- 3`). `random` and what else would differ from run to run are left out. A line with nothing but
`{% … %}` or `{# … #}` on it leaves no empty line behind. In `ask`, `hints`, `explain`, `says` and the
`text` of options `live('EXPR')` gives a value of the live run. A template writes at most 100,000
characters.

Texts among the parameters (`line`, `choice`) are templates too: over the parameters without templates
of their own, and those further up.

## Expressions of `let` and `where`

Names, numbers, texts, lists, tuples and sets, `+ - * / // % ** & | ^`, comparisons, `in`, `and or not`,
`a if b else c`, indices and slices, comprehensions, and `len set abs min max sum all any sorted range
round gcd`. Values of `let` become plain: tuples and ranges lists, sets sorted lists. Conditions that use
parameters only are looked at before `let`, so that they can keep a division by zero away. After 1,000
draws without success the question is broken, and the condition at fault is named.

## How values are drawn

The same id, revision and seed give the same question everywhere. Every parameter has a stream of random
64-bit words of its own, so that a new parameter changes none of the others: the first four words are
those of the SHA-256 of `ID:REVISION:SEED:NAME:TRY` (big-endian; TRY counts the redraws from 0), the next
four those of the SHA-256 of that digest, and so on. A whole number below `n` is a word modulo `n`; words
from the last full multiple of `n` on are passed over. `float` counts its steps in decimal. `permutation`
is shuffled from its end (Fisher-Yates). Options and lines are shuffled by the streams `answers.NAME`.
Patches of one near miss are found in the rendered program and applied at once.
"""


def reference() -> str:
    """The reference as Markdown: one section for each model, one row for each field."""
    return "\n".join(line for part in _parts() for line in part)


def _parts() -> Iterator[list[str]]:
    yield [_HEAD]
    for heading, described in _SECTIONS:
        schema = TypeAdapter(described).json_schema(by_alias=True)
        definitions = schema.get("$defs", {})
        schema = definitions.get(described.__name__, schema)  # where it holds itself
        yield [f"## {heading}", "", schema.get("description", "").strip(), ""]
        yield ["| field | type | default | meaning |", "|---|---|---|---|"]
        required = schema.get("required", [])
        for name, field in schema["properties"].items():
            default = "needed" if name in required else _default(field)
            kind = _type(field, definitions).replace("|", "\\|")
            meaning = field.get("description", "").replace("|", "\\|")
            yield [f"| `{name}` | {kind} | {default} | {meaning} |"]
        yield [""]
    yield [_TAIL.rstrip(), ""]


def _default(field: dict[str, Any]) -> str:
    default = field.get("default")
    return "–" if default in (None, [], {}) else f"`{default}`"


#: What the models are called in this text, where a field holds one.
_NAMES: Final = {
    "Near": "near miss", "Patch": "patch", "Option": "option", "Rule": "rule", "Skill": "skill",
    "Variable": "variable", "ExerciseTest": "test", "FloatRange": "map", "ListSpec": "map",
    **dict.fromkeys(("Value", "Flags", "Raises", "Formula", "Code", "Choice", "Order"), "answer"),
    **dict.fromkeys(
        (f"{kind}Param" for kind in ("Int", "Float", "Choice", "List", "Permutation", "Line")),
        "parameter",
    ),
}  # fmt: skip
_WORDS: Final = {
    "string": "string", "integer": "whole number", "number": "number", "boolean": "true or false",
    "null": "null", "array": "list", "object": "map",
}  # fmt: skip


def _type(field: dict[str, Any], definitions: dict[str, Any]) -> str:
    """A JSON Schema type in words."""
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[-1]
        return _NAMES.get(name, "any value")
    if "const" in field:
        return f"`{field['const']}`"
    if "enum" in field:
        return " or ".join(f"`{value}`" for value in field["enum"])
    for union in ("anyOf", "oneOf"):
        if union in field:
            kinds = dict.fromkeys(_type(member, definitions) for member in field[union])
            kinds.pop("null", None)
            return "text" if _is_text(field[union]) else " or ".join(kinds)
    kind = field.get("type")
    if isinstance(kind, list):
        return " or ".join(_WORDS[word] for word in kind)
    if kind == "array":
        items = field.get("items") or {}
        return f"list of {_type(items, definitions)}" if items else "list"
    if kind == "object":
        values: Any = field.get("additionalProperties") or next(
            iter(field.get("patternProperties", {}).values()), {}
        )
        return (
            f"map of {_type(values, definitions)}" if isinstance(values, dict) and values else "map"
        )
    return _WORDS.get(str(kind), "any value")


def _is_text(members: list[dict[str, Any]]) -> bool:
    kinds = [member.get("type") for member in members if member.get("type") != "null"]
    return kinds == ["string", "object"]


if __name__ == "__main__":
    sys.stdout.write(reference())
