"""What the nodes of a graph are called, the same in the walk, in the drawings and in the exports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tutor import values
from tutor.i18n import _
from tutor.render import numbers
from tutor.visible import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.runner.explained import CutReason, Graph, GraphEdge, GraphNode, Walk

_SUBSCRIPTS: Final = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def subscript(n: int) -> str:
    return str(n).translate(_SUBSCRIPTS)


def numbering(walk: Walk) -> dict[int, int]:
    """A number for every node that gradients can reach, from 1 in the order of visiting.

    Nodes that no call visited follow, in the order in which a backward would come to them.
    """
    order = [visit.node for call in walk.calls for visit in call.visits]
    known = {node.id for node in walk.graph.nodes if node.kind != "constant"}
    order += [node for node in backward_order(walk.graph) if node in known]
    return {node: i for i, node in enumerate(dict.fromkeys(order), 1)}


def backward_order(graph: Graph) -> list[int]:
    """The nodes' ids so that each comes after all that send gradients to it."""
    sources: dict[int, int] = {node.id: 0 for node in graph.nodes}
    targets: dict[int, list[int]] = {node.id: [] for node in graph.nodes}
    for edge in _known_edges(graph):
        sources[edge.target] += 1
        targets[edge.source].append(edge.target)
    ready = [node.id for node in graph.nodes if not sources[node.id]]
    order: list[int] = []
    while ready:
        node = ready.pop(0)
        order.append(node)
        for target in targets[node]:
            sources[target] -= 1
            if not sources[target]:
                ready.append(target)
    # A graph has no circles; data that claims one is shown in the order it came in.
    seen = set(order)
    return order + [node.id for node in graph.nodes if node.id not in seen]


def _known_edges(graph: Graph) -> Iterator[GraphEdge]:
    ids = {node.id for node in graph.nodes}
    return (edge for edge in graph.edges if edge.source in ids and edge.target in ids)


def name_of(node: GraphNode, width: int = 24) -> str:
    """The program's name for a node's tensor; empty if it has none."""
    return numbers.cut(node.names[0], width) if node.names else ""


def function_of(node: GraphNode) -> str:
    """``MulBackward0``, or the class of a Function of the program's own."""
    return clean(node.custom or node.function.split("::")[-1])


def constant_name(node: GraphNode, width: int = 24) -> str:
    """A constant by its name, else by its value, else by its shape."""
    if node.names:
        return name_of(node, width)
    if node.value is not None:
        return numbers.inline(node.value, width)
    return _("a constant") if node.shape is None else f"{_('a constant')} {numbers.by(node.shape)}"


def node_name(node: GraphNode, number: int | None, width: int = 24) -> str:
    """How a node is spoken of: ``x`` for a leaf, ``2 MulBackward0`` for an operation."""
    if node.kind == "constant":
        return constant_name(node, width)
    if node.kind == "leaf":
        return name_of(node, width) or _("leaf {number}").format(number=number or "")
    prefix = f"{number} " if number else ""
    return numbers.cut(f"{prefix}{function_of(node)}", width)


def cut_word(reason: CutReason) -> str:
    """Why an edge is cut, in a word or two: for a drawing."""
    match reason:
        case "detach":
            return "detach"
        case "data":
            return ".data"
        case "no_grad":
            return "no_grad"
        case "inference_mode":
            return "inference_mode"
        case "integer":
            return _("integers")
        case "no_requires_grad":
            return _("no requires_grad")
        case "numpy_or_item":
            return "numpy/item"
        case "not_differentiable":
            return _("not differentiable")
    return _("unused")


def is_plain_number(node: GraphNode) -> bool:
    """Whether a constant is a number written in the program, like the 3 of ``3 * x``."""
    return node.kind == "constant" and not node.names and isinstance(node.value, values.Number)


def is_nothing(node: GraphNode | None) -> bool:
    """Whether of a constant nothing at all is known: an input that was not given, mostly."""
    return node is None or (node.kind == "constant" and not node.names and node.value is None)


def constant_phrase(node: GraphNode) -> str:
    """A constant inside a sentence: its name, or what it is."""
    if node.names or node.kind != "constant":
        return node_name(node, None)
    value = constant_name(node)
    return value if node.value is None else _("the constant {value}").format(value=value)


def cut_sentence(reason: CutReason, name: str) -> str:
    """Why no gradient goes to ``name``."""
    return _cut_sentence(reason).format(name=name)


def _cut_sentence(reason: CutReason) -> str:
    match reason:
        case "detach":
            return _("{name} was detached: for autograd it is a constant")
        case "data":
            return _("{name} was taken through .data: for autograd it is a constant")
        case "no_grad":
            return _("{name} was made under no_grad(): it has no history")
        case "inference_mode":
            return _("{name} was made under inference_mode(): it has no history")
        case "integer":
            return _("{name} holds no floating numbers: nothing to differentiate")
        case "no_requires_grad":
            return _("{name} does not require grad")
        case "numpy_or_item":
            return _("{name} left torch as a plain number or array: it has no history")
        case "not_differentiable":
            return _("the operation has no derivative with respect to {name}")
    return _("{name} has no part in the result")
