"""Every key by its name, to be changed by pressing another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tutor.app import keymap, keys
from tutor.app.screens.base import TutorScreen
from tutor.app.screens.dialog import Dialog
from tutor.app.widgets.key_bar import KeyBar
from tutor.app.widgets.prose import Prose
from tutor.app.widgets.status_bar import StatusBar
from tutor.i18n import _

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import Binding, BindingType
    from textual.events import Key


class KeysScreen(TutorScreen[None]):
    """Lists all bindings; Enter or a click asks for the new key of one."""

    BINDINGS: ClassVar[list[BindingType]] = [keys.KEY_DEFAULT]
    DEFAULT_CSS = """
    KeysScreen {
        layers: base cover;
        & OptionList {
            height: 1fr;
            border: none;
            padding: 0 1;
            background: $background;
            text-wrap: nowrap;
            text-overflow: ellipsis;
            &:focus { border: none; }
            & > .option-list--option-highlighted { background: $panel; text-style: underline; }
            &:focus > .option-list--option-highlighted { background: $panel; text-style: underline; }
        }
        & .notice { height: auto; padding: 0 2; color: $error; }
        & .how { height: auto; padding: 0 2; color: $foreground 60%; }
    }
    """

    def compose(self) -> ComposeResult:
        yield StatusBar()
        yield Prose(classes="notice")
        yield OptionList(*self._options(), markup=False)
        yield Prose(
            Content(_("Enter or a click: press a new key. Del: the usual key.")), classes="how"
        )
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(StatusBar).topic = _("Keys")
        self.query_one(".notice").display = False

    def _options(self) -> list[Option]:
        rows = [(self._key(binding), id_, binding) for id_, binding in keymap.bindings().items()]
        width = max(cell_len(key) for key, _id, _binding in rows) + 2
        names = max(len(id_) for _key, id_, _binding in rows) + 2
        return [
            Option(
                Content.styled(key + " " * (width - cell_len(key)), "bold $warning")
                + Content.styled(f"{id_:<{names}}", "$foreground 60%")
                + Content(_(str(binding.tooltip or binding.description))),
                id=id_.replace(".", "_"),
            )
            for key, id_, binding in rows
        ]

    def _key(self, binding: Binding) -> str:
        chosen = self.tutor.settings.values.keys.get(str(binding.id))
        pressed = (chosen or binding.key).split(",")
        return " ".join(keymap.spelled(key.strip()) for key in pressed)

    def _chosen(self, option: Option) -> str:
        return next(id_ for id_ in keymap.bindings() if id_.replace(".", "_") == option.id)

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        id_ = self._chosen(event.option)
        label = _(keymap.bindings()[id_].description)

        async def take(key: str | None) -> None:
            if key is not None:
                await self._change(id_, key)

        await self.app.push_screen(PressScreen(f"{id_}: {label}"), take)

    async def action_default(self) -> None:
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            await self._change(self._chosen(options.get_option_at_index(options.highlighted)), "")

    async def _change(self, id_: str, key: str) -> None:
        """Another key for ``id_``, or its usual one; a word about it where that cannot be."""
        chosen = {name: one for name, one in self.tutor.settings.values.keys.items() if name != id_}
        problem = ""
        if key:
            chosen[id_] = key
            problem = keymap.problem_of(id_, chosen)
        if not problem:
            problem = await self.tutor.settings.change("keys", chosen)
        notice = self.query_one(".notice", Prose)
        notice.update(Content(problem))
        notice.display = bool(problem)
        options = self.query_one(OptionList)
        at = options.highlighted
        options.clear_options()
        options.add_options(self._options())
        options.highlighted = at


class PressScreen(Dialog[str | None]):
    """Dismissed with the key that is pressed; Escape leaves it as it was."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title_text = title

    def compose(self) -> ComposeResult:
        with self.frame(self._title_text, _("Esc leaves it as it was"), "screen.cancel"):
            yield Prose(Content(_("Press the new key.")))

    async def _on_key(self, event: Key) -> None:
        event.stop()
        event.prevent_default()
        self.dismiss(None if event.key == "escape" else event.key)

    def action_cancel(self) -> None:
        self.dismiss(None)
