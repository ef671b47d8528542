"""Statistics: how much, how well, and what comes."""

from tutor.app.screens.statistics.screen import StatisticsScreen

__all__ = ["StatisticsScreen"]
