"""What to ask a learner next, and what there is to do: the schedule over a library and its log."""

from tutor.agenda.agenda import Agenda, Clock

__all__ = ["Agenda", "Clock"]
