"""The library: every deck, skill and exercise, searched as one types, with a preview and actions."""

from tutor.app.screens.library.screen import LibraryScreen

__all__ = ["LibraryScreen"]
