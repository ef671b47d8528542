"""Drawings of the graph: nothing is lost and nothing overlaps; exports are well formed and escaped."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from explained_data import constant, detached, leaf, operation, several_paths, tensor
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tutor import i18n
from tutor.render.graph import graph_blocks, graph_dot, graph_svg
from tutor.render.graph.channels import channel
from tutor.render.graph.draw import STYLES, Style, drawn, laid_out
from tutor.render.graph.places import spaced
from tutor.render.spans import ROLES, plain
from tutor.runner.explained import Explained, Graph, GraphEdge, GraphNode, Trace, Walk

REASONS = (
    "detach", "data", "no_grad", "inference_mode", "integer", "no_requires_grad", "numpy_or_item",
    "not_differentiable", "unused",
)  # fmt: skip
NAMES = ("x", "权重", "a_very_long_name_of_a_tensor", 'q"<&>[red]', "b\\n", "e\u0301", "")


@pytest.fixture(autouse=True)
def _english_afterwards():
    yield
    i18n.use("en")


def shown(found: Explained, width: int = 80, height: int = 24) -> str:
    return plain(graph_blocks(found, width, height))


def test_a_small_graph_has_values_and_what_was_saved():
    assert (
        shown(detached())
        == """\
        ╭────────────────╮
        │ 1 SumBackward0 │
        │    y = 13.     │
        ╰────────┬───────╯
                 ▼
        ╭────────────────╮
        │ 2 MulBackward0 │
        │   = [4., 9.]   │
        │ saved self = u │
        ╰─┬────────────┬─╯
          ✂            ▼
┌┄┄┄┄┄┄┄┄┄┄┄┄┄┄┐  ┏━━━━━━━━━━━━━━┓
┆ u = [2., 3.] ┆  ┃ x = [2., 3.] ┃
┆   ✂ detach   ┆  ┃     leaf     ┃
└┄┄┄┄┄┄┄┄┄┄┄┄┄┄┘  ┗━━━━━━━━━━━━━━┛

▼ the gradient   ╭╮ operation   ┏┓ leaf   ┌┄ constant   ✂ cut

✂ 2 MulBackward0 → u: u was detached: for autograd it is a constant
"""
    )


def test_with_less_height_it_is_turned_or_has_less_on_it_and_says_the_rest_below():
    assert (
        shown(several_paths(), height=8)
        == """\
        1 SumBackward0 y
                ▼
          2 AddBackward0
          ▼           ▼
5 MulBackward0 s  3 MmBackward0
    ╰───────╮│╭──────╯   │
            ▼▼▼          ▼
            [x]        [W]

▼ the gradient   [ ] leaf

5 MulBackward0 saved self = x = [[1., 2.]], other = x = [[1., 2.]]
3 MmBackward0 saved self = x = [[1., 2.]], mat2 = W = [[1., 2.], [3., 4.]]
"""
    )
    assert shown(detached(), height=8).startswith("""\
                                          ┌┄┄┄┄┄┄┄┄┄┄┄┄┄┄┐
                                          ┆ u = [2., 3.] ┆
╭────────────────╮   ╭────────────────╮ ╭✂┆   ✂ detach   ┆
│ 1 SumBackward0 │   │ 2 MulBackward0 ├┄╯ └┄┄┄┄┄┄┄┄┄┄┄┄┄┄┘
│    y = 13.     ├──▶│   = [4., 9.]   │   ┏━━━━━━━━━━━━━━┓
╰────────────────╯   │ saved self = u ├──▶┃ x = [2., 3.] ┃
                     ╰────────────────╯   ┃     leaf     ┃
                                          ┗━━━━━━━━━━━━━━┛
""")


def test_a_narrow_place_has_a_table_in_either_language():
    i18n.use("zh")
    assert (
        shown(detached(), 50)
        == """\
节点              梯度传给
1 SumBackward0 y  2
2 MulBackward0    ✂ u (detach), x
x                 它自己的 .grad

✂ 2 MulBackward0 → u: u 被分离了：对自动微分来说是
  常数

