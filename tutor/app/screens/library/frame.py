"""The look of the library: the search and the views above the list, the preview beside or below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Container, Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tutor.app.screens.base import PlaceScreen
from tutor.app.screens.library.views import VIEWS, ViewTab
from tutor.app.widgets.key_bar import KeyBar
from tutor.app.widgets.nav_bar import NavBar
from tutor.app.widgets.outline import Outline
from tutor.app.widgets.preview_pane import PreviewPane
from tutor.app.widgets.too_small import TooSmall
from tutor.i18n import _

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tutor.app.screens.library.rows import RowPainter
    from tutor.app.widgets.outline import Row


class LibraryFrame(PlaceScreen):
    """``painter`` draws the rows, once there are any."""

    PLACE = "library"
    AUTO_FOCUS = "Outline"
    DEFAULT_CSS = """
    LibraryFrame {
        layers: base cover;
        & #library { height: 1fr; }
        & #find { height: 3fr; }
        & #searching { height: 1; background: $surface; padding: 0 2; }
        & #slash { width: 2; color: $warning; text-style: bold; }
        & #search { width: 1fr; height: 1; border: none; padding: 0; background: $surface; }
        & #views { height: 1; padding: 0 1; }
        & ViewTab { width: auto; padding: 0 1; color: $foreground 60%; }
        & ViewTab:hover { color: $foreground; }
        & ViewTab.-here { color: $primary; text-style: bold underline; }
        & #found { width: 1fr; text-align: right; color: $foreground 60%; }
        & Outline { height: 1fr; padding: 0 1; }
        & PreviewPane { height: 2fr; }
        &.-wide #library { layout: horizontal; }
        &.-wide #find { width: 1fr; height: 100%; }
        &.-wide PreviewPane { width: 1fr; height: 100%; padding: 1 2; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.painter: RowPainter | None = None

    def compose(self) -> ComposeResult:
        yield NavBar(self.PLACE)
        with Container(id="library"):
            with Vertical(id="find"):
                with Horizontal(id="searching"):
                    yield Static(Content("/"), id="slash")
                    yield Input(
                        placeholder=_("search in titles, questions, programs, tags"),
                        id="search",
                        select_on_focus=False,
                    )
                with Horizontal(id="views"):
                    for view in VIEWS:
                        yield ViewTab(view)
                    yield Static(id="found")
                yield Outline(self._draw_row)
            yield PreviewPane()
        yield KeyBar()
        yield TooSmall()

    def _draw_row(self, row: Row, width: int) -> Content:
        return Content("") if self.painter is None else self.painter.draw(row, width)
