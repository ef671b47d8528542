"""Landlock: reading stays within Python's and torch's own folders; nothing is written anywhere."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tutor.runner.worker.linux import IS_LINUX, syscall

if TYPE_CHECKING:
    from collections.abc import Iterable

_CREATE_RULESET: Final = 444
_ADD_RULE: Final = 445
_RESTRICT_SELF: Final = 446

_RULE_PATH_BENEATH: Final = 1
_READ_FILE: Final = 1 << 2
_READ_DIR: Final = 1 << 3

#: Rights on files that each version knows: 13 at first, then refer, truncate, ioctl on devices.
_FILE_RIGHTS: Final = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_TCP_SINCE, _TCP_RIGHTS = 4, 0b11
_SCOPES_SINCE, _SCOPES = 6, 0b11

#: What may be read of site-packages: torch, and what it imports when one of its parts is first used.
_TORCH_AND_GUESTS: Final = (
    "torch", "torchgen", "functorch", "numpy", "numpy.libs", "sympy", "mpmath", "networkx",
    "typing_extensions.py", "jinja2", "markupsafe", "filelock", "fsspec", "packaging", "optree",
)  # fmt: skip


#: Folders of installed packages that lie among Python's own modules.
_PACKAGES: Final = ("site-packages", "dist-packages")


def version() -> int:
    """The kernel's version of Landlock; 0: it has none, or it is turned off."""
    if not IS_LINUX:
        return 0
    try:
        return syscall(_CREATE_RULESET, 0, 0, 1)
    except OSError:
        return 0


def ruleset(abi: int) -> int:
    """A descriptor of the rules, made once in the supervisor for all its children.

    Raises:
        OSError: the kernel refuses them.
    """
    rights = max((since, mask) for since, mask in _FILE_RIGHTS.items() if since <= abi)[1]
    attributes = struct.pack(
        "=QQQ",
        rights,
        _TCP_RIGHTS if abi >= _TCP_SINCE else 0,
        _SCOPES if abi >= _SCOPES_SINCE else 0,
    )
    # A kernel is only told of the fields it knows.
    size = 24 if abi >= _SCOPES_SINCE else 16 if abi >= _TCP_SINCE else 8
    buffer = ctypes.create_string_buffer(attributes, len(attributes))
    fd = syscall(_CREATE_RULESET, _address(buffer), size, 0)
    for path, allowed in _readable():
        _allow(fd, path, allowed)
    return fd


def restrict(ruleset_fd: int) -> None:
    """Put this process under the rules; needs no_new_privs.

    Raises:
        OSError: the kernel refuses.
    """
    syscall(_RESTRICT_SELF, ruleset_fd, 0)


def _readable() -> Iterable[tuple[Path, int]]:
    stdlib = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}
    for folder in {Path(entry).resolve() for entry in stdlib}:
        # What is there may be listed, for imports.  Installed beside it may be anything, this program too.
        yield folder, _READ_DIR
        for path in folder.iterdir():
            if path.name not in _PACKAGES:
                yield path, _READ_FILE | _READ_DIR if path.is_dir() else _READ_FILE
    for folder in _package_folders():
        for name in _TORCH_AND_GUESTS:
            path = folder / name
            yield path, _READ_FILE | _READ_DIR if path.is_dir() else _READ_FILE


def _package_folders() -> set[Path]:
    """Where torch and numpy were found."""
    found = set()
    for name in ("torch", "numpy"):
        file = getattr(sys.modules.get(name), "__file__", None)
        if file:
            found.add(Path(file).resolve().parents[1])
    return found


def _allow(ruleset_fd: int, path: Path, rights: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        rule = struct.pack("=Qi", rights, fd)
        buffer = ctypes.create_string_buffer(rule, len(rule))
        syscall(_ADD_RULE, ruleset_fd, _RULE_PATH_BENEATH, _address(buffer), 0)
    finally:
        os.close(fd)


def _address(buffer: ctypes.Array[ctypes.c_char]) -> ctypes.c_void_p:
    return ctypes.c_void_p(ctypes.addressof(buffer))
