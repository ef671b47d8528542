"""The bottom row: the keys that work here and now, as many as there is room for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

from tutor.app.later import once_laid_out

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult
    from textual.binding import ActiveBinding
    from textual.screen import Screen

#: What gives way where the row is too short, the first first; then the last in the row.  Help, which
#: names every key, never does.
GIVES_WAY: Final = (
    "app.palette",
    "app.quit",
    "review.undo",
    "raises.next",
    "order.up",
    "answer.grid",
    "settings.file",
    "app.back",
)
STAYS: Final = "app.help"


class KeyBar(Footer):
    """A footer that leaves keys out rather than cutting the last ones off."""

    def __init__(self) -> None:
        super().__init__(show_command_palette=False)

    def compose(self) -> ComposeResult:
        if not self._bindings_ready:
            return
        for active in self._shown():
            yield FooterKey(
                active.binding.key,
                self.app.get_key_display(active.binding),
                active.binding.description,
                active.binding.action,
                disabled=not active.enabled,
                tooltip=active.tooltip,
            ).data_bind(compact=Footer.compact)

    def bindings_changed(self, screen: Screen[object]) -> None:
        # While the terminal is in the background nothing has the focus, and the row stays as it was;
        # but where there is none yet, one without the focused field's keys is better than none.
        first = not self._bindings_ready
        self._bindings_ready = True
        if (first or screen.app.app_focus) and self.is_attached and screen is self.screen:
            once_laid_out(self, self.recompose)

    def on_resize(self) -> None:
        there = [key.action for key in self.query(FooterKey)]
        if there and there != [active.binding.action for active in self._shown()]:
            once_laid_out(self, self.recompose)

    def _shown(self) -> list[ActiveBinding]:
        """One key for each action, those that fit."""
        by_action: dict[str, ActiveBinding] = {}
        for active in self.screen.active_bindings.values():
            if active.binding.show:
                by_action.setdefault(active.binding.action, active)
        shown = list(by_action.values())
        for going in _in_the_order_of_going(shown):
            if sum(map(self._width, shown)) <= self.app.size.width:
                break
            shown.remove(going)
        return shown

    def _width(self, active: ActiveBinding) -> int:
        """In cells: a blank before and after the key, and one after its name."""
        key = self.app.get_key_display(active.binding)
        return cell_len(key) + cell_len(active.binding.description) + 3


def _in_the_order_of_going(shown: Iterable[ActiveBinding]) -> list[ActiveBinding]:
    there = list(shown)
    first = [one for id_ in GIVES_WAY for one in there if one.binding.id == id_]
    rest = [one for one in reversed(there) if one.binding.id not in (*GIVES_WAY, STAYS)]
    return [*first, *rest]
