"""Keys that act in the order in which they were pressed, however quickly they come in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.events import Key

if TYPE_CHECKING:
    from textual.widget import Widget as _Mixed
else:
    _Mixed = (
        object  # Textual takes styles and component classes from the first base that is a widget
    )

#: Actions that move the focus, or submit what was typed before them.
_MOVING: Final = frozenset({"review.answer", "review.submit"})
_TABS: Final = frozenset({"tab", "shift+tab"})


class InOrder(_Mixed):
    """A widget whose keys do not rise to the screen to be acted on later.

    A key left to rise would be overtaken by letters pressed after it: a slow line brings several keys
    at once, and ``1``, Backspace, ``2`` must not become ``1``.
    """

    def take_key(self, event: Key) -> bool:
        """Act on a key that is no binding; whether it was one of this widget's."""
        return False

    def types(self, event: Key) -> bool:
        """Whether the key is typed into a text here, whatever it is bound to elsewhere."""
        return False

    async def _on_key(self, event: Key) -> None:
        focused = self.screen.focused
        if focused is not self and isinstance(focused, InOrder):
            # Sent here before the key that moved the focus had done so.
            event.stop()
            event.prevent_default()
            # As the app itself does: posted to the app, it would come after those pressed since.
            focused._forward_event(Key(event.key, event.character))  # noqa: SLF001
            return
        if self.take_key(event):
            event.stop()
            event.prevent_default()
            return
        if self.types(event):
            return
        active = self.screen.active_bindings.get(event.key)
        if active is None or not active.enabled:
            if event.key == "enter":
                event.prevent_default()  # never typed into the text
            return
        if active.node is self or event.key in _TABS or active.binding.id in _MOVING:
            event.prevent_default()
            if await self.app.run_action(active.binding.action, active.node):
                event.stop()  # else it was for others: ctrl+c with nothing selected here
        elif event.key == "enter":
            event.prevent_default()
