"""Anki: exercises as cards in a package, and the reviews of them back."""
