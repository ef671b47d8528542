"""What a learner may choose: one typed model, kept in ``settings.toml`` in the learner's home.

A value comes from the environment (``TUTOR_THEME``), else from the file, else it is the default.  What
takes pydantic is not imported here: ``reading`` the file, ``checking`` a value, ``changing`` one.
"""

from tutor.settings.loading import load
from tutor.settings.values import ABOUT, AUTO, ENV_PREFIX, THEMES, Loaded, UserSettings

__all__ = ["ABOUT", "AUTO", "ENV_PREFIX", "THEMES", "Loaded", "UserSettings", "load"]
