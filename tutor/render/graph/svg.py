"""The graph as a picture that stands alone: no fonts, scripts or files from elsewhere; light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from tutor.i18n import _
from tutor.render.graph.draw import Style, laid_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.render.graph.cards import Card
    from tutor.render.graph.draw import LaidOut
    from tutor.runner.explained import Explained

#: The size of a cell, and the margin, in pixels.
_WIDE: Final = 8.4
_HIGH: Final = 18.0
_MARGIN: Final = 20.0
#: Wider than this, in cells, a drawing is turned to the right if that makes it less wide.
_WIDE_ENOUGH: Final = 180
#: Pieces that are not joined stand beside each other up to this width, in cells.
_PAGE: Final = 120

_CSS: Final = """\
.page{fill:#fff}.text{fill:#1f2937}.dim{fill:#6b7280}.op{fill:#1d4ed8;font-weight:600}
.leaf{fill:#166534;font-weight:600}.constant,.name{fill:#92400e}.value{fill:#1f2937}.cut{fill:#b91c1c}
.box{fill:#f8fafc;stroke:#64748b}.box-leaf{fill:#f0fdf4;stroke:#166534;stroke-width:2.5}
.box-constant{fill:#fffbeb;stroke:#92400e;stroke-dasharray:4 3}
.wire{fill:none;stroke:#475569;stroke-width:1.4}
.wire-cut{fill:none;stroke:#b91c1c;stroke-width:1.4;stroke-dasharray:4 4}.head{fill:#475569}
@media(prefers-color-scheme:dark){
.page{fill:#14161e}.text,.value{fill:#e5e7eb}.dim{fill:#9ca3af}.op{fill:#93b4ff}.leaf{fill:#86efac}
.constant,.name{fill:#fcd34d}.cut{fill:#fca5a5}.box{fill:#1b1e29;stroke:#94a3b8}
.box-leaf{fill:#12251a;stroke:#86efac}.box-constant{fill:#262114;stroke:#fcd34d}
.wire{stroke:#94a3b8}.wire-cut{stroke:#fca5a5}.head{fill:#94a3b8}}"""


def graph_svg(found: Explained, title: str = "") -> str:
    """The graph as SVG text, with values and saved tensors on its nodes."""
    laid = laid_out(found.walk, Style("full", framed=True, down=True), _PAGE, airy=True)
    if laid.width > _WIDE_ENOUGH:
        turned = laid_out(found.walk, Style("full", framed=True, down=False), _PAGE, airy=True)
        laid = turned if turned.width < laid.width else laid
    wide, high = laid.width * _WIDE + 2 * _MARGIN, laid.height * _HIGH + 2 * _MARGIN
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high:.0f}" '
        f'width="{wide:.0f}" height="{high:.0f}" role="img" font-size="14" '
        'font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,monospace">'
    )
    parts = [
        root,
        f"<title>{_safe(title or _('The backward graph'))}</title>",
        f"<style>{_CSS}</style>",
        '<rect class="page" width="100%" height="100%"/>',
        *_wires(laid),
        *(line for i in range(len(laid.picture.cards)) for line in _card(laid, i)),
        "</svg>",
        "",
    ]
    return "\n".join(parts)


def _wires(laid: LaidOut) -> Iterator[str]:
    for wire, corners in zip(laid.picture.wires, laid.paths, strict=True):
        points = [_middle(row, column) for row, column in corners]
        (x, y), (last_x, last_y) = points[0], points[-1]
        # From the edge of one box to the edge of the other.
        half = (0.0, _HIGH / 2) if laid.style.down else (_WIDE / 2, 0.0)
        points[0] = (x - half[0], y - half[1])
        tip = (last_x + half[0], last_y + half[1])
        kind = "wire-cut" if wire.cut else "wire"
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in [*points, tip])
        yield f'<polyline class="{kind}" points="{line}"/>'
        if wire.cut:
            place = f'x="{last_x:.1f}" y="{last_y + 6:.1f}"'
            yield f'<text class="cut" {place} text-anchor="middle" font-size="18">✂</text>'
        else:
            yield f'<path class="head" d="{_head(tip, down=laid.style.down)}"/>'


def _head(tip: tuple[float, float], *, down: bool) -> str:
    x, y = tip
    if down:
        return f"M{x:.1f},{y:.1f} l-4.5,-8 h9 z"
    return f"M{x:.1f},{y:.1f} l-8,-4.5 v9 z"


def _card(laid: LaidOut, index: int) -> Iterator[str]:
    card = laid.picture.cards[index]
    (row, column), (wide, high) = laid.places[index], laid.sizes[index]
    x, y = _MARGIN + column * _WIDE, _MARGIN + row * _HIGH
    kind = "box" if card.kind == "operation" else f"box-{card.kind}"
    yield (
        f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{wide * _WIDE:.1f}" '
        f'height="{high * _HIGH:.1f}" rx="{0 if card.kind == "leaf" else 7}"/>'
    )
    first = y + (high - len(card.rows)) * _HIGH / 2
    for i in range(len(card.rows)):
        yield _row(card, i, x + wide * _WIDE / 2, first + (i + 0.72) * _HIGH)


def _row(card: Card, index: int, x: float, y: float) -> str:
    spans = "".join(
        f'<tspan class="{part.role}">{_safe(part.text)}</tspan>' for part in card.rows[index]
    )
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" xml:space="preserve">{spans}</text>'


def _middle(row: int, column: int) -> tuple[float, float]:
    return _MARGIN + (column + 0.5) * _WIDE, _MARGIN + (row + 0.5) * _HIGH


def _safe(text: str) -> str:
    """Text for XML: escaped, and without what XML cannot hold."""
    return escape("".join(c for c in text if c >= " " and not "\ud800" <= c <= "\udfff"))
