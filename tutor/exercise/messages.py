"""What pydantic found wrong, said to an author: the place in the file and the remedy."""

from __future__ import annotations

import json
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from tutor.exercise import answers, base, fullwidth, model, params
from tutor.exercise.document import Document, Fault, FieldPath

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

_KINDS: Final[dict[str, type[BaseModel]]] = {
    "value": answers.Value, "flags": answers.Flags, "raises": answers.Raises,
    "formula": answers.Formula, "code": answers.Code, "choice": answers.Choice,
    "order": answers.Order,
}  # fmt: skip
_PARAMS: Final[dict[str, type[BaseModel]]] = {
    "<int>": params.IntParam, "<float>": params.FloatParam, "<choice>": params.ChoiceParam,
    "<list>": params.ListParam, "<permutation>": params.PermutationParam,
    "<line>": params.LineParam,
}  # fmt: skip
#: The model of the items of a field, where an error's place does not name it.
_FIELDS: Final[dict[tuple[type[BaseModel], str], type[BaseModel]]] = {
    (params.FloatParam, "float"): params.FloatRange,
    (params.ListParam, "list"): params.ListSpec,
    (answers.Near, "patch"): answers.Patch,
    (answers.Choice, "options"): answers.Option,
    (model.Exercise, "tests"): model.ExerciseTest,
    (model.DeckFile, "skills"): model.Skill,
    **{
        (kind, "near"): answers.Near
        for kind in (answers.Value, answers.Flags, answers.Raises, answers.Formula)
    },
}
_TAGGED: Final[dict[str, type[BaseModel]]] = {"Variable": answers.Variable, "Rule": answers.Rule}

#: The beginning and the end of messages that are looked for again.
_MEANT: Final = re.compile(r"unknown key `[^`]*`; did you mean `([^`]*)`")
_MISSING: Final = "` is missing; add it here"

#: What a member of a union takes, by the beginning of pydantic's name for it.
_MEMBERS: Final[dict[str, tuple[type, str]]] = {
    "constrained-str": (str, "a text"),
    "str": (str, "a text"),
    "literal": (str, "`all`"),
    "constrained-int": (int, "a whole number"),
    "int": (int, "a whole number"),
    "dict[": (dict, "a map of languages such as {en: …, zh: …}"),
    "Variable": (dict, "a map such as {shape: [3, 3], kind: spd}"),
    "Rule": (dict, "a map {name: …, says: …}"),
    "tuple[": (list, "a list"),
    "float": (float, "a number"),
}
_PATTERNS: Final = {
    base.ID_PATTERN: "lower-case words and digits joined by `.` and `-`, such as `autograd.no-grad`",
    base.IDENTIFIER_PATTERN: "a Python name, such as `grad` or `x_1`",
    base.LANGUAGE_PATTERN: "a language code, such as `en`, `zh` or `pt-BR`",
}
_WANTED: Final = {
    "string_type": "a text", "int_type": "a whole number", "float_type": "a number",
    "bool_type": "true or false", "tuple_type": "a list", "list_type": "a list",
    "dict_type": "a map", "model_type": "a map", "model_attributes_type": "a map",
    "int_from_float": "a whole number",
}  # fmt: skip


def explain(error: ValidationError, root: type[BaseModel], document: Document) -> list[Fault]:
    """One fault for every place that is wrong, in the order of the file."""
    faults: list[Fault] = []
    offers: dict[FieldPath, list[str]] = {}  # unions of which no member took the value
    met: set[FieldPath] = set()  # unions of which one member was meant, and is wrong inside
    for detail in error.errors(include_url=False, include_context=True):
        path, tags = _split(detail["loc"], document.data, root)
        meant = [_meant(tag, value_at(document.data, above)) for above, tag in tags]
        met.update(above for (above, _), yes in zip(tags, meant, strict=True) if yes)
        if all(meant):
            faults.append(_fault(detail, path, root, document))
        elif all(meant[:-1]):
            above, tag = tags[-1]
            offers.setdefault(above, []).append(_MEMBERS[_member(tag)][1])
    for above, wanted in offers.items():
        if above not in met:
            message = wrong_type(" or ".join(dict.fromkeys(wanted)), value_at(document.data, above))
            faults.append(Fault(document.position(above), above, message))
    # An item that is wrong makes pydantic call its list too short as well.
    deeper = {fault.path[:n] for fault in faults for n in range(len(fault.path))}
    kept = [f for f in faults if not (f.path in deeper and " at least " in f.message)]
    kept = _without_misspelt(_cut_by_commas(kept, document))
    return sorted(dict.fromkeys(kept), key=lambda fault: fault.position)


