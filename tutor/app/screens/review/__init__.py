"""The review screen: one question at a time, from its program to its explanation."""

from tutor.app.screens.review.phase import Phase
from tutor.app.screens.review.screen import ReviewScreen

__all__ = ["Phase", "ReviewScreen"]
