"""The library: every deck, skill and exercise, searched as one types, with a preview and actions."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Container, Horizontal, Vertical
from textual.content import Content
from textual.widgets import Footer, Input, Static

from tutor.app import help_texts, keys
from tutor.app.editing import in_editor
from tutor.app.library_rows import DECK, EXERCISE, SKILL, STATES, RowPainter, rows
from tutor.app.screens.base import PlaceScreen
from tutor.app.screens.prompt import PromptScreen
from tutor.app.widgets.nav_bar import NavBar
from tutor.app.widgets.outline import Outline, Row
from tutor.app.widgets.preview_pane import PreviewPane
from tutor.app.widgets.too_small import TooSmall
from tutor.app.words import in_one_language, title_of, until
from tutor.catalogue import Catalogue, SearchIndex, View
from tutor.exercise.problems import ExerciseErrors
from tutor.filters import Filters
from tutor.i18n import N_, _, ngettext
from tutor.question import DrawError, draw
from tutor.store import StoreError
from tutor.store.marks import MarkKind

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tutor.exercise.load import LoadedExercise
    from tutor.session import Session

#: How long the cursor rests on a row before its preview is drawn, in seconds.
PREVIEW_AFTER = 0.06
#: As long as a search finds no more exercises than this, they are shown at once.
UNFOLD_UP_TO = 200
#: Exercises read at a time for the search, and the seconds left to the keys in between.
CHUNK, REST = 20, 0.01

#: What can be done with some rows and not with others.
ROW_ACTIONS = ("practise", "suspend", "open_skill", "flag", "note")

VIEWS = {
    View.ALL: N_("All"),
    View.DUE: N_("Due"),
    View.NEW: N_("New"),
    View.WEAK: N_("Weak"),
    View.MARKED: N_("Marked"),
    View.SUSPENDED: N_("Suspended"),
}


class ViewTab(Static):
    """One of the views, to be clicked."""

    def __init__(self, view: View) -> None:
        super().__init__(Content(_(VIEWS[view])), id=f"view-{view.value}")
        self._view = view

    def on_click(self) -> None:
        screen = self.screen
        if isinstance(screen, LibraryScreen):
            screen.look_at(self._view)


class LibraryScreen(PlaceScreen):
    """Reads what it lists in threads: the cursor and the search never wait for it."""

    PLACE = "library"
    AUTO_FOCUS = "Outline"
    BINDINGS: ClassVar[list[BindingType]] = [
        keys.CLEAR,
        keys.BACK,
        keys.SEARCH,
        keys.VIEW,
        keys.PRACTISE,
        keys.SUSPEND,
        keys.OPEN_SKILL,
        keys.TEST_OUT,
        keys.EDIT,
        keys.FLAG,
        keys.NOTE,
    ]
    DEFAULT_CSS = """
    LibraryScreen {
        layers: base cover;
        & #library { height: 1fr; }
        & #find { height: 3fr; }
        & #searching { height: 1; background: $surface; padding: 0 2; }
        & #slash { width: 2; color: $warning; text-style: bold; }
        & #search { width: 1fr; height: 1; border: none; padding: 0; background: $surface; }
        & #views { height: 1; padding: 0 1; }
        & ViewTab { width: auto; padding: 0 1; color: $foreground 60%; }
        & ViewTab:hover { color: $foreground; }
        & ViewTab.-here { color: $primary; text-style: bold underline; }
        & #found { width: 1fr; text-align: right; color: $foreground 60%; }
        & Outline { height: 1fr; padding: 0 1; }
        & PreviewPane { height: 2fr; }
        &.-wide #library { layout: horizontal; }
        &.-wide #find { width: 1fr; height: 100%; }
        &.-wide PreviewPane { width: 1fr; height: 100%; padding: 1 2; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.session: Session | None = None
        self._catalogue: Catalogue | None = None
        self._painter: RowPainter | None = None
        self._index = SearchIndex()
        self._opened: set[str] = set()
        self._view = View.ALL
        #: Which of the row's actions can be done.
        self._able: tuple[bool | None, ...] = ()
        #: The key of the row in the preview; empty for none.
        self._seen: str | None = None

    def compose(self) -> ComposeResult:
        yield NavBar(self.PLACE)
        with Container(id="library"):
            with Vertical(id="find"):
                with Horizontal(id="searching"):
                    yield Static(Content("/"), id="slash")
                    yield Input(
                        placeholder=_("search in titles, questions, programs, tags"),
                        id="search",
                        select_on_focus=False,
                    )
                with Horizontal(id="views"):
                    for view in VIEWS:
                        yield ViewTab(view)
                    yield Static(id="found")
                yield Outline(self._draw_row)
            yield PreviewPane()
        yield Footer(show_command_palette=False)
        yield TooSmall()

    # -- reading --------------------------------------------------------------------------------

    async def arrive(self, session: Session) -> None:
        first = self.session is None
        self.session = session
        self.in_background(self._read, session, group="catalogue")
        if first:
            self.in_background(self._fill_index, session, group="index")

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
        self._painter = RowPainter(self._catalogue, session.language)
        self._show_rows()
        self._show_preview()
        self.refresh_bindings()

    async def _fill_index(self, session: Session) -> None:
        """Read every exercise for the search, in a thread; what is read can be found at once."""
        left = list(session.library.exercises.values())
        while left and self.is_attached:
            chunk, left = left[:CHUNK], left[CHUNK:]
            await asyncio.to_thread(self._add, chunk)
            await asyncio.sleep(REST)
        if self._query:
            self._show_rows()

    def _add(self, chunk: list[LoadedExercise]) -> None:
        for loaded in chunk:
            try:
                self._index.add(loaded)
            except ExerciseErrors:
                continue  # its file was broken meanwhile: `check` says how

    # -- showing --------------------------------------------------------------------------------

    @property
    def _query(self) -> str:
        return self.query_one("#search", Input).value.strip()

    def _draw_row(self, row: Row, width: int) -> Content:
        return Content("") if self._painter is None else self._painter.draw(row, width)

    def _show_rows(self) -> None:
        if self._catalogue is None:
            return
        query, opened = self._query, self._opened
        matches = self._index.find(query) if query else None
        if matches is not None and len(matches) <= UNFOLD_UP_TO:
            # What was searched for is seen at once, without opening anything.
            opened = opened | {SKILL + name for name in self._catalogue.skills}
            opened |= {DECK + group.id for group in self._catalogue.groups}
        shown = list(rows(self._catalogue, opened, matches, self._view))
        self.query_one(Outline).show(shown)
        for view in VIEWS:
            self.query_one(f"#view-{view.value}").set_class(view is self._view, "-here")
        n = self._count(matches)
        self.query_one("#found", Static).update(
            Content(ngettext("{n} exercise", "{n} exercises", n).format(n=n))
        )

    def _count(self, matches: frozenset[str] | None) -> int:
        assert self._catalogue is not None  # noqa: S101 - there are rows
        ids = self._catalogue.library.exercises if matches is None else matches
        return sum(self._catalogue.shows(one, self._view) for one in ids)

    def look_at(self, view: View) -> None:
        """List other exercises."""
        self._view = view
        self._show_rows()

    def on_input_changed(self, event: Input.Changed) -> None:
        self._show_rows()

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
        row, catalogue = self.query_one(Outline).row, self._catalogue
        if row is None or catalogue is None or self.session is None:
            self._seen = ""
            self.query_one(PreviewPane).show("", Content(_("Nothing matches.")))
            return
        self._seen = row.key
        kind, _colon, name = row.key.partition(":")
        match kind + ":":
            case "exercise:":
                self._preview_exercise(name, catalogue)
            case "skill:":
                self._preview_skill(name, catalogue)
            case _:
                self._preview_deck(name, catalogue)

    def _preview_exercise(self, id_: str, catalogue: Catalogue) -> None:
        pane, session = self.query_one(PreviewPane), self._session
        loaded = catalogue.library.exercises[id_]
        facts = Content("\n").join(self._facts(id_, catalogue))
        try:
            question = draw(loaded, 0, session.language)
        except DrawError as error:
            pane.show(id_, facts, text=str(error))
            return
        pane.show(question.title, facts, question.program, question.ask)

    def _facts(self, id_: str, catalogue: Catalogue) -> list[Content]:
        memory, marks = catalogue.memories.get(id_), catalogue.marks
        if memory is None:
            facts = [Content(id_ + " · " + _("never asked"))]
        else:
            recall = round((catalogue.recall(id_) or 0.0) * 100)
            asked = ngettext("asked {n} time", "asked {n} times", memory.reps).format(n=memory.reps)
            known = _("known with {percent} %").format(percent=recall)
            due = _("due {when}").format(when=until(memory.due, catalogue.at))
            facts = [Content(id_), Content(" · ".join((asked, known, due)))]
        if id_ in marks.suspended:
            facts.append(Content.styled("‖ " + _("Suspended: it is not asked."), "$warning"))
        if id_ in marks.flags:
            says = marks.flags[id_] or _("something is wrong with it")
            facts.append(Content.styled("⚑ " + says, "$warning"))
        if id_ in marks.notes:
            facts.append(Content("✎ " + marks.notes[id_]))
        return facts

    def _preview_skill(self, name: str, catalogue: Catalogue) -> None:
        language, library = self._session.language, catalogue.library
        skill = catalogue.skills[name]
        sign, colour, word = STATES[skill.state]
        begun = _("{begun} of {all} exercises begun").format(begun=skill.begun, all=skill.exercises)
        facts = [Content.styled(f"{sign} {_(word)}", colour) + Content(f" · {name} · {begun}")]
        lines = []
        if skill.state == "closed":
            missing = ", ".join(title_of(one, library, language) for one in skill.missing)
            lines.append(_("It opens when you know: {skills}.").format(skills=missing))
            lines.append(_("o opens it now; t finds out what you know already."))
        builds = [
            title_of(other, library, language)
            for deck in library.decks
            for other, one in deck.skills.items()
            if name in one.requires
        ]
        if builds:
            lines.append(_("What builds on it: {skills}.").format(skills=", ".join(builds)))
        title = title_of(name, library, language)
        self.query_one(PreviewPane).show(title, Content("\n").join(facts), text="\n".join(lines))

    def _preview_deck(self, id_: str, catalogue: Catalogue) -> None:
        group = next(one for one in catalogue.groups if one.id == id_)
        if group.deck is None:
            self.query_one(PreviewPane).show(_("Exercises outside any deck"), Content(""))
            return
        deck, states = group.deck, catalogue.skills
        count = dict.fromkeys(STATES, 0)
        for skill in group.skills:
            count[states[skill.name].state] += 1
        facts = [
            Content.styled(f"{sign} {count[state]} {_(word)}", colour)
            for state, (sign, colour, word) in STATES.items()
        ]
        says = _("Languages: {languages} · licence: {licence}").format(
            languages=", ".join(deck.languages), licence=deck.licence
        )
        title = in_one_language(deck.title, self._session.language)
        folder = str(deck.folder)
        self.query_one(PreviewPane).show(
            title, Content("   ").join(facts), text=f"{says}\n`{folder}`"
        )

    # -- actions --------------------------------------------------------------------------------

    def action_search(self) -> None:
        self.query_one("#search", Input).focus()

    def action_clear(self) -> None:
        """Escape: first the search is ended, then the list has the keys, then it goes back."""
        self.query_one("#search", Input).value = ""
        self.query_one(Outline).focus()

    def action_view(self, step: int) -> None:
        views = list(VIEWS)
        self.look_at(views[(views.index(self._view) + step) % len(views)])

    async def action_practise(self) -> None:
        row = self.query_one(Outline).row
        if row is None:
            return
        kind, _colon, name = row.key.partition(":")
        if kind + ":" == EXERCISE:
            filters = Filters(exercises=frozenset({name}), cram=True)
        elif kind + ":" == SKILL:
            filters = Filters(skills=frozenset({name}), cram=True)
        else:
            return
        await self.tutor.asking.aside(filters, _("Practised; the schedule is as it was."))

    def action_suspend(self) -> None:
        id_ = self._here(EXERCISE)
        if id_ is not None and self._catalogue is not None:
            rests = id_ in self._catalogue.marks.suspended
            self._mark(MarkKind.UNSUSPEND if rests else MarkKind.SUSPEND, id_)
            self.notify(
                _("Asked again from now on.")
                if rests
                else _("Not asked any more; s takes it back."),
                markup=False,
            )

    def action_open_skill(self) -> None:
        name = self._skill_here()
        if name is not None and self._catalogue is not None:
            opened = name in self._catalogue.marks.opened
            kind = MarkKind.CLOSE_SKILL if opened else MarkKind.OPEN_SKILL
            self._mark(kind, name, {} if opened else {"by": "hand"})

    def action_file(self) -> None:
        """The exercise's file in the learner's editor; as it is left there it is asked from now on."""
        from tutor.editor import edit_file

        id_, session = self._here(EXERCISE), self._session
        if id_ is None:
            return
        path = session.library.exercises[id_].path
        if in_editor(self.app, lambda chosen: edit_file(path, chosen)) is None:
            return
        try:
            session.reread(id_)
        except ExerciseErrors as errors:
            self.notify(str(errors), severity="error", timeout=15, markup=False)
            return
        self._index.add(session.library.exercises[id_])
        self.in_background(self._read, session, group="catalogue")

    async def action_flag(self) -> None:
        id_ = self._here(EXERCISE)
        if id_ is None or self._catalogue is None:
            return
        if id_ in self._catalogue.marks.flags:
            self._mark(MarkKind.UNFLAG, id_)
            return
        says = _("What is wrong with it? (may be left empty)")

        def keep(text: str | None) -> None:
            if text is not None:
                self._mark(MarkKind.FLAG, id_, {"text": text})

        self.app.push_screen(PromptScreen(_("Flag"), says), keep)

    async def action_note(self) -> None:
        id_ = self._here(EXERCISE)
        if id_ is None or self._catalogue is None:
            return
        before = self._catalogue.marks.notes.get(id_, "")
        says = _("A note to yourself; an empty one takes it away.")

        def keep(text: str | None) -> None:
            if text is not None and text != before:
                self._mark(MarkKind.NOTE, id_, {"text": text})

        self.app.push_screen(PromptScreen(_("Note"), says, before), keep)

    def _mark(self, kind: MarkKind, subject: str, body: dict[str, str] | None = None) -> None:
        session = self._session
        try:
            session.store.mark(kind, subject, session.clock(), body)
        except StoreError as error:
            self.notify(str(error), severity="error", timeout=15, markup=False)
            return
        self.in_background(self._read, session, group="catalogue")

    def _here(self, kind: str) -> str | None:
        """The name of the row that the cursor is on, if it is of that kind."""
        row = self.query_one(Outline).row if self.is_mounted else None
        return row.key.removeprefix(kind) if row and row.key.startswith(kind) else None

    def _skill_here(self) -> str | None:
        """The skill of the row, or of the exercise in it."""
        id_ = self._here(EXERCISE)
        if id_ is not None and self._catalogue is not None:
            return self._catalogue.library.exercises[id_].skill
        return self._here(SKILL)

    @property
    def _session(self) -> Session:
        assert self.session is not None  # noqa: S101 - there are no rows before arrive()
        return self.session

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "clear":
                return self.is_mounted and (self._query != "" or isinstance(self.focused, Input))
            case "suspend" | "flag" | "note" | "file":
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
