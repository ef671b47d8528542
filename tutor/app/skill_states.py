"""How the state of a skill looks, wherever skills are listed or counted."""

from __future__ import annotations

from typing import Final

from tutor.i18n import N_

#: By a skill's state: its sign, its colour and its word.
STATES: Final = {
    "closed": ("⊘", "$foreground 60%", N_("locked")),
    "open": ("○", "$foreground", N_("open")),
    "begun": ("◐", "$warning", N_("begun")),
    "known": ("●", "$success", N_("known")),
}
