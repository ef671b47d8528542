"""Exercises: the YAML format, read strictly, with every error at its line."""