def _without_misspelt(faults: list[Fault]) -> list[Fault]:
    """A key that is missing because it is misspelt is told once, where it stands."""
    meant = {
        (*fault.path[:-1], found[1])
        for fault in faults
        if (found := _MEANT.match(fault.message)) is not None
    }
    return [f for f in faults if not (f.path in meant and f.message.endswith(_MISSING))]


def _cut_by_commas(faults: list[Fault], document: Document) -> list[Fault]:
    """What stands behind a comma in a text within `{…}` is a key for YAML, one without a value."""
    keys = {fault.path for fault in faults if _is_cut_off(fault.path, document)}
    told: dict[FieldPath, Fault] = {}
    for path in sorted(keys, key=document.position):
        entries = value_at(document.data, path[:-1])
        before = (*path[:-1], list(entries)[list(entries).index(path[-1]) - 1])
        text = value_at(document.data, before)
        if (*path[:-1],) in told:
            continue
        if isinstance(text, str) and text[:1] in fullwidth.OPENING:
            message = f"{_what(text)} begins with full-width `{text[0]}`; {fullwidth.remedy(text)}"
            told[path[:-1]] = Fault(document.position(before), before, message)
            keys.add(before)
        else:
            message = "a text with a comma in it needs quotes within {…}"
            told[path[:-1]] = Fault(document.position(path, key=True), path[:-1], message)
    return [fault for fault in faults if fault.path not in keys] + list(told.values())


def _is_cut_off(path: FieldPath, document: Document) -> bool:
    above, key = path[:-1], path[-1:]
    entries = value_at(document.data, above)
    return (
        isinstance(entries, dict)
        and list(entries)[:1] != list(key)
        and key[0] in entries
        and entries[key[0]] is None
        and document.in_braces(above)
    )


def _split(
    loc: tuple[int | str, ...], data: Any, root: type[BaseModel]
) -> tuple[FieldPath, list[tuple[FieldPath, str]]]:
    """An error's path in the data, and which member of which union was tried on the way."""
    path: list[int | str] = []
    here: Any = data
    tags: list[tuple[FieldPath, str]] = []
    for index, part in enumerate(loc):
        if part == "[key]" or part in _PARAMS:
            continue
        if root is model.Exercise and index == 2 and loc[0] == "answers":
            continue  # the kind
        if (isinstance(here, dict) and part in here) or (
            isinstance(here, list) and isinstance(part, int) and part < len(here)
        ):
            here = here[part]  # type: ignore[index]
            path.append(part)
        elif isinstance(part, str) and _member(part):
            tags.append((tuple(path), part))
        else:
            path.append(part)
            here = None
    return tuple(path), tags


def _member(tag: str) -> str:
    """The key into the table of union members, empty if this names none."""
    return next((prefix for prefix in _MEMBERS if tag.startswith(prefix)), "")


def _meant(tag: str, value: Any) -> bool:
    return type(value) is _MEMBERS[_member(tag)][0]


