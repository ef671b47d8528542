"""Syntax trees of expressions to closures: what is not built here does not exist."""

from __future__ import annotations

import ast
from typing import Any, Final

from tutor.exercise.expr_values import (
    BINARY,
    COMPARE,
    FUNCTIONS,
    KEYWORDS,
    MAX_DEPTH,
    UNARY,
    Evaluate,
    ExpressionError,
    Run,
    length,
    sized,
)


class Builder:
    """Builds the closures of a tree; ``free`` collects the names it takes from outside."""

    def __init__(self) -> None:
        self.free: set[str] = set()
        self._bound: list[str] = []

    def build(self, node: ast.expr, depth: int) -> Evaluate:
        if depth > MAX_DEPTH:
            raise ExpressionError(f"nested more than {MAX_DEPTH} deep")
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            raise ExpressionError(f"{_described(node)} is not allowed here")
        return method(node, depth + 1)  # type: ignore[no-any-return]

    def _constant(self, node: ast.Constant, _: int) -> Evaluate:
        value = node.value
        if not (value is None or isinstance(value, bool | int | float | str)):
            raise ExpressionError(f"{value!r:.40} is not allowed here")
        sized(value)
        return lambda _: value

    def _name(self, node: ast.Name, _: int) -> Evaluate:
        name = node.id
        if name not in self._bound:
            self.free.add(name)
        return lambda run: run.names[name]

    def _unaryop(self, node: ast.UnaryOp, depth: int) -> Evaluate:
        apply, operand = UNARY[type(node.op)], self.build(node.operand, depth)
        return lambda run: apply(operand(run))

    def _binop(self, node: ast.BinOp, depth: int) -> Evaluate:
        apply = BINARY.get(type(node.op))
        if apply is None:
            raise ExpressionError("there are + - * / // % ** & | ^, and no other operators")
        left, right = self.build(node.left, depth), self.build(node.right, depth)

        def evaluate(run: Run) -> Any:
            a, b = left(run), right(run)
            run.charge(1 + length(a) + length(b))
            return sized(apply(a, b))

        return evaluate

    def _boolop(self, node: ast.BoolOp, depth: int) -> Evaluate:
        parts = [self.build(value, depth) for value in node.values]
        stop_at = isinstance(node.op, ast.Or)

        def evaluate(run: Run) -> Any:
            value = None
            for part in parts:
                value = part(run)
                if bool(value) is stop_at:
                    break
            return value

        return evaluate

    def _compare(self, node: ast.Compare, depth: int) -> Evaluate:
        first = self.build(node.left, depth)
        rest = [
            (COMPARE[type(op)], self.build(right, depth))
            for op, right in zip(node.ops, node.comparators, strict=True)
        ]

        def evaluate(run: Run) -> bool:
            left = first(run)
            for compare, part in rest:
                right = part(run)
                run.charge(1 + min(length(left), length(right)) + length(right) // 8)
                if not compare(left, right):
                    return False
                left = right
            return True

        return evaluate

    def _ifexp(self, node: ast.IfExp, depth: int) -> Evaluate:
        test, yes, no = (self.build(n, depth) for n in (node.test, node.body, node.orelse))
        return lambda run: yes(run) if test(run) else no(run)

    def _elements(self, elements: list[ast.expr], depth: int) -> list[Evaluate]:
        return [self.build(element, depth) for element in elements]

    def _list(self, node: ast.List, depth: int) -> Evaluate:
        parts = self._elements(node.elts, depth)
        return lambda run: [part(run) for part in parts]

    def _tuple(self, node: ast.Tuple, depth: int) -> Evaluate:
        parts = self._elements(node.elts, depth)
        return lambda run: tuple([part(run) for part in parts])

    def _set(self, node: ast.Set, depth: int) -> Evaluate:
        parts = self._elements(node.elts, depth)
        return lambda run: {_hashable(part(run)) for part in parts}

    def _subscript(self, node: ast.Subscript, depth: int) -> Evaluate:
        value = self.build(node.value, depth)
        if isinstance(node.slice, ast.Slice):
            ends = [
                self.build(end, depth) if end else (lambda _: None)
                for end in (node.slice.lower, node.slice.upper, node.slice.step)
            ]

            def cut(run: Run) -> Any:
                sequence = value(run)
                run.charge(length(sequence))
                return sequence[slice(*[end(run) for end in ends])]

            return cut
        index = self.build(node.slice, depth)

        def pick(run: Run) -> Any:
            container, key = value(run), index(run)
            if isinstance(container, dict) and key not in container:
                raise ExpressionError(f"there is no entry {key!r:.40}")
            return container[key]

        return pick

    def _call(self, node: ast.Call, depth: int) -> Evaluate:
        name = node.func.id if isinstance(node.func, ast.Name) else None
        if name not in FUNCTIONS or name in self._bound:
            raise ExpressionError(f"{_described(node.func)} cannot be called; {_THERE_ARE}")
        for keyword in node.keywords:
            if keyword.arg not in KEYWORDS.get(name, ()):
                raise ExpressionError(f"`{name}` takes no `{keyword.arg}=` here")
        function = FUNCTIONS[name]
        parts = self._elements(node.args, depth)
        named = {str(word.arg): self.build(word.value, depth) for word in node.keywords}

        def evaluate(run: Run) -> Any:
            values = [part(run) for part in parts]
            keywords = {word: part(run) for word, part in named.items()}
            run.charge(1 + 2 * sum(map(length, values)))
            if name == "set" and values:
                values = [[_hashable(item) for item in values[0]]]
            return sized(function(*values, **keywords))

        return evaluate

    def _listcomp(self, node: ast.ListComp, depth: int) -> Evaluate:
        return self._comprehension(node, depth)

    def _generatorexp(self, node: ast.GeneratorExp, depth: int) -> Evaluate:
        return self._comprehension(node, depth)

    def _setcomp(self, node: ast.SetComp, depth: int) -> Evaluate:
        items = self._comprehension(node, depth)
        return lambda run: {_hashable(item) for item in items(run)}

    def _comprehension(
        self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp, depth: int
    ) -> Evaluate:
        loops: list[tuple[list[str], bool, Evaluate, list[Evaluate]]] = []
        bound = len(self._bound)
        for loop in node.generators:
            source = self.build(loop.iter, depth)
            names, single = _targets(loop.target)
            self._bound.extend(names)
            loops.append((names, single, source, self._elements(loop.ifs, depth)))
        element = self.build(node.elt, depth)
        del self._bound[bound:]
        return lambda run: _comprehend(run, loops, element)


def _comprehend(
    run: Run,
    loops: list[tuple[list[str], bool, Evaluate, list[Evaluate]]],
    element: Evaluate,
) -> list[Any]:
    result: list[Any] = []

    def step(index: int) -> None:
        if index == len(loops):
            result.append(element(run))
            sized(result)
            return
        names, single, source, conditions = loops[index]
        for item in source(run):
            run.charge(2)
            values = [item] if single else list(item)
            if len(values) != len(names):
                raise ExpressionError(f"{len(names)} names for {len(values)} values")
            run.names.update(zip(names, values, strict=True))
            if all(condition(run) for condition in conditions):
                step(index + 1)

    outer = {name: run.names[name] for loop in loops for name in loop[0] if name in run.names}
    step(0)
    run.names.update(outer)
    return result


def _targets(target: ast.expr) -> tuple[list[str], bool]:
    if isinstance(target, ast.Name):
        return [target.id], True
    if isinstance(target, ast.Tuple):
        names = [item.id for item in target.elts if isinstance(item, ast.Name)]
        if len(names) == len(target.elts):
            return names, False
    raise ExpressionError("after `for` there has to be a name, or names with commas")


def _hashable(value: Any) -> Any:
    return tuple(_hashable(item) for item in value) if isinstance(value, list) else value


_THERE_ARE: Final = f"there are {', '.join(FUNCTIONS)}"


def _described(node: ast.expr) -> str:
    text = ast.unparse(node)
    return f"`{text if len(text) <= 40 else text[:39] + '…'}`"
