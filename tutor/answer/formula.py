"""Reading a formula: a torch expression over the question's variables, as a tree of plain data.

A formula is never run as Python: Python's own parser gives a syntax tree, and what is listed in
:mod:`tutor.answer.formula_names` is copied from it node by node.  The tree consists of lists, text,
numbers, bools and None only, so it crosses a process boundary as JSON:

==========================================  ==========================================================
``["num", 2]``, ``["num", 0.5]``            a finite number; an int is below 2**63 in size
``["var", "A"]``                            a variable of the question
``["bin", sign, left, right]``              ``+ - * / ** @``; never of two ``num`` except ``@``: these
                                            are computed while reading, where results are bounded
``["neg", x]``, ``["pos", x]``              a sign in front; never of a ``num``
``["call", name, [args], {keyword: arg}]``  a name of ``FUNCTIONS``, without ``torch.``; a method is a
                                            call with its object as first argument
``["attr", "T", x]``, ``["attr", "mT", x]``  a transpose
``["index", x, [part, …]]``                 a part is a whole ``num``, ``["slice", a, b, step]`` (each a
                                            whole ``num`` or None), ``["ellipsis"]``, ``["const", None]``
``["list", [args]]``, ``["tuple", [args]]``  only as arguments: ``dim=(0, 1)``, ``reshape([2, 3])``
``["const", c]``                            only as arguments and parts: None, True, False; text only as
                                            an argument of ``einsum``, ``norm`` and ``linalg.norm``
==========================================  ==========================================================

The root is none of ``list``, ``tuple`` and ``const``.  A tree is at most ``MAX_DEPTH`` + 2 nodes deep.
"""

from __future__ import annotations

import itertools
import keyword
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tutor import syntax
from tutor.answer.formula_tree import Converter, Tree
from tutor.answer.prepare import Prepared, prepare
from tutor.answer.prompts import check_front
from tutor.answer.tokens import Token, check_brackets, tokenise

if TYPE_CHECKING:
    import ast
    from collections.abc import Mapping

    from tutor.answer.invalid import InvalidAnswer

_ALLOWED_WORDS: Final = frozenset({"None", "True", "False"})


@dataclass(frozen=True, slots=True)
class FormulaTree:
    """A formula that was read; the module's text says what the tree is made of."""

    tree: Tree

    def to_json(self) -> list[Any]:
        """The tree, as nested lists of plain data."""
        return self.tree


def read_formula(text: str, variables: Mapping[str, tuple[int, ...]]) -> FormulaTree:
    """The tree of a formula over ``variables`` (names and shapes).

    Raises:
        InvalidAnswer: anything else than the variables, the signs and the functions on offer.
    """
    prepared = prepare(text)
    check_front(prepared)
    tokens = tokenise(prepared, comments=True)
    if len(tokens) == 1 or all(token.kind in ("newline", "end") for token in tokens):
        raise prepared.invalid("empty", 0)
    _check_tokens(prepared, tokens)
    expression = _parse(prepared, tokens)

    def invalid(key: str, node: ast.AST, **params: str | int) -> InvalidAnswer:
        return prepared.invalid(key, _index(prepared.text, node), **params)

    return FormulaTree(Converter(variables, invalid).convert(expression))


def _check_tokens(prepared: Prepared, tokens: list[Token]) -> None:
    """Everything that has a better message than Python's "invalid syntax"."""
    for token in tokens:
        if token.kind == "bad" and not token.problem == "ellipsis":
            raise _bad_token(prepared, tokens, token)
    check_brackets(prepared, tokens)
    solid = [token for token in tokens if token.kind != "newline"]
    depth = 0
    for token in solid:
        depth += token.is_op("(", "[") - token.is_op(")", "]")
        if _is_keyword(token) or (depth == 0 and token.is_op(";", "=", ":=", "->")):
            raise prepared.invalid("formula-statement", token.start, text=token.text)
    for before, token in itertools.pairwise(solid):
        if not (_ends_operand(before) and _begins_operand(token, before)):
            continue
        if token.kind == "string" and not token.space:
            raise prepared.invalid("formula-transpose", token.start, text=token.text[0])
        raise prepared.invalid("formula-operator", token.start, text=token.text)


def _bad_token(prepared: Prepared, tokens: list[Token], token: Token) -> InvalidAnswer:
    before = tokens[tokens.index(token) - 1] if token is not tokens[0] else None
    transposes = token.text[0] in "'\"ᵀᵗ" and not token.space
    if before and transposes and _ends_operand(before):
        return prepared.invalid("formula-transpose", token.start, text=token.text[0])
    return prepared.invalid(token.problem, token.start, **token.params)


def _is_keyword(token: Token) -> bool:
    word = token.text
    return token.kind == "word" and keyword.iskeyword(word) and word not in _ALLOWED_WORDS


def _ends_operand(token: Token) -> bool:
    return token.kind in ("number", "word", "string") or token.is_op(")", "]")


def _begins_operand(token: Token, before: Token) -> bool:
    """Whether ``token`` begins another operand; ``f(`` and ``x[`` go on with the one before."""
    if token.is_op("("):
        return before.kind == "number" or before.is_op(")", "]")
    if token.is_op("["):
        return before.kind == "number"
    return token.kind in ("number", "word", "string")


def _parse(prepared: Prepared, tokens: list[Token]) -> ast.expr:
    """The syntax tree; the text is put in parentheses, so that it may go over several lines.

    The brackets are known to match, so nothing closes these early.
    """
    letters = list(prepared.text)
    for token in tokens:
        if token.text == "×":
            letters[token.start] = "*"
        zeros = re.match("0+(?=[0-9])", token.text) if token.kind == "number" else None
        if zeros:
            # Python refuses 007; blanks keep every column where it was.
            letters[token.start : token.start + zeros.end()] = " " * zeros.end()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return syntax.parse(f"(\n{''.join(letters)}\n)", mode="eval").body
    except SyntaxError as error:
        at = _offset(prepared.text, (error.lineno or 2) - 1, (error.offset or 1) - 1)
        raise prepared.invalid("formula-syntax", at) from None
    except (RecursionError, MemoryError, ValueError, OverflowError):
        # Python's parser answers what is nested too deep with one of these.
        raise prepared.invalid("formula-deep", 0) from None


def _index(text: str, node: ast.AST) -> int:
    """Where a node begins in the text; Python counts columns in bytes."""
    line = getattr(node, "lineno", 2) - 1
    rows = text.split("\n")
    row = rows[min(max(line, 1), len(rows)) - 1]
    column = len(row.encode()[: getattr(node, "col_offset", 0)].decode(errors="ignore"))
    return _offset(text, line, column)


def _offset(text: str, line: int, column: int) -> int:
    """The index of a line (from 1) and column (from 0), kept inside the text."""
    rows = text.split("\n")
    if line > len(rows):
        return len(text)
    line = max(line, 1)
    start = sum(len(row) + 1 for row in rows[: line - 1])
    return start + min(max(column, 0), len(rows[line - 1]))
