"""Reading what a learner typed into typed values.

Every reader takes text, checks its bounds, and either returns a value or raises :class:`InvalidAnswer`
with one sentence and a place; none runs the text as Python, and none raises anything else.
"""

from tutor.answer.choice import ChoiceRead, OptionText, read_choice
from tutor.answer.code import CodeRead, read_code, used_names
from tutor.answer.flags import read_flags
from tutor.answer.formula import FormulaTree, read_formula
from tutor.answer.invalid import InvalidAnswer
from tutor.answer.letters import letter, letters
from tutor.answer.messages import MESSAGES
from tutor.answer.names import matches_node
from tutor.answer.order import read_order
from tutor.answer.raises import RaisesRead, read_raises
from tutor.answer.reading import (
    BoolRead,
    Entry,
    NameRead,
    NoneRead,
    Numbers,
    Reading,
    ReadValue,
    SizeRead,
    TupleRead,
    describe,
    kind_of,
)
from tutor.answer.value import read_value, value_from_yaml, word_where_number

__all__ = [
    "MESSAGES",
    "BoolRead",
    "ChoiceRead",
    "CodeRead",
    "Entry",
    "FormulaTree",
    "InvalidAnswer",
    "NameRead",
    "NoneRead",
    "Numbers",
    "OptionText",
    "RaisesRead",
    "ReadValue",
    "Reading",
    "SizeRead",
    "TupleRead",
    "describe",
    "kind_of",
    "letter",
    "letters",
    "matches_node",
    "read_choice",
    "read_code",
    "read_flags",
    "read_formula",
    "read_order",
    "read_raises",
    "read_value",
    "used_names",
    "value_from_yaml",
    "word_where_number",
]