def value_at(data: Any, path: FieldPath) -> Any:
    """The value at ``path``, ``None`` where there is none."""
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _fault(
    detail: ErrorDetails, path: FieldPath, root: type[BaseModel], document: Document
) -> Fault:
    kind = detail["type"]
    on_key = kind in ("extra_forbidden", "invalid_key") or "[key]" in detail["loc"]
    if kind == "union_tag_invalid":
        path = (*path, "kind")
    if kind == "union_tag_not_found" and (misspelt := _misspelt_kind(path, detail["input"])):
        path, on_key = (*path, misspelt), True
    return Fault(document.position(path, key=on_key), path, _message(detail, path, root))


def _message(detail: ErrorDetails, path: FieldPath, root: type[BaseModel]) -> str:
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    name = path[-1] if path else ""
    if kind in ("extra_forbidden", "invalid_key"):
        return _unknown_key(str(name), _model_at(detail["loc"], root))
    if kind == "missing":
        return f"`{name}{_MISSING}"
    if kind == "string_pattern_mismatch":
        wanted = _PATTERNS.get(context["pattern"], f"a text like {context['pattern']}")
        return f"`{shown(value)}` will not do; write {wanted}"
    if kind == "union_tag_invalid":
        return f"`{shown(context['tag'])}` is no kind of answer; {_one_of(_KINDS, context['tag'])}"
    if kind == "union_tag_not_found":
        return _no_tag(path, value)
    if kind == "literal_error":
        return f"`{shown(value)}` will not do; write {context['expected']}"
    if name == "count":
        return f"`{shown(value)}` will not do; write 1 or `all`"
    quoted = isinstance(value, str) and value.strip() == "1"
    bounds = ("greater_than_equal", "less_than_equal", "int_type")
    if name == "format" and kind in bounds and not quoted:
        return f"format {shown(value)} is unknown; this program reads `format: 1`"
    if kind in _WANTED:
        as_key = " as key" if "[key]" in detail["loc"] else ""
        return wrong_type(_WANTED[kind] + as_key, value)
    return _bound_message(kind, value, context) or f"{detail['msg']}, not {shown(value)}"


def _bound_message(kind: str, value: Any, context: dict[str, Any]) -> str | None:
    match kind:
        case "too_short":
            have, least = context["actual_length"], context["min_length"]
            return f"{_count(have)}, but at least {least} needed; add what is missing"
        case "too_long":
            have = len(value) if isinstance(value, list) else context["actual_length"]
            return f"{_count(have)}, but at most {context['max_length']} allowed; take some away"
        case "string_too_short":
            return "this text is empty; write something, or leave the key out if it is optional"
        case "string_too_long":
            return f"this text is longer than {context['max_length']} characters; shorten it"
        case "greater_than":
            return f"{shown(value)} is too small; write a number above {context['gt']:g}"
        case "greater_than_equal":
            return f"{shown(value)} is too small; write {context['ge']} or more"
        case "less_than_equal":
            return f"{shown(value)} is too large; write {context['le']} or less"
        case "finite_number":
            return f"{shown(value)} is not finite; write an ordinary number"
    return None


def _count(number: int | None) -> str:
    return {None: "too many entries", 0: "no entry", 1: "1 entry"}.get(number, f"{number} entries")


def _misspelt_kind(path: FieldPath, value: Any) -> str:
    """The key of an answer that was to be `kind`, empty if none comes close."""
    if path[:1] != ("answers",) or not isinstance(value, dict):
        return ""
    fields = {name for kind in _KINDS.values() for name in kind.model_fields}
    unknown = [str(key) for key in value if key not in fields]
    return next(iter(get_close_matches("kind", unknown, n=1)), "")


def _no_tag(path: FieldPath, value: Any) -> str:
    if path and path[0] == "answers":
        if isinstance(value, dict) and (misspelt := path[-1]) in value:
            return f"unknown key `{shown(misspelt)}`; did you mean `kind`?"
        return f"`kind` is missing; add one of {', '.join(_KINDS)}"
    names = [tag.strip("<>") for tag in _PARAMS]
    if isinstance(value, dict) and value:
        wrong = str(next(iter(value)))
        return f"`{shown(wrong)}` is no kind of parameter; {_one_of(names, wrong)}"
    return f"{_what(value)} is no parameter; write a map such as {{int: [1, 5]}}"


