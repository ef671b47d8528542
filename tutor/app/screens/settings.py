"""Settings: every one by keys and by mouse, in force at once, kept in the learner's own file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from tutor.app import keys
from tutor.app.editing import in_editor
from tutor.app.keymap import key_of
from tutor.app.screens.base import PlaceScreen
from tutor.app.screens.prompt import PromptScreen
from tutor.app.text.prose import links
from tutor.app.widgets.key_bar import KeyBar
from tutor.app.widgets.nav_bar import NavBar
from tutor.app.widgets.prose import Prose
from tutor.app.widgets.setting_rows import SettingRow, SettingRows
from tutor.app.widgets.too_small import TooSmall
from tutor.i18n import LANGUAGES, _, ngettext
from tutor.schedule.settings import DEFAULT_PARAMETERS
from tutor.settings import ABOUT, AUTO, UserSettings
from tutor.settings.words import right

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tutor.session import Session


class SettingsScreen(PlaceScreen):
    """Rows above, what the chosen one means below."""

    PLACE = "settings"
    AUTO_FOCUS = "SettingRows"
    BINDINGS: ClassVar[list[BindingType]] = [keys.SETTINGS_FILE, keys.FIT]
    DEFAULT_CSS = """
    SettingsScreen {
        layers: base cover;
        & #settings { padding: 1 1 0 1; scrollbar-size-vertical: 1; }
        & #about {
            height: auto;
            margin-top: 1;
            border: round $border-blurred;
            border-title-color: $primary;
            border-title-style: bold;
            padding: 0 1;
        }
        & .range { color: $foreground 70%; }
        & .problem { color: $error; }
        & .memory { padding: 0 1; }
        & .place { color: $foreground 60%; padding: 0 1; }
        &.-tall .memory, &.-tall .place { margin-top: 1; }
    }
    """

    def compose(self) -> ComposeResult:
        yield NavBar(self.PLACE)
        with VerticalScroll(id="settings", can_focus=False):
            yield SettingRows()
            with Vertical(id="about"):
                yield Prose(classes="says")
                yield Prose(classes="range")
                yield Prose(classes="problem")
            yield Prose(classes="memory")
            yield Prose(classes="place")
        yield KeyBar()
        yield TooSmall()

    def on_mount(self) -> None:
        self._show()

    async def arrive(self, session: Session) -> None:
        self._show()

    def _show(self, problem: str = "") -> None:
        rows = self.query_one(SettingRows)
        settings = self.tutor.settings.values
        rows.show([_row(name, getattr(settings, name)) for name in ABOUT])
        chosen = rows.row
        if chosen is None:
            return
        about = ABOUT[chosen.name]
        self.query_one("#about").border_title = Content(_(about.title))
        self.query_one(".says", Prose).update(Content(_(about.says)))
        self.query_one(".range", Prose).update(Content(_range(chosen.name)))
        wrong = self.query_one(".problem", Prose)
        wrong.update(Content(problem))
        wrong.display = bool(problem)
        self.query_one(".memory", Prose).update(self._memory())
        self.query_one(".place", Prose).update(Content(self._where()))

    def _memory(self) -> Content:
        """Whom the memory model fits, and the offer to fit it."""
        session = self.tutor.session
        own = session is not None and session.settings.parameters != DEFAULT_PARAMETERS
        said = (
            _("Memory model: fitted to your own reviews")
            if own
            else _("Memory model: fitted to most learners")
        )
        offer = f"{key_of(keys.FIT)}: " + _(keys.FIT.description)
        return Content(said + " · ") + links(offer, "app.fit")

    def _where(self) -> str:
        from tutor.locations import settings_file

        if self.tutor.settings.home is None:
            return _("What is set here holds until the app is left.")
        return _("Kept in {file}").format(file=settings_file(self.tutor.settings.home))

    # -- changing -------------------------------------------------------------------------------

    def on_setting_rows_moved(self) -> None:
        self._show()

    async def on_setting_rows_stepped(self, event: SettingRows.Stepped) -> None:
        value = stepped(event.name, getattr(self.tutor.settings.values, event.name), event.step)
        self._show(await self.tutor.settings.change(event.name, value))

    async def on_setting_rows_reset(self, event: SettingRows.Reset) -> None:
        value = getattr(UserSettings(), event.name)
        self._show(await self.tutor.settings.change(event.name, value))

    async def on_setting_rows_opened(self, event: SettingRows.Opened) -> None:
        name, value = event.name, getattr(self.tutor.settings.values, event.name)
        if name == "keys":
            from tutor.app.screens.keys import KeysScreen

            await self.app.push_screen(KeysScreen())
        elif ABOUT[name].choices or isinstance(value, bool):
            await self.on_setting_rows_stepped(SettingRows.Stepped(name, 1))
        else:
            self.run_worker(self._ask(name, str(value)))

    async def _ask(self, name: str, text: str, problem: str = "") -> None:
        """Ask for a value until it is one, or the learner leaves it."""
        about = ABOUT[name]
        says = "\n".join(filter(None, (_(about.says), _range(name), problem)))
        typed = await self.app.push_screen_wait(PromptScreen(_(about.title), says, text, over=True))
        if typed is None:
            return
        problem = await self.tutor.settings.change(name, typed)
        if problem:
            await self._ask(name, typed, problem)
        else:
            self._show()

    async def action_file(self) -> None:
        """The file in the learner's editor; afterwards it is read again."""
        from tutor.editor import edit_file
        from tutor.settings.changing import create
        from tutor.settings.checking import SettingsError

        home = self.tutor.settings.home
        if home is None:
            return
        try:
            path = create(home)
        except SettingsError as error:
            self._show(str(error))
            return
        in_editor(self.app, lambda chosen: edit_file(path, chosen))
        self._show(await self.tutor.settings.reload())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "file":
                return self.tutor.settings.home is not None
            case "app.fit" | "fit":
                return self.tutor.session is not None
        return True


