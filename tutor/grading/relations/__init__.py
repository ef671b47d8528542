"""Relations between a wrong answer and the truth that need no other run: transposed, negated, a factor.

They speak only where no near miss was matched.  Each states a fact about the numbers, which holds by the
same rule as a right answer does, and then what it is consistent with - never more.
"""

from tutor.grading.relations.words import RELATIONS, Relation

__all__ = ["RELATIONS", "Relation"]
