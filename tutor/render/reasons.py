"""Why torch stopped, in plain words: the errors that autograd's learners meet.

Each entry is a pattern of torch's message and a sentence that says what happened and what would be right;
groups of the pattern fill its blanks.  An error that is not listed speaks for itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tutor.i18n import N_, _
from tutor.render import numbers
from tutor.render.flow import flow
from tutor.render.spans import Line, Part
from tutor.visible import clean

if TYPE_CHECKING:
    from tutor.runner.explained import Reason
    from tutor.runner.job import Raised

_TABLE: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (
        re.compile(r"Trying to backward through the graph a second time"),
        N_(
            "The first backward freed what the nodes had saved, so the local rules can no longer be "
            "computed. Run the forward lines again, or ask the first call to keep the graph: "
            "retain_graph=True."
        ),
    ),
    (
        re.compile(
            r"modified by an inplace operation: .*?which is output (?P<output>\d+) of "
            r"(?P<node>[\w:]+), is at version (?P<now>\d+); expected version (?P<then>\d+)"
        ),
        N_(
            "A tensor was saved for the backward at version {then}. It has since been edited in place and is "
            "at version {now}, an output of {node}: the saved numbers are gone, so the local rule cannot be "
            "computed. Edit a clone, or use the operation that makes a new tensor."
        ),
    ),
    (
        re.compile(
            r"modified by an inplace operation: .*?is at version (?P<now>\d+); "
            r"expected version (?P<then>\d+)"
        ),
        N_(
            "A tensor was saved for the backward at version {then}. It has since been edited in place "
            "and is at version {now}: the saved numbers are gone, so the local rule cannot be computed. "
            "Edit a clone, or use the operation that makes a new tensor."
        ),
    ),
    (
        re.compile(
            r"a view of a leaf Variable that requires grad is being used in an in-place operation"
        ),
        N_(
            "Part of a leaf that requires grad was to be edited in place. Its old numbers are what the "
            "gradient is taken at: edit a clone, or edit it under torch.no_grad()."
        ),
    ),
    (
        re.compile(r"a leaf Variable that requires grad is being used in an in-place operation"),
        N_(
            "A leaf that requires grad was to be edited in place, which would make it the result of an "
            "operation and no leaf. Edit a clone, or edit it under torch.no_grad()."
        ),
    ),
    (
        re.compile(r"a leaf Variable that requires grad has been used in an in-place operation"),
        N_(
            "A leaf that requires grad was edited in place, so its gradient has nowhere to go. Edit a "
            "clone, or edit it under torch.no_grad()."
        ),
    ),
    (
        re.compile(r"grad can be implicitly created only for scalar outputs"),
        N_(
            "backward() without an argument starts at a single number with gradient 1. This is a tensor with "
            "more entries: reduce it with sum() or mean(), or say what to start with: "
            "backward(gradient=…)."
        ),
    ),
    (
        re.compile(r"does not require grad and does not have a grad_fn"),
        N_(
            "There is nothing to walk: this tensor was not made from anything that requires grad, or its "
            "history was cut (detach, no_grad, integers)."
        ),
    ),
    (
        re.compile(r"One of the differentiated Tensors appears to not have been used in the graph"),
        N_(
            "No path leads from the output to one of the inputs asked for. allow_unused=True would give None "
            "for it."
        ),
    ),
    (
        re.compile(r"One of the differentiated Tensors does not require grad"),
        N_("A gradient was asked for a tensor that does not require grad."),
    ),
    (
        re.compile(
            r"[Mm]ismatch in shape: grad_output\[\d+\] has a shape of "
            r"(?P<got>torch\.Size\(\[[\d, ]*\]\)) and output\[\d+\] has a shape of "
            r"(?P<want>torch\.Size\(\[[\d, ]*\]\))"
        ),
        N_(
            "The gradient to start with has shape {got}, but the output has shape {want}: they must be alike."
        ),
    ),
    (
        re.compile(r"Can't call numpy\(\) on Tensor that requires grad"),
        N_(
            "NumPy keeps no graph, so torch asks that the history is cut on purpose: x.detach().numpy()."
        ),
    ),
    (
        re.compile(r"only Tensors of floating point (and complex )?dtype can require gradients"),
        N_(
            "Integers and booleans cannot vary smoothly, so they have no gradient: make it a float tensor."
        ),
    ),
    (
        re.compile(r"you can only change requires_grad flags of leaf variables"),
        N_(
            "Only a leaf's requires_grad can be switched off. A tensor that an operation made is cut off "
            "from its history with detach()."
        ),
    ),
    (
        re.compile(r"can't retain_grad on Tensor that has requires_grad=False"),
        N_("A tensor that does not require grad gets no gradient that could be kept."),
    ),
    (
        re.compile(r"Inference tensors cannot be saved for backward"),
        N_(
            "A tensor made under inference_mode() cannot be saved for a backward: clone it outside, or "
            "use no_grad()."
        ),
    ),
    (
        re.compile(
            r"Inplace update to inference tensor outside InferenceMode|"
            r"Setting requires_grad=True on inference tensor outside InferenceMode"
        ),
        N_("A tensor made under inference_mode() stays out of autograd for good: clone it first."),
    ),
    (
        re.compile(r"is a view and is being modified inplace"),
        N_(
            "This is a view whose base autograd must know of, and such a view cannot be edited in place: "
            "edit a clone, or the base."
        ),
    ),
    (
        re.compile(
            r"returned an incorrect number of gradients \(expected (?P<want>\d+), got (?P<got>\d+)\)"
        ),
        N_("The backward must give one gradient for each input of the forward: {want}, not {got}."),
    ),
    (
        re.compile(
            r"returned an invalid gradient at index (?P<index>\d+) - got (?P<got>\[[\d, ]*\]) but expected "
            r"shape compatible with (?P<want>\[[\d, ]*\])"
        ),
        N_(
            "The gradient for input {index} has shape {got}; it must have the shape of that input, {want}."
        ),
    ),
    (
        re.compile(
            r"mat1 and mat2 shapes cannot be multiplied \((?P<a>\d+x\d+) and (?P<b>\d+x\d+)\)"
        ),
        N_("A {a} matrix cannot be multiplied by a {b} one: the inner numbers must be alike."),
    ),
    (
        re.compile(
            r"The size of tensor a \((?P<a>\d+)\) must match the size of tensor b \((?P<b>\d+)\) at "
            r"non-singleton dimension (?P<dim>\d+)"
        ),
        N_(
            "The shapes cannot be broadcast: in dimension {dim} one has {a} entries and the other {b}, and "
            "neither is 1."
        ),
    ),
    (
        re.compile(r"matrix is singular|singular matrix"),
        N_("The matrix is singular: it has no inverse."),
    ),
    (
        re.compile(
            r"Found dtype (?P<got>\w+) but expected (?P<want>\w+)|expected scalar type (?P<want2>\w+) but "
            r"found (?P<got2>\w+)"
        ),
        N_("The number types do not go together: convert one of them, with x.float() or x.long()."),
    ),
)


#: By kind, where the names of the tensors concerned are known.
_NAMED: Final[dict[str, str]] = {
    "modified": N_(
        "{name} was saved for the backward at version {then}. It has since been edited in place and is at "
        "version {now}: the saved numbers are gone, so the local rule of {function} cannot be computed. "
        "Edit a clone, or use the operation that makes a new tensor."
    ),
    "not-scalar": N_(
        "backward() without an argument starts at a single number with gradient 1, but {name} has shape "
        "{shape}: reduce it with sum() or mean(), or say what to start with: "
        "{name}.backward(gradient=…)."
    ),
    "leaf-in-place": N_(
        "{name} is a leaf that requires grad. Edited in place it would be the result of an operation and "
        "no leaf: edit a clone, or edit it under torch.no_grad()."
    ),
    "no-history": N_(
        "There is nothing to walk: {name} was not made from anything that requires grad, or its history "
        "was cut (detach, no_grad, integers)."
    ),
    "unused": N_(
        "No path leads from the output to {name}: the output was not made from it. allow_unused=True "
        "would give None for it."
    ),
}


def reason(message: str, facts: Reason | None = None) -> str:
    """The error's reason in plain words, or an empty text if it is not one of those known."""
    if facts is not None and facts.kind in _NAMED and any(facts.names):
        name = next(name for name in facts.names if name)
        shape = facts.shapes[facts.names.index(name)] if facts.shapes else ()
        known = facts.version_saved is not None and facts.function
        if facts.kind != "modified" or known:
            return _(_NAMED[facts.kind]).format(
                name=clean(name),
                shape=numbers.dims(shape),
                then=facts.version_saved,
                now=facts.version_now,
                function=clean(facts.function),
            )
    flat = " ".join(message.split())
    for pattern, says in _TABLE:
        if found := pattern.search(flat):
            return _(says).format(
                **{key: clean(value or "") for key, value in found.groupdict().items()}
            )
    return ""


def error_lines(raised: Raised, width: int, facts: Reason | None = None) -> list[Line]:
    """``✗ RuntimeError on line 3``, why, and what torch itself said."""
    name = numbers.cut(raised.class_name, 60)
    where = (
        _("{error} on line {line}").format(error=name, line=raised.line) if raised.line else name
    )
    lines = flow([Part(f"✗ {where}", "error")], width, indent=2)
    why = reason(raised.message, facts)
    if why:
        lines += flow([Part("  "), Part(why, "text")], width, indent=2)
    said = numbers.cut(first_sentences(raised.message), 400)
    if said:
        words = _("torch says: {message}") if why else "{message}"
        lines += flow([Part("  "), Part(words.format(message=said), "dim")], width, indent=2)
    return lines


def first_sentences(message: str) -> str:
    """An error's message without its last advice, which is torch's own for every error."""
    flat = " ".join(message.split())
    return re.split(r" Hint: | If you are using | Specify retain_graph", flat)[0]
