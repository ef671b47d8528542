"""All standard edits of a program, in the order of how much they explain."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from tutor import syntax
from tutor.edits import cuts, flow, gradients, operations
from tutor.edits.changes import changed
from tutor.edits.edit import PREFIX, Edit
from tutor.edits.tree import tree_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tutor.edits.edit import Change
    from tutor.edits.tree import Tree

#: Edits of one kind at the most: the third place of a slip explains little more than the first two.
MOST_OF_A_KIND: Final = 3
#: What two sources of the same syntax tree may differ in, where an edit has made both of one program.
_UNTOLD: Final = re.compile(r"[\s(),]+")


@lru_cache(maxsize=256)
def program_edits(program: str, expressions: tuple[str, ...] = ()) -> tuple[Edit, ...]:
    """Every standard edit of the program; ``expressions`` are what is asked for after it.

    Each parses and is another program; of edits that come to the same program the first stands.
    A program that is no Python has none.
    """
    try:
        tree = tree_of(program)
        asked = [syntax.parse(expression.strip(), mode="eval") for expression in expressions]
    except (SyntaxError, ValueError, RecursionError):
        return ()
    names = gradients.grads_read([tree.root, *asked])
    seen = _Seen()
    seen.is_new(program, tree.root)
    numbers: Counter[str] = Counter()
    edits = []
    for change in _changes(tree, names):
        if change is None or numbers[change.kind] == MOST_OF_A_KIND:
            continue
        edited = changed(tree, change)
        try:
            root = syntax.parse(edited)
        except (SyntaxError, ValueError, RecursionError):
            continue
        if edited.count("\n") != program.count("\n") or not seen.is_new(edited, root):
            continue
        numbers[change.kind] += 1
        edits.append(_edit(program, edited, change, numbers[change.kind]))
    return tuple(edits)


class _Seen:
    """The programs met so far.  Only those that are alike but for their brackets are compared as trees."""

    def __init__(self) -> None:
        self._alike: dict[str, list[ast.AST]] = {}

    def is_new(self, source: str, root: ast.AST) -> bool:
        """Whether the program is none of those, which it then is one of."""
        alike = self._alike.setdefault(_UNTOLD.sub("", source), [])
        if alike:
            form = ast.dump(root)
            if any(ast.dump(other) == form for other in alike):
                return False
        alike.append(root)
        return True


def _changes(tree: Tree, names: list[str]) -> Iterator[Change | None]:
    yield from gradients.drop_zero_grad(tree)
    yield from gradients.first_backward_only(tree)
    yield from gradients.last_backward_only(tree, names)
    yield from cuts.drop_detach(tree)
    yield from cuts.drop_no_grad(tree)
    yield from operations.sum_or_mean(tree)
    yield from gradients.vector_ignored(tree)
    yield from operations.in_place(tree)
    yield from operations.copies(tree)
    yield from gradients.hook_ignored(tree)
    yield from gradients.retain_grad(tree, names)
    yield from gradients.retain_graph(tree)
    yield from gradients.create_graph(tree)
    yield from cuts.add_detach(tree)
    yield from operations.transpose(tree)
    yield from operations.products(tree)
    yield from gradients.zeros_for_none(tree)
    yield from flow.rounds(tree)
    yield from flow.options_ignored(tree)
    yield from operations.other_dimension(tree)
    yield from operations.factor_forgotten(tree)
    yield from operations.differences(tree)
    yield from cuts.requires_grad(tree)
    yield from cuts.add_no_grad(tree)
    yield from flow.overlooked(tree)


def _edit(program: str, edited: str, change: Change, number: int) -> Edit:
    id_ = PREFIX + change.kind + (f"-{number}" if number > 1 else "")
    pairs = enumerate(zip(program.split("\n"), edited.split("\n"), strict=True), 1)
    line, was, now = next((n, a.strip(), b.strip()) for n, (a, b) in pairs if a != b)
    return Edit(id_, change.kind, line, edited, was, now)


def one_of_each_first(edits: Iterable[Edit]) -> list[Edit]:
    """The first edit of every kind, then the second ones: a bound on their number loses no kind early."""
    counts: Counter[str] = Counter()
    ranked = []
    for order, edit in enumerate(edits):
        ranked.append((counts[edit.kind], order, edit))
        counts[edit.kind] += 1
    return [edit for _, _, edit in sorted(ranked, key=lambda item: item[:2])]
