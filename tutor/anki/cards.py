"""Exercises as Anki cards: a few draws of each, with the right answer of the live run on the back.

A card cannot draw fresh numbers nor say why an answer is wrong; it is for those who want to see the
questions where all their other cards are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tutor import i18n
from tutor.anki.package import Card, code, escaped, prose
from tutor.gate import allow
from tutor.grading.compare import NotGradable
from tutor.grading.grade import right_answers
from tutor.grading.offer import offered
from tutor.grading.truths import AuthorFault, find_truths
from tutor.question import DrawError, draw
from tutor.runner.job import RunnerFailure

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable
    from pathlib import Path

    from tutor.exercise.load import LoadedExercise
    from tutor.grading.truths import Truths
    from tutor.question import Question
    from tutor.runner.client import Runner


async def cards_of(
    exercises: Iterable[LoadedExercise],
    languages: Iterable[str],
    draws: int,
    home: Path,
    runner: Runner,
) -> AsyncIterator[list[Card] | str]:
    """For each exercise its cards, or in words why it gives none.

    Draws that show the same as an earlier one give no card.
    """
    languages = tuple(languages)
    for loaded in exercises:
        try:
            await allow([loaded], home, runner)
            cards: dict[tuple[str, str], Card] = {}
            for language in languages:
                if language in (loaded.exercise.languages or (language,)):
                    for seed in range(draws):
                        card = await _card(loaded, seed, language, runner)
                        cards.setdefault((language, card.front), card)
            yield list(cards.values())
        except (DrawError, AuthorFault, NotGradable, RunnerFailure) as error:
            yield f"{loaded.id}: {getattr(error, 'message', error)}"


def key_of(exercise_id: str, seed: int, language: str) -> str:
    """What names the card of one draw for ever."""
    return f"{exercise_id}:{seed}:{language}"


async def _card(loaded: LoadedExercise, seed: int, language: str, runner: Runner) -> Card:
    question = draw(loaded, seed, language)
    truths = await find_truths(question, runner)
    title = loaded.deck.title if loaded.deck is not None else "Autograd Tutor"
    if isinstance(title, dict):
        title = title.get(language) or next(iter(title.values()))
    return Card(
        key=key_of(loaded.id, seed, language),
        deck=f"{title}::{i18n.LANGUAGES.get(language, language)}::{loaded.skill}".replace('"', ""),
        front=_front(question, truths),
        back=_back(question, truths),
        source=f"{loaded.id} · {seed}",
        tags=tuple(tag.replace(" ", "-") for tag in (loaded.skill, *loaded.exercise.tags)),
    )


def _front(question: Question, truths: Truths) -> str:
    parts = [f"<h3>{escaped(question.title)}</h3>"]
    if question.program.strip():
        parts.append(code(question.program))
    parts.append(prose(truths.texts.ask))
    for name, answer in question.answers.items():
        parts += _asked(name, offered(answer, truths.sides[name]), len(question.answers) > 1)
    return "".join(parts)


def _asked(name: str, offer: dict[str, Any], several: bool) -> list[str]:
    parts = []
    if offer.get("prompt") or several:
        parts.append(prose(f"`{name}`: {offer.get('prompt') or ''}".rstrip(": ")))
    options = offer.get("options") or offer.get("lines") or ()
    shown = [
        f"{escaped(one['letter'])}. <code>{escaped(one['text'])}</code>"
        if isinstance(one, dict)
        else f"<code>{escaped(str(one))}</code>"
        for one in options
    ]
    shown += [f"<code>{escaped(flag)}</code>" for flag in offer.get("flags") or ()]
    if shown:
        parts.append("<ul>" + "".join(f"<li>{one}</li>" for one in shown) + "</ul>")
    if offer.get("starter"):
        parts.append(code(offer["starter"]))
    return parts


def _back(question: Question, truths: Truths) -> str:
    answers = right_answers(question, truths)
    parts = []
    for name, text in answers.items():
        if len(answers) > 1:
            parts.append(prose(f"`{name}`"))
        parts.append(code(text))
    if truths.texts.explain:
        parts.append(prose(truths.texts.explain))
    return "".join(parts)
