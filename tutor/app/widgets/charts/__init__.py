"""Columns, dots and bars over days."""
