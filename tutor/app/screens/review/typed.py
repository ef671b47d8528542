"""What stands in the fields and was not submitted: kept with the open question, however this ends."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from tutor.app.screens.review.phase import Phase
from tutor.app.widgets.answer.form import AnswerForm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.timer import Timer

    from tutor.app.screens.review.screen import ReviewScreen

#: Seconds after a key press within which what was typed is on the disk.
KEPT_WITHIN: Final = 1.0


class Typed:
    """Of the fields of ``screen``."""

    def __init__(self, screen: ReviewScreen) -> None:
        self._screen = screen
        #: What was last put into the fields, or kept of them; and what will keep it next.
        self._known: dict[str, str] = {}
        self._keeping: Timer | None = None

    @property
    def is_new(self) -> bool:
        """Whether it was typed since, by hand."""
        return self._screen.query_one(AnswerForm).texts != self._known

    def put(self, texts: Mapping[str, str]) -> None:
        """Write into the fields what was typed before."""
        form = self._screen.query_one(AnswerForm)
        form.load(texts)
        self._known = form.texts

    def keep_soon(self) -> None:
        if self._keeping is None:
            self._keeping = self._screen.set_timer(KEPT_WITHIN, self.keep)

    def keep(self) -> None:
        from tutor.store import StoreError  # not before the first paint

        if self._keeping is not None:
            self._keeping.stop()
            self._keeping = None
        session = self._screen.session
        if session is not None and self._screen.phase is Phase.ASKING and self.is_new:
            self._known = self._screen.query_one(AnswerForm).texts
            with suppress(StoreError):  # it is said when it is submitted
                session.keep_draft(self._known)
