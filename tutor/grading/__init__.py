"""Verdicts: start with ``grade.py``; ``kinds`` has one module an answer kind."""
