"""The learner's own keys: ids of bindings from the settings, checked, and given to Textual's keymap."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from textual.binding import Binding
from textual.keys import Keys

from tutor.app import keys
from tutor.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: What works at the same time, by the first word of the ids.  Elsewhere keys may be used again.
TOGETHER: Final = tuple(
    frozenset(names.split())
    for names in (
        "app review answer code preview",
        "app review grid preview",
        "app review rows order preview",
        "app review rows raises preview",
        "app review verdict step preview",
        "app review verdict graph preview",
        "app review verdict what-if preview",
        "app summary review",
        "app home list go",
        "app welcome",
        "app library list go prompt",
        "app mark prompt",
        "app settings rows list go",
        "app statistics scroll list go",
        "app keys",
        "app fit prompt",
        "app help",
    )
)
#: Where texts are typed: a letter there is part of the text.
TYPING: Final = frozenset({"app", "review", "answer", "code", "preview"})

_MODIFIERS: Final = frozenset({"ctrl", "alt", "shift", "super", "meta", "hyper"})
_NAMES: Final = frozenset(key.value for key in Keys)
#: As Textual writes them; a learner may write the sign.
_SIGNS: Final = {
    "/": "slash", "?": "question_mark", ",": "comma", ".": "full_stop", "-": "minus", "+": "plus",
    ";": "semicolon", ":": "colon", "=": "equals_sign", "<": "less_than_sign", ">": "greater_than_sign",
    "[": "left_square_bracket", "]": "right_square_bracket", "!": "exclamation_mark",
}  # fmt: skip


@lru_cache(maxsize=1)
def bindings() -> dict[str, Binding]:
    """Every binding that has an id, by it."""
    from tutor.app.screens.preview import PreviewScreen  # only where somebody has keys of their own

    known = [*_several(vars(keys).values()), *_several(vars(PreviewScreen)["BINDINGS"])]
    return {str(binding.id): binding for binding in known if binding.id}


def _several(values: Iterable[object]) -> list[Binding]:
    found: list[Binding] = []
    for value in values:
        items = value if isinstance(value, tuple) else (value,)
        found += [item for item in items if isinstance(item, Binding)]
    return found


def checked(chosen: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The keymap for :meth:`textual.app.App.set_keymap`, and a sentence on each key that cannot be."""
    keymap: dict[str, str] = {}
    problems: list[str] = []
    for id_, typed in chosen.items():
        problem = problem_of(id_, chosen)
        if problem:
            problems.append(problem)
        else:
            keymap[id_] = ",".join(_keys_in(typed))
    return keymap | _neighbours(keymap), problems


def problem_of(id_: str, chosen: Mapping[str, str]) -> str:
    """What is wrong with the key of one binding, with all of ``chosen`` in force; empty if nothing is."""
    pressed = _keys_in(chosen[id_])
    return _wrong(id_, pressed) or _clash(id_, pressed, chosen)


def _keys_in(typed: str) -> list[str]:
    return [_normal(key) for key in typed.replace(" ", "").split(",") if key] or [""]


def _normal(key: str) -> str:
    *before, last = key.split("+") if len(key) > 1 else [key]
    if before or len(last) > 1:
        last = last.lower()
    return "+".join([*(one.lower() for one in before), _SIGNS.get(last, last)])


def _wrong(id_: str, pressed: list[str]) -> str:
    if id_ not in bindings():
        from difflib import get_close_matches  # only for a mistake

        close = get_close_matches(id_, bindings(), n=1)
        said = (
            _("keys: there is no {id}; did you mean {close}?")
            if close
            else _("keys: there is no {id}; F1 shows the names.")
        )
        return said.format(id=id_, close=close[0] if close else "")
    for key in pressed:
        if not _is_key(key):
            return _("keys: {id}: {key} is no key: write it like f3, ctrl+g or alt+up.").format(
                id=id_, key=key or "“”"
            )
        if _place(id_) in TYPING and (len(key) == 1 or key in _SIGNS.values() or key == "space"):
            return _(
                "keys: {id}: {key} is typed into answers: take a key such as f3 or ctrl+g."
            ).format(id=id_, key=key)
        if _place(id_) in TYPING and key in _editing():
            return _("keys: {id}: {key} moves or deletes in a text: take another key.").format(
                id=id_, key=key
            )
    return ""


