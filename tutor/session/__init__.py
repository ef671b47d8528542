"""One learner's session, from the next question to the committed review: start with ``session.py``."""

from tutor.session.afterwards import NotOver
from tutor.session.session import Session
from tutor.session.turn import Answered, Turn

__all__ = ["Answered", "NotOver", "Session", "Turn"]
