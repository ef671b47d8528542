"""What is still on its way, in a word at the right of the top row; nothing while all is well."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.content import Content
from textual.widgets import Static

from tutor.i18n import _

if TYPE_CHECKING:
    from tutor.app.app import TutorApp


class Underway(Static):
    """Follows the app's ``torch``, which is the runner's state, and its ``reading`` of exercises."""

    DEFAULT_CSS = """
    Underway { width: auto; color: $warning; padding-left: 2; display: none; }
    Underway.-failed { color: $error; }
    """

    def on_mount(self) -> None:
        self.watch(self.app, "torch", self._show)
        self.watch(self.app, "reading", self._show)

    def _show(self) -> None:
        app = cast("TutorApp", self.app)
        words = {"starting": "◌ " + _("starting torch…"), "failed": "⊘ " + _("torch did not start")}
        said = words.get(app.torch, "")
        if app.reading:
            said = "◌ " + _("reading the exercises… {n}").format(n=app.reading)
        self.set_class(app.torch == "failed", "-failed")
        self.update(Content(said))
        self.display = bool(said)