2 MulBackward0 保存了 self = u = [2., 3.]
"""
    )


def test_no_graph_and_a_graph_cut_short_say_so():
    assert "There is no graph" in shown(Explained(Trace(()), Walk()))
    found = several_paths()
    graph = replace(found.walk.graph, truncated=True)
    text = shown(replace(found, walk=replace(found.walk, graph=graph)))
    assert "The graph is larger; only 6 nodes of it are shown." in text


def test_the_same_graph_gives_the_same_drawing():
    assert shown(several_paths()) == shown(several_paths())


# -- any graph ----------------------------------------------------------------------------------------------


@st.composite
def graphs(draw: st.DrawFn, most: int = 14) -> Explained:
    """Graphs without circles: later nodes get gradients from earlier ones."""
    count = draw(st.integers(1, most))
    nodes: list[GraphNode] = []
    edges: list[GraphEdge] = []
    for i in range(count):
        kind = draw(st.sampled_from(["operation", "operation", "leaf", "constant"]))
        name = draw(st.sampled_from(NAMES))
        if kind == "operation":
            nodes.append(operation(i, f"Op{i}Backward0", names=(name,) if name else ()))
        elif kind == "leaf":
            nodes.append(leaf(i, name or f"leaf{i}", tensor(1.0, 2.0)))
        else:
            nodes.append(constant(i, name, tensor(*range(i + 1))))
        slots: dict[int, int] = {}
        for source in draw(st.lists(st.integers(0, max(0, i - 1)), max_size=4 if i else 0)):
            if nodes[source].kind != "leaf":
                slot = slots[source] = slots.get(source, -1) + 1
                cut = draw(st.sampled_from([None, None, *REASONS])) if kind != "leaf" else None
                edges.append(GraphEdge(source, i, slot, cut))
    return Explained(Trace(()), Walk(Graph(tuple(nodes), tuple(edges), (0,))))


@settings(max_examples=50, deadline=None)
@given(graphs())
def test_any_graph_is_drawn_whole_and_nothing_overlaps(found):
    for style in (*STYLES, Style("short", framed=True, down=False)):
        laid = laid_out(found.walk, style)
        drawing = drawn(laid)  # raises Overlap where two things would share a cell
        assert max(line.width for line in drawing.lines) <= drawing.width == laid.width
        assert drawing.height <= laid.height
        text = "\n".join(line.plain for line in drawing.lines)
        for card in laid.picture.cards:
            for row in card.rows:
                assert "".join(part.text for part in row) in text
        cuts = [edge for edge in found.walk.graph.edges if edge.cut]
        assert text.count("✂") >= len(cuts)
        heads = text.count("▼") + text.count("▶")
        assert heads == len(found.walk.graph.edges) - len(cuts)


@settings(max_examples=40, deadline=None)
@given(graphs(), st.integers(30, 140), st.integers(4, 40), st.sampled_from(["en", "zh"]))
def test_all_but_the_drawing_fits_the_width_and_names_every_cut(found, width, height, language):
    i18n.use(language)
    drawing, *rest = graph_blocks(found, width, height)
    lines = [line for block in rest for line in block.lines]
    lines += drawing.lines if width < 60 else ()
    assert all(line.width <= width for line in lines)
    assert {part.role for line in (*drawing.lines, *lines) for part in line.parts} <= set(ROLES)


@given(st.integers(1, 12), st.data())
def test_lines_of_a_channel_never_share_a_cell(count, data):
    """Turns are replayed on a grid: two wires may cross at right angles and nothing else."""
    places = st.lists(st.integers(0, 16), min_size=count, max_size=count, unique=True)
    wires = list(zip(data.draw(places), data.draw(places), strict=True))
    found = channel(wires)
    used: dict[tuple[int, int], set[str]] = {}
    for (a, b), turns in zip(wires, found.turns, strict=True):
        row, column = 0, a
        cells: list[tuple[int, int, str]] = []
        for track, to in turns:
            cells += [(r, column, "|") for r in range(row, track)]
            cells.append((track, column, "+"))
            cells += [(track, c, "-") for c in range(min(column, to) + 1, max(column, to))]
            row, column = track + 1, to
            cells.append((track, to, "+"))
        cells += [(r, column, "|") for r in range(row, found.tracks)]
        assert column == b
        for r, c, sign in cells:
            there = used.setdefault((r, c), set())
            assert not there or {sign, *there} == {"|", "-"}, (wires, r, c)
            there.add(sign)


@given(
    st.lists(st.floats(-50, 50), min_size=1, max_size=8),
    st.lists(st.floats(1, 20), min_size=7, max_size=7),
)
def test_places_keep_their_order_and_their_distance(wanted, apart):
    found = spaced(wanted, apart[: len(wanted) - 1], [1.0] * len(wanted))
    for i in range(len(found) - 1):
        assert found[i + 1] - found[i] >= apart[i] - 1e-9


# -- exports ------------------------------------------------------------------------------------------------

_DOT_STRING = r'"(?:[^"\\\n]|\\.)*"'
_DOT_ATTRIBUTE = rf"[a-z]+=(?:{_DOT_STRING}|[\w.]+)"
_DOT_LINE = re.compile(
    rf"  (?:label={_DOT_STRING};"
    rf"|node \[{_DOT_ATTRIBUTE}\]; edge \[{_DOT_ATTRIBUTE}\];"
    rf"|n\d+(?: -> n\d+)?(?: \[{_DOT_ATTRIBUTE}(?:, {_DOT_ATTRIBUTE})*\])?;)"
)


@settings(max_examples=40, deadline=None)
@given(graphs(), st.sampled_from(["plain", 'quo"te', "back\\slash", "<b>&amp;", "\x1b[31m\n"]))
def test_exports_are_well_formed_whatever_the_names(found, title):
    dot = graph_dot(found, title).rstrip("\n").split("\n")
    assert dot[0] == "digraph backward {"
    assert dot[-1] == "}"
    assert all(_DOT_LINE.fullmatch(line) for line in dot[1:-1]), dot
    root = ET.fromstring(graph_svg(found, title))  # noqa: S314 - our own text
    space = "{http://www.w3.org/2000/svg}"
    texts = ["".join(text.itertext()) for text in root.iter(f"{space}text")]
    assert texts.count("✂") == sum(edge.cut is not None for edge in found.walk.graph.edges)
    for node in found.walk.graph.nodes:
        if node.names and cell_len(node.names[0]) <= 20:
            assert any(node.names[0] in text for text in texts)


def test_the_picture_stands_alone():
    picture = graph_svg(detached(), "autograd.detach")
    assert "<title>autograd.detach</title>" in picture
    assert "prefers-color-scheme:dark" in picture
    assert not re.search(r"href|url\(|<script|<image|@import", picture)
