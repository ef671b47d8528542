"""How each answer kind is asked for: what stands above the field, the rule in force, the live echo.

Every kind can be answered as text.  A kind that gets a widget of its own keeps the same form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tutor.i18n import _, ngettext

if TYPE_CHECKING:
    from tutor.question import (
        DrawnAnswer,
        DrawnChoice,
        DrawnFlags,
        DrawnOrder,
        DrawnRaises,
        Question,
    )

#: The echo of a text; raises :class:`tutor.answer.InvalidAnswer` for one that cannot be read.
Echo = Callable[[str], str]


#: The widgets beside the text field: see ``widgets/answer/panel.py``.
View = Literal["", "flags", "choice", "order", "raises", "grid", "formula"]


@dataclass(frozen=True, slots=True)
class Form:
    """One answer's part of the screen.

    ``offers`` are lettered lines to choose from or to put in order; ``are_code`` says that they are
    Python.  ``rule`` is how the answer will be judged, shown until something is typed.  ``starter``
    is the code to begin with; an answer that has one is typed in a code editor.  ``view`` names the
    widget that the answer can also be given by; ``many`` says that several offers may be chosen, and
    ``chosen`` which of them a text names by letter or text.
    """

    name: str
    title: str
    rule: str
    echo: Echo
    offers: tuple[tuple[str, str], ...] = ()
    are_code: bool = False
    starter: str | None = None
    view: View = ""
    many: bool = False
    chosen: Callable[[str], frozenset[int]] = lambda _text: frozenset()


def needs_run(question: Question) -> bool:
    """Whether there are options whose texts are known only once the question has run."""
    from tutor.question import DrawnChoice

    choices = (answer for answer in question.answers.values() if isinstance(answer, DrawnChoice))
    return any(option.text is None for choice in choices for option in choice.options)


def forms_of(question: Question, offers: Mapping[str, Sequence[str]] | None = None) -> list[Form]:
    """The forms for all answers of a question, in its order.

    ``offers`` are the texts of choices' options, by answer, once the program has run.
    """
    alone, known = len(question.answers) == 1, offers or {}
    return [
        _form(a, question.program, alone=alone, offers=known.get(n))
        for n, a in question.answers.items()
    ]


def _form(answer: DrawnAnswer, program: str, *, alone: bool, offers: Sequence[str] | None) -> Form:
    # Only now: these bring the exercise model, and the first paint does not wait for that.
    from tutor import question as q

    title = answer.prompt or (_("Your answer") if alone else answer.name)
    match answer:
        case q.DrawnValue():
            return Form(answer.name, title, _value_rule(), _echo_value, view="grid")
        case q.DrawnFlags():
            return _flags(answer, title)
        case q.DrawnRaises():
            return _raises(answer, title, program)
        case q.DrawnChoice():
            return _choice(answer, title, offers)
        case q.DrawnOrder():
            return _order(answer, title)
        case q.DrawnFormula():
            shapes = {name: spec.shape for name, spec in answer.variables.items()}
            echo = _echo_formula(shapes)
            return Form(answer.name, title, _formula_rule(shapes), echo, view="formula")
        case q.DrawnCode():
            rule = _("Runs after the program; compared: {names}").format(
                names=", ".join(answer.compare)
            )
            return Form(answer.name, title, rule, _echo_code, starter=answer.starter)


def _value_rule() -> str:
    return _("Integers exact, others to 3 significant figures")


def _formula_rule(shapes: dict[str, tuple[int, ...]]) -> str:
    names = ", ".join(
        f"{name} ({'×'.join(map(str, shape))})" if shape else name for name, shape in shapes.items()
    )
    return _("A formula in {names}; compared at five random points").format(names=names)


def _flags(answer: DrawnFlags, title: str) -> Form:
    from tutor.answer import read_flags

    names = answer.expressions
    offers = tuple((str(i), name) for i, name in enumerate(names, start=1))
    rule = ngettext(
        "True or False for this one", "True or False for each of the {n}, in this order", len(names)
    ).format(n=len(names))

    def echo(text: str) -> str:
        read = read_flags(text, names)
        # By their numbers: the expressions stand beside them, and would not fit in a line again.
        return "  ".join(f"{i} {value}" for i, value in enumerate(read, start=1))

    return Form(answer.name, title, rule, echo, offers, are_code=True, view="flags")


def _raises(answer: DrawnRaises, title: str, program: str) -> Form:
    from tutor.answer import read_raises
    from tutor.grading.kinds.raises import line_asked

    asked, offered = line_asked(answer), answer.lines or ()
    if offered:
        lines = ", ".join(map(str, offered))
        rule = _("The error and its line ({lines}), such as RuntimeError 4, or none").format(
            lines=lines
        )
    elif asked:
        rule = _("The error and its line, such as RuntimeError 4, or none")
    else:
        rule = _("The error, such as RuntimeError, or none")

    def echo(text: str) -> str:
        read = read_raises(text, line_asked=asked, lines=offered)
        if not read.raises:
            return _("no error")
        if read.line is None:
            return str(read.class_name)
        return _("{error} on line {line}").format(error=read.class_name, line=read.line)

    source = dict(enumerate(program.rstrip().split("\n"), start=1))
    numbers = offered or ([n for n, line in source.items() if line.strip()] if asked else [])
    rows = tuple((str(n), source.get(n, "").strip()) for n in numbers)
    return Form(answer.name, title, rule, echo, rows, are_code=True, view="raises")


def _choice(answer: DrawnChoice, title: str, offers: Sequence[str] | None) -> Form:
    from tutor.answer import InvalidAnswer, OptionText, letter, read_choice

    texts = offers or [option.text or "…" for option in answer.options]
    options = tuple(
        OptionText(letter(i), text, option.text is None)
        for i, (text, option) in enumerate(zip(texts, answer.options, strict=True))
    )

    def echo(text: str) -> str:
        read = read_choice(text, options, answer.many)
        chosen = [letter(i) for i in sorted(read.indices)]
        return ", ".join([*chosen, *(value.echo for value in read.values)]) or _("none of them")

    def chosen(text: str) -> frozenset[int]:
        try:
            return read_choice(text, options, answer.many).indices
        except InvalidAnswer:
            return frozenset()

    rule = _("All letters that hold, such as a c") if answer.many else _("One letter")
    return Form(
        answer.name, title, rule, echo, _lettered(texts),
        view="choice", many=answer.many, chosen=chosen,
    )  # fmt: skip


def _order(answer: DrawnOrder, title: str) -> Form:
    from tutor.answer import letter, read_order

    lines = answer.lines

    def echo(text: str) -> str:
        return " → ".join(letter(i) for i in read_order(text, lines))

    rule = (
        _("The letters in order, such as b a c; leave out what does not belong")
        if answer.distractors
        else _("The letters in order, such as b a c")
    )
    return Form(answer.name, title, rule, echo, _lettered(lines), are_code=True, view="order")


def _lettered(texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    from tutor.answer import letters

    return tuple(zip(letters(len(texts)), texts, strict=True))


def _echo_value(text: str) -> str:
    from tutor.answer import read_value

    return read_value(text).echo


def _echo_formula(shapes: dict[str, tuple[int, ...]]) -> Echo:
    from tutor.answer import read_formula
    from tutor.render.formula import formula

    def echo(text: str) -> str:
        return formula(read_formula(text, shapes).to_json())

    return echo


def _echo_code(text: str) -> str:
    from tutor.answer import read_code

    n = len(read_code(text).source.strip().splitlines())
    return ngettext("{n} line of code", "{n} lines of code", n).format(n=n)
