"""One visited node in words: the gradient in, the local rule, and what each input gets."""

from tutor.render.visits.around import INDENT, Around
from tutor.render.visits.incoming import given_row
from tutor.render.visits.lines import rule_lines, visit_lines

__all__ = ["INDENT", "Around", "given_row", "rule_lines", "visit_lines"]
