"""Autograd Tutor: learn for good how autograd behaves, graded by the live run."""

__version__ = "0.1.0"
