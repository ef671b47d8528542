"""The Textual app: no rules of the domain; ``launch.py`` starts it, ``app.py`` is it."""
