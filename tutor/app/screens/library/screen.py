"""What the library reads and shows, and what can be done with the row under the cursor."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.widgets import Input, Static

from tutor.agenda.filters import Filters
from tutor.app import help_texts, keys, marking
from tutor.app.editing import exercise_in_editor
from tutor.app.keymap import key_of
from tutor.app.screens.library import indexing
from tutor.app.screens.library.frame import LibraryFrame
from tutor.app.screens.library.previews import preview_of
from tutor.app.screens.library.rows import DECK, EXERCISE, SKILL, RowPainter, named, rows
from tutor.app.screens.library.views import VIEWS, ViewTab
from tutor.app.widgets.outline import Outline
from tutor.app.widgets.preview_pane import PreviewPane
from tutor.i18n import _, ngettext
from tutor.progress.catalogue import Catalogue, SearchIndex, View
from tutor.store import StoreError
from tutor.store.marks import MarkKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.binding import BindingType

    from tutor.session import Session

#: How long the cursor rests on a row before its preview is drawn, in seconds.
PREVIEW_AFTER = 0.06
#: As long as a search finds no more exercises than this, they are shown at once.
UNFOLD_UP_TO = 200
#: So for a view without a search, which is rather looked around in.
UNFOLD_VIEW_UP_TO = 40

#: What can be done with some rows and not with others.
ROW_ACTIONS = ("practise", "suspend", "bury", "open_skill", "flag", "note")

#: The marks that are told when they are made, with the key that takes them back.
BACK = {
    MarkKind.SUSPEND: keys.SUSPEND,
    MarkKind.UNSUSPEND: keys.SUSPEND,
    MarkKind.BURY: keys.BURY,
    MarkKind.UNBURY: keys.BURY,
}


class LibraryScreen(LibraryFrame):
    """Reads what it lists in threads: the cursor and the search never wait for it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        keys.CLEAR,
        keys.BACK,
        keys.SEARCH,
        keys.VIEW,
        keys.PRACTISE,
        keys.SUSPEND,
        keys.BURY,
        keys.OPEN_SKILL,
        keys.TEST_OUT,
        keys.EDIT,
        keys.FLAG,
        keys.NOTE,
    ]

    def __init__(self) -> None:
        super().__init__()
        self.session: Session | None = None
        self._catalogue: Catalogue | None = None
        self._index = SearchIndex()
        self._opened: set[str] = set()
        self._view = View.ALL
        #: Which of the row's actions can be done.
        self._able: tuple[bool | None, ...] = ()
        #: The key of the row in the preview; empty for none.
        self._seen: str | None = None

    # -- reading --------------------------------------------------------------------------------

    async def arrive(self, session: Session) -> None:
        first = self.session is None
        self.session = session
        self._read_again(session)
        if first:
            self.in_background(self._fill_index, session, group="index")

    def _read_again(self, session: Session) -> None:
        self.in_background(self._read, session, group="catalogue")

    def help_parts(self) -> tuple[help_texts.Part, ...]:
        return help_texts.library()

    async def relabel(self) -> None:
        query = self.query_one("#search", Input).value
        await super().relabel()
        self.query_one("#search", Input).value = query

    async def _read(self, session: Session) -> None:
        try:
            self._catalogue = await asyncio.to_thread(_read, session)
        except StoreError as error:
            self.notify(str(error), severity="error", timeout=15, markup=False)
            return
        if not self._opened:
            self._opened = {DECK + group.id for group in self._catalogue.groups}
        self.painter = RowPainter(self._catalogue, session.language)
        self._show_rows()
        self._show_preview()
        self.refresh_bindings()

    async def _fill_index(self, session: Session) -> None:
        exercises = session.library.exercises.values()
        await indexing.fill(self._index, exercises, lambda: self.is_attached)
        if self._query:
            self._show_rows()

    # -- showing --------------------------------------------------------------------------------

    @property
    def _query(self) -> str:
        return self.query_one("#search", Input).value.strip()

    def _show_rows(self) -> None:
        if self._catalogue is None:
            return
        query, opened = self._query, self._opened
        matches = self._index.find(query) if query else None
        n = self._count(matches)
        few = UNFOLD_UP_TO if query else UNFOLD_VIEW_UP_TO
        if (query or self._view is not View.ALL) and n <= few:
            # What was looked for is seen at once, without opening anything.
            opened = opened | {SKILL + name for name in self._catalogue.skills}
            opened |= {DECK + group.id for group in self._catalogue.groups}
        shown = list(rows(self._catalogue, opened, matches, self._view))
        self.query_one(Outline).show(shown)
        for view in VIEWS:
            self.query_one(f"#view-{view.value}").set_class(view is self._view, "-here")
        self.query_one("#found", Static).update(
            Content(ngettext("{n} exercise", "{n} exercises", n).format(n=n))
        )

    def _count(self, matches: frozenset[str] | None) -> int:
        assert self._catalogue is not None  # noqa: S101 - there are rows
        ids = self._catalogue.library.exercises if matches is None else matches
        return sum(self._catalogue.shows(one, self._view) for one in ids)

    def _look_at(self, view: View) -> None:
        """List other exercises."""
        self._view = view
        self._show_rows()
        self._go_to_first()

    def _go_to_first(self) -> None:
        """To the first exercise of what was looked for: its preview is what one wants to see."""
        outline = self.query_one(Outline)
        if (self._query or self._view is not View.ALL) and self._here(EXERCISE) is None:
            found = (row.key for row in outline.rows if row.key.startswith(EXERCISE))
            outline.go_to(next(found, ""))

    def on_view_tab_chosen(self, event: ViewTab.Chosen) -> None:
        self._look_at(event.view)

    def on_input_changed(self, event: Input.Changed) -> None:
        self._show_rows()
        self._go_to_first()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.query_one(Outline).focus()

    def on_outline_folded(self, event: Outline.Folded) -> None:
        if event.wanted:
            self._opened.add(event.row.key)
        else:
            self._opened.discard(event.row.key)
        self._show_rows()

    async def on_outline_chosen(self, event: Outline.Chosen) -> None:
        await self.action_practise()

    def on_outline_moved(self, event: Outline.Moved) -> None:
        # The footer is made anew only where it says something else: that costs more than the row.
        able = tuple(self.check_action(action, ()) for action in ROW_ACTIONS)
        if able != self._able:
            self._able = able
            self.refresh_bindings()
        self.set_timer(PREVIEW_AFTER, self._show_preview_of_rest)

    def _show_preview_of_rest(self) -> None:
        row = self.query_one(Outline).row
        if ("" if row is None else row.key) != self._seen:
            self._show_preview()

    def _show_preview(self) -> None:
        row = self.query_one(Outline).row
        self._seen = "" if row is None else row.key
        if self._catalogue is not None and self.session is not None:
            says = preview_of(row, self._catalogue, self.session.language)
            self.query_one(PreviewPane).show(says.title, says.facts, says.program, says.text)

    # -- actions --------------------------------------------------------------------------------

    def action_search(self) -> None:
        self.query_one("#search", Input).focus()

    def action_clear(self) -> None:
        """Escape: first the search is ended, then the list has the keys, then it goes back."""
        self.query_one("#search", Input).value = ""
        self.query_one(Outline).focus()

    def action_view(self, step: int) -> None:
        views = list(VIEWS)
        self._look_at(views[(views.index(self._view) + step) % len(views)])

    async def action_practise(self) -> None:
        if (exercise_id := self._here(EXERCISE)) is not None:
            filters = Filters(exercises=frozenset({exercise_id}), cram=True)
        elif (skill := self._here(SKILL)) is not None:
            filters = Filters(skills=frozenset({skill}), cram=True)
        else:
            return
        await self.tutor.asking.aside(filters, _("Practised; the schedule is as it was."))

    def action_file(self) -> None:
        """The exercise's file in the learner's editor; as it is left there it is asked from now on."""
        exercise_id, session = self._here(EXERCISE), self._session
        if exercise_id is None:
            return
        problem = exercise_in_editor(self.app, session, exercise_id)
        if problem:
            self.notify(problem, severity="error", timeout=15, markup=False)
        elif problem is not None:
            self._index.add(session.library.exercises[exercise_id])
            self._read_again(session)

    def action_suspend(self) -> None:
        self._mark_exercise(marking.suspend)

    def action_bury(self) -> None:
        self._mark_exercise(marking.bury)

    def action_flag(self) -> None:
        self._mark_exercise(marking.flag)

    def action_note(self) -> None:
        self._mark_exercise(marking.note)

    def action_open_skill(self) -> None:
        skill = self._skill_here()
        if skill is not None and self._catalogue is not None:
            marking.open_skill(self, skill, self._session)

    def _mark_exercise(self, mark: Callable[[LibraryScreen, str, Session], None]) -> None:
        exercise_id = self._here(EXERCISE)
        if exercise_id is not None and self._catalogue is not None:
            mark(self, exercise_id, self._session)

    def mark(self, kind: MarkKind, subject: str, body: dict[str, str | int] | None = None) -> None:
        """Put it into the log, and show the rows as they are now."""
        session = self._session
        try:
            session.store.mark(kind, subject, session.clock(), body)
        except StoreError as error:
            self.notify(str(error), severity="error", timeout=15, markup=False)
            return
        self._read_again(session)
        if kind in BACK:  # of the others the row tells enough
            self.notify(marking.told(kind, {}, key_of(BACK[kind])), markup=False)

    # -- the row under the cursor ---------------------------------------------------------------

    def _here(self, kind: str) -> str | None:
        """The name of the row that the cursor is on, if it is of that kind."""
        return named(self.query_one(Outline).row, kind) if self.is_mounted else None

    def _skill_here(self) -> str | None:
        """The skill of the row, or of the exercise in it."""
        exercise_id = self._here(EXERCISE)
        if exercise_id is not None and self._catalogue is not None:
            return self._catalogue.library.exercises[exercise_id].skill
        return self._here(SKILL)

    @property
    def _session(self) -> Session:
        assert self.session is not None  # noqa: S101 - there are no rows before arrive()
        return self.session

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "clear":
                return self.is_mounted and (self._query != "" or isinstance(self.focused, Input))
            case "suspend" | "bury" | "flag" | "note" | "file":
                return self._here(EXERCISE) is not None
            case "practise":
                return (self._here(EXERCISE) or self._here(SKILL)) is not None
            case "open_skill":
                name = self._skill_here()
                if name is None or self._catalogue is None:
                    return False
                opened = name in self._catalogue.marks.opened
                return opened or self._catalogue.skills[name].state == "closed"
        return super().check_action(action, parameters)


def _read(session: Session) -> Catalogue:
    """The catalogue, over a connection of this thread's own."""
    from tutor.store import open_store

    with open_store(session.store.path.parent, read_only=True) as store:
        return Catalogue.read(session.library, store, session.clock(), session.settings)
