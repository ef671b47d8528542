"""Jinja2's sandbox with bounds: no template runs for ever, fills the memory, or is random."""

from __future__ import annotations

import functools
import re
import threading
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from jinja2 import StrictUndefined, Undefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from tutor.exercise.expr import ExpressionError, power
from tutor.exercise.filters import MAX_OUTPUT, OWN_FILTERS, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2.environment import Template as JinjaTemplate
    from jinja2.runtime import Context

MAX_STEPS: Final = 20_000
MAX_RANGE: Final = 1_000
MAX_ARGUMENT: Final = 1_000
MAX_TEXT: Final = 20_000
#: Everything ever written during one rendering, thrown away or not.
MAX_WRITTEN: Final = 1_000_000


class BudgetError(Exception):
    """A template takes too long or too much room."""


class Budget:
    """What one rendering may still cost."""

    __slots__ = ("steps", "written")

    def __init__(self) -> None:
        self.steps = MAX_STEPS
        self.written = 0

    def step(self, cost: int = 1) -> str:
        self.steps -= cost
        if self.steps < 0:
            raise BudgetError("this template takes too long; make its loops shorter")
        return ""

    def write(self, size: int) -> None:
        self.written += size
        if self.written > MAX_WRITTEN:
            raise BudgetError(f"this template writes more than {MAX_OUTPUT:,} characters")


class _Current(threading.local):
    budget: Budget = Budget()


_current = _Current()

_STR_METHODS: Final = frozenset(
    ("capitalize", "count", "endswith", "find", "index", "isalpha", "isdigit", "isidentifier",
     "islower", "isupper", "join", "lower", "lstrip", "partition", "removeprefix", "removesuffix",
     "replace", "rfind", "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith",
     "strip", "swapcase", "title", "upper")
)  # fmt: skip
_LONG_WIDTH = re.compile(r"%(?:\([^)]*\))?[#0\- +]*(?:\*|\d{4,}|\d*\.(?:\*|\d{4,}))")
# Random or endless ones, and those that look into things by a text.
_NO_FILTERS: Final = ("random", "attr", "pprint", "xmlattr", "urlize")


class _Filter(Protocol):
    def __call__(self, *arguments: Any, **keywords: Any) -> Any: ...


