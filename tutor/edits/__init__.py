"""Standard edits: what somebody with a common wrong idea would have run instead of a program.

They are found in the program itself by its syntax tree, with no work by an author: a ``detach`` deleted, a
``sum`` for a ``mean``, one ``backward`` for two.  Each is applied to the source text, so that lines keep
their numbers and their layout.  Pure: nothing here runs a program.
"""

from tutor.edits.edit import PREFIX, Edit
from tutor.edits.expressions import expression_edits
from tutor.edits.find import program_edits
from tutor.edits.words import family_of_kind, kind_of, says

__all__ = [
    "PREFIX", "Edit", "expression_edits", "family_of_kind", "kind_of", "program_edits", "says",
]  # fmt: skip
