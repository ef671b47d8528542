"""How the learner stands: the ``overview`` of Home, the ``catalogue`` of the library, the ``figures``."""