class Environment(ImmutableSandboxedEnvironment):
    """The one environment of all templates."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self) -> None:
        # Without the optimizer: it would evaluate constant parts while compiling, out of bounds.
        super().__init__(
            undefined=StrictUndefined,
            keep_trailing_newline=True,
            finalize=_finalize,
            optimized=False,
            autoescape=False,
            cache_size=0,
        )
        self.filters = {
            name: _bounded(name, cast("_Filter", function))
            for name, function in self.filters.items()
            if name not in _NO_FILTERS
        }
        self.filters.update(OWN_FILTERS)
        kept = ("dict", "namespace", "cycler", "joiner")
        self.globals = {name: self.globals[name] for name in kept}
        self.globals["range"] = _range

    def from_tree(self, tree: nodes.Template) -> JinjaTemplate:
        """Compiles a tree, with a counter in everything that can be run again."""
        _Counting().visit(tree)
        tree.set_environment(self)
        return self.from_string(tree)

    def render(self, template: JinjaTemplate, values: Mapping[str, Any], budget: Budget) -> str:
        """The rendered text; raises BudgetError, or what the template itself raises."""
        before, _current.budget = _current.budget, budget
        try:
            size, parts = 0, []
            names = {**self.globals, **values, _STEP: budget.step, _JOIN: _join}
            # As template.new_context() makes it, but for what only imports of templates need.
            context = self.context_class(self, names, template.name, template.blocks)
            for part in template.root_render_func(context):
                size += len(part)
                if size > MAX_OUTPUT:
                    raise BudgetError(f"this writes more than {MAX_OUTPUT:,} characters")
                parts.append(part)
            return "".join(parts)
        finally:
            _current.budget = before

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, str) and attr not in _STR_METHODS:
            return False
        return bool(super().is_safe_attribute(obj, attr, value))

    def wrap_str_format(self, value: Any) -> None:
        """No ``str.format``: its widths could not be bounded.  The method is unsafe like others."""

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:
        owner = getattr(obj, "__self__", None)
        _check_arguments(getattr(obj, "__name__", ""), (owner, *args), kwargs)
        return super().call(context, obj, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        _current.budget.step()
        if operator == "**":
            try:
                return power(left, right)
            except ExpressionError as error:
                raise BudgetError(error.message) from None
        if operator == "%" and isinstance(left, str):
            _check_arguments("format", (left, right), {})
        elif operator == "*":
            _check_product(left, right)
        result = super().call_binop(context, operator, left, right)
        _check_size(result)
        return result


_STEP: Final = "_step_"
_JOIN: Final = "_join_"


def _finalize(value: Any) -> str:
    if isinstance(value, Undefined):
        return str(value)  # raises, with the name
    text = text_of(value)
    if text:
        _current.budget.write(len(text))
    return text


def _range(*arguments: int) -> range:
    numbers = range(*arguments)
    if len(numbers) > MAX_RANGE:
        raise BudgetError(f"a range of more than {MAX_RANGE:,} numbers")
    return numbers


class _Counting(NodeTransformer):
    """Loops and macros count their turns; ``~`` becomes a function that looks at the sizes."""

    def _counted(self, node: Any) -> nodes.Node:
        static = sum(len(data.data) for data in node.find_all(nodes.TemplateData))
        self.generic_visit(node)
        node.body.insert(0, nodes.Output([_call(_STEP, [nodes.Const(1 + static // 16)])]))
        return cast("nodes.Node", node)

    # The visitor finds its methods by the names of Jinja's nodes.
    visit_For = visit_Macro = visit_CallBlock = _counted  # noqa: N815

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _call(_JOIN, node.nodes)


def _call(name: str, arguments: list[nodes.Expr]) -> nodes.Call:
    return nodes.Call(nodes.Name(name, "load"), arguments, [], None, None)


def _join(*values: Any) -> str:
    text = "".join(_finalize(value) for value in values)
    _check_size(text)
    return text


def _bounded(name: str, function: _Filter) -> _Filter:
    @functools.wraps(function)
    def call(*arguments: Any, **keywords: Any) -> Any:
        _check_arguments(name, arguments, keywords)
        result = function(*arguments, **keywords)
        _check_size(result)
        return result

    return call


def _check_arguments(name: str, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> None:
    cost = 1
    for value in (*arguments, *keywords.values()):
        if isinstance(value, str):
            cost += len(value) // 100
            if len(value) > MAX_TEXT:
                raise BudgetError(f"a text of more than {MAX_TEXT:,} characters in `{name}`")
            if name == "format" and _LONG_WIDTH.search(value):
                raise BudgetError("a width of four digits or more in a format")
        elif isinstance(value, _COUNTED):
            cost += len(value) // 10
    if name in _WITH_SIZES:
        for value in (*arguments[1:], *keywords.values()):
            if isinstance(value, int) and abs(value) > MAX_ARGUMENT:
                raise BudgetError(f"`{name}` with {value}: at most {MAX_ARGUMENT:,}")
    if name in ("replace", "join"):
        _check_growth(name, arguments)
    _current.budget.step(cost)


#: What costs by its length.  A tuple: a union would be made anew for every argument.
_COUNTED: Final = (list, tuple, dict, range)
_WITH_SIZES: Final = frozenset(
    (
        "batch",
        "center",
        "filesizeformat",
        "indent",
        "round",
        "slice",
        "tojson",
        "truncate",
        "wordwrap",
    )
)


def _check_growth(name: str, arguments: tuple[Any, ...]) -> None:
    texts = [value for value in arguments if isinstance(value, str)]
    if name == "replace" and len(texts) == 3:
        size = (len(texts[0]) + 1) * max(len(texts[2]), 1)
    else:
        lists = [value for value in arguments if isinstance(value, list | tuple)]
        longest = max((len(text) for text in texts), default=1)
        size = sum(
            longest + (len(item) if isinstance(item, str) else 1)
            for items in lists
            for item in items
        )
    if size > MAX_OUTPUT:
        raise BudgetError(f"`{name}` writes more than {MAX_OUTPUT:,} characters")


def _check_product(left: Any, right: Any) -> None:
    for sequence, times in ((left, right), (right, left)):
        repeats = isinstance(sequence, str | list | tuple) and isinstance(times, int)
        if repeats and len(sequence) * times > MAX_TEXT:
            raise BudgetError(f"more than {MAX_TEXT:,} entries by `*`")


def _check_size(value: Any) -> None:
    if isinstance(value, str | list | tuple):
        if len(value) > MAX_TEXT:
            raise BudgetError(f"more than {MAX_TEXT:,} characters or entries in one value")
    elif isinstance(value, int) and value.bit_length() > 4_096:
        raise BudgetError("a whole number grows too large")
