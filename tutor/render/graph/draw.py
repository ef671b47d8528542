"""The graph drawn in cells: as much detail, and the way round, that the room allows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from rich.cells import cell_len

from tutor.render.graph.canvas import DOWN, LEFT, RIGHT, UP, Canvas
from tutor.render.graph.cards import Detail, Picture, picture
from tutor.render.graph.layers import Item, Link, depths_of, without_circles
from tutor.render.graph.layout import Layout, lay_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.render.graph.cards import Card, Wire
    from tutor.render.graph.layout import Point
    from tutor.render.spans import Line, Role
    from tutor.runner.explained import NodeKind, Walk


class Style(NamedTuple):
    """How a graph is drawn; ``down``: the gradient flows downwards, else to the right."""

    detail: Detail
    framed: bool
    down: bool


#: From the richest to the smallest.
STYLES: Final = (
    Style("full", framed=True, down=True), Style("full", framed=True, down=False),
    Style("names", framed=True, down=True), Style("names", framed=True, down=False),
    Style("names", framed=False, down=True), Style("short", framed=False, down=True),
)  # fmt: skip
#: A larger graph is drawn small at once: it will not fit anyway.
_MANY: Final = 40
#: Columns between pieces of the graph that are not joined.
_BESIDE: Final = 4

#: The corners and sides of a frame: upper left, upper right, lower left, lower right, across, up and down,
#: and where a line leaves, downwards and to the right.
_FRAMES: Final[dict[NodeKind, tuple[str, str, str, str, str, str, str, str]]] = {
    "operation": ("╭", "╮", "╰", "╯", "─", "│", "┬", "├"),
    "leaf": ("┏", "┓", "┗", "┛", "━", "┃", "┯", "┠"),
    "constant": ("┌", "┐", "└", "┘", "┄", "┆", "┬", "├"),
}
#: Around the text of a node without a frame: leaves and constants can be told apart by it.
BRACKETS: Final[dict[NodeKind, tuple[str, str]]] = {
    "operation": ("", ""), "leaf": ("[", "]"), "constant": ("(", ")")
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawing:
    """The rows of a drawing, with how it was drawn and its size in cells."""

    lines: tuple[Line, ...]
    style: Style
    width: int

    @property
    def height(self) -> int:
        return len(self.lines)


@dataclass(frozen=True, slots=True)
class LaidOut:
    """Where everything stands, by row and column: what a drawing is made of, in cells or in pixels.

    ``sizes`` are widths and heights.  ``paths`` are the corners of the wires, from the cell after the
    source's frame to the one before the target's.
    """

    picture: Picture
    style: Style
    places: tuple[tuple[int, int], ...]
    sizes: tuple[tuple[int, int], ...]
    paths: tuple[tuple[tuple[int, int], ...], ...]
    width: int
    height: int


def draw(walk: Walk, width: int, height: int) -> Drawing:
    """The richest drawing that fits; if none does, the one that is the least too large."""
    many = len(walk.graph.nodes) > _MANY
    styles = STYLES[-1:] if many else [style for style in STYLES if _may_fit(walk, style, height)]
    candidates: list[LaidOut] = []
    for style in styles:
        laid = laid_out(walk, style, width)
        if laid.width <= width and laid.height <= height:
            return drawn(laid)
        candidates.append(laid)

    def excess(laid: LaidOut) -> tuple[bool, int]:
        # Scrolling down is easier than panning.
        too_wide, too_high = max(0, laid.width - width), max(0, laid.height - height)
        return too_wide > 0, too_wide * 2 + too_high

    return drawn(min(candidates, key=excess))


def _may_fit(walk: Walk, style: Style, height: int) -> bool:
    """Whether a style is worth laying out: not if its layers alone are too high for it."""
    if not style.down or style in STYLES[-2:]:
        return True
    shown = picture(walk, style.detail)
    links = [Link(wire.source, wire.target) for wire in _without_circles(shown).wires]
    layers = max(depths_of(len(shown.cards), links), default=0) + 1
    return 4 * layers - 1 <= height


# -- laying out ---------------------------------------------------------------------------------------------


def laid_out(walk: Walk, style: Style, width: int = 0, *, airy: bool = False) -> LaidOut:
    """The graph laid out in a given style, whatever its size.

    Pieces that are not joined stand beside each other as long as they fit ``width``, then below.
    ``airy`` leaves a cell more between layers.
    """
    shown = _without_circles(picture(walk, style.detail))
    sizes = tuple(_size(card, i, shown, style) for i, card in enumerate(shown.cards))
    places: list[tuple[int, int]] = [(0, 0)] * len(shown.cards)
    paths: list[tuple[tuple[int, int], ...]] = [()] * len(shown.wires)
    row = column = below = most = 0
    for cards, wires in _pieces(shown):
        layout = _piece(cards, [shown.wires[i] for i in wires], sizes, style, airy)
        high, wide = _turned((layout.length, layout.breadth), style)
        if column and column + _BESIDE + wide > width:
            row, column = below + 1, 0
        column += _BESIDE if column else 0
        for card, point in zip(cards, layout.items, strict=True):
            places[card] = _moved(_turned(point, style), row, column)
        for wire, path in zip(wires, layout.paths, strict=True):
            paths[wire] = tuple(_moved(_turned(point, style), row, column) for point in path)
        column, below = column + wide, max(below, row + high)
        most = max(most, column)
    return LaidOut(shown, style, tuple(places), sizes, tuple(paths), most, below)


def _pieces(shown: Picture) -> list[tuple[list[int], list[int]]]:
    """Cards that are joined by wires, and those wires, by their indices."""
    piece = list(range(len(shown.cards)))

    def first(card: int) -> int:
        while piece[card] != card:
            card = piece[card]
        return card

    for wire in shown.wires:
        low, high = sorted((first(wire.source), first(wire.target)))
        piece[high] = low
    pieces: dict[int, tuple[list[int], list[int]]] = {}
    for card in range(len(shown.cards)):
        pieces.setdefault(first(card), ([], []))[0].append(card)
    for i, wire in enumerate(shown.wires):
        pieces[first(wire.source)][1].append(i)
    return list(pieces.values())


def _piece(
    cards: list[int],
    wires: list[Wire],
    sizes: tuple[tuple[int, int], ...],
    style: Style,
    airy: bool,
) -> Layout:
    index = {card: i for i, card in enumerate(cards)}
    links = [Link(index[wire.source], index[wire.target]) for wire in wires]
    inset = int(style.framed)
    if style.down:
        items = [Item(sizes[card][1], sizes[card][0]) for card in cards]
        return lay_out(items, links, gap=2, inset=inset, between=1 + airy)
    items = [Item(*sizes[card]) for card in cards]
    return lay_out(items, links, gap=0, inset=inset, between=3 + airy)


def _moved(place: tuple[int, int], rows: int, columns: int) -> tuple[int, int]:
    return place[0] + rows, place[1] + columns


def _size(card: Card, index: int, shown: Picture, style: Style) -> tuple[int, int]:
    """Width and height of a card: its text, and room for every line that comes and goes."""
    out = sum(wire.source == index for wire in shown.wires)
    ends = max(out, sum(wire.target == index for wire in shown.wires))
    left, right = BRACKETS[card.kind]
    wide = card.width + (4 if style.framed else len(left + right))
    high = len(card.rows) + 2 * style.framed
    room = ends + 2 * style.framed
    return (max(wide, room), high) if style.down else (wide, max(high, room))


def _turned(point: Point, style: Style) -> tuple[int, int]:
    """Row and column of a place along and across."""
    return point if style.down else (point[1], point[0])


def _without_circles(shown: Picture) -> Picture:
    """The picture without wires that would run in circles, which no graph of torch's has."""
    links = [Link(wire.source, wire.target) for wire in shown.wires]
    kept = without_circles(len(shown.cards), links)
    return Picture(shown.cards, tuple(shown.wires[i] for i in kept))


