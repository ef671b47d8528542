"""What to ask a learner next, and what there is to do: start with ``agenda.py``.

Nothing is imported here: ``filters`` are there before the first paint, the rest is not.
"""
