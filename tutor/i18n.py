"""The language of the program's own texts; what an exercise says has languages of its own.

Every text that a learner sees is written in English inside ``_()`` and looked up in the catalogue
``data/locale/<language>/LC_MESSAGES/tutor.mo``.  A text that is needed at import time, before the
language is known (a key binding's), is marked with ``N_()`` there and translated where it is shown.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from gettext import NullTranslations

#: The languages there are, by code, each with its own name for itself.
LANGUAGES: Final = {"en": "English", "zh": "简体中文"}
DOMAIN: Final = "tutor"


class _Active(NamedTuple):
    language: str
    catalogue: NullTranslations | None


_active = _Active("en", None)


def use(language: str) -> None:
    """Show all texts in ``language``; one that is not in :data:`LANGUAGES` means English."""
    global _active
    if language == "en" or language not in LANGUAGES:
        _active = _Active("en", None)
        return
    import gettext  # only here: English needs no catalogue

    from tutor.locations import data_dir

    found = gettext.translation(DOMAIN, data_dir() / "locale", [language])
    _active = _Active(language, found)


def of_locale() -> str:
    """The language that the environment asks for, ``en`` if it says nothing."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            tag = value.split(".")[0].split("_")[0].lower()
            return tag if tag.isalpha() and tag not in ("c", "posix") else "en"
    return "en"


def language() -> str:
    """The code of the language in use."""
    return _active.language


def _(message: str) -> str:
    """``message`` in the language in use."""
    return message if _active.catalogue is None else _active.catalogue.gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The form that goes with ``n`` things, in the language in use."""
    if _active.catalogue is None:
        return singular if n == 1 else plural
    return _active.catalogue.ngettext(singular, plural, n)


def N_(message: str) -> str:  # noqa: N802 - gettext's usual name for it
    """``message`` itself: marked for the catalogue, translated later."""
    return message
