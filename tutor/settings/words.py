"""What is wrong with a setting, and what would be right, in words."""

from __future__ import annotations

from difflib import get_close_matches

from tutor.i18n import _
from tutor.settings.values import ABOUT, UserSettings


def wrong_value(name: str, value: object) -> str:
    close = get_close_matches(str(value), ABOUT[name].choices, n=1)
    if close:
        said = _("{name}: there is no {value}; did you mean {close}?")
        return said.format(name=name, value=_spelled(value), close=close[0])
    said = _("{name}: {value} is not {right}.")
    return said.format(name=name, value=_spelled(value), right=right(name))


def unknown(name: str) -> str:
    close = get_close_matches(name, ABOUT, n=1)
    if close:
        said = _("{name}: there is no such setting; did you mean {close}?")
        return said.format(name=name, close=close[0])
    said = _("{name}: there is no such setting; there are {names}.")
    return said.format(name=name, names=", ".join(ABOUT))


def right(name: str) -> str:
    """What would be right for the setting, in words that go on after "is" or "is not"."""
    about, default = ABOUT[name], getattr(UserSettings(), name)
    if about.choices:
        return _("one of {names}").format(names=", ".join(about.choices))
    if isinstance(default, bool):
        return _("true or false")
    if about.least is not None:
        said = (
            _("a whole number from {least} to {most}")
            if isinstance(default, int)
            else _("a number from {least} to {most}")
        )
        return said.format(least=about.least, most=about.most)
    match name:
        case "time_zone":
            return _("auto or a zone such as Europe/Berlin")
        case "keys":
            return _('a table of key names, such as "review.hint" = "f3"')
    return _("a text")


def _spelled(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)