def _row(name: str, value: Any) -> SettingRow:
    return SettingRow(
        name, _(ABOUT[name].title), _shown(name, value), stepped(name, value, 1) is not None
    )


def _shown(name: str, value: Any) -> str:
    """A value as people say it."""
    match name:
        case "keys":
            return ", ".join(f"{id_} {key}" for id_, key in value.items()) or _("the usual ones")
        case "language" if value != AUTO:
            return LANGUAGES[value]
        case "editor" if not value:
            return "$VISUAL, $EDITOR"
        case "retention" | "skills_open_at":
            return f"{value * 100:.0f} %"
        case "maximum_interval_days":
            return ngettext("{n} day", "{n} days", value).format(n=value)
        case "day_start_hour":
            return f"{value}:00"
    if isinstance(value, bool):
        return _("on") if value else _("off")
    return _("the system's") if value == AUTO else str(value)


def _range(name: str) -> str:
    about, default = ABOUT[name], getattr(UserSettings(), name)
    if about.choices or name in ("keys", "editor"):
        return ""
    # Here it is not typed as in the file, but chosen.
    choice = _("on or off") if isinstance(default, bool) else right(name)
    return _("{right}; default: {default}").format(right=choice, default=_shown(name, default))


def stepped(name: str, value: Any, step: int) -> Any:
    """The next value, or the one before; ``None`` if there are too many to go through."""
    about = ABOUT[name]
    if about.choices:
        at = about.choices.index(value) if value in about.choices else -1
        return about.choices[(at + step) % len(about.choices)]
    if isinstance(value, bool):
        return not value
    if about.least is None or about.most is None:
        return None
    if isinstance(value, int):
        return int(min(max(value + step, about.least), about.most))
    return round(min(max(value + step / 100, about.least), about.most), 2)