# -- drawing ------------------------------------------------------------------------------------------------


def drawn(laid: LaidOut) -> Drawing:
    """The drawing in cells."""
    canvas, style = Canvas(), laid.style
    for i, card in enumerate(laid.picture.cards):
        if not style.framed:
            _bare(canvas, card, laid.places[i], laid.sizes[i][0])
            continue
        wires = zip(laid.picture.wires, laid.paths, strict=True)
        leaving = [path[0] for wire, path in wires if wire.source == i]
        _frame(canvas, card, laid.places[i], laid.sizes[i], leaving, style)
    for wire, path in zip(laid.picture.wires, laid.paths, strict=True):
        _wire(canvas, wire, path, style)
    return Drawing(tuple(canvas.rows()), style, laid.width)


def _frame(
    canvas: Canvas,
    card: Card,
    place: tuple[int, int],
    size: tuple[int, int],
    leaving: list[tuple[int, int]],
    style: Style,
) -> None:
    row, column = place
    wide, high = size
    nw, ne, sw, se, across, side, downwards, rightwards = _FRAMES[card.kind]
    role: Role = "edge"
    below = {at[1] - column for at in leaving} if style.down else set()
    beside = {at[0] - row for at in leaving} if not style.down else set()
    canvas.write(row, column, nw + across * (wide - 2) + ne, role)
    bottom = "".join(downwards if i in below else across for i in range(1, wide - 1))
    canvas.write(row + high - 1, column, sw + bottom + se, role)
    above = (high - 2 - len(card.rows)) // 2
    for i in range(high - 2):
        canvas.write(row + 1 + i, column, side, role)
        canvas.write(row + 1 + i, column + wide - 1, rightwards if i + 1 in beside else side, role)
        if above <= i < above + len(card.rows):
            _text(canvas, card, i - above, row + 1 + i, column + 1, wide - 2)


