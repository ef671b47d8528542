"""The backward graph: drawn in the terminal, as a table, as Graphviz and as SVG."""

from tutor.render.graph.blocks import graph_blocks
from tutor.render.graph.dot import graph_dot
from tutor.render.graph.svg import graph_svg

__all__ = ["graph_blocks", "graph_dot", "graph_svg"]
