"""Styled text: prose, programs, roles, and where rows are broken."""
