"""The local rule of every node of a backward graph, in mathematical words and with this draw's numbers."""

from tutor.render.rules.find import base_name, known_rule, local_rule
from tutor.render.rules.types import Rule, Way

__all__ = ["Rule", "Way", "base_name", "known_rule", "local_rule"]
