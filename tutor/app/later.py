"""Work that waits until all is laid out, and by then may be of no use any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.widget import Widget


def once_laid_out(widget: Widget, work: Callable[[], object]) -> None:
    """Do it after the next refresh; not if the widget has been removed meanwhile.

    A change of the language, for one, writes every widget anew: what one of those before still does to
    its screen would end the program.
    """

    def do() -> object:
        return work() if widget.is_attached else None

    widget.call_after_refresh(do)
