"""What an attack is, and how it must end."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Attack:
    """``end`` says how the program must end.

    ``refused``: with an error that names a limit.  ``raises``: with any error.  ``stopped``, ``died``:
    the job has no result, for that reason.  ``contained``: in any way.  ``honest``: with a result,
    and the expression ``x`` has the entries ``honest``.  ``wall``: seconds it is given, 0: the usual.
    """

    name: str
    source: str
    end: str = "refused"
    honest: tuple[float, ...] = ()
    wall: float = 0.0
