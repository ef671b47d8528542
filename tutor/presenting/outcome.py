"""From what the session says of a submission to what is shown of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tutor.edits import PREFIX
from tutor.families import RELATION_PREFIX
from tutor.i18n import _, ngettext
from tutor.presenting.verdict import Point, Right, Said, Shown, Tone
from tutor.presenting.words import until

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tutor.grading.verdict import AnswerVerdict
    from tutor.presenting.forms import Form
    from tutor.session import Answered, Session


@dataclass(frozen=True, slots=True)
class Done:
    """One finished question, for the list at the end. ``uuid`` is empty for a broken one."""

    uuid: str
    exercise_id: str
    title: str
    tone: Tone
    score: float
    due: int | None
    seed: int = 0


def renamed(one: Done, session: Session) -> Done:
    """The line with its question's title in the session's language."""
    return replace(one, title=session.title_of(one.exercise_id, one.seed) or one.title)


def redated(all_done: Iterable[Done], uuid: str, session: Session) -> list[Done]:
    """The list after the rating of the review ``uuid`` was changed: it comes back on another day."""
    return [
        replace(one, due=session.due_of(one.exercise_id)) if one.uuid == uuid else one
        for one in all_done
    ]


def tone_of(answered: Answered) -> Tone:
    if answered.review is not None and answered.review.gave_up:
        return "given-up"
    match answered.verdict.verdict.value:
        case "correct":
            return "correct"
        case "broken":
            return "broken"
        case _:
            return "wrong"


def done(answered: Answered) -> Done:
    """The line about a question that is over."""
    review = answered.review
    return Done(
        review.uuid if review is not None else "",
        answered.turn.question.exercise.id,
        answered.turn.question.title,
        tone_of(answered),
        answered.verdict.score or 0.0,
        answered.due,
        answered.turn.question.seed,
    )


def shown(
    answered: Answered, forms: Mapping[str, Form], now_ms: int, *, harder: bool = False
) -> Shown:
    """What the verdict panel shows; ``forms`` are what was asked for, by the answers' names.

    ``harder``: it is offered to let it count as rated lower.
    """
    verdict = answered.verdict
    alone = len(forms) == 1
    points = tuple(
        _point("" if alone else forms[name].title, answer)
        for name, answer in verdict.answers.items()
    )
    return Shown(
        tone_of(answered),
        points,
        verdict.score,
        rights(answered, forms) if answered.over else (),
        (answered.texts.explain or "") if answered.texts is not None else "",
        note_of(answered, now_ms),
        verdict.fault or "",
        hint=not answered.over and answered.turn.hints_left > 0,
        harder=harder,
    )


def rating_word(rating: int) -> str:
    """What FSRS calls the rating."""
    match rating:
        case 1:
            return _("Again")
        case 2:
            return _("Hard")
        case 3:
            return _("Good")
    return _("Easy")


def _point(title: str, answer: AnswerVerdict) -> Point:
    """What is said about one answer.

    A right one needs no words.  Of a wrong one its near misses' words are enough; a relation of the
    numbers stands beside the first message.
    """
    if answer.verdict.value == "correct":
        return Point(title, True, answer.score, "")
    said = tuple(map(_said, answer.near, answer.says))
    message = "" if said else answer.message
    if said and said[0].kind == "relation":
        message = answer.message.removesuffix(said[0].text).rstrip()
    return Point(title, False, answer.score, message, said)


def _said(near: str, says: str) -> Said:
    if near.startswith(PREFIX):
        return Said(says, "standard")
    return Said(says, "relation" if near.startswith(RELATION_PREFIX) else "author")


def typed_truths(answered: Answered) -> dict[str, str]:
    """The right answers as a learner would type them, by their names; none while it is not over."""
    if answered.truths is None:
        return {}
    from tutor.grading.grade import right_answers

    return right_answers(answered.turn.question, answered.truths)


def rights(answered: Answered, forms: Mapping[str, Form]) -> tuple[Right, ...]:
    """The right answers, as a learner would type them or as torch prints them."""
    if answered.truths is None:
        return ()
    from tutor.question import DrawnCode, DrawnRaises

    question, graded = answered.turn.question, answered.verdict.answers
    typed = typed_truths(answered)
    label = _("Answer") if len(forms) == 1 else ""

    def text(name: str, form: Form) -> str:
        truth = (graded[name].truth if name in graded else None) or typed[name]
        # An error is told as its echo tells it: in the language in use.
        in_words = isinstance(question.answers[name], DrawnRaises)
        return form.echo(truth) if in_words else spelled(form, truth)

    return tuple(
        Right(label or form.title, text(name, form), isinstance(question.answers[name], DrawnCode))
        for name, form in forms.items()
    )


def spelled(form: Form, truth: str) -> str:
    """A right answer in letters or flags, with what each of them stands for, one a row."""
    texts, parts = dict(form.offers), truth.replace(",", " ").split()
    if texts and parts and all(part in texts for part in parts):
        return "\n".join(f"{part}  {texts[part]}" for part in parts)
    if len(texts) == len(parts) and set(parts) <= {"True", "False"}:
        rows = zip(texts.values(), parts, strict=True)
        return "\n".join(f"{text}  {part}" for text, part in rows)
    return truth.rstrip()


def typed_code(answered: Answered) -> dict[str, str]:
    """The learner's last code, by answer: its own run is shown where there is one."""
    from tutor.question import DrawnCode

    attempts = answered.turn.pending.attempts
    code = (n for n, a in answered.turn.question.answers.items() if isinstance(a, DrawnCode))
    return {name: attempts[-1].answers[name] for name in code} if attempts else {}


def note_of(answered: Answered, now_ms: int) -> str:
    """The last line: what it costs, what is left, or when it comes back and what it counts as."""
    if answered.verdict.fault is not None:
        return _("It costs you nothing and is left out for today.")
    if answered.review is None:
        n = answered.turn.attempts_left
        return ngettext("{n} attempt left", "{n} attempts left", n).format(n=n)
    if answered.crammed:
        if answered.due is None:
            return _("This does not count: the schedule stays as it is.")
        when = until(answered.due, now_ms)
        return _("This does not count: it comes back {when}, as planned.").format(when=when)
    if answered.due is None:
        return ""
    when = until(answered.due, now_ms)
    if answered.verdict.verdict.value != "correct":
        return _("Comes back {when}.").format(when=when)  # not right is rated Again: no need to say
    rating = rating_word(answered.review.rating)
    return _("Comes back {when}. Rated {rating}.").format(when=when, rating=rating)
