"""The views of the library, and their tabs: which exercises are listed."""

from __future__ import annotations

from typing import Final

from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tutor.i18n import N_, _
from tutor.progress.catalogue import View

VIEWS: Final = {
    View.ALL: N_("All"),
    View.DUE: N_("Due"),
    View.NEW: N_("New"),
    View.WEAK: N_("Weak"),
    View.MARKED: N_("Marked"),
    View.SUSPENDED: N_("Suspended"),
}


class ViewTab(Static):
    """One of the views, to be clicked."""

    class Chosen(Message):
        """This view is wanted."""

        def __init__(self, view: View) -> None:
            super().__init__()
            self.view = view

    def __init__(self, view: View) -> None:
        super().__init__(Content(_(VIEWS[view])), id=f"view-{view.value}")
        self._view = view

    def on_click(self) -> None:
        self.post_message(self.Chosen(self._view))