def _bare(canvas: Canvas, card: Card, place: tuple[int, int], wide: int) -> None:
    """A card of one row, between the brackets of its kind."""
    row, column = place
    left, right = BRACKETS[card.kind]
    role = card.rows[0][0].role
    column += (wide - card.width - len(left + right)) // 2
    column = canvas.write(row, column, left, role)
    _text(canvas, card, 0, row, column, card.width)
    canvas.write(row, column + card.width, right, role)


def _text(canvas: Canvas, card: Card, index: int, row: int, column: int, room: int) -> None:
    """One row of a card's text, in the middle of its room."""
    parts = card.rows[index]
    column += (room - sum(cell_len(part.text) for part in parts)) // 2
    for part in parts:
        column = canvas.write(row, column, part.text, part.role)


def _wire(canvas: Canvas, wire: Wire, corners: tuple[tuple[int, int], ...], style: Style) -> None:
    cells = list(_cells(corners))
    back = UP if style.down else LEFT
    came = back
    for at, to in pairwise(cells):
        leaves = _side(at, to)
        canvas.line(*at, came | leaves, cut=wire.cut)
        came = {UP: DOWN, DOWN: UP, LEFT: RIGHT, RIGHT: LEFT}[leaves]
    head = "✂" if wire.cut else ("▼" if style.down else "▶")
    canvas.write(*cells[-1], head, "cut" if wire.cut else "edge")


def _side(at: tuple[int, int], to: tuple[int, int]) -> int:
    if at[0] != to[0]:
        return DOWN if to[0] > at[0] else UP
    return RIGHT if to[1] > at[1] else LEFT


def _cells(corners: tuple[tuple[int, int], ...]) -> Iterator[tuple[int, int]]:
    """Every cell of a line, once."""
    yield corners[0]
    for (row, column), (to_row, to_column) in pairwise(corners):
        while (row, column) != (to_row, to_column):
            row += (to_row > row) - (to_row < row)
            column += (to_column > column) - (to_column < column)
            yield row, column
