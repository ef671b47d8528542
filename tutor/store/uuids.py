"""Unique ids that sort by time (UUID version 7, RFC 9562).

Python has ``uuid.uuid7`` from 3.14 on only.  Sorting by time keeps new ids at the end of the index,
so that a commit touches few pages.
"""

from __future__ import annotations

import secrets
import uuid

_LAST_MS = 2**48 - 1  # the stamp has 48 bits


def new_uuid(at_ms: int) -> str:
    """A fresh UUIDv7 for the moment ``at_ms`` (UTC ms), in its 36-character form."""
    stamp = min(max(at_ms, 0), _LAST_MS)
    noise = secrets.randbits(74)
    number = stamp << 80 | 0x7 << 76 | (noise >> 62) << 64 | 0b10 << 62 | noise & (2**62 - 1)
    return str(uuid.UUID(int=number))
