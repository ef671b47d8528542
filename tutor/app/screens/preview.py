"""The author's preview: the review screen on one file, with keys for seeds, languages and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding

from tutor.app.screens.review import Phase, ReviewScreen
from tutor.app.widgets.answer.form import AnswerForm
from tutor.app.widgets.problems_view import ProblemsView
from tutor.app.widgets.status_bar import StatusBar
from tutor.exercise.problems import ExerciseErrors
from tutor.i18n import N_, _
from tutor.question.seeds import DEPLOYED_SEEDS
from tutor.runner.job import RunnerFailure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.worker import Worker

    from tutor.app.widgets.answer.panel import AnswerPanel
    from tutor.check.prove import Proof
    from tutor.session import Turn
    from tutor.session.previewing import PreviewSession

#: How often a watched file is looked at, in seconds: soon enough to feel immediate after a save.
WATCH_EVERY = 0.3


def _key(
    id_: str, key: str, action: str, label: str, tooltip: str, display: str, *, show: bool = True
) -> Binding:
    return Binding(key, action, label, show, display, id=f"preview.{id_}", tooltip=tooltip)


class PreviewScreen(ReviewScreen):
    """Shows one draw after the other; errors of the file are shown in place of the question."""

    # F6 and F7 belong to the text fields: they select.  The footer has to end with F1, which lists
    # every key, also at 80 columns: so its words are short, and one key is only in the list.
    BINDINGS: ClassVar[list[BindingType]] = [
        _key("seed", "f5", "seed(1)", N_("Seed"), N_("Draw with the next seed"), "F5"),
        _key(
            "back",
            "ctrl+r",
            "seed(-1)",
            N_("Seed before"),
            N_("Draw with the seed before"),
            "^r",
            show=False,
        ),
        _key(
            "language", "f3", "language", N_("Language"), N_("The exercise's next language"), "F3"
        ),
        _key("fill", "f9", "fill", N_("Fill"), N_("Type the truth, then each near miss"), "F9"),
        _key(
            "check", "f8", "check", N_("Check"),
            N_("Prove every draw that is asked, as `tutor check` does; again: stop it"), "F8",
        ),
    ]  # fmt: skip

    def __init__(self, *, watch: bool) -> None:
        super().__init__()
        self._watch = watch
        self._stamp = (0, 0)
        self._missed = 0
        self._fills = 0
        #: What is wrong in the file, whatever the draw.
        self._problems: list[str] = []
        #: What a proof of this draw found.
        self._found: list[str] = []
        #: The proof of all draws, while it runs.
        self._checking: Worker[None] | None = None
        #: What F9 typed last: fields that still hold it were not edited by hand.
        self._filled: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        for widget in super().compose():
            if isinstance(widget, StatusBar):
                yield widget
                yield ProblemsView()
            else:
                yield widget

    async def begin(self, session: PreviewSession) -> None:  # type: ignore[override]
        self._stamp = self._file_stamp(session)
        self._show_problems(session.library.problems)
        await super().begin(session)
        if self._watch:
            self.set_interval(WATCH_EVERY, self._look)

    @property
    def _preview(self) -> PreviewSession:
        session: PreviewSession = self._session  # type: ignore[assignment]
        return session

    async def ask_next(self) -> None:
        self._fills, self._found = 0, []
        if self._checking is not None:
            self._checking.cancel()  # the file may be another one by now
        await super().ask_next()
        status = self.query_one(StatusBar)
        preview = self._preview
        status.count = f"{preview.path.name} · seed {preview.seed} · {preview.language}"
        self._show_all()
        self.run_worker(self._prove(), group="proof", exclusive=True, exit_on_error=False)

    async def _prove(self) -> None:
        """What `tutor check` would say of this draw, beside: the question can be answered meanwhile."""
        from tutor.check.prove import prove

        preview = self._preview
        try:
            proof = await prove(preview.loaded, [preview.seed], preview.runner)
        except RunnerFailure:
            return  # the answer's own verdict says so
        self._take(proof)

    def _take(self, proof: Proof) -> None:
        """Show what a proof found, in place of what one before did."""
        self._found = [str(found) for found in proof.findings if found.severity == "error"]
        self._show_all()

    def _show_all(self) -> None:
        faults = [] if self._found else self._preview.faults.values()
        self.query_one(ProblemsView).show([*self._problems, *self._found, *faults])

    def none_left(self) -> None:
        """This draw cannot be made: the reason stands above the one before; another seed may do."""

    def why_asked(self, turn: Turn) -> str:
        """Its author asks for it."""
        return ""

    def show_count(self) -> None:
        """The status line has the file and the seed instead of what is due."""

    # -- keys -----------------------------------------------------------------------------------

    async def action_seed(self, step: int) -> None:
        self._preview.seed = max(0, self._preview.seed + step)
        await self.ask_next()

    async def action_next(self) -> None:
        if self.may_go_on:
            await self.action_seed(1)

    def action_check(self) -> None:
        """Prove all draws beside; pressed again, stop."""
        if self._checking is not None and not self._checking.is_finished:
            self._checking.cancel()
            self.say(_("The check was stopped."))
            return
        self._checking = self.run_worker(self._check(), exit_on_error=False)

    async def _check(self) -> None:
        from tutor.check.prove import prove
        from tutor.grading.many import packing

        preview = self._preview
        self._tell(0)
        try:
            proof = await prove(
                preview.loaded, range(DEPLOYED_SEEDS), packing(preview.runner), self._tell
            )
        except RunnerFailure as failure:
            self.say(failure.message, "error")
            return
        self._take(proof)
        if proof.ok:
            said = _("All {draws} draws hold: {gradings} answers were graded.")
            self.say(said.format(draws=proof.draws, gradings=proof.gradings))
        else:
            self.say(_("Some draws do not hold: see above."))

    def _tell(self, done: int) -> None:
        said = _("Checking… {done} of {all} draws. F8 stops it.")
        self.say(said.format(done=done, all=DEPLOYED_SEEDS), "quiet")

    async def action_language(self) -> None:
        self._preview.next_language()
        await self.ask_next()

    async def action_fill(self) -> None:
        """Type the truth into the fields; pressed again, each near miss."""
        if self.phase is not Phase.ASKING:
            await self.ask_next()
        texts = await self._preview.typed()
        if not texts:
            self.action_submit()  # the question cannot be run: the verdict says why
            return
        name, typed = texts[self._fills % len(texts)]
        self._fills += 1
        self._filled = typed
        for panel in self.query_one(AnswerForm).panels:
            panel.field.load_text(typed[panel.form.name])
        self.say(_("Filled in: {name}. Enter submits it; F9 goes on.").format(name=name))

    def on_answer_panel_edited(self, event: AnswerPanel.Edited) -> None:
        if self.query_one(AnswerForm).texts == self._filled:
            event.prevent_default()  # not edited by hand: the notice stays

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("seed", "language", "fill", "check", "file"):
            return self.session is not None and self.phase is not Phase.CHECKING
        if action in ("undo", "mark"):
            return False
        return super().check_action(action, parameters)

    async def read_again(self) -> None:
        self._stamp = self._file_stamp(self._preview)
        self._show_problems(self._preview.library.problems)
        await self.ask_next()

    # -- watching -------------------------------------------------------------------------------

    def _file_stamp(self, session: PreviewSession) -> tuple[int, int]:
        try:
            stat = session.path.stat()
        except OSError:
            # Between an editor's delete and rename; missed again, it is gone.
            self._missed += 1
            return self._stamp if self._missed == 1 else (0, 0)
        self._missed = 0
        return stat.st_mtime_ns, stat.st_size

    async def _look(self) -> None:
        stamp = self._file_stamp(self._preview)
        if stamp == self._stamp or self.phase is Phase.CHECKING:
            return
        self._stamp = stamp
        try:
            self._preview.reload()
        except ExerciseErrors as errors:
            self._show_problems(errors.problems)
            return
        self._show_problems(self._preview.library.problems)
        await self.ask_next()
        self.query_one(StatusBar).refresh()

    def _show_problems(self, problems: Iterable[object]) -> None:
        self._problems = [str(problem) for problem in problems]
        self.query_one(ProblemsView).show(self._problems)
