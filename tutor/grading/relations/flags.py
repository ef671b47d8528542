"""How typed flags are related to the live ones."""

from __future__ import annotations

from tutor.grading.relations.words import Relation, relation

#: Which relation says that all the wrong flags are of one attribute.
_ONLY = {".is_leaf": "is-leaf-only", ".requires_grad": "requires-grad-only"}


def flags_relation(
    truth: tuple[bool, ...], typed: tuple[bool, ...], expressions: tuple[str, ...]
) -> Relation | None:
    wrong = [e for e, is_, said in zip(expressions, truth, typed, strict=True) if is_ is not said]
    if len(truth) > 1 and len(wrong) == len(truth):
        return relation("inverted")
    for attribute, name in _ONLY.items():
        about = [e for e in expressions if e.endswith(attribute)]
        others = len(about) < len(expressions)
        if wrong and others and all(e in about for e in wrong):
            return relation(name)
    return None