def _unknown_key(name: str, owner: type[BaseModel] | None) -> str:
    if owner is None:
        return f"unknown key `{shown(name)}`; take it away"
    fields = [field.alias or key for key, field in owner.model_fields.items()]
    return f"unknown key `{shown(name)}`; {_one_of(fields, name)}"


def _one_of(names: Any, wrong: str) -> str:
    """Which names there are, with the one that was probably meant in front."""
    return suggestion(str(wrong), list(names)) + f"there are {', '.join(names)}"


def suggestion(wrong: str, names: Sequence[str]) -> str:
    """``did you mean `x`? `` with a space behind, or nothing."""
    close = get_close_matches(wrong[:100], names, n=1)
    return f"did you mean `{close[0]}`? " if close else ""


def _model_at(loc: tuple[int | str, ...], root: type[BaseModel]) -> type[BaseModel] | None:
    current: type[BaseModel] | None = root
    for index, part in enumerate(loc[:-1]):
        if not isinstance(part, str):
            continue
        if root is model.Exercise and index == 2 and loc[0] == "answers":
            current = _KINDS.get(part)
        elif part in _PARAMS:
            current = _PARAMS[part]
        elif part in _TAGGED:
            current = _TAGGED[part]
        elif current is not None:
            current = _FIELDS.get((current, part), current)
    return current


def wrong_type(wanted: str, value: Any) -> str:
    """A type error with its remedy."""
    if wanted.startswith("a text") and isinstance(value, bool | int | float):
        return f'{_what(value)} stands where {wanted} belongs; put it in quotes: "{shown(value)}"'
    if value is None:
        return f"nothing stands where {wanted} belongs; write it, or leave the key out"
    if isinstance(value, str) and wanted in ("a whole number", "a number", "true or false"):
        return f"{_what(value)} stands where {wanted} belongs; {_instead(wanted, value)}"
    if wanted == "a list" and not isinstance(value, list | dict):
        return f"{_what(value)} stands where {wanted} belongs; {_as_list(value)}"
    return f"{_what(value)} stands where {wanted} belongs"


def _as_list(value: Any) -> str:
    """How a value that was to be a list is written as one."""
    text = shown(value)
    if isinstance(value, str):
        if wide := fullwidth.remedy(text):
            return wide
        if numbers := _RANGE.fullmatch(value):
            return f"write [{numbers[1]}, {numbers[2]}]"
        if re.search(r"[\[\]{},:#&*!|>'\"%@`]", text):
            text = json.dumps(text, ensure_ascii=False)
    return f"write [{text}]"


_RANGE: Final = re.compile(r"\s*([+-]?\d+)\s*(?:-|–|to|\.\.+|,|\s)\s*([+-]?\d+)\s*")


def _instead(wanted: str, value: str) -> str:
    if wanted == "true or false":
        yes = value.lower() in ("yes", "on", "y", "t")
        no = value.lower() in ("no", "off", "n", "f")
        return f"write {'true' if yes else 'false'}" if yes or no else "write true or false"
    if wide := fullwidth.remedy(value):
        return wide
    plain = value.replace("_", "").replace(",", "")
    if plain.lstrip("+-").replace(".", "", 1).isdigit():
        return f"write {plain}, without quotes, `_` or `,`"
    return "write a number in digits, without quotes"


def _what(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return f"the truth value {shown(value)}"
        case int() | float():
            return f"the number {shown(value)}"
        case str():
            return f'the text "{shown(value)}"'
        case list():
            return "a list"
        case _:
            return "a map"


def shown(value: Any, limit: int = 60) -> str:
    """A value as YAML would have it, on one line and not too long."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = text.replace("\n", "↵")
    return text if len(text) <= limit else text[: limit - 1] + "…"