def _is_key(key: str) -> bool:
    *before, last = key.split("+")
    if not set(before) <= _MODIFIERS:
        return False
    return (len(last) == 1 and last.isprintable()) or last in _NAMES or last in _SIGNS.values()


@lru_cache(maxsize=1)
def _editing() -> frozenset[str]:
    """Keys that text fields use themselves."""
    from textual.widgets import TextArea

    taken = {key for one in _several(vars(TextArea)["BINDINGS"]) for key in one.key.split(",")}
    return frozenset(taken - {"ctrl+f", "f6", "f7"})


def _clash(id_: str, pressed: list[str], chosen: Mapping[str, str]) -> str:
    """Whether one of the keys already means something where ``id_`` works."""
    mine = bindings()[id_]
    for other, binding in bindings().items():
        if other == id_ or not _meet(id_, other):
            continue
        if _place(other) == "preview" != _place(id_):
            continue  # an author's screen gives way to a learner's keys
        theirs = {_normal(key) for key in chosen.get(other, binding.key).split(",")}
        # Two that share a key by design never work at the same moment.
        taken = theirs & set(pressed) - (set(mine.key.split(",")) & set(binding.key.split(",")))
        if taken:
            said = _(
                "keys: {id}: {key} is already the key of {other} ({label}); {id} keeps its own."
            )
            return said.format(id=id_, key=min(taken), other=other, label=_(binding.description))
    return ""


def _place(id_: str) -> str:
    return id_.split(".")[0]


def _meet(one: str, other: str) -> bool:
    places = {_place(one), _place(other)}
    return len(places) == 1 or "app" in places or any(places <= together for together in TOGETHER)


def _neighbours(keymap: Mapping[str, str]) -> dict[str, str]:
    """Bindings that share a default key with one that moves: named too, or Textual would drop them."""
    moved = {key for id_ in keymap for key in bindings()[id_].key.split(",")}
    return {
        id_: binding.key
        for id_, binding in bindings().items()
        if id_ not in keymap and moved & set(binding.key.split(","))
    }


# -- how keys are written -----------------------------------------------------------------------

_SHOWN: Final = {
    "enter": "⏎", "escape": "Esc", "space": "Space", "tab": "Tab", "pageup": "PgUp", "pagedown": "PgDn",
    "up": "↑", "down": "↓", "left": "←", "right": "→", "delete": "Del", "backspace": "⌫", "home": "Home",
    "end": "End",
}  # fmt: skip


def spelled(key: str) -> str:
    """A key as the footer and the help write it: ``^g``, ``F3``, ``Alt↑``."""
    *before, last = key.split("+")
    signs = {name: sign for sign, name in _SIGNS.items()}
    name = (
        _SHOWN.get(last)
        or signs.get(last)
        or (last.upper() if last[:1] == "f" and last[1:] else last)
    )
    for modifier in reversed(before):
        name = f"^{name}" if modifier == "ctrl" else f"{modifier.capitalize()}+{name}"
    return name


_chosen: dict[str, str] = {}


def use(keymap: Mapping[str, str]) -> None:
    """Texts that name a key name the learner's from now on."""
    _chosen.clear()
    _chosen.update(keymap)


def key_of(binding: Binding) -> str:
    """The key that a text may name for a binding."""
    if binding.id in _chosen:
        return spelled(_chosen[str(binding.id)].split(",")[0])
    return binding.key_display or spelled(binding.key.split(",")[0])
