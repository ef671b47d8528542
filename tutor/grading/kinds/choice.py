"""``choice``: one of several options, or all that hold; options may come from the live run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.answer import InvalidAnswer, Reading, read_choice
from tutor.answer.choice import OptionText
from tutor.grading.compare import NotGradable, compare, equal
from tutor.grading.near import prepare_near
from tutor.grading.truths import AuthorFault
from tutor.grading.verdict import AnswerVerdict, Verdict
from tutor.grading.why import explain
from tutor.i18n import _
from tutor.question import DrawnValue
from tutor.render.value import show

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tutor.grading.context import Context
    from tutor.grading.truths import Plan, Resolve, Results
    from tutor.question import DrawnChoice, DrawnOption
    from tutor.values import Value

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Side:
    """The options as shown: ``values`` holds the live value of those that come from the run."""

    texts: tuple[str, ...]
    values: tuple[Value | None, ...]
    right: frozenset[int]


def prepare(plan: Plan, answer: DrawnChoice) -> Resolve:
    finders = [_prepare_option(plan, answer, option) for option in answer.options]
    right = frozenset(i for i, option in enumerate(answer.options) if option.correct)

    def resolve(results: Results) -> Side:
        found = tuple(None if find is None else find(results) for find in finders)
        texts = tuple(
            results.texts.options[answer.name, i] if value is None else show(value)
            for i, value in enumerate(found)
        )
        doubled = {text for text in texts if texts.count(text) > 1}
        if doubled:
            raise _same(answer, texts, min(doubled))
        return Side(texts, found, right)

    return resolve


def _same(answer: DrawnChoice, texts: tuple[str, ...], text: str) -> AuthorFault:
    """Options that nobody can tell apart, at the later one of the author's list."""
    first, second = sorted(
        option.index for option, one in zip(answer.options, texts, strict=True) if one == text
    )[:2]
    message = f"two options are the same: {text} (this one and number {first + 1} of the list)"
    return AuthorFault(message, ("answers", answer.name, "options", second))


def _prepare_option(
    plan: Plan, answer: DrawnChoice, option: DrawnOption
) -> Callable[[Results], Value] | None:
    """How the option's live value is found; ``None`` for one that is only text."""
    if option.near is not None and option.near_of is not None:
        return _prepare_near_option(plan, option.near, option.near_of)
    expression = option.expr
    if expression is None:
        return None
    plan.base(expression)
    where = ("answers", answer.name, "options", option.index, "expr")
    return lambda results: results.value(expression, where)


def _prepare_near_option(plan: Plan, near: str, near_of: str) -> Callable[[Results], Value]:
    """A distractor that is what another answer's near miss gives."""
    other = plan.question.answers[near_of]
    if not isinstance(other, DrawnValue):
        raise AuthorFault(f"an option can be a near miss of a `value` answer; {near_of} is none")
    plan.base(other.expression)
    find = prepare_near(plan, other.near[near], other.expression)
    return lambda results: find(results, results.value(other.expression))


def options_shown(side: Side) -> tuple[OptionText, ...]:
    """The options with their letters, as the learner sees them."""
    return tuple(
        OptionText(LETTERS[i], text, value is not None)
        for i, (text, value) in enumerate(zip(side.texts, side.values, strict=True))
    )


def read(answer: DrawnChoice, text: str, side: Side) -> frozenset[int]:
    """The options chosen, by position.

    Raises:
        InvalidAnswer: it is not on offer.
    """
    options = options_shown(side)
    read = read_choice(text, options, answer.many)
    for meaning in (read, *read.others):
        chosen = [_option_of(typed, side) for typed in meaning.values]
        if None not in chosen:
            return meaning.indices | {index for index in chosen if index is not None}
    letters = ", ".join(option.letter for option in options)
    raise InvalidAnswer("choice-offer", text=text, letters=letters)


def _option_of(typed: Reading, side: Side) -> int | None:
    """The option whose live value was typed."""
    for i, value in enumerate(side.values):
        if value is None:
            continue
        try:
            if compare(value, typed).right:
                return i
        except (InvalidAnswer, NotGradable):
            continue
    return None


async def judge(
    answer: DrawnChoice, side: Side, read: frozenset[int], context: Context
) -> AnswerVerdict:
    truth, echo = shown(answer, side), _letters(read)
    if read == side.right:
        return AnswerVerdict(Verdict.CORRECT, 1.0, _("Right."), echo, truth)
    wrongly = sorted(read - side.right)
    says = context.truths.texts.option_says
    reasons = {i: text for i in wrongly if (text := says.get((answer.name, i)))}
    near = tuple(id_ for i in wrongly if (id_ := answer.options[i].near) is not None)
    if near or reasons:
        message = _each(reasons, len(read)) or _("That is not it.")
        # Of several, the message alone tells which reason is whose.
        said = tuple(reasons.values()) if len(read) == 1 else ()
        return AnswerVerdict(Verdict.WRONG, 0.0, message, echo, truth, near, said)
    if answer.many and not wrongly:
        message = _("What you chose holds, but it is not all that holds.")
        return AnswerVerdict(Verdict.WRONG, 0.0, message, echo, truth)
    chosen = side.values[min(read)] if len(read) == 1 else None
    why = await explain(
        answer.name,
        context,
        (),
        lambda value: chosen is not None and equal(chosen, value),
        lambda _: None,
    )
    message = why.message(_("That is not it."))
    return AnswerVerdict(Verdict.WRONG, 0.0, message, echo, truth, why.near, why.says)


def _each(reasons: Mapping[int, str], chosen: int) -> str:
    """Why they do not hold; where several options were chosen, each on a line after its letter."""
    if chosen == 1:
        return "".join(reasons.values())
    return "\n".join(f"{LETTERS[i]}: {text}" for i, text in reasons.items())


def shown(_answer: DrawnChoice, side: Side) -> str:
    return _letters(side.right)


def _letters(indices: frozenset[int]) -> str:
    return ", ".join(LETTERS[i] for i in sorted(indices))
