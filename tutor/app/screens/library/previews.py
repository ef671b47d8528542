"""What the preview says of a row: an exercise drawn without its answer, a skill's state, a deck's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from tutor.app.screens.library.rows import DECK, EXERCISE, SKILL, named
from tutor.app.skill_states import STATES
from tutor.i18n import _, ngettext
from tutor.presenting.words import in_one_language, title_of, until
from tutor.question import DrawError, draw

if TYPE_CHECKING:
    from tutor.app.widgets.outline import Row
    from tutor.progress.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Preview:
    """For :meth:`PreviewPane.show`; what is empty is left out."""

    title: str
    facts: Content
    program: str = ""
    text: str = ""


def preview_of(row: Row | None, catalogue: Catalogue, language: str) -> Preview:
    """What there is to say of a row in the language; of ``None``, that there is nothing."""
    if row is None:
        return Preview("", Content(_("Nothing matches.")))
    if (exercise_id := named(row, EXERCISE)) is not None:
        return _of_exercise(exercise_id, catalogue, language)
    if (skill := named(row, SKILL)) is not None:
        return _of_skill(skill, catalogue, language)
    return _of_deck(row, catalogue, language)


def _of_exercise(id_: str, catalogue: Catalogue, language: str) -> Preview:
    facts = Content("\n").join(_facts(id_, catalogue))
    try:
        question = draw(catalogue.library.exercises[id_], 0, language)
    except DrawError as error:
        return Preview(id_, facts, text=str(error))
    return Preview(question.title, facts, question.program, question.ask)


def _facts(id_: str, catalogue: Catalogue) -> list[Content]:
    memory, marks = catalogue.memories.get(id_), catalogue.marks
    if memory is None:
        facts = [Content(id_ + " · " + _("never asked"))]
    else:
        recall = round((catalogue.recall(id_) or 0.0) * 100)
        asked = ngettext("asked {n} time", "asked {n} times", memory.reps).format(n=memory.reps)
        known = _("known with {percent} %").format(percent=recall)
        at = catalogue.at if catalogue.is_due(memory) else memory.due
        due = _("due {when}").format(when=until(at, catalogue.at))
        facts = [Content(id_), Content(" · ".join((asked, known, due)))]
    if id_ in marks.suspended:
        facts.append(Content.styled("‖ " + _("Suspended: it is not asked."), "$warning"))
    elif marks.is_buried(id_, catalogue.at):
        facts.append(
            Content.styled("‖ " + _("Buried: it is not asked before tomorrow."), "$warning")
        )
    if id_ in marks.flags:
        says = marks.flags[id_] or _("something is wrong with it")
        facts.append(Content.styled("⚑ " + says, "$warning"))
    if id_ in marks.notes:
        facts.append(Content("✎ " + marks.notes[id_]))
    return facts


def _of_skill(name: str, catalogue: Catalogue, language: str) -> Preview:
    library, skill = catalogue.library, catalogue.skills[name]
    sign, colour, word = STATES[skill.state]
    begun = _("{begun} of {all} exercises begun").format(begun=skill.begun, all=skill.exercises)
    facts = Content.styled(f"{sign} {_(word)}", colour) + Content(f" · {name} · {begun}")
    lines = []
    if skill.state == "closed":
        missing = _(", ").join(title_of(one, library, language) for one in skill.missing)
        lines.append(_("It opens when you know: {skills}.").format(skills=missing))
        lines.append(_("o opens it now; t finds out what you know already."))
    builds = [
        title_of(other, library, language)
        for deck in library.decks
        for other, one in deck.skills.items()
        if name in one.requires
    ]
    if builds:
        lines.append(_("What builds on it: {skills}.").format(skills=_(", ").join(builds)))
    return Preview(title_of(name, library, language), facts, text="\n".join(lines))


def _of_deck(row: Row, catalogue: Catalogue, language: str) -> Preview:
    group = next(one for one in catalogue.groups if one.id == named(row, DECK))
    if group.deck is None:
        return Preview(_("Exercises outside any deck"), Content(""))
    deck, count = group.deck, dict.fromkeys(STATES, 0)
    for skill in group.skills:
        count[catalogue.skills[skill.name].state] += 1
    facts = [
        Content.styled(f"{sign} {count[state]} {_(word)}", colour)
        for state, (sign, colour, word) in STATES.items()
    ]
    says = _("Languages: {languages} · licence: {licence}").format(
        languages=", ".join(deck.languages), licence=deck.licence
    )
    title = in_one_language(deck.title, language)
    return Preview(title, Content("   ").join(facts), text=f"{says}\n`{deck.folder}`")
