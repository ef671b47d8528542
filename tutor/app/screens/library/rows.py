"""The rows of the library: which there are, and how each is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.content import Content

from tutor.app.skill_states import STATES
from tutor.app.text.prose import prose
from tutor.app.widgets.outline import Row
from tutor.i18n import _
from tutor.presenting.words import in_one_language, short_until, title_of
from tutor.progress.catalogue import Catalogue, View, plain
from tutor.render.bars import bar
from tutor.store.records import Remembered

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

#: What a row's key begins with.
DECK, SKILL, EXERCISE = "deck:", "skill:", "exercise:"

BAR: Final = 8


def named(row: Row | None, kind: str) -> str | None:
    """The name of what the row is about, if it is of that kind."""
    return row.key.removeprefix(kind) if row is not None and row.key.startswith(kind) else None


def rows(
    catalogue: Catalogue, opened: Collection[str], matches: Collection[str] | None, view: View
) -> Iterator[Row]:
    """The rows in sight: what stands below those in ``opened``, as far as it matches.

    ``matches`` are the ids that a search has found; ``None`` while nothing is searched for.
    """
    for deck in catalogue.groups:
        skills = []
        for skill in deck.skills:
            ids = [
                one
                for one in skill.exercises
                if (matches is None or one in matches) and catalogue.shows(one, view)
            ]
            if ids:
                skills.append((skill.name, ids))
        if not skills:
            continue
        key = DECK + deck.id
        yield Row(key, 0, key in opened)
        if key not in opened:
            continue
        for name, ids in skills:
            key = SKILL + name
            yield Row(key, 1, key in opened)
            if key in opened:
                yield from (Row(EXERCISE + one, 2) for one in ids)


class RowPainter:
    """Draws the rows of one catalogue in one language."""

    def __init__(self, catalogue: Catalogue, language: str) -> None:
        self.catalogue = catalogue
        self.language = language

    def draw(self, row: Row, width: int) -> Content:
        if (exercise_id := named(row, EXERCISE)) is not None:
            left, right = self._exercise(exercise_id)
        elif (skill := named(row, SKILL)) is not None:
            left, right = self._skill(skill)
        else:
            left, right = self._deck(row.key.removeprefix(DECK))
        fold = "  " if row.open is None else "▾ " if row.open else "▸ "
        left = Content("  " * row.level) + Content.styled(fold, "$foreground 60%") + left
        room = width - right.cell_length - 2
        if left.cell_length > room:
            left = left.truncate(max(room, 1), ellipsis=True)
        gap = max(width - left.cell_length - right.cell_length - 1, 1)
        return left + " " * gap + right

    def _deck(self, id_: str) -> tuple[Content, Content]:
        group = next(one for one in self.catalogue.groups if one.id == id_)
        title = _("Exercises outside any deck")
        if group.deck is not None:
            title = in_one_language(group.deck.title, self.language)
        exercises = {one for skill in group.skills for one in skill.exercises}
        begun = sum(one in self.catalogue.memories for one in exercises)
        right = Content.styled(f"{begun}/{len(exercises)}", "$foreground 60%")
        return Content.styled(title, "bold $primary"), right

    def _skill(self, name: str) -> tuple[Content, Content]:
        skill = self.catalogue.skills[name]
        sign, colour, _word = STATES[skill.state]
        title = title_of(name, self.catalogue.library, self.language)
        left = Content.styled(sign + " ", colour) + Content.styled(
            title, "$foreground 60%" if skill.state == "closed" else ""
        )
        share = f"{round(skill.known * 100):>3} %" if skill.begun else "     "
        right = Content.assemble(
            (f"{bar(skill.known, BAR):<{BAR}}", colour), f" {share} ",
            (f"{f'{skill.begun}/{skill.exercises}':>6}", "$foreground 60%"),
        )  # fmt: skip
        return left, right

    def _exercise(self, id_: str) -> tuple[Content, Content]:
        marks = self.catalogue.marks
        loaded = self.catalogue.library.exercises[id_]
        title = prose(plain(in_one_language(loaded.exercise.title, self.language)))
        signs = ""
        if id_ in marks.flags:
            signs += "⚑ "
        if id_ in marks.notes:
            signs += "✎ "
        if id_ in marks.suspended:
            return (
                Content.styled(title.plain, "$foreground 60%"),
                Content.styled(signs + "‖ " + _("suspended"), "$foreground 60%"),
            )
        if marks.is_buried(id_, self.catalogue.at):
            return (
                Content.styled(title.plain, "$foreground 60%"),
                Content.styled(signs + "‖ " + _("buried"), "$foreground 60%"),
            )
        memory = self.catalogue.memories.get(id_)
        if not isinstance(memory, Remembered):
            return title, Content.styled(signs + _("new"), "$foreground 60%")
        recall = round((self.catalogue.recall(id_) or 0.0) * 100)
        now = self.catalogue.at
        # Due from the beginning of the day in which its rest ends, as the plan counts it.
        due = short_until(now if self.catalogue.is_due(memory) else memory.due, now)
        return title, Content.assemble(
            (signs, "$warning"), (due, "$foreground 60%"), f"  {recall:>3} %"
        )
