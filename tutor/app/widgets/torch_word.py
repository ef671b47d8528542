"""How torch is doing, in a word at the right of the top row; nothing while all is well."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from tutor.i18n import _


class TorchWord(Static):
    """Follows the app's ``torch``, which is the runner's state."""

    DEFAULT_CSS = """
    TorchWord { width: auto; color: $warning; padding-left: 2; display: none; }
    TorchWord.-failed { color: $error; }
    """

    def on_mount(self) -> None:
        self.watch(self.app, "torch", self._show)

    def _show(self, state: str) -> None:
        words = {"starting": "◌ " + _("starting torch…"), "failed": "⊘ " + _("torch did not start")}
        self.set_class(state == "failed", "-failed")
        self.update(Content(words.get(state, "")))
        self.display = state in words
