"""The app's hold on one supervisor process: start it, ask it for children, hear of their ends."""

from __future__ import annotations

import array
import asyncio
import json
import os
import signal
import socket
import sys
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

#: Python's hash seed is all that is in the worker's environment: sets keep their order that way.
_ENVIRONMENT: Final = {"PYTHONHASHSEED": "0"}
_FLAGS: Final = ("-S", "-s", "-P", "-X", "utf8")
_SCRIPT: Final = Path(__file__).with_name("worker") / "__main__.py"
_STDERR_KEPT: Final = 4_000
_ANCILLARY_ROOM: Final = socket.CMSG_SPACE(64 * array.array("i").itemsize)
# Children's sockets must not leak into what else the app starts (an editor, say).
_CLOSE_ON_EXEC: Final = getattr(socket, "MSG_CMSG_CLOEXEC", 0)
_PATIENCE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Events:
    """What a supervisor tells, each called in the event loop's thread."""

    ready: Callable[[dict[str, Any]], None]
    child: Callable[[int, socket.socket, bool], None]
    exited: Callable[[int, int, float], None]
    extended: Callable[[], None]
    lost: Callable[[str], None]


class Link:
    """One supervisor process; use :meth:`start`.  After ``lost`` was called it is of no more use."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._loop = asyncio.get_running_loop()
        self._control, self._theirs = socket.socketpair()
        self._control.setblocking(False)
        self._process: asyncio.subprocess.Process | None = None
        self._received = b""
        self._fds: deque[int] = deque()
        self._unsent = bytearray()
        self._complaint = ""
        self._stderr = bytearray()
        self._tasks: list[asyncio.Task[None]] = []
        self._open = True

    @property
    def pid(self) -> int:
        """The supervisor's process id; 0 before it is started."""
        return self._process.pid if self._process else 0

    async def start(self) -> None:
        """Start the process and return at once; it is ready when ``ready`` is called.

        Raises:
            OSError: there is no such interpreter, no more processes, …
        """
        fd = self._theirs.fileno()
        try:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, *_FLAGS, str(_SCRIPT), str(fd), *_import_path(),
                env=_ENVIRONMENT, cwd="/", pass_fds=(fd,), start_new_session=True,
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
        finally:
            self._theirs.close()
        if not self._open:  # closed in the meantime
            self._kill_process()
            return
        self._loop.add_reader(self._control.fileno(), self._readable)
        self._tasks = [self._loop.create_task(self._drain_stderr())]

    def fork(self) -> None:
        """Ask for one child; it comes with ``child``."""
        self._send(b"fork\n")

    def kill(self, pid: int) -> None:
        """End a child.  Only the supervisor knows for sure that ``pid`` is still that child."""
        self._send(b"kill %d\n" % pid)

    def extend(self) -> None:
        """Have what is slow to import imported; ``extended`` says when."""
        self._send(b"extend\n")

    def give_up(self, complaint: str) -> None:
        """Hold the supervisor to be broken: it is ended, and ``lost`` called."""
        self._complaint = complaint
        self._kill_process()

    async def close(self) -> None:
        """End the supervisor, and with it every child."""
        self._shut()
        process = self._process
        if process is not None and process.returncode is None:
            try:
                await asyncio.wait_for(process.wait(), _PATIENCE)
            except TimeoutError:
                self._kill_process()
                await process.wait()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task

    def _kill_process(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGKILL)

    def _shut(self) -> None:
        if not self._open:
            return
        self._open = False
        self._loop.remove_reader(self._control.fileno())
        self._loop.remove_writer(self._control.fileno())
        self._control.close()
        while self._fds:
            os.close(self._fds.popleft())

    def _send(self, data: bytes) -> None:
        if not self._open:
            return
        self._unsent += data
        self._flush()

    def _flush(self) -> None:
        try:
            sent = self._control.send(self._unsent)
            del self._unsent[:sent]
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            self._unsent.clear()  # the reader sees the end and tells
        if self._unsent:
            self._loop.add_writer(self._control.fileno(), self._flush)
        else:
            self._loop.remove_writer(self._control.fileno())

    def _readable(self) -> None:
        try:
            data, ancillary, _, _ = self._control.recvmsg(65536, _ANCILLARY_ROOM, _CLOSE_ON_EXEC)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data, ancillary = b"", []
        for level, kind, content in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                fds = array.array("i")
                fds.frombytes(content[: len(content) - len(content) % fds.itemsize])
                self._fds.extend(fds)
        if not data:
            self._shut()
            self._kill_process()
            self._tasks.append(self._loop.create_task(self._mourn()))
            return
        *lines, self._received = (self._received + data).split(b"\n")
        for line in lines:
            if self._open:
                self._hear(json.loads(line))

    def _hear(self, message: dict[str, Any]) -> None:
        match message:
            case {"child": int(pid), "extended": bool(extended)}:
                child = socket.socket(fileno=self._fds.popleft())
                child.set_inheritable(False)
                child.setblocking(False)
                self._events.child(pid, child, extended)
            case {"exit": int(pid), "status": int(status), "cpu": float(seconds)}:
                self._events.exited(pid, status, seconds)
            case {"ready": dict(facts)}:
                self._events.ready(facts)
            case {"extended": True}:
                self._events.extended()
            case {"failed": str(complaint)}:
                self._complaint = complaint

    async def _mourn(self) -> None:
        """Tell of the process's end, with the reason if it gave one."""
        assert self._process is not None  # noqa: S101 - it was read from
        code = await self._process.wait()
        said = self._stderr.decode("utf-8", "replace").strip().split("\n")[-1]
        self._events.lost(self._complaint or said or f"it ended with status {code}")

    async def _drain_stderr(self) -> None:
        assert self._process is not None  # noqa: S101 - started before this task
        assert self._process.stderr is not None  # noqa: S101 - it is a pipe
        while data := await self._process.stderr.read(4096):
            self._stderr += data
            del self._stderr[:-_STDERR_KEPT]


def _import_path() -> list[str]:
    """Where the app itself finds packages, for a worker that runs without site-packages."""
    here = str(Path(__file__).resolve().parents[2])
    entries = [entry for entry in sys.path if entry and Path(entry).is_absolute()]
    return [here, *(entry for entry in entries if Path(entry).exists() and entry != here)]
