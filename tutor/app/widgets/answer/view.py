"""What an answer can be given by without typing its text: what such widgets share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from tutor.app.widgets.in_order import InOrder

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.events import Key

    from tutor.presenting.forms import Form


class AnswerView(InOrder, Widget, can_focus=True):
    """Shows the answer's text in its own way and changes it: nothing is held here that is not text.

    Subclasses read a text (:meth:`take`), write one (:meth:`put`), and say where their cursor is.  A
    letter that means nothing to a view is typed into the text field.
    """

    DEFAULT_CSS = """
    AnswerView { height: auto; padding: 0 1; margin-bottom: 1; }
    """

    def __init__(self, form: Form, **options: Any) -> None:
        super().__init__(**options)
        self.form = form
        self.closed = False
        #: Called with the answer's new text at once: the next key may already submit it.
        self.on_put: Callable[[str], None] = lambda _text: None
        #: Called with a character for the text field.
        self.on_typed: Callable[[str], None] = lambda _character: None

    def take(self, text: str) -> None:
        """Show what the text says."""
        raise NotImplementedError

    def cursor_line(self) -> int | None:
        """The line of the view that the cursor is on, from 0; ``None`` if there is none."""
        raise NotImplementedError

    def take_letter(self, letter: str) -> bool:
        """Act on a letter; whether it means something here."""
        return False

    def put(self, text: str) -> None:
        """Make ``text`` the answer."""
        self.refresh(layout=True)
        self.on_put(text)

    def update_form(self, form: Form) -> None:
        """The same answer with other offers."""
        self.form = form
        self.refresh(layout=True)

    def show_right(self, text: str) -> None:
        """The question is over, and ``text`` would have been right."""

    def close(self) -> None:
        """The question is over: nothing can be changed any more."""
        self.closed = True
        self.can_focus = False
        self.refresh()

    # -- keys -----------------------------------------------------------------------------------

    def take_key(self, event: Key) -> bool:
        if event.character is None or not event.is_printable or self._is_bound(event.key):
            return False
        if not self.take_letter(event.character):
            self.on_typed(event.character)
        return True

    def _is_bound(self, key: str) -> bool:
        active = self.screen.active_bindings.get(key)
        return active is not None and active.node is self

    # -- showing --------------------------------------------------------------------------------

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def keep_visible(self) -> None:
        """Bring the cursor into sight: on a low screen the question scrolls under it."""
        line = self.cursor_line() if self.is_mounted and self.has_focus else None
        if line is None:
            return
        y = self.content_region.y + line
        for parent in self.ancestors:
            if isinstance(parent, Widget) and parent.max_scroll_y > 0:
                above, below = y - parent.region.y, y + 1 - parent.region.bottom
                if above < 0 or below > 0:
                    parent.scroll_relative(y=above if above < 0 else below, animate=False)
                return
