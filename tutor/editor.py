"""The learner's own editor: for a long answer, and for a file."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from tutor.i18n import _

#: Tried in this order where neither the settings nor the environment names one.
_USUAL: Final = ("nano", "vim", "vi")


class EditorError(Exception):
    """The editor could not be used; the message says why and what would help."""


def command(chosen: str = "") -> list[str]:
    """The editor's command: the one set, else ``$VISUAL``, else ``$EDITOR``, else a usual one.

    Raises:
        EditorError: none is known, or what is set is no command line.
    """
    line = chosen or os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        words = shlex.split(line)
    except ValueError:
        raise EditorError(
            _("The editor {command} is no command line: a quotation mark is open.").format(
                command=line
            )
        ) from None
    words = words or [one for one in _USUAL if shutil.which(one)][:1]
    if not words:
        raise EditorError(_("No editor is known: set one, such as `tutor settings editor nano`."))
    return words


def edit_text(text: str, chosen: str = "", *, suffix: str = ".txt") -> str:
    """``text`` as it is after the editor was left; the terminal must be free for it.

    Raises:
        EditorError: the editor cannot be started, failed, or left what cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="tutor-") as folder:
        path = Path(folder) / f"answer{suffix}"
        path.write_text(text, encoding="utf-8")
        edit_file(path, chosen)
        try:
            return path.read_text(encoding="utf-8").rstrip("\n")
        except (OSError, UnicodeDecodeError):
            raise EditorError(
                _("The editor left no UTF-8 text; the answer is as it was.")
            ) from None


def edit_file(path: Path, chosen: str = "") -> bool:
    """Open the file and wait until the editor is left; true, since whatever fails is raised.

    Raises:
        EditorError: the editor cannot be started, or failed.
    """
    words = command(chosen)
    try:
        code = subprocess.run([*words, str(path)], check=False).returncode
    except OSError as error:
        said = _("The editor {command} cannot be started ({reason}): set another one.")
        raise EditorError(said.format(command=words[0], reason=error.strerror)) from None
    if code != 0:
        said = _("The editor {command} failed (exit code {code}); nothing was taken over.")
        raise EditorError(said.format(command=words[0], code=code))
    return True
